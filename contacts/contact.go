// Package contacts is the people and networks a survey is sent through: lists in and out, the
// language a person is written to in, what they wished (no more mail, "I have answered") and
// how far each has been reached in a wave.
//
// It sends nothing and plans nothing, and it never meets an answer: no type here can hold a
// response, and no response can hold anything from here but a network's link.
package contacts

import (
	"context"
	"errors"
	"slices"
	"time"

	"viesti/i18n"
)

// Kind is what sort of actors a network gathers.
type Kind string

// The kinds of network.
const (
	Public       Kind = "public"
	Organisation Kind = "organisation"
	Education    Kind = "education"
	Company      Kind = "company"
	Religious    Kind = "religious"
	Mixed        Kind = "mixed"
)

// Kinds are all kinds of network.
var Kinds = []Kind{Public, Organisation, Education, Company, Religious, Mixed}

// Network is a group of actors whom a coordinator reaches.
type Network struct {
	ID           string    `json:"id"`
	Name         i18n.Text `json:"name"`
	Kind         Kind      `json:"kind"`
	Region       string    `json:"region"`                  // one of Regions
	Target       int       `json:"target"`                  // complete responses aimed for; 0: none
	SlackChannel string    `json:"slack_channel,omitempty"` // C…, G…; empty: none
	// Parent is the network this one lies under and whose figures count its own as well; empty: none.
	Parent string `json:"parent,omitempty"`
	// Coordinator signs the network's letters, and PersonalWord stands in them; both may be empty.
	Coordinator  string    `json:"coordinator,omitempty"`
	PersonalWord i18n.Text `json:"personal_word,omitempty"`
	// CoordinatorEmail is where the week's digest goes by mail; empty: nowhere.
	CoordinatorEmail string `json:"coordinator_email,omitempty"`
	// Sender is the name that the network's letters come from; empty: the configured one.
	Sender string `json:"sender,omitempty"`
	// Opens and Closes are the first and the last day on which it is written to (2027-03-14), if
	// that is less than the whole wave.
	Opens  string `json:"opens,omitempty"`
	Closes string `json:"closes,omitempty"`
}

// Period is from when and until when the network is written to, in a zone; zero where the wave's
// own dates hold. Its last day counts to its end.
func (n Network) Period(zone *time.Location) (from, until time.Time) {
	if day, err := time.ParseInLocation(time.DateOnly, n.Opens, zone); err == nil {
		from = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, n.Closes, zone); err == nil {
		until = day.AddDate(0, 0, 1)
	}
	return from, until
}

// Until is until when people of the network are asked to answer, in a wave that closes at a moment
// of its zone: to the last minute of the network's own last day, if that comes first.
func (n Network) Until(closes time.Time) time.Time {
	_, until := n.Period(closes.Location())
	if until.IsZero() || !until.Before(closes) {
		return closes
	}
	return until.Add(-time.Minute)
}

// Impersonal is the network without the people who speak for it, which is all that figures need.
func (n Network) Impersonal() Network {
	return Network{
		ID: n.ID, Name: n.Name, Kind: n.Kind, Region: n.Region, Target: n.Target, SlackChannel: n.SlackChannel,
		Parent: n.Parent, Opens: n.Opens, Closes: n.Closes,
	}
}

// LedBy tells whether the address is that of the network's coordinator.
func (n Network) LedBy(email string) bool {
	return n.CoordinatorEmail != "" && AddressKey(n.CoordinatorEmail) == AddressKey(email)
}

// Langs are the languages the network is spoken to in: those it has a name in.
func (n Network) Langs() []i18n.Lang {
	var langs []i18n.Lang
	for _, l := range i18n.Langs {
		if n.Name[l] != "" {
			langs = append(langs, l)
		}
	}
	if langs == nil {
		return i18n.Langs[:1]
	}
	return langs
}

// Contact is a person or a shared mailbox, as a coordinator's list has them. An import may
// replace it at any time, so what the person wished is not in it but in Standing.
type Contact struct {
	ID           string    `json:"id"`    // random; what other records name the contact by
	Token        string    `json:"token"` // of the personal opt-out link; random
	Email        string    `json:"email"` // as written
	Name         string    `json:"name,omitempty"`
	Organisation string    `json:"organisation,omitempty"`
	Language     i18n.Lang `json:"language"`
	Networks     []string  `json:"networks"` // in the order of listing; letters carry the first one's link
	SlackUser    string    `json:"slack_user,omitempty"`
	SlackAsked   string    `json:"slack_asked,omitempty"` // the day on which Slack knew nobody with the address
}

// Home is the network whose link the contact's letters carry: the first that listed them.
func (c Contact) Home() string {
	if len(c.Networks) == 0 {
		return ""
	}
	return c.Networks[0]
}

