package demo

import (
	"context"
	"time"

	"viesti/demo/chat"
	"viesti/staff"
)

// coordinators is the channel in which the coordinators of the start page's network are told how
// it fares.
var coordinators = chat.Channel{ID: "C0DEMOSTAFF", Name: "coordinators"}

// soon is how long after the start the digest is told, when there is something to tell.
const soon = 2 * time.Minute

// coordinator is to whom the digest comes by mail as well.
const coordinator = "kaisa.esimerkki@example.org"

// setUp does what the network's coordinator would have done in the chat: a status card stands in
// their channel, and the digest comes at this time of the week, there and by mail.
func (d *demo) setUp(ctx context.Context, now time.Time) error {
	networks, err := d.app.Store.Networks(ctx)
	if err != nil {
		return err
	}
	for i := range networks {
		if networks[i].ID == network {
			networks[i].CoordinatorEmail = coordinator
		}
	}
	if _, err := d.app.Store.SaveNetworks(ctx, networks); err != nil {
		return err
	}
	at := now.Add(soon)
	return d.app.Store.PutDigest(ctx, staff.Digest{
		Network: network, On: true, Day: at.Weekday(), At: staff.Clock(at.Hour()*60 + at.Minute()),
		To: coordinators.ID, Lang: d.Lang,
	})
}
