package staff

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"io"
	"time"

	"viesti/internal/code"
)

// How a claim can be used: whoever can read the program's terminal has half an hour to type the
// code in the chat, and may mistype it a few times.
const (
	ClaimTime  = 30 * time.Minute
	claimTries = 5
)

// Claim is the one code by which somebody becomes administrator. The code itself is not kept.
type Claim struct {
	Hash  string    `json:"hash,omitempty"` // SHA-256 of the code; empty: there is none
	Until time.Time `json:"until,omitzero"`
	Tries int       `json:"tries,omitempty"` // that are left
}

// try uses the claim up with the right code, or a try with a wrong one.
func (c *Claim) try(typed string, now time.Time) bool {
	if c.Hash == "" || c.Tries < 1 || !now.Before(c.Until) {
		*c = Claim{}
		return false
	}
	read, _ := code.Parse(typed, code.Length) // what is no code is compared all the same
	if subtle.ConstantTimeCompare([]byte(hash(read)), []byte(c.Hash)) == 1 {
		*c = Claim{}
		return true
	}
	c.Tries--
	return false
}

func hash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// Roster gives and takes roles.
type Roster struct {
	Store Store
	Now   func() time.Time
	Rand  io.Reader
	Day   func() string // today in the survey's zone
	// Note writes down that somebody in Slack (Grant.By) gives a role, before it is given; or took
	// one by a claim. It may be nil.
	Note func(ctx context.Context, g Grant) error
}

// NewClaim makes a code that is good once, until the time it gives. A code made before is good no
// more.
func (r *Roster) NewClaim(ctx context.Context) (shown string, until time.Time, err error) {
	drawn, err := code.Draw(r.Rand, code.Length)
	if err != nil {
		return "", time.Time{}, err
	}
	until = r.Now().Add(ClaimTime)
	err = r.Store.ChangeClaim(ctx, func(c *Claim) *Grant {
		*c = Claim{Hash: hash(drawn), Until: until, Tries: claimTries}
		return nil
	})
	return code.Show(drawn), until, err
}

// Claim makes a user administrator if they typed the code, and tells whether they did.
func (r *Roster) Claim(ctx context.Context, user, typed string) (ok bool, err error) {
	err = r.Store.ChangeClaim(ctx, func(c *Claim) *Grant {
		if ok = c.try(typed, r.Now()); ok {
			return &Grant{Who: user, Role: Admin, By: user, Day: r.Day()}
		}
		return nil
	})
	if err == nil && ok {
		err = r.note(ctx, Grant{Who: user, Role: Admin, By: user})
	}
	return ok && err == nil, err
}

func (r *Roster) note(ctx context.Context, g Grant) error {
	if r.Note == nil || g.By == "" {
		return nil
	}
	return r.Note(ctx, g)
}

// Give gives somebody a role, or takes it with None, and tells all that they have then. The faults
// are "staff.who" and "staff.role"; that the network exists is the caller's to know.
func (r *Roster) Give(ctx context.Context, g Grant) (has []Grant, err error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	if err := r.note(ctx, g); err != nil {
		return nil, err
	}
	g.Day = r.Day()
	err = r.Store.ChangeGrants(ctx, g.Who, func(have []Grant) []Grant {
		has = Give(have, g)
		return has
	})
	return has, err
}
