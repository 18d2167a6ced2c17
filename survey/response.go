package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"viesti/i18n"
)

// State is how far a response has come.
type State string

// The states of a response.
const (
	Started  State = "started"  // start was pressed: a visit
	Partial  State = "partial"  // something is answered
	Complete State = "complete" // sent
)

// Response is one person's answers in one wave. There is nothing in it of the visit but the
// link it came through and a day: no time, no address, no browser, no contact.
type Response struct {
	Wave    string    `json:"wave"`
	Link    string    `json:"link,omitempty"` // a tracking token; empty: the front page
	Lang    i18n.Lang `json:"lang"`
	Day     string    `json:"day"` // on which it came into State: 2027-03-14 in the survey's zone
	State   State     `json:"state"`
	Version string    `json:"version"` // of the questionnaire
	// Page is the furthest page of which something was kept, counted from 1 as in the file; 0: none.
	// What was sent has none.
	Page    int     `json:"page,omitempty"`
	Answers Answers `json:"answers,omitempty"`
	// ID is the random id under which a sent response lies, where one is read; it is not in the record.
	ID string `json:"-"`
}

// Cell is where a response stands in the tally. Each response is counted in exactly one cell;
// the store moves the count in the transaction that changes the response.
type Cell struct {
	Wave  string
	Link  string
	Lang  i18n.Lang
	Day   string
	State State
}

// Cell is the cell the response is counted in.
func (r Response) Cell() Cell {
	return Cell{Wave: r.Wave, Link: r.Link, Lang: r.Lang, Day: r.Day, State: r.State}
}

// Tally is the number of responses in a cell.
type Tally struct {
	Cell
	N int64
}

// Stop is how far an unfinished response has come. Each is counted in exactly one, beside its cell,
// and stays counted when it is removed; a day is not in it, so that there are few.
type Stop struct {
	Wave  string
	Link  string
	Lang  i18n.Lang
	State State
	Page  int // Response.Page
}

// Stop is where the response is counted while it is not sent; ok is false for one that is.
func (r Response) Stop() (s Stop, ok bool) {
	return Stop{Wave: r.Wave, Link: r.Link, Lang: r.Lang, State: r.State, Page: r.Page}, r.State != Complete
}

// Stopped is the number of unfinished responses that have come as far.
type Stopped struct {
	Stop
	N int64
}

// DraftKey is what the store knows of a respondent's token: its hash. Who reads the store
// cannot open anybody's answers with it.
type DraftKey string

// KeyOf is the store's key for a token.
func KeyOf(token string) DraftKey {
	sum := sha256.Sum256([]byte("viesti draft " + token))
	return DraftKey(hex.EncodeToString(sum[:16]))
}

// What a store says of a draft that is not there.
var (
	// ErrNoDraft means that nothing was begun with this token.
	ErrNoDraft = errors.New("survey: no such draft")
	// ErrSubmitted means that the answers begun with this token were sent.
	ErrSubmitted = errors.New("survey: already submitted")
	// ErrRemoved means that the answers begun with this token were not sent in time.
	ErrRemoved = errors.New("survey: removed")
)

// Store keeps responses. Each method is one transaction and is on disk when it returns.
type Store interface {
	// CreateDraft begins a response.
	CreateDraft(ctx context.Context, key DraftKey, r Response) error
	// Draft reads an unfinished response: ErrNoDraft, ErrSubmitted, ErrRemoved.
	Draft(ctx context.Context, key DraftKey) (Response, error)
	// UpdateDraft applies change to an unfinished response: errors as Draft, or what change
	// returned. change may run more than once and must depend on r alone.
	UpdateDraft(ctx context.Context, key DraftKey, change func(r *Response) error) error
	// Submit applies change and moves the draft to the responses under id, which nothing
	// joins to key; of key it keeps only that it was used. Errors as UpdateDraft.
	Submit(ctx context.Context, key DraftKey, id string, change func(r *Response) error) error
	// RemoveDrafts removes the unfinished responses that are old. Of their keys it keeps
	// only that they were used; they stay counted in the cells they were in.
	RemoveDrafts(ctx context.Context, old func(Response) bool) (removed int, err error)
	// Responses calls each for every sent response of a wave, in no meaningful order.
	Responses(ctx context.Context, wave string, each func(Response) error) error
	// Tallies are the counts of responses by cell.
	Tallies(ctx context.Context, wave string) ([]Tally, error)
	// Stops are the counts of unfinished responses, removed ones too, by how far they have come.
	Stops(ctx context.Context, wave string) ([]Stopped, error)
}
