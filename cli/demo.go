package cli

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"viesti/demo"
)

func (p *program) demo() *cobra.Command {
	var listen string
	var cmd *cobra.Command
	cmd = p.command("demo", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return demo.Run(ctx, demo.Options{
			Listen: listen, Insist: cmd.Flags().Changed("listen"), Lang: p.lang, Stdout: p.Stdout, Log: p.logger(slog.LevelWarn),
		})
	})
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", p.t("cli.flag.listen", nil))
	return cmd
}
