package respond_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"viesti/link"
	"viesti/survey"
)

// memory is a survey.Store that lasts as long as its test.
type memory struct {
	mu     sync.Mutex
	drafts map[survey.DraftKey]survey.Response
	used   map[survey.DraftKey]bool
	gone   map[survey.DraftKey]bool
	sent   []survey.Response
	writes int
	broken error // what every call says while it is set
	frozen error // what every call that writes says while it is set
}

var _ survey.Store = (*memory)(nil)

func newMemory() *memory {
	return &memory{drafts: map[survey.DraftKey]survey.Response{}, used: map[survey.DraftKey]bool{}, gone: map[survey.DraftKey]bool{}}
}

func (m *memory) get(key survey.DraftKey) (survey.Response, error) {
	r, ok := m.drafts[key]
	switch {
	case m.broken != nil:
		return survey.Response{}, m.broken
	case m.used[key]:
		return survey.Response{}, survey.ErrSubmitted
	case m.gone[key]:
		return survey.Response{}, survey.ErrRemoved
	case !ok:
		return survey.Response{}, survey.ErrNoDraft
	}
	r.Answers = maps.Clone(r.Answers)
	return r, nil
}

func (m *memory) CreateDraft(_ context.Context, key survey.DraftKey, r survey.Response) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	m.writes++
	m.drafts[key] = r
	return nil
}

func (m *memory) Draft(_ context.Context, key survey.DraftKey) (survey.Response, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(key)
}

func (m *memory) UpdateDraft(_ context.Context, key survey.DraftKey, change func(r *survey.Response) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.get(key)
	if err == nil {
		err = m.frozen
	}
	if err == nil {
		err = change(&r)
	}
	if err != nil {
		return err
	}
	m.writes++
	m.drafts[key] = r
	return nil
}

func (m *memory) Submit(_ context.Context, key survey.DraftKey, _ string, change func(r *survey.Response) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.get(key)
	if err == nil {
		err = m.frozen
	}
	if err == nil {
		err = change(&r)
	}
	if err != nil {
		return err
	}
	m.writes++
	delete(m.drafts, key)
	m.used[key] = true
	m.sent = append(m.sent, r)
	return nil
}

func (m *memory) RemoveDrafts(_ context.Context, old func(survey.Response) bool) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, r := range m.drafts {
		if old(r) {
			delete(m.drafts, key)
			m.gone[key] = true
			n++
		}
	}
	return n, m.broken
}

func (m *memory) Responses(_ context.Context, _ string, each func(survey.Response) error) error {
	for _, r := range slices.Clone(m.sent) {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Tallies(context.Context, string) ([]survey.Tally, error) { return nil, nil }

func (m *memory) Stops(context.Context, string) ([]survey.Stopped, error) { return nil, nil }

// only gives the one draft there is.
func (m *memory) only() survey.Response {
	for _, r := range m.drafts {
		return r
	}
	return survey.Response{}
}

// links knows one link, and those that it was passed on as.
type links struct {
	err  error
	made map[string]bool // tokens of links that have been passed on
}

const (
	token  = "abcdefghjkmnp"
	onward = "nwardnwardnwa" // what token is passed on as
)

func (l links) Find(_ context.Context, t string) (link.Link, error) {
	switch {
	case l.err != nil:
		return link.Link{}, l.err
	case t == token:
		return link.Link{Token: token, Network: "pomako", Channel: link.Mail}, nil
	case t == onward && l.made[token]:
		return link.Link{Token: onward, Network: "pomako", Channel: link.Onward, Parent: token}, nil
	default:
		return link.Link{}, link.ErrNoLink
	}
}

func (l links) PassOn(ctx context.Context, t string) (link.Link, error) {
	if _, err := l.Find(ctx, t); err != nil {
		return link.Link{}, err
	}
	if l.made != nil {
		l.made[t] = true
	}
	return l.PassedOn(ctx, t)
}

func (l links) PassedOn(ctx context.Context, t string) (link.Link, error) {
	if t == token && l.made[t] {
		return l.Find(ctx, onward)
	}
	return link.Link{}, cmp.Or(l.err, link.ErrNoLink)
}
