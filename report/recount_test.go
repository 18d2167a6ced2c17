package report_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/report"
	"viesti/store/bolt"
	"viesti/survey"
)

// world is a store with a random history, and the same history as plain lists.
type world struct {
	store     *bolt.Store
	responses []answered
	people    []person
}

type answered struct {
	network string
	channel link.Channel
	lang    i18n.Lang
	day     string
	state   survey.State
}

type person struct {
	network                               string
	lang                                  i18n.Lang
	contacted, bounced, optedOut, already bool
}

func days(r *rand.Rand) string { return fmt.Sprintf("2026-11-%02d", 1+r.IntN(5)) }

func happened(t *testing.T, r *rand.Rand) *world {
	t.Helper()
	ctx := context.Background()
	store, err := bolt.Open(ctx, bolt.Options{Path: filepath.Join(t.TempDir(), "viesti.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	w := &world{store: store}
	var links []link.Link
	for n := range 4 {
		id := fmt.Sprint("n", n)
		if _, err := store.SaveNetworks(ctx, []contacts.Network{{ID: id, Name: i18n.Text{i18n.Fi: id}, Region: contacts.Regions[n%2], Kind: contacts.Kinds[n%3], Target: 5}}); err != nil {
			t.Fatal(err)
		}
		for _, c := range link.Channels {
			links = append(links, link.Link{Token: fmt.Sprintf("t%d%s", n, c), Network: id, Channel: c})
		}
	}
	if _, err := store.PutLinks(ctx, links); err != nil {
		t.Fatal(err)
	}
	for i := range 120 {
		w.respond(t, r, i, append(links, link.Link{Channel: link.Web})[r.IntN(len(links)+1)])
	}
	for i := range 60 {
		w.meet(t, r, i)
	}
	return w
}

func (w *world) respond(t *testing.T, r *rand.Rand, i int, l link.Link) {
	t.Helper()
	a := answered{l.Network, l.Channel, i18n.Langs[r.IntN(3)], days(r), []survey.State{survey.Started, survey.Partial, survey.Complete}[r.IntN(3)]}
	ctx, key := context.Background(), survey.KeyOf(fmt.Sprint(i))
	err := w.store.CreateDraft(ctx, key, survey.Response{Wave: "w", Link: l.Token, Lang: a.lang, Day: "2026-11-01", State: survey.Started})
	become := func(x *survey.Response) error { x.State, x.Day = a.state, a.day; return nil }
	if err == nil && a.state == survey.Complete {
		err = w.store.Submit(ctx, key, fmt.Sprint("r", i), become)
	} else if err == nil {
		err = w.store.UpdateDraft(ctx, key, become)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.responses = append(w.responses, a)
}

func (w *world) meet(t *testing.T, r *rand.Rand, i int) {
	t.Helper()
	ctx := context.Background()
	p := person{network: fmt.Sprint("n", r.IntN(4)), lang: i18n.Langs[r.IntN(3)]}
	id := fmt.Sprint("c", i)
	_, err := w.store.SaveContacts(ctx, []contacts.Contact{{ID: id, Token: "o" + id, Email: id + "@example.org", Language: p.lang, Networks: []string{p.network}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []struct {
		event contacts.Event
		flag  *bool
	}{{contacts.Accepted, &p.contacted}, {contacts.HardBounce, &p.bounced}, {contacts.OptOut, &p.optedOut}, {contacts.SaidAnswered, &p.already}} {
		if r.IntN(2) == 0 {
			continue
		}
		*e.flag = true
		if err := w.store.Record(ctx, contacts.Happening{Contact: id, Event: e.event, Wave: "w", Day: days(r)}); err != nil {
			t.Fatal(err)
		}
	}
	w.people = append(w.people, p)
}

// recount makes a row by counting the lists, as somebody with a pencil would.
func (w *world) recount(who func(person) bool, which func(answered) bool) report.Row {
	row := report.Row{ByChannel: map[link.Channel]report.Counts{}}
	for _, p := range w.people {
		if !who(p) {
			continue
		}
		row.Contacted += one(p.contacted)
		row.Undelivered += one(p.contacted && p.bounced)
		row.OptedOut += one(p.optedOut)
		row.AlreadyAnswered += one(p.already)
	}
	for _, a := range w.responses {
		if !which(a) {
			continue
		}
		c := row.ByChannel[a.channel]
		c.Visits++
		c.Partial += one(a.state == survey.Partial)
		c.Complete += one(a.state == survey.Complete)
		row.ByChannel[a.channel] = c
	}
	for _, channel := range []link.Channel{link.Mail, link.Slack} {
		row.Visits += row.ByChannel[channel].Visits
		row.Partial += row.ByChannel[channel].Partial
		row.Complete += row.ByChannel[channel].Complete
	}
	return row
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func same(t *testing.T, name string, got, want report.Row) {
	t.Helper()
	if got.Contacted != want.Contacted || got.Undelivered != want.Undelivered || got.OptedOut != want.OptedOut ||
		got.AlreadyAnswered != want.AlreadyAnswered || got.Counts != want.Counts {
		t.Errorf("%s:\n%+v, want\n%+v", name, got, want)
	}
	for _, c := range link.Channels {
		if got.ByChannel[c] != want.ByChannel[c] {
			t.Errorf("%s, %s: %+v, want %+v", name, c, got.ByChannel[c], want.ByChannel[c])
		}
	}
	base := want.Contacted - want.Undelivered
	switch {
	case base == 0 && got.Rate != nil:
		t.Errorf("%s: a rate of nobody", name)
	case base > 0 && (*got.Rate != float64(want.Complete)/float64(base) || *got.RatePartial != float64(want.Complete+want.Partial)/float64(base)):
		t.Errorf("%s: rates %v %v", name, *got.Rate, *got.RatePartial)
	}
}

func TestRatesAreWhatCountingGives(t *testing.T) {
	for seed := range uint64(10) {
		w := happened(t, rand.New(rand.NewPCG(seed, 1)))
		r := &report.Reporter{Source: w.store, Now: time.Now, Period: survey.Period{Wave: "w", Opens: time.Now().Add(-time.Hour), Closes: time.Now().Add(time.Hour)}}
		ask := func(q report.Query) report.Rates {
			out, err := r.Rates(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		all := w.recount(func(person) bool { return true }, func(answered) bool { return true })
		for _, by := range report.Divisions {
			same(t, "total by "+string(by), ask(report.Query{By: by}).Total, all)
		}
		for _, row := range ask(report.Query{}).Rows {
			own := w.recount(func(p person) bool { return p.network == row.Network }, func(a answered) bool { return a.network == row.Network })
			same(t, row.Network, row, own)
			same(t, row.Network+" alone", ask(report.Query{Network: row.Network}).Total, own)
		}
		for _, row := range ask(report.Query{By: report.ByLanguage}).Rows {
			same(t, row.Language, row, w.recount(
				func(p person) bool { return string(p.lang) == row.Language },
				func(a answered) bool { return string(a.lang) == row.Language }))
		}
		var visits int64
		for _, row := range ask(report.Query{By: report.ByDay}).Rows {
			for _, c := range row.ByChannel {
				visits += c.Visits
			}
		}
		if visits != int64(len(w.responses)) {
			t.Errorf("by day: %d of %d responses", visits, len(w.responses))
		}
		if err := w.store.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestUnknownQueries(t *testing.T) {
	w := happened(t, rand.New(rand.NewPCG(9, 9)))
	r := &report.Reporter{Source: w.store, Now: time.Now, Period: survey.Period{Wave: "w"}}
	if _, err := r.Rates(t.Context(), report.Query{Network: "nowhere"}); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, err := r.Rates(t.Context(), report.Query{By: "shoe size"}); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}
