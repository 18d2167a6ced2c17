package cli

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"viesti/app"
	"viesti/i18n"
)

func (p *program) previewCommand() *cobra.Command {
	var listen string
	cmd := p.command("preview [DIR]", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		return app.Preview(ctx, p.questionnaireName(args), listen, p.logger(slog.LevelWarn), func(address string) {
			p.say("preview.serving", i18n.Args{"address": "http://" + address + "/"})
		})
	})
	cmd.Short = p.t("cli.short.questionnaire_preview", nil) // letters have a preview too
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8090", p.t("cli.flag.preview_listen", nil))
	return cmd
}
