package bolt

import (
	"context"
	"fmt"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

func TestClaimLooksAtSoManyOnly(t *testing.T) {
	s, ctx := openChecked(t, t.TempDir()), context.Background()
	list := make([]outbox.Message, spare+500)
	for i := range list {
		list[i] = outbox.Message{
			Key:     outbox.Key{Recipient: fmt.Sprint(i), Wave: "2027", Kind: outbox.Invitation},
			Carrier: link.Mail, State: outbox.Pending, Due: march,
		}
	}
	_, err := s.Enqueue(ctx, list)
	must(t, err)
	looks := 0
	_, err = s.Exchange(ctx, nil, outbox.Claim{Carrier: link.Mail, Now: march, Limit: 10, Decide: func(m *outbox.Message, _ contacts.Known, _ contacts.Network) bool {
		looks++
		m.Due = march.Add(time.Hour)
		return false
	}})
	must(t, err)
	if looks != 10+spare {
		t.Errorf("looked at %d messages, want %d", looks, 10+spare)
	}
}
