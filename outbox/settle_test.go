package outbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"viesti/outbox"
)

// TestVerdicts: each verdict on a message in each state, given twice: the second changes nothing.
func TestVerdicts(t *testing.T) {
	for _, v := range outbox.Verdicts {
		for _, was := range outbox.States {
			synctest.Test(t, func(t *testing.T) {
				c := &carrier{connections: 1}
				c.answer = func(outbox.Delivery) outbox.Outcome { return outbox.Outcome{State: outbox.Uncertain} }
				b := newBench(t, 1, c, nil)
				b.start()
				time.Sleep(time.Second)
				b.stop()
				b.stop = nil
				b.put(was)
				key := b.message(0).Key
				want, settled := was, 0
				if was == outbox.Uncertain || was == outbox.Failed && v == outbox.Resend {
					settled = 1
					want = map[outbox.Verdict]outbox.State{outbox.WasSent: outbox.Sent, outbox.Resend: outbox.Pending, outbox.Drop: outbox.Cancelled}[v]
				}
				for range 2 {
					got, err := outbox.Settle(t.Context(), b.store, v, []outbox.Key{key, key}, "2027-03-01", time.Now())
					if err != nil || len(got.Settled) != settled || len(got.Unchanged) != 1-settled {
						t.Errorf("%s on %s: %+v, %v", v, was, got, err)
					}
					settled = 0
				}
				if m := b.message(0); m.State != want {
					t.Errorf("%s on %s: it is %s, want %s", v, was, m.State, want)
				}
				if want == outbox.Pending && was == outbox.Uncertain {
					b.worker = again(b.worker, b.store, b.worker.Journal)
					b.start()
					time.Sleep(time.Second)
				}
				b.end()
				if sent := len(c.taken); sent == 2 && c.taken[0].MessageID != c.taken[1].MessageID || sent != 2 && want == outbox.Pending && was == outbox.Uncertain {
					t.Errorf("sent %d times, or with another Message-ID", sent)
				}
			})
		}
	}
}

func TestKeys(t *testing.T) {
	for _, k := range []outbox.Key{
		{Recipient: "c1", Wave: "w", Kind: outbox.Invitation},
		{Recipient: outbox.Channel("net"), Wave: "w", Kind: outbox.LastCall},
		{Recipient: "a:b", Wave: "w", Kind: outbox.Reminder(12)},
	} {
		if got, ok := outbox.ParseKey(k.String(), "w"); !ok || got != k {
			t.Errorf("%s is read as %+v, %v", k, got, ok)
		}
	}
	for _, s := range []string{"", "c1", "invitation:", ":c1", "reminder-0:c1", "reminder-:c1", "letter:c1", "invitation:a\x00b"} {
		if got, ok := outbox.ParseKey(s, "w"); ok {
			t.Errorf("%q is read as %+v", s, got)
		}
	}
}
