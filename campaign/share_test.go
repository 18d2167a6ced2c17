package campaign

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
)

// desk is people, messages and links in memory.
type desk struct {
	mu       sync.Mutex // of messages, which are read while others are put
	networks []contacts.Network
	people   []contacts.Known
	messages map[outbox.Key]outbox.Message
	paused   []string
	shared   []link.Link
}

func (d *desk) Recipients(_ context.Context, each func([]outbox.Recipient) error) error {
	traces := map[string][]outbox.Trace{}
	d.mu.Lock()
	for _, m := range d.messages {
		traces[m.Recipient] = append(traces[m.Recipient], m.Trace())
	}
	d.mu.Unlock()
	for some := range slices.Chunk(d.people, 500) {
		var page []outbox.Recipient
		for _, k := range some {
			page = append(page, outbox.Recipient{Known: k, Traces: traces[k.ID]})
		}
		if err := each(page); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) Networks(context.Context) ([]contacts.Network, error) { return d.networks, nil }
func (d *desk) Paused(context.Context) (bool, error)                 { return false, nil }
func (d *desk) PausedNetworks(context.Context) ([]string, error)     { return d.paused, nil }

func (d *desk) Enqueue(_ context.Context, list []outbox.Message) (put []bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range list {
		_, there := d.messages[m.Key]
		if !there {
			d.messages[m.Key] = m
		}
		put = append(put, !there)
	}
	return put, nil
}

func (d *desk) Messages(_ context.Context, q outbox.Query, each func(outbox.Message) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.messages {
		if (q.Wave == "" || m.Wave == q.Wave) && slices.Contains(q.Recipients, m.Recipient) {
			if err := each(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *desk) Share(_ context.Context, network, channel string) (link.Link, error) {
	made := link.Link{Token: network + channel, Network: network, Channel: link.Onward, Place: channel}
	if !slices.Contains(d.shared, made) {
		d.shared = append(d.shared, made)
	}
	return made, nil
}

func (d *desk) Shared(context.Context) ([]link.Link, error) { return d.shared, nil }
func (d *desk) URL(l link.Link) string                      { return "https://b.example.org/r/" + l.Token }

// sent marks what waits as sent at a time.
func (d *desk) sent(at time.Time) {
	for k, m := range d.messages {
		if m.Waiting() {
			m.State, m.Settled = outbox.Sent, at
			d.messages[k] = m
		}
	}
}

func (d *desk) keys() (list []string) {
	for k := range maps.Keys(d.messages) {
		list = append(list, k.String())
	}
	return slices.Sorted(slices.Values(list))
}

func newDesk(t *testing.T, channels ...link.Channel) (*desk, *Campaign, *time.Time) {
	t.Helper()
	zone := helsinki(t)
	d := &desk{messages: map[outbox.Key]outbox.Message{}, networks: []contacts.Network{
		{ID: "a", Name: i18n.Text{i18n.Fi: "A"}, SlackChannel: "C00000A"},
		{ID: "b", Name: i18n.Text{i18n.Fi: "B"}, SlackChannel: "C00000B"},
	}}
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, zone) // a Monday
	w := usual(zone)
	w.Channels = channels
	return d, &Campaign{
		Wave: w, Contacts: d, Outbox: d, Links: d, Wake: func() {}, Now: func() time.Time { return now },
		BelowTarget: func(context.Context) (map[string]bool, error) { return nil, nil }, Log: slog.New(slog.DiscardHandler),
	}, &now
}

func TestShareOnceAndRemind(t *testing.T) {
	d, c, now := newDesk(t, link.Slack)
	if dry, err := c.Share(t.Context(), "a", "C00000X", true); err != nil || dry.Queued.Queued != 1 || len(d.shared)+len(d.messages) != 0 {
		t.Errorf("a dry run: %+v, %v", dry, err)
	}
	first, err := c.Share(t.Context(), "a", "C00000X", false)
	if err != nil || first.Queued.Queued != 1 || first.URL != "https://b.example.org/r/aC00000X" {
		t.Errorf("%+v, %v", first, err)
	}
	if again, err := c.Share(t.Context(), "a", "C00000X", false); err != nil || again.Queued.Queued != 0 || again.AlreadyQueued != 1 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if _, err := c.Share(t.Context(), "a", "C00000Y", false); err != nil {
		t.Error(err)
	}
	d.messages[outbox.Key{Recipient: "#a/C00000Y", Wave: "w", Kind: outbox.Invitation}] = outbox.Message{
		Key: outbox.Key{Recipient: "#a/C00000Y", Wave: "w", Kind: outbox.Invitation}, Network: "a", Carrier: link.Slack, State: outbox.Failed,
	}
	d.sent(*now)
	*now = now.AddDate(0, 0, 7)
	if q, err := c.Remind(t.Context(), Selection{}, *now); err != nil || q.Queued != 1 {
		t.Errorf("%+v, %v", q, err)
	}
	want := []string{"invitation:#a/C00000X", "invitation:#a/C00000Y", "reminder-1:#a/C00000X"}
	if got := d.keys(); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// An invitation of everybody says nothing to channels whose link somebody only has to paste.
func TestInviteLeavesLinksAlone(t *testing.T) {
	d, c, _ := newDesk(t, link.Slack)
	d.shared = []link.Link{{Network: "a", Channel: link.Onward, Place: "C00000X"}}
	if q, err := c.Invite(t.Context(), Selection{}); err != nil || q.Queued != 2 {
		t.Errorf("%+v, %v", q, err)
	}
	plan, err := c.Plan(t.Context(), c.Now())
	for _, item := range plan.Items {
		if item.Messages != 1 || item.Channel != link.Slack {
			t.Errorf("%+v", item)
		}
	}
	if err != nil || len(plan.Items) == 0 {
		t.Errorf("%+v, %v", plan, err)
	}
}

// TestChannelsOfSeveral: two networks shared to one channel, so their reminders keep 48 hours apart,
// also when both become due in the same round.
func TestChannelsOfSeveral(t *testing.T) {
	d, c, now := newDesk(t, link.Slack)
	for _, network := range []string{"a", "b"} {
		if _, err := c.Share(t.Context(), network, "C00000X", false); err != nil {
			t.Fatal(err)
		}
	}
	d.sent(*now)
	var times []time.Time
	for range 24 * 40 {
		*now = now.Add(time.Hour)
		q, err := c.Remind(t.Context(), Selection{}, *now)
		if err != nil {
			t.Fatal(err)
		}
		for range q.Queued {
			times = append(times, *now)
		}
		d.sent(*now)
	}
	for i := 1; i < len(times); i++ {
		if gap := times[i].Sub(times[i-1]); gap < channelRest {
			t.Errorf("%v after %v", gap, times[i-1])
		}
	}
	if len(times) < 4 {
		t.Errorf("reminders at %v", times)
	}
}

func TestPausedNetworkIsLeftOut(t *testing.T) {
	d, c, now := newDesk(t, link.Slack, link.Mail)
	d.people = []contacts.Known{{Contact: contacts.Contact{ID: "1", Email: "p@example.org", Networks: []string{"a"}}}}
	d.paused = []string{"a"}
	q, err := c.Invite(t.Context(), Selection{})
	want := []Skipped{{"p@example.org", outbox.ReasonPaused}, {"#a", outbox.ReasonPaused}}
	if err != nil || q.Queued != 1 || !slices.Equal(q.Skipped, want) {
		t.Errorf("%+v, %v", q, err)
	}
	if out, err := c.Share(t.Context(), "a", "C00000X", false); err != nil || len(out.Skipped) != 1 || out.Skipped[0].Reason != outbox.ReasonPaused || out.URL == "" {
		t.Errorf("%+v, %v", out, err)
	}
	d.paused = nil
	if q, err := c.Invite(t.Context(), Selection{}); err != nil || q.Queued != 2 || len(q.Skipped) != 0 {
		t.Errorf("%+v, %v", q, err)
	}
	d.sent(*now)
	d.paused = []string{"a"}
	if q, err := c.Remind(t.Context(), Selection{}, now.AddDate(0, 0, 7)); err != nil || q.Queued != 1 || len(q.Skipped) != 2 {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestShareRefuses(t *testing.T) {
	_, c, _ := newDesk(t, link.Slack)
	_, off, _ := newDesk(t, link.Mail)
	for name, test := range map[string]struct {
		c                *Campaign
		network, channel string
		want             string
	}{
		"no network":   {c, "zzz", "C00000X", "campaign.unknown_network"},
		"no channel":   {c, "a", "#general", "campaign.bad_channel"},
		"its own":      {c, "a", "C00000A", "campaign.own_channel"},
		"Slack is off": {off, "a", "C00000X", "campaign.no_slack"},
	} {
		_, err := test.c.Share(t.Context(), test.network, test.channel, false)
		if list := fault.All(err); len(list) != 1 || list[0].Key != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWays: one person, one way of contact for the wave.
func TestWays(t *testing.T) {
	for name, test := range map[string]struct {
		direct  Direct
		who     contacts.Known
		invited link.Channel // by which they were invited before; empty: they were not
		sel     link.Channel
		want    link.Channel // empty: they are no candidate
	}{
		"by mail":              {Direct{true, false}, known("", ""), "", "", link.Mail},
		"in Slack":             {Direct{true, false}, known("U1", ""), "", "", link.Slack},
		"switched off":         {Direct{}, known("U1", ""), "", "", link.Mail},
		"their wish":           {Direct{true, true}, wish(known("U1", "")), "", "", link.Mail},
		"looked up":            {Direct{true, true}, known("", ""), "", "", link.Slack},
		"looked up in vain":    {Direct{true, true}, known("", "2026-11-01"), "", "", link.Mail},
		"invited by mail":      {Direct{true, true}, known("U1", ""), link.Mail, "", link.Mail},
		"invited in Slack":     {Direct{true, true}, known("U1", ""), link.Slack, "", link.Slack},
		"mail alone":           {Direct{true, false}, known("U1", ""), "", link.Mail, ""},
		"mail alone, by mail":  {Direct{true, false}, known("", ""), "", link.Mail, link.Mail},
		"Slack alone":          {Direct{true, false}, known("U1", ""), "", link.Slack, link.Slack},
		"Slack alone, by mail": {Direct{true, false}, known("", ""), "", link.Slack, ""},
	} {
		d, c, _ := newDesk(t, link.Mail, link.Slack)
		d.networks, c.Wave.Direct, d.people = d.networks[:0], test.direct, []contacts.Known{test.who}
		if test.invited != "" {
			k := outbox.Key{Recipient: "1", Wave: "w", Kind: outbox.Invitation}
			d.messages[k] = outbox.Message{Key: k, Network: "a", Carrier: test.invited, State: outbox.Sent}
		}
		var got link.Channel
		err := c.candidates(t.Context(), Selection{Channel: test.sel}, func(r candidate) error {
			got = r.Carrier
			return nil
		})
		if err != nil || got != test.want {
			t.Errorf("%s: %q, want %q; %v", name, got, test.want, err)
		}
		plan, err := c.Plan(t.Context(), c.Now())
		for _, item := range plan.Items {
			if test.sel == "" && item.Channel != test.want {
				t.Errorf("%s: planned %+v", name, item)
			}
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func known(user, asked string) contacts.Known {
	return contacts.Known{Contact: contacts.Contact{ID: "1", Email: "p@example.org", Networks: []string{"a"}, SlackUser: user, SlackAsked: asked}}
}

func wish(k contacts.Known) contacts.Known {
	k.Standing.NoSlack = true
	return k
}