// In tells whether the contact is listed in one of the networks; with none given, always.
func (c Contact) In(networks []string) bool {
	return len(networks) == 0 || slices.ContainsFunc(c.Networks, func(n string) bool { return slices.Contains(networks, n) })
}

// Merge is what an import makes of a contact already known: the new list's words where it has
// any, and the networks of both, those known before first.
func (c Contact) Merge(row Contact) Contact {
	merged := c
	merged.Email = row.Email
	if row.Name != "" {
		merged.Name = row.Name
	}
	if row.Organisation != "" {
		merged.Organisation = row.Organisation
	}
	if row.Language != "" {
		merged.Language = row.Language
	}
	if row.SlackUser != "" {
		merged.SlackUser, merged.SlackAsked = row.SlackUser, ""
	}
	merged.Networks = slices.Clone(c.Networks)
	for _, n := range row.Networks {
		if !slices.Contains(merged.Networks, n) {
			merged.Networks = append(merged.Networks, n)
		}
	}
	return merged
}

// Equal tells whether two contacts say the same.
func (c Contact) Equal(d Contact) bool {
	return c.ID == d.ID && c.Token == d.Token && c.Email == d.Email && c.Name == d.Name &&
		c.Organisation == d.Organisation && c.Language == d.Language &&
		c.SlackUser == d.SlackUser && c.SlackAsked == d.SlackAsked && slices.Equal(c.Networks, d.Networks)
}

// Standing is what is known of an address beside any list: it outlives the contact, so that no
// import brings back who opted out or was erased. It is kept under the address's keyed hash.
type Standing struct {
	OptedOut bool   `json:"opted_out,omitempty"`
	Erased   bool   `json:"erased,omitempty"`
	Bounced  bool   `json:"bounced,omitempty"`  // the address is dead
	NoSlack  bool   `json:"no_slack,omitempty"` // they wish to be written to by mail alone
	Paused   bool   `json:"paused,omitempty"`   // a coordinator wants them left alone for now
	Answered string `json:"answered,omitempty"` // the wave they said they have answered
	Results  string `json:"results,omitempty"`  // the wave whose results they wish to hear of
	Opted    Cause  `json:"opted,omitzero"`     // why OptedOut
	Dead     Cause  `json:"dead,omitzero"`      // why Bounced
}

// Lasting is what of a standing outlives the contacts: what the person wished of all surveys. That they answered, that
// somebody paused them and that their address is dead is found out again, or matters no more; nor
// are the words kept that led to an opt-out.
func (s Standing) Lasting() Standing {
	s.Bounced, s.Dead, s.Paused, s.Answered, s.Results = false, Cause{}, false, "", ""
	s.Opted.Words = ""
	return s
}

// Status is a contact's standing in a wave, in one word.
type Status string

// The statuses of a contact.
const (
	Active   Status = "active"
	OptedOut Status = "opted_out"
	Bounced  Status = "bounced"
	Answered Status = "answered"
	Erased   Status = "erased"
	Paused   Status = "paused"
)

// Status is the standing in a wave; what forbids most goes first.
func (s Standing) Status(wave string) Status {
	switch {
	case s.Erased:
		return Erased
	case s.OptedOut:
		return OptedOut
	case s.Bounced:
		return Bounced
	case s.Answered != "" && s.Answered == wave:
		return Answered
	case s.Paused:
		return Paused
	default:
		return Active
	}
}

// Event is something that happened to a contact in a wave.
type Event string

// The events.
const (
	Accepted     Event = "accepted"      // a message to them was accepted for delivery
	HardBounce   Event = "hard_bounce"   // their address is dead
	OptOut       Event = "opt_out"       // they wish no more messages
	SaidAnswered Event = "said_answered" // they say they have answered
	Erase        Event = "erase"         // they asked to be forgotten
	Revive       Event = "revive"        // their address was not dead after all
	Readmit      Event = "readmit"       // their opt-out was a mistake of ours
	NotInSlack   Event = "not_in_slack"  // they wish to be written to by mail alone
	InSlack      Event = "in_slack"      // they wish it no longer
	Hold         Event = "hold"          // they are to be left alone for now
	Release      Event = "release"       // they may be written to again
	WantResults  Event = "want_results"  // they wish to hear of the results
	NoResults    Event = "no_results"    // they wish it no longer
)

// After is the standing after an event in a wave.
func (s Standing) After(e Event, wave string) Standing {
	switch e {
	case HardBounce:
		s.Bounced = true
	case OptOut:
		s.OptedOut = true
	case SaidAnswered:
		s.Answered = wave
	case Erase:
		s = Standing{Erased: true, OptedOut: s.OptedOut, NoSlack: s.NoSlack}
	case Revive:
		s.Bounced, s.Dead = false, Cause{}
	case Readmit:
		s.OptedOut, s.Opted = false, Cause{}
	case NotInSlack:
		s.NoSlack = true
	case InSlack:
		s.NoSlack = false
	case Hold:
		s.Paused = true
	case Release:
		s.Paused = false
	case WantResults:
		s.Results = wave
	case NoResults:
		s.Results = ""
	}
	return s
}

