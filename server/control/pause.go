package control

import (
	"context"
	"errors"

	"github.com/gin-gonic/gin"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
)

// hold leaves a contact alone, or lets what was queued for them go on.
func (a *API) hold(event contacts.Event) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in Address
		if !a.body(c, &in) {
			return
		}
		out, err := a.setHeld(c, in.Email, event)
		a.answer(c, out, err)
	}
}

func (a *API) setHeld(ctx context.Context, email string, event contacts.Event) (out HoldAnswer, err error) {
	known, err := a.Store.ContactByEmail(ctx, email)
	if errors.Is(err, contacts.ErrNoContact) {
		return out, fault.New(fault.NotFound, "control.unknown_contact", i18n.Args{"email": email})
	}
	if err != nil {
		return out, err
	}
	if err := a.Store.Record(ctx, contacts.Happening{Contact: known.ID, Event: event}); err != nil {
		return out, err
	}
	out = HoldAnswer{Email: known.Email, Paused: event == contacts.Hold}
	if !out.Paused {
		out.Released, err = outbox.Release(ctx, a.Store, known.ID, a.Wave, a.Now())
		a.Wake()
	}
	return out, err
}

func (a *API) share(c *gin.Context) {
	var in ShareRequest
	if a.body(c, &in) {
		out, err := a.Campaign.Share(c, in.Network, in.Channel, in.DryRun)
		a.answer(c, out, err)
	}
}

// pause stops everything or some networks, or lets them go on. A network that is paused by itself
// stays so when everything goes on.
func (a *API) pause(pause bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in PauseRequest
		if c.Request.ContentLength != 0 && !a.body(c, &in) {
			return
		}
		out, err := a.setPaused(c, in.Networks, pause)
		a.answer(c, out, err)
	}
}

func (a *API) setPaused(ctx context.Context, networks []string, pause bool) (out PauseAnswer, err error) {
	for _, network := range networks {
		if err := a.known(ctx, network); err != nil {
			return out, err
		}
	}
	if len(networks) > 0 {
		err = a.Store.PauseNetworks(ctx, networks, pause)
	} else {
		err = a.Store.SetPaused(ctx, pause)
	}
	if err != nil {
		return out, err
	}
	a.Wake()
	if out.Paused, err = a.Store.Paused(ctx); err != nil {
		return out, err
	}
	out.Networks, err = a.Store.PausedNetworks(ctx)
	if out.Networks == nil {
		out.Networks = []string{}
	}
	return out, err
}
