package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"viesti/config"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/mailer"
	"viesti/mailer/domain"
	"viesti/mailer/letters"
	"viesti/outbox"
	"viesti/survey"
)

// Letters writes the wave's letters to nobody, for people to look at before others get them. It
// needs no store.
type Letters struct {
	config   config.Config
	composer *mailer.Composer
	Now      func() time.Time
	Rand     io.Reader
}

// NewLetters reads the letters' sources and the keys they are signed with. Its error is a
// fault.List.
func NewLetters(c config.Config, q *survey.Questionnaire) (*Letters, error) {
	composer, err := newComposer(c, q)
	if err != nil {
		return nil, err
	}
	l := &Letters{config: c, composer: composer, Now: time.Now, Rand: rand.Reader}
	composer.Weeks = func(_ context.Context, n contacts.Network, lang i18n.Lang) (mailer.Digest, error) {
		return letterOf(sampleWeek(n.ID, c.Survey.Wave, l.Now().In(c.Survey.Zone)), lang)
	}
	return l, nil
}

// nowhere is a token that no link has: the alphabet of tokens has no 0.
const nowhere = "test0test0test"

// Sample is the network of letters that are no network's.
func Sample() contacts.Network {
	return contacts.Network{ID: "sample", Name: i18n.Text{i18n.Fi: "Esimerkkiverkosto", i18n.Sv: "Exempelnätverket", i18n.En: "Sample network"}}
}

// sample is a letter whose links lead nowhere.
func (l *Letters) sample(kind string, lang i18n.Lang, n contacts.Network, id string) outbox.Delivery {
	key := outbox.Key{Wave: l.config.Survey.Wave, Kind: outbox.Kind(kind)}
	if kind == letters.Digest {
		key.Kind = outbox.Digest(l.Now().In(l.config.Survey.Zone).ISOWeek())
	}
	return outbox.Delivery{
		Message: outbox.Message{Key: key, MessageID: l.composer.MessageID(id)},
		Contact: contacts.Contact{Email: "somebody@example.org", Token: nowhere, Language: lang},
		Network: n,
		URL:     link.Survey(l.config.Web.BaseURL, nowhere), Onward: link.Survey(l.config.Web.BaseURL, nowhere),
	}
}

// Preview is a letter as a member of the network gets it, but for links that lead nowhere.
func (l *Letters) Preview(ctx context.Context, kind string, lang i18n.Lang, n contacts.Network) (mailer.Preview, error) {
	return l.composer.Preview(ctx, l.sample(kind, lang, n, "preview"), l.Now())
}

// Test sends a letter, marked as a test, through the configured relay.
func (l *Letters) Test(ctx context.Context, kind string, lang i18n.Lang, to string, log *slog.Logger) error {
	if !contacts.ValidAddress(to) {
		return fault.New(fault.Invalid, "mailer.address", i18n.Args{"value": to})
	}
	if !l.config.MailOn() {
		return fault.New(fault.Invalid, "mailer.host_missing", nil).At(fault.Place{Field: "mail.host"})
	}
	var id [12]byte
	if _, err := io.ReadFull(l.Rand, id[:]); err != nil {
		return err
	}
	d := l.sample(kind, lang, Sample(), hex.EncodeToString(id[:]))
	d.Contact.Email = to
	carrier := mailer.Carrier{Config: l.config.Mail, Composer: l.composer, Limits: mailer.DefaultLimits(), Now: l.Now, Log: log}
	return carrier.Test(ctx, d)
}

// Domain is what DNS has to say for these letters.
func (l *Letters) Domain(ctx context.Context) (domain.Setup, error) {
	mail, web := l.config.Mail, l.config.Web
	if !l.config.MailOn() {
		return domain.Setup{}, fault.New(fault.Invalid, "mailer.host_missing", nil).At(fault.Place{Field: "mail.host"})
	}
	from, returnPath := l.composer.Domains()
	s := domain.Setup{From: from, ReturnPath: returnPath, Relay: mail.Host, Local: mail.Local(), Clear: mail.TLS == mailer.NoTLS && !mail.Local()}
	if base, err := url.Parse(web.BaseURL); err == nil {
		s.Host = base.Hostname()
		s.PlainWeb = base.Scheme == "http" && !mailer.Config{Host: s.Host}.Local()
	}
	for _, k := range l.composer.Keys() {
		s.Keys = append(s.Keys, domain.Key{Domain: k.Domain, Selector: k.Selector, Public: k.Signer.Public()})
	}
	letter, err := l.Preview(ctx, letters.Kinds[0], i18n.En, Sample())
	s.Sample = letter.Raw
	return s, err
}

// CheckLetters writes every letter of the wave in every language, and gives what is wrong.
func CheckLetters(ctx context.Context, c config.Config, q *survey.Questionnaire) fault.List {
	if !c.MailOn() {
		return nil
	}
	l, err := NewLetters(c, q)
	if err != nil {
		return fault.All(err)
	}
	l.Now = func() time.Time { return c.Survey.Opens }
	var list fault.List
	for _, kind := range letters.Kinds {
		for _, lang := range i18n.Langs {
			if _, err := l.Preview(ctx, kind, lang, Sample()); err != nil {
				list = append(list, fault.All(err)...)
			}
		}
	}
	return list
}

// sentence ends after a whole word before a capital, so that no abbreviation ends it.
var sentence = regexp.MustCompile(`^(.*?\pL{5,}[.?!])(?:\s+\p{Lu}|$)`)

// opening is the first sentence of a text: letters say what a survey is about and leave the rest
// to its first page.
func opening(text i18n.Text) i18n.Text {
	first := i18n.Text{}
	for lang, words := range text {
		if m := sentence.FindStringSubmatch(strings.Join(strings.Fields(words), " ")); m != nil {
			first[lang] = m[1]
		}
	}
	return first
}

func newComposer(c config.Config, q *survey.Questionnaire) (*mailer.Composer, error) {
	s := c.Survey
	return mailer.NewComposer(mailer.Facts{
		Title: q.Title, About: opening(q.Intro), Organiser: s.Organiser, Minutes: q.Minutes, Closes: s.Closes, BaseURL: c.Web.BaseURL,
		ResultsURL: s.ResultsURL, ThankAskers: c.Reminders.ThankAskers,
		Contact: mailer.Person{
			Name: s.Contact.Name, Organisation: s.Contact.Organisation, Email: s.Contact.Email,
			Phone: s.Contact.Phone, Address: s.Contact.Address,
		},
	}, c.Mail)
}

// NewKey is a key that was just made, where it is to lie, and the key of the configuration that
// names it.
type NewKey struct {
	File, Key string
	PEM       []byte
}

// NewKeys makes keys for letters to be signed with.
func NewKeys(c config.Config) ([]NewKey, error) {
	r, e, err := mailer.NewKeys()
	return []NewKey{
		{cmp.Or(c.Mail.DKIM.KeyFile, filepath.Join(c.Dir, "dkim-rsa.pem")), "dkim.key_file", r},
		{cmp.Or(c.Mail.DKIM.Ed25519KeyFile, filepath.Join(c.Dir, "dkim-ed25519.pem")), "dkim.ed25519_key_file", e},
	}, err
}
