// Package privacy is the end of what is known of people, and what they and the authorities may ask
// about it before: the purge after the close and when it comes by itself, the erasure of one person,
// what is held about somebody (GDPR, Article 15) and the record of processing (Article 30).
//
// It knows no answer, and so can neither show one nor remove one: no type here can hold a response.
// What outlives a contact is decided by contacts and outbox, and kept by a store.
package privacy

import (
	"context"
	"errors"
	"time"

	"viesti/audit"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
)

// Order says what a purge is to take.
type Order struct {
	Wave string
	At   time.Time
	// Drafts takes unfinished answers and the hashes of all codes as well. It is not set while some
	// may still be finished.
	Drafts bool
}

// Purged is what a purge took, and when.
type Purged struct {
	Wave     string    `json:"wave"`
	At       time.Time `json:"at"`
	Contacts int64     `json:"contacts"`
	Messages int64     `json:"messages"`
	Drafts   int64     `json:"drafts"` // unfinished answers
	Wishes   int64     `json:"wishes"` // kept, as hashes: who wants nothing, or was erased
}

// Store is what this room wants of the store. Each method is on disk when it returns.
type Store interface {
	// Purge removes, in one transaction, contacts, their addresses, personal links and dispositions,
	// messages, what came back, and what accounts without a role chose; of standings it keeps contacts.Standing.Lasting, of networks
	// contacts.Network.Impersonal. All counts stay what they were, but that of messages, which end
	// (outbox.State.Ended). What was removed may stay in the file until Compact.
	Purge(ctx context.Context, o Order) (Purged, error)
	// LastPurge is what the last purge took, zero when there was none.
	LastPurge(ctx context.Context) (Purged, error)
	// Holds tells what a purge would take now, of everything but Wishes.
	Holds(ctx context.Context) (Purged, error)
	// Compact removes from the file what was removed from the store. It is done at the next opening
	// where it was cut short. Tidied is the day of the last one.
	Compact(ctx context.Context, day string) error
	Tidied(ctx context.Context) (day string, err error)
	// Held is all that is held about an address.
	Held(ctx context.Context, email string) (Held, error)
	// Fingerprint is the keyed hash of an address, as lists of suppressed addresses have it.
	Fingerprint(email string) string

	ContactByEmail(ctx context.Context, email string) (contacts.Known, error)
	Record(ctx context.Context, h contacts.Happening) error
}

// Journal is where the outbox keeps notes for a moment; Wipe overwrites those that have passed.
type Journal interface {
	Wipe(ctx context.Context) error
}

// Keeper ends what is known of people.
type Keeper struct {
	Store   Store
	Journal Journal
	Book    *audit.Book
	Wave    string
	Closes  time.Time     // of the wave
	Ends    time.Time     // when the last begun answer can be finished
	Keep    time.Duration // after the close; 0: nothing is purged by itself
	Now     func() time.Time
	Day     func() string // today in the wave's zone
}

// announced is how long before the purge it is told that it comes.
const announced = 7 * 24 * time.Hour

// Due is when the purge comes by itself; zero: it does not.
func (k *Keeper) Due() time.Time {
	if k.Keep == 0 {
		return time.Time{}
	}
	if at := k.Closes.Add(k.Keep); at.After(k.Ends) {
		return at
	}
	return k.Ends
}

// Announced is from when on people are told that the purge comes: a week before, but not before
// the close.
func (k *Keeper) Announced() time.Time {
	due := k.Due()
	if due.IsZero() {
		return due
	}
	if from := due.Add(-announced); from.After(k.Closes) {
		return from
	}
	return k.Closes
}

// Coming tells whether a purge is due by itself that has not been made, and when.
func (k *Keeper) Coming(ctx context.Context) (at time.Time, coming bool, err error) {
	at = k.Due()
	if at.IsZero() {
		return at, false, nil
	}
	last, err := k.Store.LastPurge(ctx)
	return at, err == nil && last.Wave != k.Wave, err
}

// MayPurge is nil after the close, and else the fault "privacy.not_closed".
func (k *Keeper) MayPurge() error {
	if k.Now().Before(k.Closes) {
		return fault.New(fault.Conflict, "privacy.not_closed", i18n.Args{"date": i18n.Moment(k.Closes)})
	}
	return nil
}

// Purge erases everything that names a person. It is there or not there: what is killed on the way is
// finished at the next start.
func (k *Keeper) Purge(ctx context.Context, who string) (done Purged, err error) {
	if err := k.MayPurge(); err != nil {
		return done, err
	}
	if err := k.Book.Record(ctx, audit.Entry{Who: who, Act: audit.Purged, Detail: k.Wave}); err != nil {
		return done, err
	}
	now := k.Now()
	done, err = k.Store.Purge(ctx, Order{Wave: k.Wave, At: now.UTC(), Drafts: !now.Before(k.Ends)})
	if err != nil {
		return done, err
	}
	return done, k.Clean(ctx)
}

// Expire purges when the time has come, once for a wave: what is imported afterwards is for the
// next one.
func (k *Keeper) Expire(ctx context.Context) (done bool, err error) {
	at, coming, err := k.Coming(ctx)
	if err != nil || !coming || k.Now().Before(at) {
		return false, err
	}
	_, err = k.Purge(ctx, audit.Program)
	return err == nil, err
}

// Erase forgets a person for good: contacts.ErrNoContact where the address is not known.
func (k *Keeper) Erase(ctx context.Context, who, email string) error {
	known, err := k.Store.ContactByEmail(ctx, email)
	if err != nil {
		return err
	}
	if err := k.Book.Record(ctx, audit.Entry{Who: who, Act: audit.Erased, About: k.Store.Fingerprint(email)}); err != nil {
		return err
	}
	err = k.Store.Record(ctx, contacts.Happening{
		Contact: known.ID, Event: contacts.Erase, Wave: k.Wave, Day: k.Day(), Cause: contacts.Cause{Ground: contacts.Operator},
	})
	if err != nil {
		return err
	}
	return k.Clean(ctx)
}

// Tidy makes the file compact once a day. Of a day's answers nothing then says more than that they
// came on that day, which each of them says itself.
func (k *Keeper) Tidy(ctx context.Context) error {
	last, err := k.Store.Tidied(ctx)
	if err != nil || last == k.Day() {
		return err
	}
	return k.Clean(ctx)
}

// Clean removes from the disk what was removed from the store.
func (k *Keeper) Clean(ctx context.Context) error {
	return errors.Join(k.Store.Compact(ctx, k.Day()), k.Journal.Wipe(ctx))
}

// Disclose gathers what is held about somebody, to be given to them.
func (k *Keeper) Disclose(ctx context.Context, who, email string) (h Held, err error) {
	about := k.Store.Fingerprint(email)
	if err := k.Book.Record(ctx, audit.Entry{Who: who, Act: audit.Disclosed, About: about}); err != nil {
		return h, err
	}
	if h, err = k.Store.Held(ctx, email); err != nil {
		return h, err
	}
	h.Email, h.At = email, k.Now().UTC().Truncate(time.Second)
	uses, err := k.Book.List(ctx, about)
	for _, e := range uses {
		h.Uses = append(h.Uses, Use{e.At, e.Act})
	}
	return h, err
}
