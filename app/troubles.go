package app

import (
	"context"
	"errors"
	"slices"

	"viesti/contacts"
	"viesti/outbox"
	"viesti/server/control"
)

// mostTroubles is how many messages of a kind status names; their number is in its counts.
const mostTroubles = 20

// outbox lists the messages of the wave in some states, the oldest first.
func (a *App) outbox(ctx context.Context, states []outbox.State) ([]control.Trouble, error) {
	list, err := a.troubles(ctx, 0, states...)
	slices.SortStableFunc(list, func(x, y control.Trouble) int { return x.At.Compare(y.At) })
	return list, err
}

func (a *App) troubles(ctx context.Context, most int, states ...outbox.State) ([]control.Trouble, error) {
	var list []control.Trouble
	q := outbox.Query{Wave: a.Config.Survey.Wave, States: states, Limit: most}
	of := map[string][]int{} // a recipient's, by their place in the list
	err := a.Store.Messages(ctx, q, func(m outbox.Message) error {
		of[m.Recipient] = append(of[m.Recipient], len(list))
		list = append(list, trouble(m))
		return nil
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if err := a.coordinators(ctx, of, list); err != nil {
		return nil, err
	}
	err = a.Store.Contacts(ctx, func(k contacts.Known) error {
		for _, i := range of[k.ID] {
			list[i].Contact = k.Email
		}
		delete(of, k.ID)
		if len(of) == 0 {
			return errFound
		}
		return nil
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	return list, err
}

// coordinators puts the addresses that networks' lists have now to what goes to coordinators by mail.
func (a *App) coordinators(ctx context.Context, of map[string][]int, list []control.Trouble) error {
	networks, err := a.Store.Networks(ctx)
	for _, n := range networks {
		for _, i := range of[outbox.Staff(n.ID, "")] {
			list[i].Contact = n.CoordinatorEmail
		}
	}
	return err
}

var errFound = errors.New("app: all found")

func trouble(m outbox.Message) control.Trouble {
	at := m.Settled
	if m.State == outbox.Uncertain || at.IsZero() {
		at = m.Claimed // when it may have been taken
	}
	if at.IsZero() {
		at = m.Due
	}
	return control.Trouble{
		Key: m.String(), State: m.State, Contact: m.Recipient, Network: m.Network, Kind: m.Kind, Channel: m.Carrier, At: at,
		Reply: m.Reply, MessageID: m.MessageID, Attempt: m.Attempt, Reason: m.Reason,
	}
}
