package bench

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"viesti/app"
	"viesti/campaign"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
)

// TestBenchPlan measures the plan of a wave with a million contacts in 200 networks, who were all
// invited a week ago, and the queueing of a reminder to each.
func TestBenchPlan(t *testing.T) {
	enabled(t)
	const people = 1_000_000
	a := program(t, "")
	networks(t, a)
	c := *a.Campaign
	c.Wave.Channels, c.Wave.Opens, c.Wave.Closes = []link.Channel{link.Mail}, time.Now().AddDate(0, 0, -8), time.Now().AddDate(0, 0, 30)
	c.Wave.Rules = campaign.Rules{After: []time.Duration{7 * 24 * time.Hour, 14 * 24 * time.Hour}, LastCall: 48 * time.Hour}
	invited(t, a, c.Wave, people)

	served(t, a)
	most := watch(t)
	begun := time.Now()
	if plan, err := c.Plan(t.Context(), time.Now()); err != nil || len(plan.Items) == 0 {
		t.Fatal(err)
	}
	fmt.Printf("| plan of %d contacts | %.1f s (heap: %d MiB) | | | < 2 s | |\n", people, time.Since(begun).Seconds(), most())

	most = watch(t)
	begun = time.Now()
	q, err := c.Remind(t.Context(), campaign.Selection{}, time.Now())
	if err != nil || q.Queued != people {
		t.Fatal(q.Queued, err)
	}
	fmt.Printf("| queueing %d reminders | %.1f s (heap: %d MiB) | | | < 10 s, < 200 MiB | |\n", people, time.Since(begun).Seconds(), most())
}

// served keeps the collector at the limit that it has while the program serves.
func served(t *testing.T, a *app.App) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.KeepMemory(ctx) }()
	was := debug.SetMemoryLimit(-1)
	t.Cleanup(func() {
		stop()
		<-done
		debug.SetMemoryLimit(was)
	})
}

// watch gives the most memory that was in use on the heap until it is asked.
func watch(t *testing.T) (most func() uint64) {
	t.Helper()
	runtime.GC()
	var peak atomic.Uint64
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	look := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak.Store(max(peak.Load(), m.HeapAlloc>>20))
	}
	go func() {
		defer close(done)
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			look()
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		stop()
		<-done
		return peak.Load()
	}
}

// invited puts contacts into the store, with the invitation that each has got.
func invited(t *testing.T, a *app.App, w campaign.Wave, n int) {
	t.Helper()
	const batch = 10_000
	for from := 0; from < n; from += batch {
		var people []contacts.Contact
		var list []outbox.Message
		for i := from; i < min(n, from+batch); i++ {
			id, network := fmt.Sprintf("%016x", i), fmt.Sprint("net", i%200)
			sent := w.Opens.Add(time.Duration(i/50) * time.Second)
			people = append(people, contacts.Contact{
				ID: id, Token: fmt.Sprintf("token%011d", i), Email: fmt.Sprintf("person%d@d%d.example.org", i, i%900), Name: "Aino Esimerkki",
				Organisation: "Kunta", Language: i18n.Fi, Networks: []string{network},
			})
			list = append(list, outbox.Message{
				Key: outbox.Key{Recipient: id, Wave: w.ID, Kind: outbox.Invitation}, Network: network, Carrier: link.Mail,
				State: outbox.Sent, Due: sent, Queued: sent, Attempt: 1, MessageID: "<x@example.org>", Claimed: sent, Settled: sent,
				Reply: outbox.Reply{Code: "250", Text: "2.0.0 Ok: queued as 4XyZ"},
			})
		}
		if _, err := a.Store.SaveContacts(t.Context(), people); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Store.Enqueue(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
}
