package bolt

import (
	"bytes"
	"context"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

// move takes one record from a cell of a tally to another, in the transaction that changes the
// record. A nil cell is none: a record that begins or ends. What reaches 0 is deleted.
func (t *tx) move(tally bucket, before, after []byte) {
	if !bytes.Equal(before, after) {
		t.add(tally, before, -1)
		t.add(tally, after, 1)
	}
}

// add counts n more in a cell. What a transaction comes to is written once, by post: thousands of
// records that it changes are in a few cells.
func (t *tx) add(tally bucket, cell []byte, n int64) {
	if cell == nil {
		return
	}
	if t.counted == nil {
		t.counted = map[bucket]map[string]int64{}
	}
	if t.counted[tally] == nil {
		t.counted[tally] = map[string]int64{}
	}
	t.counted[tally][string(cell)] += n
	t.writes++
}

// post writes what was counted. It is the last that a transaction does.
func (t *tx) post() error {
	for tally, cells := range t.counted {
		for cell, n := range cells {
			if err := t.raise(tally, []byte(cell), n); err != nil {
				return err
			}
		}
	}
	t.counted = nil
	return nil
}

func (t *tx) raise(tally bucket, cell []byte, n int64) error {
	if n == 0 {
		return nil
	}
	if n += count(t.get(tally, cell)); n == 0 {
		return t.delete(tally, cell)
	}
	return t.put(tally, cell, number(n))
}

// wave calls each for the cells of a wave.
func (s *Store) wave(ctx context.Context, tally bucket, wave string, each func(cell []byte, n int64)) error {
	return s.view(ctx, func(t *tx) error {
		for cell, n := range t.pairs(tally, join(wave, ""), nil) {
			each(cell, count(n))
		}
		return nil
	})
}

// Tallies implements survey.Store.
func (s *Store) Tallies(ctx context.Context, wave string) ([]survey.Tally, error) {
	var list []survey.Tally
	err := s.wave(ctx, responseTally, wave, func(cell []byte, n int64) {
		p := split(cell, 5)
		list = append(list, survey.Tally{N: n, Cell: survey.Cell{
			Wave: p[0], Link: p[1], Lang: i18n.Lang(p[2]), Day: p[3], State: survey.State(p[4]),
		}})
	})
	return list, err
}

// Reaches implements contacts.Store.
func (s *Store) Reaches(ctx context.Context, wave string) ([]contacts.Reach, error) {
	var list []contacts.Reach
	err := s.wave(ctx, reachTally, wave, func(cell []byte, n int64) {
		p := split(cell, 5)
		list = append(list, contacts.Reach{N: n, Disposition: contacts.Disposition{
			Wave: p[0], Network: p[1], Lang: i18n.Lang(p[2]), Day: p[3],
			Contacted: flagged(p[4], 0), Undelivered: flagged(p[4], 1), OptedOut: flagged(p[4], 2), Answered: flagged(p[4], 3),
		}})
	})
	return list, err
}

// Counts implements outbox.Store.
func (s *Store) Counts(ctx context.Context, wave string) ([]outbox.Tally, error) {
	var list []outbox.Tally
	err := s.wave(ctx, messageTally, wave, func(cell []byte, n int64) {
		list = append(list, outbox.Tally{N: n, Cell: messageOf(cell)})
	})
	return list, err
}

// messageOf is the inverse of messageCell.
func messageOf(cell []byte) outbox.Cell {
	p := split(cell, 5)
	return outbox.Cell{Wave: p[0], Network: p[1], Carrier: link.Channel(p[2]), Kind: outbox.Kind(p[3]), State: outbox.State(p[4])}
}
