package cli

import (
	"context"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"viesti/campaign"
	"viesti/i18n"
	"viesti/server/control"
)

func (p *program) pause() *cobra.Command { return p.pauseCommand("pause") }

func (p *program) resume() *cobra.Command { return p.pauseCommand("resume") }

func (p *program) pauseCommand(name string) *cobra.Command {
	var in control.PauseRequest
	cmd := p.command(name, cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var out control.PauseAnswer
			if err := c.call(ctx, http.MethodPost, "/"+name, in, &out); err != nil {
				return err
			}
			return p.show(out, func() { p.isPaused(out.Paused, out.Networks, true) })
		})
	})
	cmd.Flags().StringArrayVar(&in.Networks, "network", nil, p.t("cli.flag.network", nil))
	return cmd
}

// isPaused says what is paused; that nothing is, only if it is asked for.
func (p *program) isPaused(all bool, networks []string, always bool) {
	if all {
		p.say("cli.is_paused", nil)
	}
	if len(networks) > 0 {
		p.say("cli.are_paused", i18n.Args{"networks": strings.Join(networks, ", ")})
	}
	if always && !all && len(networks) == 0 {
		p.say("cli.resumed", nil)
	}
}

func (p *program) share() *cobra.Command {
	var in control.ShareRequest
	cmd := p.command("share NETWORK CHANNEL", cobra.ExactArgs(2), func(ctx context.Context, args []string) error {
		in.Network, in.Channel = args[0], args[1]
		return p.with(ctx, func(c *client) error {
			var out campaign.Passed
			if err := c.call(ctx, http.MethodPost, "/share", in, &out); err != nil {
				return err
			}
			return p.show(out, func() {
				if out.URL != "" {
					p.say("cli.shared", i18n.Args{"channel": out.Channel, "url": out.URL})
				}
				p.queued(out.Queued, in.DryRun, c.local != nil)
			})
		})
	})
	cmd.Flags().BoolVar(&in.DryRun, "dry-run", false, p.t("cli.flag.dry_run", nil))
	return cmd
}
