package bounce

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"viesti/contacts"
	"viesti/internal/fault"
	"viesti/outbox"
)

// People finds whom a letter was sent to.
type People interface {
	ContactByToken(ctx context.Context, token string) (contacts.Known, error)
}

// Letters finds what was sent.
type Letters interface {
	Messages(ctx context.Context, q outbox.Query, each func(outbox.Message) error) error
}

// Forward passes a person's answer on to whom it is meant for. An error means that it has not
// left.
type Forward func(ctx context.Context, raw []byte) error

// Intake takes in what comes back, by whichever way.
type Intake struct {
	Store   Store
	People  People
	Letters Letters
	Paths   *Paths
	Forward Forward // nil: there is nobody to forward to
	// Alert hears of what may be a fault of ours, once a day for a recipient's domain (empty: not
	// known); nil: the log says it alone.
	Alert func(domain string, r Record)
	Day   func() string
	Now   func() time.Time
	Log   *slog.Logger

	mu      sync.Mutex
	alerted map[string]string // domain → day
}

// Mail is a mail that came back.
type Mail struct {
	To  string // of its envelope; empty: not known
	Raw []byte
}

// MaxMail is the largest mail that is taken.
const MaxMail = 50 << 20

// What a mail may be that is not taken. Whoever brought it has to give it back to its sender.
var (
	ErrNoMail  = errors.New("bounce: not a mail")
	ErrNowhere = errors.New("bounce: an answer by a person, and nowhere to forward it to")
)

// Take reads a mail, does what follows from it and tells what that was. After an error nothing was
// done, and the mail may be brought again; a mail that is brought twice is taken once. Its faults
// are "bounce.no_mail" and "bounce.nowhere", which will not pass.
func (in *Intake) Take(ctx context.Context, mail Mail) (Record, error) {
	r, ok := Read(mail.Raw)
	if !ok {
		return Record{}, fault.Wrap(ErrNoMail, fault.Invalid, "bounce.no_mail", nil)
	}
	if len(in.Paths.Find(mail.To)) > 0 {
		r.all = mail.To // nothing else is worth as much
	}
	key, known, forged, err := in.letter(ctx, r)
	if err != nil {
		return Record{}, err
	}
	record := Record{ID: r.ID, At: in.Now().UTC().Truncate(time.Second)}
	switch {
	case forged && !known:
		record.Class, record.Effect = Forged, Nothing
		in.Log.Warn("mail to a return path that we never made was dropped", "id", r.ID)
		return record, nil
	case r.Forwarded:
		r.Class, r.Words, r.findings, known = Looping, "", nil, false
	case r.Class == Leaving && !known: // nobody's token: a person has to see it
		r.Class, r.Words = Human, ""
	case r.Class == Human:
		known = false // who answers whom by mail is nobody's business
	}
	if known {
		record.Recipient, record.Wave, record.Kind = key.Recipient, key.Wave, key.Kind
	}
	return in.enter(ctx, record, r, mail)
}

// enter keeps the record and what follows from it, unless it was kept before.
func (in *Intake) enter(ctx context.Context, record Record, r Reading, mail Mail) (Record, error) {
	if r.Class == Human {
		if err := in.forward(ctx, r.ID, mail); err != nil {
			return Record{}, err
		}
	}
	var out Record
	var domain string
	fresh := false
	err := in.Store.ChangeBounces(ctx, record.Recipient, func(before []Record, who contacts.Known) Decision {
		if i := slices.IndexFunc(before, func(b Record) bool { return b.ID == record.ID }); i >= 0 {
			out, fresh = before[i], false
			return Decision{}
		}
		now, said := record, r.For(who.Email)
		now.Class, now.Form, now.Code, now.Enhanced = said.Class, said.Form, said.Code, said.Enhanced
		now.Words = redact(said.Words, who.Email)
		d := decide(now, before, who, in.Day())
		out, fresh, domain = d.Put[0], true, contacts.Domain(who.Email)
		return d
	})
	if err == nil && fresh {
		in.tell(out, domain)
	}
	return out, err
}

func (in *Intake) tell(r Record, domain string) {
	if r.Effect == Alerted && in.first(domain) {
		in.Log.Error("letters are refused for what may be a fault of ours", "domain", domain, "bounce", r.ID, "code", r.Code, "enhanced", r.Enhanced, "words", r.Words)
		if in.Alert != nil {
			in.Alert(domain, r)
		}
		return
	}
	in.Log.Info("mail came back", "bounce", r.ID, "class", r.Class, "effect", r.Effect, "form", r.Form, "contact", r.Recipient)
}

