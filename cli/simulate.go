package cli

import (
	"context"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/server/control"
	"viesti/simulation"
)

func (p *program) simulate() *cobra.Command {
	in := control.Simulation{Behaviour: simulation.Usual}
	cmd := p.command("simulate", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var out simulation.Result
			if err := c.call(ctx, http.MethodPost, "/simulate", in, &out); err != nil {
				return err
			}
			return p.show(out, func() { p.simulated(out) })
		})
	})
	cmd.Flags().Uint64Var(&in.Seed, "seed", 1, p.t("cli.flag.seed", nil))
	cmd.Flags().IntVar(&in.Runs, "runs", 500, p.t("cli.flag.runs", nil))
	cmd.Flags().Float64Var(&in.Invitation, "invitation", in.Invitation, p.t("cli.flag.invitation", nil))
	cmd.Flags().Float64Var(&in.PassedOn, "passed-on", in.PassedOn, p.t("cli.flag.passed_on", nil))
	return cmd
}

func (p *program) simulated(out simulation.Result) {
	words := out.Words(p.lang)
	fmt.Fprintln(p.Stdout, words[0]) // before any figure
	fmt.Fprintln(p.Stdout)
	t := p.head("plan", "letters", "expected", "interval", "rate", "passed_on", "leaving")
	for _, o := range out.Plans {
		t.row(o.Name(p.lang), p.number(o.Letters.Mean), p.number(o.Complete.Mean), p.between(o.Complete),
			i18n.Percent(p.lang, o.Rate.Mean), p.number(o.PassedOn.Mean), p.number(o.OptedOut.Mean))
	}
	p.print(t)
	fmt.Fprintln(p.Stdout)
	t = p.head("network", "contacted", "expected", "interval", "target", "chance")
	for _, n := range out.Networks {
		target := "–"
		if n.Target > 0 {
			target = p.number(n.Target)
		}
		t.row(n.Network, p.number(n.People), p.number(n.Complete.Mean), p.between(n.Complete), target, p.percent(n.Chance))
	}
	p.print(t)
	fmt.Fprintln(p.Stdout)
	for _, said := range words[1:] {
		fmt.Fprintln(p.Stdout, said)
	}
}

func (p *program) between(r simulation.Range) string {
	return p.number(r.Low) + "–" + p.number(r.High)
}
