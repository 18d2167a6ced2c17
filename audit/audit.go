// Package audit is the book of who did what with data about people, and when: lists handed out,
// persons erased, results exported, roles given. An entry is on disk before what it tells of
// begins, so that nothing happens unseen; what then failed stands there too.
//
// It is no log of the program and knows no answer. An entry cannot hold an address: whom it is about
// is a keyed hash, and its details are checked words.
package audit

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Act is what was done.
type Act string

// The acts.
const (
	ListedContacts     Act = "contacts-listed"
	ExportedContacts   Act = "contacts-exported"
	ImportedContacts   Act = "contacts-imported"
	ListedSuppressed   Act = "suppression-listed" // or exported
	ImportedSuppressed Act = "suppression-imported"
	OptedOut           Act = "opted-out" // by a command, for somebody
	Erased             Act = "erased"
	Disclosed          Act = "disclosed" // to the person themselves, what is held about them
	Purged             Act = "purged"
	BackedUp           Act = "backed-up"
	Restored           Act = "restored"
	GaveRole           Act = "role-given" // or taken, with the role none
	MadeClaim          Act = "claim-made"
	Claimed            Act = "claimed"   // somebody became administrator by the code
	SignedIn           Act = "signed-in" // at the console
	Reported           Act = "reported"
	ExportedResults    Act = "results-exported"
	ExportedAnswers    Act = "answers-exported" // open ones, to be read before they are published
)

// Acts are all acts.
var Acts = []Act{
	ListedContacts, ExportedContacts, ImportedContacts, ListedSuppressed, ImportedSuppressed, OptedOut, Erased, Disclosed,
	Purged, BackedUp, Restored, GaveRole, MadeClaim, Claimed, SignedIn, Reported, ExportedResults, ExportedAnswers,
}

// Entry is one line of the book.
type Entry struct {
	At     time.Time `json:"at"`
	Who    string    `json:"who"` // Operator, Coordinator, InSlack or Program
	Act    Act       `json:"act"`
	About  string    `json:"about,omitempty"`  // keyed hash of the address of whom it is about
	Detail string    `json:"detail,omitempty"` // "csv", "U0AINO coordinator pomako": words, never an address
}

// Program is who acts when nobody told it to: a retention that has run out.
const Program = "program"

// Operator is who ran a command, by their account on the machine.
func Operator(account string) string { return "os:" + plain(account) }

// Coordinator is who is signed in at the console, by the keyed hash of their address.
func Coordinator(hash string) string { return "console:" + hash }

// InSlack is who acted in Slack, by their id.
func InSlack(user string) string { return "slack:" + plain(user) }

// plain leaves what no address can be read from: an account of a domain is anna@example on some
// systems.
func plain(account string) string {
	account, _, _ = strings.Cut(account, "@")
	if account == "" {
		return "unknown"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == '@' {
			return -1
		}
		return r
	}, account)
}

// Store keeps the book.
type Store interface {
	// AddEntry puts an entry, on disk when it returns.
	AddEntry(ctx context.Context, e Entry) error
	// Entries calls each for every entry, the first first.
	Entries(ctx context.Context, each func(Entry) error) error
	// ForgetEntries removes what is older than a moment and tells how many that was.
	ForgetEntries(ctx context.Context, before time.Time) (int, error)
}

// Book writes entries and keeps them for a time.
type Book struct {
	Store Store
	Now   func() time.Time
	Keep  time.Duration // 0: for ever
}

// words are what a detail may be made of: names of formats, networks, roles and numbers.
var words = regexp.MustCompile(`^[\p{L}\p{N}_. /:-]*$`)

// Record writes an entry at the present moment. Its caller does what the entry tells of only when it
// returns nil.
func (b *Book) Record(ctx context.Context, e Entry) error {
	if e.Who == "" || e.Act == "" || !words.MatchString(e.Detail) || strings.Contains(e.Who+e.About, "@") {
		return fmt.Errorf("audit: an entry %q that may not be kept", e.Act)
	}
	e.At = b.Now().UTC().Truncate(time.Second)
	return b.Store.AddEntry(ctx, e)
}

// List gives all entries, the last first; with about set only those about one person.
func (b *Book) List(ctx context.Context, about string) ([]Entry, error) {
	list := []Entry{}
	err := b.Store.Entries(ctx, func(e Entry) error {
		if about == "" || e.About == about {
			list = append(list, e)
		}
		return nil
	})
	slices.Reverse(list)
	return list, err
}

// Sweep forgets what has been kept long enough.
func (b *Book) Sweep(ctx context.Context) (int, error) {
	if b.Keep == 0 {
		return 0, nil
	}
	return b.Store.ForgetEntries(ctx, b.Now().Add(-b.Keep))
}
