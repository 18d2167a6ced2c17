package control

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/audit"
	"viesti/campaign"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/report"
)

func (a *API) importNetworks(c *gin.Context) {
	var in ImportRequest
	if a.body(c, &in) {
		out, err := a.Lists.ImportNetworks(c, in.Source, in.DryRun)
		a.answer(c, out, err)
	}
}

func (a *API) importContacts(c *gin.Context) {
	var in ImportRequest
	if a.body(c, &in) && (in.DryRun || a.noted(c, audit.ImportedContacts, "", "")) {
		out, err := a.Lists.ImportContacts(c, in.Source, in.ImportOptions)
		a.answer(c, out, err)
	}
}

func (a *API) networks(c *gin.Context) {
	list, err := a.Store.Networks(c)
	if list == nil {
		list = []contacts.Network{}
	}
	a.answer(c, list, err)
}

func (a *API) contacts(c *gin.Context) {
	list, err := a.Lists.ListContacts(c, a.Wave)
	a.answer(c, list, err)
}

func (a *API) export(c *gin.Context) {
	c.Header("Content-Type", "text/csv; charset=utf-8")
	if err := a.Lists.ExportContacts(c, c.Writer); err != nil {
		a.Log.Error("export broke off", "err", err)
		c.Abort()
	}
}

func (a *API) optOut(c *gin.Context) {
	email, ok := a.address(c)
	if !ok || !a.noted(c, audit.OptedOut, email, "") {
		return
	}
	cause := contacts.Cause{Ground: contacts.Operator, Day: a.Day()}
	known, err := a.Store.ContactByEmail(c, email)
	switch {
	case errors.Is(err, contacts.ErrNoContact):
		_, err = a.Store.Suppress(c, []contacts.Suppression{{Email: email, Standing: contacts.Standing{OptedOut: true, Opted: cause}}})
	case err == nil:
		err = a.Store.Record(c, contacts.Happening{Contact: known.ID, Event: contacts.OptOut, Wave: a.Wave, Day: a.Day(), Cause: cause})
	}
	a.answer(c, struct{}{}, err)
}

func (a *API) link(c *gin.Context) {
	var in LinkRequest
	if !a.body(c, &in) {
		return
	}
	channel, ok := link.ParseChannel(in.Channel)
	if !ok || channel == link.Onward {
		a.fail(c, fault.New(fault.Invalid, "control.unknown_channel", i18n.Args{"channel": in.Channel}))
		return
	}
	if err := a.known(c, in.Network); err != nil {
		a.fail(c, err)
		return
	}
	var made link.Link
	var err error
	if in.Forward {
		made, err = a.Links.Forward(c, in.Network, channel)
	} else {
		made, err = a.Links.Ensure(c, link.Key{Network: in.Network, Channel: channel})
	}
	a.answer(c, LinkAnswer{Network: made.Network, Channel: string(made.Channel), Token: made.Token, URL: a.Links.URL(made)}, err)
}

func (a *API) known(ctx context.Context, network string) error {
	list, err := a.Store.Networks(ctx)
	if err != nil {
		return err
	}
	for _, n := range list {
		if n.ID == network {
			return nil
		}
	}
	return fault.New(fault.NotFound, "campaign.unknown_network", i18n.Args{"network": network})
}

func (a *API) plan(c *gin.Context) {
	asOf, ok := a.asOf(c, c.Query("as_of"))
	if ok {
		plan, err := a.Plan(c, c.Query("wave"), asOf)
		a.answer(c, plan, err)
	}
}

func (a *API) waves(c *gin.Context) {
	list, err := a.Waves(c)
	a.answer(c, list, err)
}

// asOf reads a moment; without one it is now.
func (a *API) asOf(c *gin.Context, s string) (time.Time, bool) {
	if s == "" {
		return a.Now(), true
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		a.fail(c, fault.Wrap(err, fault.Invalid, "control.bad_time", i18n.Args{"time": s}))
		return time.Time{}, false
	}
	return t, true
}

func (a *API) selection(c *gin.Context) (in Selection, sel campaign.Selection, ok bool) {
	if !a.body(c, &in) {
		return in, sel, false
	}
	sel = campaign.Selection{Networks: in.Networks, DryRun: in.DryRun}
	if in.Channel != "" {
		channel, known := link.ParseChannel(in.Channel)
		if !known || channel != link.Mail && channel != link.Slack {
			a.fail(c, fault.New(fault.Invalid, "control.unknown_carrier", i18n.Args{"channel": in.Channel}))
			return in, sel, false
		}
		sel.Channel = channel
	}
	return in, sel, true
}

func (a *API) invite(c *gin.Context) {
	if _, sel, ok := a.selection(c); ok {
		out, err := a.Campaign.Invite(c, sel)
		a.answer(c, out, err)
	}
}

func (a *API) remind(c *gin.Context) {
	if in, sel, ok := a.selection(c); ok {
		asOf := in.AsOf
		if asOf.IsZero() {
			asOf = a.Now()
		}
		out, err := a.Campaign.Remind(c, sel, asOf)
		a.answer(c, out, err)
	}
}

func (a *API) status(c *gin.Context) {
	s, err := a.Status(c)
	a.answer(c, s, err)
}

func (a *API) rates(c *gin.Context) {
	out, err := a.Rates(c, c.Query("wave"), report.Query{Network: c.Query("network"), By: report.By(c.Query("by")), Lang: lang(c)})
	a.answer(c, out, err)
}

func (a *API) spread(c *gin.Context) {
	out, err := a.Spread(c, report.Query{Network: c.Query("network"), Lang: lang(c)})
	a.answer(c, out, err)
}

func (a *API) simulate(c *gin.Context) {
	var in Simulation
	if a.body(c, &in) {
		out, err := a.Simulate(c, in)
		a.answer(c, out, err)
	}
}

func (a *API) check(c *gin.Context) {
	faults, notes := a.Check(c)
	c.JSON(http.StatusOK, Checked{Problems{Tell(faults, lang(c))}, Tell(notes, lang(c))})
}

func (a *API) backup(c *gin.Context) {
	c.Header("Content-Type", "application/octet-stream")
	if err := a.Store.Backup(c, c.Writer); err != nil {
		a.Log.Error("backup broke off", "err", err)
		c.Abort()
		panic(http.ErrAbortHandler) // so that the reader sees a broken answer, not a short one
	}
}
