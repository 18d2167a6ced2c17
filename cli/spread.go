package cli

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"viesti/report"
)

func (p *program) spread() *cobra.Command {
	var network string
	cmd := p.command("spread", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var out report.Spread
			q := url.Values{"network": {network}}
			if err := c.call(ctx, http.MethodGet, "/spread?"+q.Encode(), nil, &out); err != nil {
				return err
			}
			return p.show(out, func() { p.trees(out) })
		})
	})
	cmd.Flags().StringVar(&network, "network", "", p.t("cli.flag.one_network", nil))
	return cmd
}

// trees are networks with their links, each set in under what it was made from.
func (p *program) trees(out report.Spread) {
	t := p.head("spread", "links", "visits", "complete", "partial", "forwarded", "forwarded_share", "depth")
	for _, line := range out.Lines(p.lang) {
		counts := []string{p.number(line.Visits), p.number(line.Complete), p.number(line.Partial)}
		if line.Tree == nil {
			t.row(append([]string{strings.Repeat("   ", line.Level) + line.Label, ""}, counts...)...)
			continue
		}
		row := append([]string{line.Tree.Network + "  " + line.Label, p.number(int64(line.Tree.Links))}, counts...)
		t.row(append(row, p.number(line.Tree.Forwarded.Complete), p.percent(line.Tree.Share), p.number(int64(line.Tree.Depth)))...)
	}
	p.print(t)
	p.explain(out.Words(p.lang), out.Wave, out.Open, out.AsOf)
}
