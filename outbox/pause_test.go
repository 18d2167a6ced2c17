package outbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"viesti/contacts"
	"viesti/outbox"
)

func TestPauseOfANetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 1}
		c.answer = func(outbox.Delivery) outbox.Outcome {
			time.Sleep(time.Minute)
			return outbox.Outcome{State: outbox.Sent}
		}
		b := newBench(t, 3, c, nil)
		other := message("other")
		other.Network = "other"
		if _, err := b.store.Enqueue(t.Context(), []outbox.Message{other}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.store.SaveContacts(t.Context(), []contacts.Contact{{ID: "other", Token: "t", Email: "other@example.org", Networks: []string{"other"}}}); err != nil {
			t.Fatal(err)
		}
		b.start()
		time.Sleep(time.Second) // one is with the carrier, one waits for its connection
		if err := b.store.PauseNetworks(t.Context(), []string{"net"}, true); err != nil {
			t.Fatal(err)
		}
		b.worker.Wake()
		time.Sleep(time.Hour)
		b.want(outbox.Sent, 2)
		b.want(outbox.Pending, 2)
		if err := b.store.PauseNetworks(t.Context(), []string{"net"}, false); err != nil {
			t.Fatal(err)
		}
		b.worker.Wake()
		time.Sleep(3 * time.Minute)
		b.want(outbox.Sent, 4)
		b.end()
	})
}
