package survey

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"viesti/i18n"
	"viesti/internal/code"
	"viesti/internal/fault"
)

// Period is when a wave is in the field.
type Period struct {
	Wave   string
	Opens  time.Time
	Closes time.Time
	Grace  time.Duration // how long after the close an answer begun in time may be finished
	Zone   *time.Location
}

// Phase is where a moment lies in a period.
type Phase int

// The phases of a wave.
const (
	NotYet Phase = iota // before it opens
	Open                // answers can be begun
	Ending              // closed, but what was begun may be finished
	Over                // closed
)

// Phase tells where now lies.
func (p Period) Phase(now time.Time) Phase {
	switch {
	case now.Before(p.Opens):
		return NotYet
	case now.Before(p.Closes):
		return Open
	case now.Before(p.ends()):
		return Ending
	default:
		return Over
	}
}

// Fieldwork takes answers: it begins drafts, saves pages and sends what is finished.
type Fieldwork struct {
	Questionnaire *Questionnaire
	Period        Period
	Keep          int // days for which an unfinished response is kept
	Store         Store
	Now           func() time.Time
	Rand          io.Reader // of tokens and ids: cryptographic
}

// Phase is where the survey stands now.
func (f *Fieldwork) Phase() Phase { return f.Period.Phase(f.Now()) }

func (f *Fieldwork) day() string { return f.Now().In(f.Period.Zone).Format(time.DateOnly) }

// random is 128 bits as text: nobody guesses one, and two never meet.
func (f *Fieldwork) random() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(f.Rand, b[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(b[:]), nil
}

// Start begins a response through a link and gives the token that only the respondent has: a code
// that can be copied by hand, so that they can go on elsewhere. It refuses with fault.Closed when
// the survey is not open.
func (f *Fieldwork) Start(ctx context.Context, link string, lang i18n.Lang) (token string, err error) {
	if f.Phase() != Open {
		return "", fault.New(fault.Closed, "survey.closed", nil)
	}
	token, err = code.Draw(f.Rand, code.Length)
	if err != nil {
		return "", err
	}
	r := Response{
		Wave: f.Period.Wave, Link: link, Lang: lang, Day: f.day(),
		State: Started, Version: f.Questionnaire.Version,
	}
	return token, f.Store.CreateDraft(ctx, KeyOf(token), r)
}

// Draft reads the respondent's unfinished response: ErrNoDraft, ErrSubmitted, ErrRemoved.
func (f *Fieldwork) Draft(ctx context.Context, token string) (Response, error) {
	return f.Store.Draft(ctx, KeyOf(token))
}

// Save keeps a submitted page and, with lang, the language from here on. It returns the response
// as it now stands and what was refused; the rest is on disk.
func (f *Fieldwork) Save(ctx context.Context, token string, page int, form url.Values, lang i18n.Lang) (Response, Checked, error) {
	if p := f.Phase(); p != Open && p != Ending {
		return Response{}, Checked{}, fault.New(fault.Closed, "survey.closed", nil)
	}
	var (
		now     Response
		checked Checked
	)
	err := f.Store.UpdateDraft(ctx, KeyOf(token), func(r *Response) error {
		checked = Check(f.Questionnaire.Items(page, f.Questionnaire.Relevant(r.Answers)), form).since(form.Get(SeenField))
		f.take(r, checked, lang)
		r.Page = max(r.Page, page+1)
		now = *r
		return nil
	})
	return now, checked, err
}

// take changes a draft by a checked page. The day moves with the state only, so that it tells
// nothing of when the pages between were answered.
func (f *Fieldwork) take(r *Response, checked Checked, lang i18n.Lang) {
	r.Answers = checked.Apply(r.Answers)
	if lang != "" {
		r.Lang = lang
	}
	state := Started
	if len(r.Answers) > 0 {
		state = Partial
	}
	if r.State != state {
		r.State, r.Day = state, f.day()
	}
}

// Incomplete is why a response cannot be sent: a required answer is missing on a page.
type Incomplete struct{ Page int }

func (i Incomplete) Error() string {
	return fmt.Sprintf("survey: a required answer is missing on page %d", i.Page+1)
}

// Send finishes the response: answers that turned out not to concern the respondent are left
// out, and what is kept goes under a new id that the token does not lead to. Sending twice is
// ErrSubmitted and changes nothing; with a required answer missing it is Incomplete. It returns
// the response as it was sent; lang is the language it was sent in, if not that of the draft.
func (f *Fieldwork) Send(ctx context.Context, token string, lang i18n.Lang) (Response, error) {
	if p := f.Phase(); p != Open && p != Ending {
		return Response{}, fault.New(fault.Closed, "survey.closed", nil)
	}
	id, err := f.random()
	if err != nil {
		return Response{}, err
	}
	var sent Response
	err = f.Store.Submit(ctx, KeyOf(token), id, func(r *Response) error {
		r.Answers = f.Questionnaire.Relevant(r.Answers)
		if page, due := f.Questionnaire.Unfinished(r.Answers); due {
			return Incomplete{page}
		}
		r.State, r.Day, r.Page = Complete, f.day(), 0
		if lang != "" {
			r.Lang = lang
		}
		sent = *r
		return nil
	})
	return sent, err
}

// Finished tells whether err means that the answers were already sent.
func Finished(err error) bool { return errors.Is(err, ErrSubmitted) }
