package cli

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"viesti/campaign"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
	"viesti/server/control"
)

func (p *program) invite() *cobra.Command {
	var sel control.Selection
	var wait bool
	cmd := p.command("invite", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.queue(ctx, "/invite", sel, wait)
	})
	p.selectionFlags(cmd, &sel, &wait)
	cmd.Flags().StringVar(&sel.Channel, "channel", "", p.t("cli.flag.carrier", nil))
	return cmd
}

func (p *program) remind() *cobra.Command {
	var sel control.Selection
	var wait bool
	var asOf string
	cmd := p.command("remind", cobra.NoArgs, func(ctx context.Context, _ []string) (err error) {
		if sel.AsOf, err = p.moment(asOf); err != nil {
			return err
		}
		return p.queue(ctx, "/remind", sel, wait)
	})
	p.selectionFlags(cmd, &sel, &wait)
	cmd.Flags().StringVar(&asOf, "as-of", "", p.t("cli.flag.as_of", nil))
	return cmd
}

func (p *program) selectionFlags(cmd *cobra.Command, sel *control.Selection, wait *bool) {
	cmd.Flags().StringArrayVar(&sel.Networks, "network", nil, p.t("cli.flag.network", nil))
	cmd.Flags().BoolVar(&sel.DryRun, "dry-run", false, p.t("cli.flag.dry_run", nil))
	cmd.Flags().BoolVar(wait, "wait", false, p.t("cli.flag.wait", nil))
}

// moment reads a time of the command line; an empty one is the zero time.
func (p *program) moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		p.note("control.bad_time", i18n.Args{"time": s})
		return t, exit{Usage}
	}
	return t, nil
}

func (p *program) queue(ctx context.Context, path string, sel control.Selection, wait bool) error {
	return p.with(ctx, func(c *client) error {
		var out campaign.Queued
		if err := c.call(ctx, http.MethodPost, path, sel, &out); err != nil {
			return err
		}
		if wait && !sel.DryRun {
			if err := p.waitEmpty(ctx, c); err != nil {
				return err
			}
		}
		return p.show(out, func() { p.queued(out, sel.DryRun, c.local != nil && !wait) })
	})
}

func (p *program) queued(out campaign.Queued, dry, idle bool) {
	if dry {
		p.say("cli.dry_run", nil)
	}
	p.say("cli.queued", i18n.Args{"queued": out.Queued, "already": out.AlreadyQueued, "skipped": len(out.Skipped)})
	if len(out.ByNetwork) > 0 {
		t := p.head("network", "messages")
		for _, network := range sorted(out.ByNetwork) {
			t.row(network, p.number(int64(out.ByNetwork[network])))
		}
		p.print(t)
	}
	if len(out.Skipped) > 0 {
		t := p.head("contact", "reason")
		for _, s := range out.Skipped {
			t.row(s.Contact, p.t("cli.reason."+s.Reason, nil))
		}
		p.print(t)
	}
	if idle && !dry && out.Queued > 0 {
		p.note("cli.sent_by_serve", nil)
	}
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// glance is how often a waiting command looks at the queue.
const glance = 200 * time.Millisecond

// waitEmpty returns when nothing waits to be sent any more. Without a server it sends itself.
func (p *program) waitEmpty(ctx context.Context, c *client) error {
	if c.local != nil {
		sending, stop := context.WithCancel(ctx)
		done := make(chan error, 1)
		go func() { done <- c.local.Send(sending) }()
		defer func() { stop(); <-done }()
	}
	var bar *progressbar.ProgressBar
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	told, left := false, int64(0)
	for {
		var s control.Status
		if err := c.call(ctx, http.MethodGet, "/status", nil, &s); ctx.Err() != nil {
			return fault.New(fault.Unavailable, "cli.interrupted", i18n.Args{"n": left})
		} else if err != nil {
			return err
		}
		left = s.Outbox[outbox.Pending] + s.Outbox[outbox.Sending] + s.Outbox[outbox.Retrying]
		switch {
		case left == 0:
			return p.finish(bar)
		case s.Paused:
			return fault.New(fault.Conflict, "cli.paused_waiting", i18n.Args{"n": left})
		case left == s.Held:
			p.note("cli.held", i18n.Args{"n": left, "networks": strings.Join(s.Networks, ", ")})
			return p.finish(bar)
		case s.Outbox[outbox.Pending] == 0 && s.Outbox[outbox.Sending] == 0 && !told:
			p.note("cli.retrying", i18n.Args{"n": left})
			told = true
		}
		bar = p.progress(bar, left)
		select {
		case <-ctx.Done():
			return fault.New(fault.Unavailable, "cli.interrupted", i18n.Args{"n": left})
		case <-ticker.C:
		}
	}
}

// terminal tells whether a person looks on.
func (p *program) terminal() bool {
	f, ok := p.Stderr.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress draws how much of what was waiting at first has gone, on a terminal only.
func (p *program) progress(bar *progressbar.ProgressBar, left int64) *progressbar.ProgressBar {
	if !p.terminal() {
		return nil
	}
	if bar == nil {
		bar = progressbar.NewOptions64(left, progressbar.OptionSetWriter(p.Stderr), progressbar.OptionShowCount())
	}
	_ = bar.Set64(max(0, bar.GetMax64()-left))
	return bar
}

func (p *program) finish(bar *progressbar.ProgressBar) error {
	if bar != nil {
		_ = bar.Finish()
		fmt.Fprintln(p.Stderr)
	}
	return nil
}
