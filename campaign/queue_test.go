package campaign

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// full is a desk with an outbox that takes some batches and then no more.
type full struct {
	*desk
	takes int
}

var errFull = errors.New("no space left")

func (f *full) Enqueue(ctx context.Context, list []outbox.Message) ([]bool, error) {
	if f.takes--; f.takes < 0 {
		return nil, errFull
	}
	return f.desk.Enqueue(ctx, list)
}

// crowd lists enough people for several batches.
func crowd(d *desk) int {
	const many = 3*most + 1
	for i := range many {
		d.people = append(d.people, contacts.Known{Contact: contacts.Contact{ID: fmt.Sprint(i), Email: "p@example.org", Networks: []string{"a"}}})
	}
	return many
}

func TestInviteMany(t *testing.T) {
	d, c, _ := newDesk(t, link.Mail)
	many := crowd(d)
	for _, dry := range []bool{true, false} {
		q, err := c.Invite(t.Context(), Selection{DryRun: dry})
		if err != nil || q.Queued != many || q.ByNetwork["a"] != many || !dry && len(d.messages) != many {
			t.Errorf("dry %v: %d of %d are queued, %v", dry, q.Queued, many, err)
		}
	}
}

// TestInviteIntoAFullOutbox: what was taken before a fault counts, and the rest is told and not waited for.
func TestInviteIntoAFullOutbox(t *testing.T) {
	d, c, _ := newDesk(t, link.Mail)
	crowd(d)
	for takes := range 4 {
		clear(d.messages)
		c.Outbox = &full{d, takes}
		if q, err := c.Invite(t.Context(), Selection{}); !errors.Is(err, errFull) || q.Queued != takes*most {
			t.Errorf("%d batches are taken: %d queued, %v", takes, q.Queued, err)
		}
	}
}

// unread is people who cannot be read to the end.
type unread struct{ *desk }

func (u unread) Recipients(ctx context.Context, each func([]outbox.Recipient) error) error {
	return errors.Join(u.desk.Recipients(ctx, each), errFull)
}

func TestPlanOfWhatCannotBeRead(t *testing.T) {
	d, c, _ := newDesk(t, link.Mail)
	d.people = []contacts.Known{known("", "")}
	c.Contacts = unread{d}
	if _, err := c.Plan(t.Context(), c.Now()); !errors.Is(err, errFull) {
		t.Error(err)
	}
	if _, err := c.Invite(t.Context(), Selection{}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}
