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
				var ids []string
				c := &carrier{connections: 1}
				c.answer = func(d outbox.Delivery) outbox.Outcome {
					ids = append(ids, d.MessageID)
					return outbox.Outcome{State: outbox.Uncertain}
				}
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
					if len(ids) != 2 || ids[0] != ids[1] {
						t.Errorf("sent again with the Message-IDs %q", ids)
					}
				}
				b.end()
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
