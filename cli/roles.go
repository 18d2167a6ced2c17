package cli

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/server/control"
	"viesti/staff"
)

// claim prints a code that makes somebody administrator in Slack.
func (p *program) claim() *cobra.Command {
	return p.command("claim", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		c, err := p.config()
		if err != nil {
			return err
		}
		return p.with(ctx, func(to *client) error {
			var out control.ClaimAnswer
			if err := to.call(ctx, http.MethodPost, "/claim", nil, &out); err != nil {
				return err
			}
			return p.show(out, func() {
				p.say("cli.claim", i18n.Args{
					"command": c.Slack.Command, "code": out.Code, "time": i18n.DateTime(p.lang, out.Until.In(c.Survey.Zone)),
				})
			})
		})
	})
}

// roles lists who may do what in Slack, or gives a role.
func (p *program) roles() *cobra.Command {
	group := &cobra.Command{Use: "roles", Short: p.t("cli.short.roles", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(p.rolesList(), p.rolesSet())
	return group
}

func (p *program) rolesList() *cobra.Command {
	return p.command("list", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var list []staff.Grant
			if err := c.call(ctx, http.MethodGet, "/roles", nil, &list); err != nil {
				return err
			}
			return p.show(list, func() { p.rolesTable(list) })
		})
	})
}

func (p *program) rolesSet() *cobra.Command {
	var network string
	cmd := p.command("set WHO ROLE", cobra.ExactArgs(2), func(ctx context.Context, args []string) error {
		role, ok := staff.ParseRole(args[1])
		if !ok {
			role = staff.Role(args[1]) // refused with words by the server
		}
		return p.with(ctx, func(c *client) error {
			var list []staff.Grant
			in := control.GrantRequest{Who: args[0], Role: role, Network: network}
			if err := c.call(ctx, http.MethodPost, "/roles", in, &list); err != nil {
				return err
			}
			return p.show(list, func() { p.rolesTable(list) })
		})
	})
	cmd.Flags().StringVar(&network, "network", "", p.t("cli.flag.role_network", nil))
	return cmd
}

func (p *program) rolesTable(list []staff.Grant) {
	if len(list) == 0 {
		p.say("cli.roles_empty", nil)
		return
	}
	t := p.head("who", "role", "network", "given_by", "day")
	for _, g := range list {
		network, by := g.Network, g.By
		if network == "" {
			network = p.t("cli.every_network", nil)
		}
		if by == "" {
			by = p.t("cli.by_operator", nil)
		}
		t.row(g.Who, string(g.Role), network, by, g.Day)
	}
	p.print(t)
}
