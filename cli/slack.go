package cli

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"viesti/bot"
	"viesti/config"
	"viesti/i18n"
)

func (p *program) slack() *cobra.Command {
	group := &cobra.Command{Use: "slack", Short: p.t("cli.short.slack", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(p.manifest(), p.claim(), p.roles())
	return group
}

// manifest needs a configuration in which Slack may still be off, or lack its tokens: those come
// with the app, which is made from the manifest.
func (p *program) manifest() *cobra.Command {
	var mode string
	cmd := p.command("manifest", cobra.NoArgs, func(context.Context, []string) error {
		c, err := config.Load(p.configPath, p.Lookup)
		if c.Dir == "" { // not even readable
			return err
		}
		app := c.Slack
		if mode != "" {
			app.Mode = bot.Mode(mode)
		}
		if app.Mode == bot.Off || app.Mode == "" {
			app.Mode = bot.HTTP
		}
		raw, err := bot.Manifest(app, c.Web.BaseURL)
		if err != nil {
			return err
		}
		_, err = p.Stdout.Write(raw) // JSON, with --json and without
		return err
	})
	cmd.Flags().StringVar(&mode, "mode", "", p.t("cli.flag.slack_mode", nil))
	return cmd
}

// slackText says how commands reach us from Slack, and what has to be mended there.
func (p *program) slackText(v any) {
	fields, _ := v.(map[string]any)
	raw, err := json.Marshal(fields["bot"])
	var h bot.Health
	if err != nil || json.Unmarshal(raw, &h) != nil {
		return
	}
	switch h.State {
	case bot.StateConnected:
		p.say("cli.slack_connected", i18n.Args{"since": i18n.DateTime(p.lang, h.Since.Local())})
	case bot.StateConnecting:
		p.say("cli.slack_connecting", nil)
	case bot.StateReady:
		if h.Heard.IsZero() {
			p.say("cli.slack_unheard", nil)
		} else {
			p.say("cli.slack_heard", i18n.Args{"heard": i18n.DateTime(p.lang, h.Heard.Local())})
		}
	}
	for _, problem := range h.Problems {
		p.say("cli.slack_problem", i18n.Args{"problem": problem.Fault().Say(p.lang)})
	}
}
