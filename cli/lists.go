package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server/control"
)

func (p *program) networks() *cobra.Command {
	group := &cobra.Command{Use: "networks", Short: p.t("cli.short.networks", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(
		p.importCommand("/networks/import", false),
		p.command("list", cobra.NoArgs, func(ctx context.Context, _ []string) error {
			return p.with(ctx, func(c *client) error {
				var list []contacts.Network
				if err := c.call(ctx, http.MethodGet, "/networks", nil, &list); err != nil {
					return err
				}
				return p.show(list, func() { p.networkTable(list) })
			})
		}),
	)
	return group
}

// helpOnly is a group called without a sub-command: its help, and the status of wrong usage.
func helpOnly(cmd *cobra.Command, _ []string) error {
	_ = cmd.Help()
	return exit{Usage}
}

func (p *program) networkTable(list []contacts.Network) {
	t := p.head("network", "name", "kind", "region", "target", "slack")
	forest := contacts.Arrange(list)
	for _, n := range forest.Networks() {
		t.row(strings.Repeat("– ", forest.Level(n.ID))+n.ID, n.Name.In(p.lang), contacts.KindName(p.lang, n.Kind), contacts.RegionName(p.lang, n.Region),
			p.number(int64(n.Target)), n.SlackChannel)
	}
	p.print(t)
}

func (p *program) contacts() *cobra.Command {
	group := &cobra.Command{Use: "contacts", Short: p.t("cli.short.contacts", nil), Args: cobra.NoArgs, RunE: helpOnly}
	restore := p.addressCommand("restore", "cli.contact_restored")
	restore.Short = p.t("cli.short.contacts_restore", nil)
	pause, resume := p.holdCommand("pause"), p.holdCommand("resume")
	pause.Short, resume.Short = p.t("cli.short.contacts_pause", nil), p.t("cli.short.contacts_resume", nil)
	group.AddCommand(
		p.importCommand("/contacts/import", true),
		p.command("list", cobra.NoArgs, func(ctx context.Context, _ []string) error {
			return p.with(ctx, func(c *client) error {
				var list []contacts.Listed
				if err := c.call(ctx, http.MethodGet, "/contacts", nil, &list); err != nil {
					return err
				}
				return p.show(list, func() { p.contactTable(list) })
			})
		}),
		p.exportCommand("/contacts/export"),
		p.addressCommand("opt-out", "cli.opted_out"),
		restore, pause, resume,
		p.addressCommand("erase", "cli.erased"),
		p.held(),
	)
	return group
}

// exportCommand prints a list as CSV.
func (p *program) exportCommand(path string) *cobra.Command {
	return p.command("export", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			res, err := c.send(ctx, http.MethodGet, path, nil)
			if err != nil {
				return err
			}
			defer res.Body.Close() //nolint:errcheck // read to its end
			_, err = io.Copy(p.Stdout, res.Body)
			return err
		})
	})
}

func (p *program) contactTable(list []contacts.Listed) {
	t := p.head("email", "name", "organisation", "language", "networks", "status")
	for _, k := range list {
		t.row(k.Email, k.Name, k.Organisation, string(k.Language), strings.Join(k.Networks, " "), p.t("cli.status."+string(k.Status), nil))
	}
	p.print(t)
}

func (p *program) addressCommand(name, done string) *cobra.Command {
	return p.command(name+" EMAIL", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return p.with(ctx, func(c *client) error {
			var out struct{}
			if err := c.call(ctx, http.MethodPost, "/contacts/"+name, control.Address{Email: args[0]}, &out); err != nil {
				return err
			}
			return p.show(control.Address{Email: args[0]}, func() { p.say(done, i18n.Args{"email": args[0]}) })
		})
	})
}

func (p *program) importCommand(path string, ofContacts bool) *cobra.Command {
	var options contacts.ImportOptions
	cmd := p.command("import FILE", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		raw, err := os.ReadFile(args[0])
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "cli.no_file", i18n.Args{"file": args[0]})
		}
		return p.with(ctx, func(c *client) error {
			var out contacts.Import
			in := control.ImportRequest{Source: contacts.Source{Name: args[0], Data: raw}, ImportOptions: options}
			if err := c.call(ctx, http.MethodPost, path, in, &out); err != nil {
				return err
			}
			return p.imported(out, options.DryRun)
		})
	})
	cmd.Flags().BoolVar(&options.DryRun, "dry-run", false, p.t("cli.flag.dry_run", nil))
	if ofContacts {
		cmd.Flags().StringVar(&options.Network, "network", "", p.t("cli.flag.import_network", nil))
	}
	return cmd
}

func (p *program) imported(out contacts.Import, dry bool) error {
	err := p.show(out, func() {
		for _, r := range out.Rejected {
			fmt.Fprintln(p.Stderr, r.Say(p.lang))
		}
		if dry {
			p.say("cli.dry_run", nil)
		}
		p.say("cli.imported", i18n.Args{
			"added": out.Added, "updated": out.Updated, "unchanged": out.Unchanged, "rejected": len(out.Rejected),
		})
		if len(out.Ignored) > 0 {
			p.say("cli.ignored", i18n.Args{"columns": strings.Join(out.Ignored, ", ")})
		}
	})
	if err == nil && len(out.Rejected) > 0 {
		return exit{Partial}
	}
	return err
}
