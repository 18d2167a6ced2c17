package control

import (
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"viesti/audit"
	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
)

// Bounce is a mail that came back, with the address of whom it is about.
type Bounce struct {
	bounce.Record
	Contact string `json:"contact,omitempty"`
}

// BounceID is the body of undo.
type BounceID struct {
	ID string `json:"id"`
}

// takeBounce takes a mail as it is: the body of the request, one at a time, because it may be large.
// Its envelope's recipient is in ?to=.
func (a *API) takeBounce(c *gin.Context) {
	a.taking.Lock()
	defer a.taking.Unlock()
	raw, err := io.ReadAll(io.LimitReader(c.Request.Body, bounce.MaxMail+1))
	switch {
	case err != nil:
		a.fail(c, fault.Wrap(err, fault.Unavailable, "control.bad_request", nil))
		return
	case len(raw) > bounce.MaxMail:
		a.fail(c, fault.New(fault.TooLarge, "bounce.too_large", i18n.Args{"max": bounce.MaxMail >> 20}))
		return
	}
	record, err := a.Bounces.Take(c, bounce.Mail{To: c.Query("to"), Raw: raw})
	a.answer(c, record, err)
}

func (a *API) bounces(c *gin.Context) {
	list, err := a.Returned(c)
	a.answer(c, list, err)
}

func (a *API) undoBounce(c *gin.Context) {
	var in BounceID
	if a.body(c, &in) {
		record, err := a.Bounces.Undo(c, in.ID)
		a.answer(c, record, err)
	}
}

// restore takes back what bounces and complaints did to a contact; a wish of their own it leaves.
func (a *API) restore(c *gin.Context) {
	var in Address
	if !a.body(c, &in) {
		return
	}
	known, err := a.Store.ContactByEmail(c, in.Email)
	if errors.Is(err, contacts.ErrNoContact) {
		a.fail(c, fault.New(fault.NotFound, "control.unknown_contact", i18n.Args{"email": in.Email}))
		return
	}
	if err != nil {
		a.fail(c, err)
		return
	}
	done, err := a.Bounces.Restore(c, known.ID, a.Wave)
	switch {
	case err != nil:
	case !done && known.Standing.OptedOut:
		err = fault.New(fault.Conflict, "control.own_wish", i18n.Args{"email": in.Email})
	case !done:
		err = fault.New(fault.NotFound, "control.nothing_to_restore", i18n.Args{"email": in.Email})
	}
	a.answer(c, struct{}{}, err)
}

func (a *API) suppressions(c *gin.Context) {
	list, err := a.Lists.ListSuppressions(c)
	a.answer(c, list, err)
}

func (a *API) importSuppressions(c *gin.Context) {
	var in ImportRequest
	if a.body(c, &in) && (in.DryRun || a.noted(c, audit.ImportedSuppressed, "", "")) {
		out, err := a.Lists.ImportSuppressions(c, in.Source, a.Day(), in.DryRun)
		if err == nil && !in.DryRun { // some may have been erased by it
			err = a.Keeper.Clean(c)
		}
		a.answer(c, out, err)
	}
}

func (a *API) exportSuppressions(c *gin.Context) {
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Status(http.StatusOK)
	if err := a.Lists.ExportSuppressions(c, c.Writer); err != nil {
		a.Log.Error("export broke off", "err", err)
		c.Abort()
	}
}