// Disposition is how far a contact has been reached in a wave (AAPOR, Standard Definitions,
// «final disposition codes»). Like a response it is counted in exactly one cell: itself.
type Disposition struct {
	Wave        string    `json:"wave"`
	Network     string    `json:"network"` // home network when it began
	Lang        i18n.Lang `json:"lang"`
	Day         string    `json:"day"` // of the first accepted message; else of the first event
	Contacted   bool      `json:"contacted,omitempty"`
	Undelivered bool      `json:"undelivered,omitempty"`
	OptedOut    bool      `json:"opted_out,omitempty"`
	Answered    bool      `json:"answered,omitempty"`
}

// After is the disposition after an event on a day.
func (d Disposition) After(e Event, day string) Disposition {
	if d.Day == "" || e == Accepted && !d.Contacted {
		d.Day = day
	}
	switch e {
	case Accepted:
		d.Contacted = true
	case HardBounce:
		d.Undelivered = true
	case OptOut:
		d.OptedOut = true
	case SaidAnswered:
		d.Answered = true
	case Revive:
		d.Undelivered = false
	case Readmit:
		d.OptedOut = false
	}
	return d
}

// Begun tells whether anything is known of the contact in the wave.
func (d Disposition) Begun() bool { return d.Contacted || d.Undelivered || d.OptedOut || d.Answered }

// Reach is the number of contacts in a cell.
type Reach struct {
	Disposition
	N int64
}

// Known is a contact with their standing.
type Known struct {
	Contact
	Standing Standing
}

// What a store says of what is not there.
var (
	ErrNoContact = errors.New("contacts: no such contact")
	ErrNoNetwork = errors.New("contacts: no such network")
)

// Outcome is what became of one saved contact or network.
type Outcome int

// The outcomes.
const (
	Added Outcome = iota
	Updated
	Unchanged
	Barred  // the address opted out or was erased, and nothing was brought back
	Foreign // a hash that another installation made: it says nothing here
)

// Saved is the outcome of one row, with the standing that barred it.
type Saved struct {
	Outcome  Outcome
	Standing Standing
}

// Happening is an event to record: to whom, in which wave, on which day (2027-03-14).
type Happening struct {
	Contact string // id
	Event   Event
	Wave    string
	Day     string
	Cause   Cause // kept with the standing; its day is Day
}

// Store keeps contacts, networks and standings. Each method is one transaction and is on disk
// when it returns. An address is found by AddressKey.
type Store interface {
	// SaveNetworks puts networks, and tells for each what became of it.
	SaveNetworks(ctx context.Context, list []Network) ([]Outcome, error)
	// Networks are all networks by id.
	Networks(ctx context.Context) ([]Network, error)
	// SaveContacts merges each into the contact of the same address (Contact.Merge), or puts
	// it as new with the id and token it has. An address that may not be brought back is
	// Barred. Where an opted-out contact is still known, its record is kept up to date.
	SaveContacts(ctx context.Context, list []Contact) ([]Saved, error)
	// Contacts calls each for every contact, by id.
	Contacts(ctx context.Context, each func(Known) error) error
	// Contact finds a contact by id: ErrNoContact.
	Contact(ctx context.Context, id string) (Known, error)
	// KeepAccount keeps what Slack said of a contact's address: their account there, or with
	// an empty user that on that day it knew none. It is no fault if the contact has gone.
	KeepAccount(ctx context.Context, contact, user, day string) error
	// ContactByEmail finds a contact by address: ErrNoContact, and even then the Known has
	// the Standing that is kept of the address.
	ContactByEmail(ctx context.Context, email string) (Known, error)
	// ContactByToken finds a contact by the token of their opt-out link: ErrNoContact.
	ContactByToken(ctx context.Context, token string) (Known, error)
	// Record applies an event to the contact's standing (Standing.After) and disposition
	// (Disposition.After) and moves its count: ErrNoContact. Erase also removes the contact,
	// their token and what carriers said of them, and cancels what is queued for them.
	Record(ctx context.Context, h Happening) error
	// Suppress changes what is kept of addresses, listed or not (Suppression.Apply), by their
	// Email or else their Hash. A contact who turns out to be erased goes as by Record.
	Suppress(ctx context.Context, list []Suppression) ([]Outcome, error)
	// Suppressed calls each for every address to which nothing is sent.
	Suppressed(ctx context.Context, each func(Suppression) error) error
	// Reaches are the counts of contacts by disposition.
	Reaches(ctx context.Context, wave string) ([]Reach, error)
}
