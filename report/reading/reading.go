// Package reading is how open answers get from those who wrote them into a report: a person reads each
// text after the close, takes out what tells who somebody is, and releases or withholds it.
//
// It knows texts by question, and neither who answered nor through which link, in what language or
// when. Of what was decided it keeps a keyed hash of the text and which parts are taken out, no word
// of it. It counts nothing else and shows nothing; server/reading has the page.
package reading

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/reading/mark"
	"viesti/survey"
)

// Verdict is what a reader decided.
type Verdict string

// The verdicts.
const (
	Unread   Verdict = ""
	Release  Verdict = "release"  // without the parts that are taken out
	Withhold Verdict = "withhold" // nothing of it
)

// Decision is what was decided on a text. A text that several people wrote is decided once, one that
// was changed is another.
type Decision struct {
	Question string  `json:"question"`
	Hash     string  `json:"hash"` // of the text, under a secret of the store
	Verdict  Verdict `json:"verdict"`
	Cuts     []Cut   `json:"cuts,omitempty"` // in order
}

// Cut is a part of a text that is taken out: bytes from Start up to End of the text as Clean gives it.
type Cut struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Store keeps decisions. Each method is one transaction and is on disk when it returns.
type Store interface {
	// Decisions are all of a wave, in no meaningful order.
	Decisions(ctx context.Context, wave string) ([]Decision, error)
	// Decide keeps decisions, in place of those on the same texts.
	Decide(ctx context.Context, wave string, list []Decision) error
}

// Source has the sent responses.
type Source interface {
	Responses(ctx context.Context, wave string, each func(survey.Response) error) error
}

// Reader reads the open answers of one wave.
type Reader struct {
	Period        survey.Period
	Questionnaire *survey.Questionnaire // nil: that of a past wave is gone
	Source        Source
	Store         Store
	Secret        []byte // under which texts are hashed
	// Minimum is how many people must have written to a question before any of it is published.
	Minimum int64
	// Names are words to be marked: names of networks and organisations, and nothing beside them.
	Names func(ctx context.Context) ([]string, error)
	Now   func() time.Time
}

// Gap stands where something was taken out, in every language.
const Gap = "[…]"

// Clean is a text as it is read, hashed and published: line ends of one kind, no invisible control
// characters that could turn a page around, no blanks at the ends.
func Clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069', r == '\ufeff':
			return -1
		}
		return r
	}, text))
}

// Published is what is left of a text, which must be clean. Parts that have only blanks between them
// leave one gap.
func Published(text string, cuts []Cut) string {
	var b strings.Builder
	at, open := 0, false
	for _, c := range cuts {
		if between := text[at:c.Start]; !open || strings.TrimSpace(between) != "" {
			b.WriteString(between + Gap)
		}
		at, open = c.End, true
	}
	b.WriteString(text[at:])
	return strings.TrimSpace(b.String())
}

// Blank tells whether what is left of a text says nothing any more.
func Blank(left string) bool {
	return strings.TrimFunc(strings.ReplaceAll(left, Gap, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) == ""
}

// hasher makes the hashes of a wave's texts.
type hasher struct{ wave, secret []byte }

func (r *Reader) hasher() hasher { return hasher{[]byte(r.Period.Wave), r.Secret} }

func (h hasher) of(question, text string) string {
	mac := hmac.New(sha256.New, h.secret)
	mac.Write(bytes.Join([][]byte{h.wave, []byte(question), []byte(text)}, []byte{0}))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// begun refuses reading before the last answer can have come: answers that came in one by one would
// tell when somebody answered, and with that who.
func (r *Reader) begun() error {
	if r.Period.Phase(r.Now()) == survey.Over {
		return nil
	}
	return fault.New(fault.Closed, "reading.too_early", i18n.Args{"from": moment(r.From())})
}

// moment is a time as each language writes it.
type moment time.Time

// In is the moment in a language.
func (m moment) In(l i18n.Lang) string { return i18n.DateTime(l, time.Time(m)) }

// From is when reading may begin.
func (r *Reader) From() time.Time { return r.Period.Closes.Add(r.Period.Grace).In(r.Period.Zone) }

// written is a text that somebody wrote.
type written struct{ question, text, hash string }

// texts calls each for every text of the responses of the days that count, in no meaningful order, with
// what was decided. Without days all count.
func (r *Reader) texts(ctx context.Context, counts func(day string) bool, each func(w written, d Decision)) error {
	decided, err := r.decisions(ctx)
	if err != nil {
		return err
	}
	h := r.hasher()
	return r.Source.Responses(ctx, r.Period.Wave, func(x survey.Response) error {
		if counts != nil && !counts(x.Day) {
			return nil
		}
		for question, a := range x.Answers {
			if a.Text == "" {
				continue
			}
			if text := Clean(a.Text); text != "" {
				hash := h.of(question, text)
				each(written{question, text, hash}, decided[hash])
			}
		}
		return ctx.Err()
	})
}

// decisions are those of the wave by hash.
func (r *Reader) decisions(ctx context.Context) (map[string]Decision, error) {
	list, err := r.Store.Decisions(ctx, r.Period.Wave)
	if err != nil {
		return nil, err
	}
	byHash := make(map[string]Decision, len(list))
	for _, d := range list {
		byHash[d.Hash] = d
	}
	return byHash, nil
}

// marks are the parts of a text that a reader is shown.
func (r *Reader) marks(ctx context.Context) (func(text string) []mark.Span, error) {
	names, err := r.Names(ctx)
	if err != nil {
		return nil, err
	}
	own := mark.NewWords(names)
	return func(text string) []mark.Span { return mark.Find(text, own) }, nil
}