// first tells whether nobody was alerted of a domain today.
func (in *Intake) first(domain string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.alerted == nil {
		in.alerted = map[string]string{}
	}
	today := in.Day()
	if in.alerted[domain] == today {
		return false
	}
	in.alerted[domain] = today
	return true
}

// forward passes an answer on, once.
func (in *Intake) forward(ctx context.Context, id string, mail Mail) error {
	done := false
	err := in.Store.ChangeBounces(ctx, "", func(before []Record, _ contacts.Known) Decision {
		done = slices.ContainsFunc(before, func(b Record) bool { return b.ID == id })
		return Decision{}
	})
	switch {
	case err != nil || done:
		return err
	case in.Forward == nil:
		return fault.Wrap(ErrNowhere, fault.Conflict, "bounce.nowhere", nil)
	default:
		return in.Forward(ctx, mail.Raw)
	}
}

// letter finds the letter that a mail is about: by the name in a return path, else by what the
// returned letter's own header says that only its recipient can know. forged tells that a name was
// there and none was genuine.
func (in *Intake) letter(ctx context.Context, r Reading) (key outbox.Key, known, forged bool, err error) {
	if r.leaves != "" {
		return in.byToken(ctx, r, r.leaves)
	}
	for _, name := range in.Paths.Find(r.all) {
		forged = true
		list, err := in.sent(ctx, name.Recipient)
		if err != nil {
			return key, false, false, err
		}
		for _, m := range list {
			if in.Paths.Names(name, m.Key) {
				return m.Key, true, true, nil
			}
		}
	}
	if forged {
		return key, false, true, nil
	}
	return in.byToken(ctx, r, token(r.Unsubscribe))
}

// byToken finds the letter to whom an opt-out token belongs: the one that the mail names, else the
// last. Who leaves is known even when no letter is.
func (in *Intake) byToken(ctx context.Context, r Reading, token string) (key outbox.Key, known, forged bool, err error) {
	who, err := in.People.ContactByToken(ctx, token)
	if errors.Is(err, contacts.ErrNoContact) {
		return key, false, false, nil
	}
	if err != nil {
		return key, false, false, err
	}
	list, err := in.sent(ctx, who.ID)
	if err != nil || len(list) == 0 {
		return outbox.Key{Recipient: who.ID}, err == nil && r.leaves != "", false, err
	}
	m := list[0]
	for _, other := range list {
		switch {
		case slices.Contains(r.MessageIDs, other.MessageID):
			return other.Key, true, false, nil
		case other.Claimed.After(m.Claimed):
			m = other
		}
	}
	return m.Key, true, false, nil
}

// sent are the letters that have gone out to a recipient.
func (in *Intake) sent(ctx context.Context, recipient string) (list []outbox.Message, err error) {
	if recipient == "" {
		return nil, nil
	}
	err = in.Letters.Messages(ctx, outbox.Query{Recipients: []string{recipient}}, func(m outbox.Message) error {
		if m.MessageID != "" {
			list = append(list, m)
		}
		return nil
	})
	return list, err
}

// token is the personal token in a List-Unsubscribe.
func token(field string) string {
	for part := range strings.SplitSeq(field, ",") {
		u, err := url.Parse(strings.Trim(part, " <>"))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" {
			continue
		}
		if _, t, ok := strings.Cut(u.Path, "/u/"); ok {
			return t
		}
	}
	return ""
}

// Undo takes back what a record did. It tells whether there was one.
func (in *Intake) Undo(ctx context.Context, id string) (Record, error) {
	var found Record
	err := in.Store.Bounces(ctx, func(r Record) error {
		if r.ID == id {
			found = r
		}
		return nil
	})
	if err != nil {
		return found, err
	}
	if !found.reversible() {
		return found, fault.New(fault.NotFound, "bounce.nothing_to_undo", nil)
	}
	found.Undone = in.Now().UTC().Truncate(time.Second)
	return found, in.Store.ChangeBounces(ctx, found.Recipient, func(before []Record, who contacts.Known) Decision {
		return undo(before, who, func(r Record) bool { return r.ID == id }, "", in.Day(), found.Undone)
	})
}

// Restore takes back everything that came back ever did to a contact. done tells whether that was
// anything.
func (in *Intake) Restore(ctx context.Context, contact, wave string) (done bool, err error) {
	err = in.Store.ChangeBounces(ctx, contact, func(before []Record, who contacts.Known) Decision {
		d := undo(before, who, func(Record) bool { return true }, wave, in.Day(), in.Now().UTC().Truncate(time.Second))
		done = len(d.Happened) > 0
		return d
	})
	return done, err
}
