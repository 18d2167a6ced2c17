package control

import (
	"errors"

	"github.com/gin-gonic/gin"

	"viesti/audit"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/privacy"
)

// UserHeader names who runs a command, by their account. It is believed: who can reach the API can
// change the store as well.
const UserHeader = "X-Viesti-User"

// PurgeRequest is the body of purge.
type PurgeRequest struct {
	DryRun bool `json:"dry_run"` // only tells what it would take
}

// PurgeAnswer is what a purge took, or would take.
type PurgeAnswer struct {
	privacy.Purged
	// Copies are files beside the store that still hold what it has lost: what a restore set aside.
	Copies []string `json:"copies"`
}

// PurgeStatus is when the contacts are erased by themselves, and what the last purge took.
type PurgeStatus struct {
	At   string          `json:"at,omitempty"` // RFC 3339
	Soon bool            `json:"soon,omitempty"`
	Done *privacy.Purged `json:"done,omitempty"`
}

func who(c *gin.Context) string { return audit.Operator(c.GetHeader(UserHeader)) }

// noted writes down what is about to be done, and tells whether it may be.
func (a *API) noted(c *gin.Context, act audit.Act, email, detail string) bool {
	e := audit.Entry{Who: who(c), Act: act, Detail: detail}
	if email != "" {
		e.About = a.Keeper.Store.Fingerprint(email)
	}
	if err := a.Book.Record(c, e); err != nil {
		a.fail(c, err)
		return false
	}
	return true
}

// noting is noted for a route.
func (a *API) noting(act audit.Act, then gin.HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		if a.noted(c, act, "", "") {
			then(c)
		}
	}
}

func (a *API) erase(c *gin.Context) {
	email, ok := a.address(c)
	if !ok {
		return
	}
	err := a.Keeper.Erase(c, who(c), email)
	if errors.Is(err, contacts.ErrNoContact) {
		err = fault.New(fault.NotFound, "control.unknown_contact", i18n.Args{"email": email})
	}
	a.answer(c, struct{}{}, err)
}

func (a *API) held(c *gin.Context) {
	if email, ok := a.address(c); ok {
		out, err := a.Keeper.Disclose(c, who(c), email)
		a.answer(c, out, err)
	}
}

func (a *API) purge(c *gin.Context) {
	var in PurgeRequest
	if c.Request.ContentLength != 0 && !a.body(c, &in) {
		return
	}
	out := PurgeAnswer{Copies: a.Copies()}
	err := a.Keeper.MayPurge()
	switch {
	case err != nil:
	case in.DryRun:
		out.Purged, err = a.Keeper.Store.Holds(c)
		out.Wave = a.Wave
	default:
		out.Purged, err = a.Keeper.Purge(c, who(c))
		a.Wake()
	}
	a.answer(c, out, err)
}

func (a *API) audit(c *gin.Context) {
	about := c.Query("about")
	if about != "" {
		about = a.Keeper.Store.Fingerprint(about)
	}
	list, err := a.Book.List(c, about)
	a.answer(c, list, err)
}

// address reads a request about one.
func (a *API) address(c *gin.Context) (email string, ok bool) {
	var in Address
	if !a.body(c, &in) {
		return "", false
	}
	if !contacts.ValidAddress(in.Email) {
		a.fail(c, fault.New(fault.Invalid, "control.bad_address", i18n.Args{"email": in.Email}))
		return "", false
	}
	return in.Email, true
}
