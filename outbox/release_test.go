package outbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"viesti/contacts"
	"viesti/outbox"
)

// TestPauseOfAContact: what is queued for somebody who is paused stays here, and goes out once when
// the pause ends, unless the survey has closed.
func TestPauseOfAContact(t *testing.T) {
	for name, late := range map[string]bool{"in time": false, "after the close": true} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, 3, &carrier{connections: 1}, func(w *outbox.Worker) { w.Wave.Closes = time.Now().Add(100 * time.Hour) })
			event := func(e contacts.Event) {
				t.Helper()
				if err := b.store.Record(t.Context(), contacts.Happening{Contact: b.ids[0], Event: e}); err != nil {
					t.Fatal(err)
				}
			}
			event(contacts.Hold)
			b.start()
			time.Sleep(time.Hour)
			b.want(outbox.Sent, 2)
			if m := b.message(0); m.State != outbox.Cancelled || m.Reason != outbox.ReasonPaused {
				t.Errorf("%s: it is %s, %s", name, m.State, m.Reason)
			}
			want, sent := outbox.Sent, int64(3)
			if late {
				time.Sleep(200 * time.Hour)
				want, sent = outbox.Cancelled, 2
			}
			event(contacts.Release)
			for _, n := range []int{1, 0} { // the second time there is nothing left
				released, err := outbox.Release(t.Context(), b.store, b.ids[0], "w", time.Now())
				if err != nil || released != n {
					t.Errorf("%s: released %d, want %d, %v", name, released, n, err)
				}
				b.worker.Wake()
				time.Sleep(time.Hour)
			}
			if m := b.message(0); m.State != want {
				t.Errorf("%s: at last it is %s, %s", name, m.State, m.Reason)
			}
			b.want(outbox.Sent, int(sent))
			b.end()
		})
	}
}

// TestNetworkThatEndsEarlier: what waits beyond a network's last day is not sent.
func TestNetworkThatEndsEarlier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 1}
		c.answer = func(outbox.Delivery) outbox.Outcome {
			return outbox.Outcome{State: outbox.Retrying, Again: 30 * time.Hour, Reply: outbox.Reply{Class: outbox.Transient}}
		}
		b := newBench(t, 1, c, nil)
		_, err := b.store.SaveNetworks(t.Context(), []contacts.Network{{ID: "net", Closes: time.Now().UTC().Format(time.DateOnly)}})
		if err != nil {
			t.Fatal(err)
		}
		b.start()
		time.Sleep(40 * time.Hour)
		if m := b.message(0); m.State != outbox.Cancelled || m.Reason != outbox.ReasonClosed {
			t.Errorf("it is %s, %s", m.State, m.Reason)
		}
		b.end()
	})
}
