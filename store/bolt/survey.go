package bolt

import (
	"bytes"
	"context"

	"viesti/survey"
)

// CreateDraft implements survey.Store. Beginning again what has begun changes nothing, so that
// no answer is lost; what was sent is survey.ErrSubmitted.
func (s *Store) CreateDraft(ctx context.Context, key survey.DraftKey, r survey.Response) error {
	raw, err := encode(r)
	if err != nil {
		return err
	}
	return s.update(ctx, func(t *tx) error {
		switch k := []byte(key); {
		case t.has(submitted, k):
			return survey.ErrSubmitted
		case t.has(removed, k):
			return survey.ErrRemoved
		case t.has(drafts, k):
			return nil
		default:
			if err := t.put(drafts, k, raw); err != nil {
				return err
			}
			t.count(cells{}, cellsOf(r))
			return nil
		}
	})
}

// Draft implements survey.Store.
func (s *Store) Draft(ctx context.Context, key survey.DraftKey) (survey.Response, error) {
	raw, err := s.rawDraft(ctx, key)
	if err != nil {
		return survey.Response{}, err
	}
	return decode[survey.Response](raw)
}

func (s *Store) rawDraft(ctx context.Context, key survey.DraftKey) (raw []byte, err error) {
	err = s.view(ctx, func(t *tx) error {
		found, err := t.rawDraft(key)
		raw = bytes.Clone(found)
		return err
	})
	return raw, err
}

func (t *tx) rawDraft(key survey.DraftKey) ([]byte, error) {
	if raw := t.get(drafts, []byte(key)); raw != nil {
		return raw, nil
	}
	switch k := []byte(key); {
	case t.has(submitted, k):
		return nil, survey.ErrSubmitted
	case t.has(removed, k):
		return nil, survey.ErrRemoved
	default:
		return nil, survey.ErrNoDraft
	}
}

// edit is a change to a draft, worked out.
type edit struct {
	was      []byte // as it was stored
	cells    cells  // where it was counted
	response survey.Response
	raw      []byte // as it is to be stored
}

func newEdit(was []byte, change func(*survey.Response) error) (e edit, err error) {
	e.was = was
	if e.response, err = decode[survey.Response](was); err != nil {
		return e, err
	}
	e.cells = cellsOf(e.response)
	if err = change(&e.response); err != nil {
		return e, err
	}
	e.raw, err = encode(e.response)
	return e, err
}

// edit works a change out in the caller's goroutine, on what is stored now, and keeps it in a
// transaction. Only when the draft has changed in between is it worked out again there: so the
// one writer neither decodes nor encodes, and the callers do it side by side.
func (s *Store) edit(ctx context.Context, key survey.DraftKey, change func(*survey.Response) error, keep func(*tx, edit) error) error {
	was, err := s.rawDraft(ctx, key)
	if err != nil {
		return err
	}
	prepared, err := newEdit(was, change)
	if err != nil {
		return err
	}
	return s.update(ctx, func(t *tx) error {
		now, err := t.rawDraft(key)
		if err != nil {
			return err
		}
		if bytes.Equal(now, prepared.was) {
			return keep(t, prepared)
		}
		again, err := newEdit(bytes.Clone(now), change)
		if err != nil {
			return err
		}
		return keep(t, again)
	})
}

// UpdateDraft implements survey.Store.
func (s *Store) UpdateDraft(ctx context.Context, key survey.DraftKey, change func(*survey.Response) error) error {
	return s.edit(ctx, key, change, func(t *tx, e edit) error {
		if bytes.Equal(e.raw, e.was) {
			return nil
		}
		if err := t.put(drafts, []byte(key), e.raw); err != nil {
			return err
		}
		t.count(e.cells, cellsOf(e.response))
		return nil
	})
}

// Submit implements survey.Store.
func (s *Store) Submit(ctx context.Context, key survey.DraftKey, id string, change func(*survey.Response) error) error {
	return s.edit(ctx, key, change, func(t *tx, e edit) error {
		if err := t.delete(drafts, []byte(key)); err != nil {
			return err
		}
		if err := t.put(submitted, []byte(key), []byte{}); err != nil {
			return err
		}
		if err := t.put(responses(e.response.Wave), []byte(id), e.raw); err != nil {
			return err
		}
		t.count(e.cells, cellsOf(e.response))
		return nil
	})
}

// RemoveDrafts implements survey.Store. It looks for what is old beside the writer, which then
// only looks again at what was found.
func (s *Store) RemoveDrafts(ctx context.Context, old func(survey.Response) bool) (n int, err error) {
	var keys [][]byte
	err = listing[[]byte]{
		store: s, bucket: drafts,
		read: func(_ *tx, key, raw []byte) ([]byte, bool, error) {
			r, err := decode[survey.Response](raw)
			return bytes.Clone(key), err == nil && old(r), err
		},
	}.each(ctx, func(key []byte) error {
		keys = append(keys, key)
		return nil
	})
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	err = s.update(ctx, func(t *tx) error {
		n = 0
		for _, key := range keys {
			r, there, err := load[survey.Response](t, drafts, key)
			if err != nil {
				return err
			}
			if !there || !old(r) { // sent or answered meanwhile
				continue
			}
			if err := t.remove(key, r); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func (t *tx) remove(key []byte, r survey.Response) error {
	if err := t.delete(drafts, key); err != nil {
		return err
	}
	if err := t.put(removed, key, []byte{}); err != nil {
		return err
	}
	t.add(removedTally, removedCell(r), 1)
	return nil
}

// Responses implements survey.Store.
func (s *Store) Responses(ctx context.Context, wave string, each func(survey.Response) error) error {
	return listing[survey.Response]{
		store: s, bucket: responses(wave),
		read: func(_ *tx, id, raw []byte) (survey.Response, bool, error) {
			r, err := decode[survey.Response](raw)
			r.ID = string(id)
			return r, true, err
		},
	}.each(ctx, each)
}
