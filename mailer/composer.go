package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/mailer/letters"
	"viesti/outbox"
)

// Facts are what letters say of the survey.
type Facts struct {
	Title     i18n.Text
	About     i18n.Text // what it is about, in a sentence or two; may be empty
	Organiser i18n.Text // who asks
	Contact   Person    // who answers questions
	Minutes   [2]int    // how long answering takes, from–to; zeros: not said
	Closes    time.Time // in the survey's zone
	BaseURL   string    // of the survey's pages

	ResultsURL string // where results will be; empty: not said
	// ThankAskers tells that thanks go to those alone who asked for the results, which letters say
	// how to do.
	ThankAskers bool
}

// Person is whom recipients may ask. Empty fields are left out.
type Person struct {
	Name, Organisation, Email, Phone, Address string
}

// Composer writes the letters of a survey. It may be used by any number of goroutines, and its
// letters depend on nothing but what it is given; only a signature also has its time.
type Composer struct {
	// PathOf is the return path of a letter; nil: the configured one for all.
	PathOf func(outbox.Key) string
	// Weeks makes digests; nil: there are none to be written.
	Weeks Weeks

	facts      Facts
	letters    *letters.Set
	keys       []Key // none: letters are not signed here
	from       *netmail.Address
	replyTo    *netmail.Address // nil: none
	returnPath string
	reads      bool   // what comes to the return path is read here
	host       string // of the survey's pages

	mu     sync.RWMutex
	drafts map[draftKey]*draft
}

// NewComposer gives the composer of a survey's letters, sent as the configuration says. Its error
// is a fault.List.
func NewComposer(facts Facts, config Config) (*Composer, error) {
	var list fault.List
	c := &Composer{facts: facts, drafts: map[draftKey]*draft{}}
	address := func(field, value string) *netmail.Address {
		a, ok := parseAddress(value)
		if !ok {
			list = append(list, fault.New(fault.Invalid, "mailer.address", i18n.Args{"value": value}).
				At(fault.Place{Field: "mail." + field}))
			return &netmail.Address{}
		}
		return a
	}
	c.from = address("from", config.From)
	c.returnPath, c.reads = c.from.Address, config.Bounces.Reads()
	if config.ReplyTo != "" {
		c.replyTo = address("reply_to", config.ReplyTo)
	}
	if config.ReturnPath != "" {
		c.returnPath = address("return_path", config.ReturnPath).Address
	}
	var err error
	if c.letters, err = letters.Load(config.Letters); err != nil {
		list = append(list, fault.All(err)...)
	}
	if c.keys, err = config.Keys(); err != nil {
		list = append(list, fault.All(err)...)
	}
	base, err := url.Parse(facts.BaseURL)
	if err != nil || base.Hostname() == "" {
		list = append(list, fault.New(fault.Invalid, "mailer.base_url", i18n.Args{"value": facts.BaseURL}).
			At(fault.Place{Field: "web.base_url"}))
	} else {
		c.host = base.Hostname()
	}
	return c, list.Err()
}

// MessageID is a Message-ID with its angle brackets (RFC 5322, 3.6.4), in the domain of the
// sender's address. random has to be new for each message and made of letters and digits.
func (c *Composer) MessageID(random string) string {
	return "<" + random + "@" + contacts.Domain(c.from.Address) + ">"
}

// Domains are those of the sender's address and of the return path.
func (c *Composer) Domains() (from, returnPath string) {
	return contacts.Domain(c.from.Address), contacts.Domain(c.returnPath)
}

// Keys are those that letters are signed with, in the order of the signatures.
func (c *Composer) Keys() []Key { return c.keys }

// What Compose cannot write a letter for.
var (
	errAddress   = errors.New("mailer: the contact has no address a letter can be sent to")
	errToken     = errors.New("mailer: the contact has no opt-out token")
	errMessageID = errors.New("mailer: the delivery has no Message-ID")
)

// Compose writes a letter (RFC 5322, lines ended by CRLF) in the recipient's language, dated now.
// The delivery's MessageID is used as it is, with angle brackets or without.
//
// What all letters of a kind to a network have in common is written once, as a draft; a letter
// is its own header, made by go-mail, and the draft with the opt-out token filled in.
func (c *Composer) Compose(ctx context.Context, d outbox.Delivery, now time.Time) ([]byte, error) {
	if err := complete(d); err != nil {
		return nil, err
	}
	shared, err := c.draft(ctx, d)
	if err != nil {
		return nil, err
	}
	return c.finish(d, shared, now)
}

