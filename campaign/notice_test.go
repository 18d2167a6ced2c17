package campaign

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/staff"
)

// monday is the usual digest: on Mondays at nine.
var monday = staff.Digest{On: true, Day: time.Monday, At: 9 * 60}

func networks(ids ...string) (list []contacts.Network) {
	for _, id := range ids {
		list = append(list, contacts.Network{ID: id})
	}
	return list
}

func said(list []Notice) string {
	var all []string
	for _, n := range list {
		all = append(all, n.Recipient()+" "+string(n.Kind))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// TestEnd tells administrators that people's data are erased soon, after the close as well.
func TestEnd(t *testing.T) {
	w := usual(helsinki(t))
	end := time.Date(2026, 12, 31, 12, 0, 0, 0, w.Zone)
	f := Field{Networks: networks("a"), Admins: []string{"UADMIN"}, Purge: Purge{At: end, Told: end.AddDate(0, 0, -7)}}
	for now, want := range map[time.Time]string{
		f.Purge.Told.Add(-time.Minute): "",
		f.Purge.Told:                   "@/UADMIN purge-2026-12-31",
		end.Add(-time.Minute):          "@/UADMIN purge-2026-12-31",
		end:                            "",
	} {
		if got := said(w.Notices(f, now)); got != want {
			t.Errorf("at %s: got %q, want %q", now, got, want)
		}
	}
	f.Purge = Purge{}
	if got := said(w.Notices(f, end.Add(-time.Minute))); got != "" {
		t.Errorf("without an end: %s", got)
	}
}

func TestNotices(t *testing.T) {
	zone := helsinki(t)
	w := usual(zone) // 2.11.–18.12., half of it is over on 25.11.
	w.Digest = monday
	w.Channels = []link.Channel{link.Slack}
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, zone)
	}
	people := map[string][]string{"a": {"U1", "U2"}}
	all := map[string][]string{"a": {"U1", "U2"}, "b": {"UADMIN"}}
	channel := func(network, to string) staff.Digest {
		return staff.Digest{Network: network, On: true, Day: time.Friday, At: 15 * 60, To: to}
	}
	for name, c := range map[string]struct {
		now   time.Time
		field Field
		want  string
	}{
		"the usual digest, to each coordinator": {
			at(11, 9, 9, 0),
			Field{Networks: networks("a", "b"), Coordinators: people, Nearest: all},
			"@a/U1 digest-2026-w46, @a/U2 digest-2026-w46",
		},
		"not before its time":   {at(11, 9, 8, 59), Field{Networks: networks("a"), Coordinators: people}, ""},
		"late by some hours":    {at(11, 9, 14, 59), Field{Networks: networks("a"), Coordinators: people}, "@a/U1 digest-2026-w46, @a/U2 digest-2026-w46"},
		"too late":              {at(11, 9, 15, 0), Field{Networks: networks("a"), Coordinators: people}, ""},
		"at night":              {at(11, 10, 2, 0), Field{Networks: networks("a"), Coordinators: people}, ""},
		"on the day it opens":   {at(11, 2, 9, 0), Field{Networks: networks("a"), Coordinators: map[string][]string{"a": {"U1"}}}, "@a/U1 digest-2026-w45"},
		"of before the opening": {at(11, 2, 8, 30), Field{Networks: networks("a"), Coordinators: people, Digests: []staff.Digest{{Network: "a", On: true, Day: time.Monday, At: 6 * 60}}}, ""},
		"before the opening":    {at(10, 26, 9, 0), Field{Networks: networks("a"), Coordinators: people}, ""},
		"after the close":       {at(12, 21, 9, 0), Field{Networks: networks("a"), Coordinators: people, Lagging: []string{"a"}, Nearest: all}, ""},
		"turned off":            {at(11, 9, 9, 0), Field{Networks: networks("a"), Coordinators: people, Digests: []staff.Digest{{Network: "a", To: "C0PLACE"}}}, ""},
		"a channel of its own, and a card": {
			at(11, 13, 15, 0),
			Field{Networks: networks("a"), Coordinators: people, Digests: []staff.Digest{channel("a", "C0PLACE")}},
			"@a/C0PLACE card, @a/C0PLACE digest-2026-w46",
		},
		"the card needs no weekday": {
			at(11, 10, 3, 0), Field{Networks: networks("a"), Digests: []staff.Digest{channel("a", "G0PLACE")}}, "@a/G0PLACE card",
		},
		"a person of their own has no card": {
			at(11, 13, 15, 0), Field{Networks: networks("a"), Digests: []staff.Digest{channel("a", "U3")}}, "@a/U3 digest-2026-w46",
		},
		"lagging, before half of it":  {at(11, 25, 15, 0), Field{Networks: networks("a"), Lagging: []string{"a"}, Nearest: all}, ""},
		"lagging, after half of it":   {at(11, 26, 10, 0), Field{Networks: networks("a", "b"), Lagging: []string{"a"}, Nearest: all}, "@a/U1 alert-low, @a/U2 alert-low"},
		"lagging, nobody coordinates": {at(11, 26, 10, 0), Field{Networks: networks("b"), Lagging: []string{"b"}, Coordinators: people, Nearest: all}, "@b/UADMIN alert-low"},
		"lagging, in the evening":     {at(11, 26, 17, 0), Field{Networks: networks("a"), Lagging: []string{"a"}, Nearest: all}, ""},
		"lagging, on a Saturday":      {at(11, 28, 10, 0), Field{Networks: networks("a"), Lagging: []string{"a"}, Nearest: all}, ""},
	} {
		if got := said(w.Notices(c.field, c.now)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	none := usual(zone) // slack.digest = ""
	none.Channels = w.Channels
	if got := said(none.Notices(Field{Networks: networks("a"), Coordinators: people}, at(11, 9, 9, 0))); got != "" {
		t.Errorf("nobody set it up: %s", got)
	}
}

// shelf is an outbox in memory.
type shelf struct{ messages []outbox.Message }

func (s *shelf) Enqueue(_ context.Context, list []outbox.Message) (put []bool, err error) {
	for _, m := range list {
		isNew := !slices.ContainsFunc(s.messages, func(have outbox.Message) bool { return have.Key == m.Key })
		if isNew {
			s.messages = append(s.messages, m)
		}
		put = append(put, isNew)
	}
	return put, nil
}

func (s *shelf) Messages(_ context.Context, q outbox.Query, each func(outbox.Message) error) error {
	for _, m := range s.messages {
		if slices.Contains(q.Recipients, m.Recipient) && m.Wave == q.Wave {
			if err := each(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shelf) Paused(context.Context) (bool, error)             { return false, nil }
func (s *shelf) PausedNetworks(context.Context) ([]string, error) { return nil, nil }

// office is the staff, and the networks they work for.
type office struct {
	networks []contacts.Network
	digests  []staff.Digest
	grants   []staff.Grant
	behind   []string
	silent   bool // no group can be read
}

func (o *office) Members(context.Context, string) ([]string, error) {
	if o.silent {
		return nil, errors.New("no answer")
	}
	return []string{"U1", "U2"}, nil
}

func (o *office) Digests(context.Context) ([]staff.Digest, error) { return o.digests, nil }

func (o *office) Grants(context.Context) ([]staff.Grant, error) { return o.grants, nil }

func (o *office) Networks(context.Context) ([]contacts.Network, error)             { return o.networks, nil }
func (o *office) Recipients(context.Context, func([]outbox.Recipient) error) error { return nil }
func (o *office) lagging(context.Context) ([]string, error)                        { return o.behind, nil }

func notifying(w Wave, o *office, s *shelf, now *time.Time) *Campaign {
	w.Channels = []link.Channel{link.Slack}
	return &Campaign{
		Wave: w, Contacts: o, Outbox: s, Staff: o, Lagging: o.lagging,
		Wake: func() {}, Now: func() time.Time { return *now }, Log: slog.New(slog.DiscardHandler),
	}
}

// TestOneDigestAWeek lets a program run and stand still at random over a wave that two changes of
// the clocks fall in. Whatever it does, there is at most one digest a week, on its day and not
// late; and exactly one wherever the program looked in time.
func TestOneDigestAWeek(t *testing.T) {
	zone := helsinki(t)
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := usual(zone)
		w.Opens = time.Date(2026, 10, 1, 0, 0, 0, 0, zone)
		w.Closes = time.Date(2027, 4, 30, 0, 0, 0, 0, zone)
		d := staff.Digest{Network: "a", On: true, Day: time.Weekday(r.IntN(7)), At: staff.Clock(r.IntN(24 * 60)), To: "C0PLACE"}
		if seed%3 == 0 { // in the hour that one Sunday lacks and another has twice
			d.Day, d.At = time.Sunday, staff.Clock(180+r.IntN(60))
		}
		o, s := &office{networks: networks("a"), digests: []staff.Digest{d}}, &shelf{}
		now := w.Opens
		looked := map[string]bool{} // weeks in which the program looked while the digest was due
		for now.Before(w.Closes) {
			c := notifying(w, o, s, &now) // remembers nothing
			if at := d.Last(now.In(zone)); now.Sub(at) < lateDigest && !at.Before(w.Opens) {
				looked[string(outbox.Digest(at.ISOWeek()))] = true
			}
			if _, err := c.Notify(t.Context()); err != nil {
				t.Fatal(err)
			}
			step := time.Duration(1+r.IntN(300)) * time.Minute
			if r.IntN(40) == 0 {
				step = time.Duration(r.IntN(9*24)) * time.Hour
			}
			now = now.Add(step)
		}
		got := map[string]bool{}
		for _, m := range s.messages {
			if m.Kind == outbox.Card {
				continue
			}
			queued := m.Queued.In(zone)
			late := queued.Sub(m.Expires.Add(-lateDigest))
			if at := m.Expires.Add(-lateDigest).In(zone); at.Weekday() != d.Day || late < 0 || late >= lateDigest {
				t.Errorf("seed %d: %s queued at %s for %s", seed, m.Kind, queued, at)
			}
			if got[string(m.Kind)] {
				t.Errorf("seed %d: %s twice", seed, m.Kind)
			}
			got[string(m.Kind)] = true
		}
		if len(looked) < 5 || fmt.Sprint(got) != fmt.Sprint(looked) {
			t.Errorf("seed %d: told %v, looked in %v", seed, got, looked)
		}
	}
}

// TestNotifyOnce asks over and over; everything is queued once, for the members of a group too.
func TestNotifyOnce(t *testing.T) {
	zone := helsinki(t)
	w := usual(zone)
	w.Digest = monday
	o := &office{networks: networks("a", "b"), behind: []string{"a"}, grants: []staff.Grant{
		{Who: "S0GROUP", Network: "a", Role: staff.Coordinator},
		{Who: "U1", Network: "a", Role: staff.Coordinator},
		{Who: "U9", Role: staff.Admin},
		{Who: "U7", Network: "b", Role: staff.Viewer},
	}}
	s, now := &shelf{}, time.Date(2026, 11, 30, 9, 0, 0, 0, zone)
	c := notifying(w, o, s, &now)
	for i, want := range []int{4, 0, 0} {
		if n, err := c.Notify(t.Context()); n != want || err != nil {
			t.Errorf("run %d queued %d, %v", i, n, err)
		}
		now = now.Add(time.Hour)
	}
	for _, m := range s.messages {
		if p, ok := m.Place(); !ok || !p.Staff || p.Network != "a" || p.To != "U1" && p.To != "U2" || m.Carrier != link.Slack || m.Network != "a" {
			t.Errorf("%+v", m)
		}
	}
	o.silent = true
	now = now.Add(7 * oneDay)
	if n, err := c.Notify(t.Context()); n != 1 || err != nil { // whom we know is told all the same
		t.Errorf("without the group: %d, %v", n, err)
	}
	c.Wave.Channels = []link.Channel{link.Mail}
	now = now.Add(4 * oneDay)
	if n, err := c.Notify(t.Context()); n != 0 || err != nil {
		t.Errorf("without Slack: %d, %v", n, err)
	}
}

// TestTroubleIsToldOnce meets the same refusal over and over, and another.
func TestTroubleIsToldOnce(t *testing.T) {
	o := &office{networks: networks("a", "b"), grants: []staff.Grant{
		{Who: "U1", Network: "a", Role: staff.Coordinator}, {Who: "UADMIN", Role: staff.Admin},
	}}
	s, now := &shelf{}, time.Date(2026, 11, 30, 3, 0, 0, 0, helsinki(t))
	c := notifying(usual(helsinki(t)), o, s, &now)
	for _, x := range []struct {
		network, code, channel string
		want                   int
	}{
		{"a", "is_archived", "C1", 1},
		{"a", "is_archived", "C1", 0},
		{"a", "is_archived", "C2", 1},
		{"a", "not_in_channel", "C1", 1},
		{"b", "is_archived", "C1", 1},
		{"b", "is_archived", "C1", 0},
	} {
		if n, err := c.Trouble(t.Context(), x.network, x.code, x.channel); n != x.want || err != nil {
			t.Errorf("%v: %d queued, %v", x, n, err)
		}
	}
	for i, want := range []string{"@a/U1", "@a/U1", "@a/U1", "@b/UADMIN"} {
		if s.messages[i].Recipient != want {
			t.Errorf("%d is to %s, want %s", i, s.messages[i].Recipient, want)
		}
	}
}

// TestLetterOfTheWeek: the digest goes by mail to the address that the list has, whatever Slack does,
// and the network's own settings hold for both ways.
func TestLetterOfTheWeek(t *testing.T) {
	zone := helsinki(t)
	now := time.Date(2026, 11, 9, 9, 0, 0, 0, zone) // a Monday
	addressed := []contacts.Network{{ID: "a", CoordinatorEmail: "a@example.org"}, {ID: "b"}}
	off, friday := []staff.Digest{{Network: "a"}}, []staff.Digest{{Network: "a", On: true, Day: time.Friday, At: 9 * 60, To: "C0PLACE"}}
	both, mail := []link.Channel{link.Mail, link.Slack}, []link.Channel{link.Mail}
	for name, c := range map[string]struct {
		channels     []link.Channel
		slack, paper staff.Digest
		field        Field
		want         string
	}{
		"by both":           {both, monday, monday, Field{Networks: addressed, Coordinators: map[string][]string{"a": {"U1"}}}, "@a/ digest-2026-w46, @a/U1 digest-2026-w46"},
		"by mail alone":     {mail, monday, monday, Field{Networks: addressed, Coordinators: map[string][]string{"a": {"U1"}}}, "@a/ digest-2026-w46"},
		"Slack's is off":    {both, staff.Digest{}, monday, Field{Networks: addressed, Coordinators: map[string][]string{"a": {"U1"}}}, "@a/ digest-2026-w46"},
		"mail's is off":     {both, monday, staff.Digest{}, Field{Networks: addressed, Coordinators: map[string][]string{"a": {"U1"}}}, "@a/U1 digest-2026-w46"},
		"no mail":           {[]link.Channel{link.Slack}, monday, monday, Field{Networks: addressed}, ""},
		"the network's off": {both, monday, monday, Field{Networks: addressed, Digests: off}, ""},
		"its own day":       {both, monday, monday, Field{Networks: addressed, Digests: friday}, "@a/C0PLACE card"},
	} {
		w := usual(zone)
		w.Channels, w.Digest, w.Letter = c.channels, c.slack, c.paper
		list := w.Notices(c.field, now)
		if got := said(list); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		for _, n := range list {
			if n.Carrier != map[bool]link.Channel{true: link.Mail, false: link.Slack}[n.To == ""] {
				t.Errorf("%s: %s goes by %s", name, n.Recipient(), n.Carrier)
			}
		}
	}
}