// Test writes a letter as Compose does, and marks it as a test in its subject and at its top.
func (c *Composer) Test(ctx context.Context, d outbox.Delivery, now time.Time) ([]byte, error) {
	if err := complete(d); err != nil {
		return nil, err
	}
	note := ""
	if d.Kind != outbox.Test { // which says so itself
		note = i18n.T(d.Lang(), "letter.note", nil)
	}
	made, err := c.newDraft(ctx, d, note)
	if err != nil {
		return nil, err
	}
	if note != "" {
		made.subject = i18n.T(d.Lang(), "letter.test_subject", i18n.Args{"subject": made.subject})
	}
	return c.finish(d, made, now)
}

// Preview is a letter to be looked at.
type Preview struct {
	letters.Letter
	Raw []byte // as it leaves
}

// Preview writes a letter as Compose does, and shows what it is made of.
func (c *Composer) Preview(ctx context.Context, d outbox.Delivery, now time.Time) (Preview, error) {
	said, _, err := c.write(ctx, d, link.OptOut(c.facts.BaseURL, d.Contact.Token), "")
	if err != nil {
		return Preview{}, err
	}
	raw, err := c.Compose(ctx, d, now)
	return Preview{said, raw}, err
}

func (c *Composer) finish(d outbox.Delivery, shared *draft, now time.Time) ([]byte, error) {
	var letter bytes.Buffer
	letter.Grow(2<<10 + len(shared.body))
	if _, err := c.header(d, shared.subject, now).WriteTo(&letter); err != nil {
		return nil, fmt.Errorf("mailer: write the header: %w", err)
	}
	start := letter.Len()
	letter.Write(shared.body)
	shared.fill(letter.Bytes()[start:], d.Contact.Token)
	return sign(c.keys, letter.Bytes())
}

// sender is whom a network's letters come from: a name of the network's own, and always the
// configured address, because that is the one that receivers can check.
func (c *Composer) sender(n contacts.Network) *netmail.Address {
	if n.Sender == "" {
		return c.from
	}
	return &netmail.Address{Name: display(n.Sender), Address: c.from.Address}
}

func complete(d outbox.Delivery) error {
	switch {
	case !contacts.ValidAddress(d.Contact.Email):
		return errAddress
	case d.Contact.Token == "" && !isDigest(d.Kind):
		return errToken
	case strings.Trim(d.MessageID, "<>") == "":
		return errMessageID
	}
	return nil
}

// header has the fields that a letter's body does not bring along.
func (c *Composer) header(d outbox.Delivery, subject string, now time.Time) *gomail.Msg {
	lang := d.Lang()
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(c.sender(d.Network))
	m.ToMailAddress(&netmail.Address{Name: display(d.Contact.Name), Address: onWire(d.Contact.Email)})
	if c.replyTo != nil {
		m.ReplyToMailAddress(c.replyTo)
	}
	m.Subject(subject)
	m.SetDateWithValue(now.In(c.facts.Closes.Location()))
	m.SetMessageIDWithValue(strings.Trim(d.MessageID, "<>"))
	if first := strings.Trim(d.Follows, "<>"); first != "" { // RFC 5322, 3.6.4
		m.SetGenHeader("In-Reply-To", "<"+first+">")
		m.SetGenHeader("References", "<"+first+">")
	}
	m.SetGenHeader("Content-Language", string(lang))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	m.SetGenHeader("List-Id", phrase(d.Network.Name.In(lang))+
		"<"+label(d.Network.ID)+"."+c.host+">") // RFC 2919: the same in each wave
	m.SetGenHeader("Feedback-ID", label(string(d.Kind))+":"+label(d.Network.ID)+":"+label(d.Wave)+":viesti")
	if isDigest(d.Kind) {
		return m
	}
	// RFC 2369 and RFC 8058. go-mail's own setters refuse http, which the demo has.
	leave := "<" + link.OptOut(c.facts.BaseURL, d.Contact.Token) + ">"
	if c.reads { // an address that nobody reads would be worse than none
		leave += ", <" + bounce.Leave(c.returnPath, d.Contact.Token) + ">"
	}
	m.SetGenHeader("List-Unsubscribe", leave)
	m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	return m
}

// envelope is what MAIL and RCPT name, and whether the relay has to understand SMTPUTF8
// (RFC 6531): only where a local part is not ASCII.
func (c *Composer) envelope(d outbox.Delivery) (from, to string, utf8 bool) {
	to = onWire(d.Contact.Email)
	utf8 = !isASCII(to) || !isASCII(c.returnPath) || !isASCII(c.from.Address) ||
		c.replyTo != nil && !isASCII(c.replyTo.Address)
	return c.pathOf(d.Key), to, utf8
}

func (c *Composer) pathOf(k outbox.Key) string {
	if c.PathOf == nil || k.Recipient == "" {
		return c.returnPath
	}
	return c.PathOf(k)
}

// ReturnPath is the return path that names no letter.
func (c *Composer) ReturnPath() string { return c.returnPath }
