package bolt

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

// cells are where a response is counted.
type cells struct{ response, stop []byte }

func cellsOf(r survey.Response) cells { return cells{responseCell(r.Cell()), stopCell(r)} }

// count moves a response from its cells to others, in the transaction that changes it.
func (t *tx) count(before, after cells) {
	t.move(responseTally, before.response, after.response)
	t.move(stopTally, before.stop, after.stop)
}

// removedResponse is what is still known of a removed draft.
func removedResponse(cell []byte) survey.Response {
	p := split(cell, 6)
	page, _ := strconv.Atoi(p[5]) // an unreadable one is found by Check
	return survey.Response{
		Wave: p[0], Link: p[1], Lang: i18n.Lang(p[2]), Day: p[3], State: survey.State(p[4]), Page: page,
	}
}

// Stops implements survey.Store.
func (s *Store) Stops(ctx context.Context, wave string) ([]survey.Stopped, error) {
	var list []survey.Stopped
	err := s.wave(ctx, stopTally, wave, func(cell []byte, n int64) {
		p := split(cell, 5)
		page, _ := strconv.Atoi(p[4])
		list = append(list, survey.Stopped{N: n, Stop: survey.Stop{
			Wave: p[0], Link: p[1], Lang: i18n.Lang(p[2]), State: survey.State(p[3]), Page: page,
		}})
	})
	return list, err
}

// Departures are the counts of sent messages by the hour in which they left.
func (s *Store) Departures(ctx context.Context, wave string) ([]outbox.Departed, error) {
	var list []outbox.Departed
	err := s.wave(ctx, departTally, wave, func(cell []byte, n int64) {
		p := split(cell, 5)
		hour, _ := time.Parse(hourLayout, p[4])
		list = append(list, outbox.Departed{N: n, Departure: outbox.Departure{
			Wave: p[0], Network: p[1], Carrier: link.Channel(p[2]), Kind: outbox.Kind(p[3]), Hour: hour,
		}})
	})
	return list, err
}

// countCourse makes the tallies of version 5 from the records that are there. A response of before
// has no page.
func countCourse(t *tx) error {
	if err := t.createAll(courseBuckets()); err != nil {
		return err
	}
	if err := t.pageRemoved(); err != nil {
		return err
	}
	for _, raw := range t.pairs(drafts, nil, nil) {
		r, err := decode[survey.Response](raw)
		if err != nil {
			return err
		}
		t.add(stopTally, stopCell(r), 1)
	}
	return t.countDepartures()
}

func (t *tx) countDepartures() error {
	for _, raw := range t.pairs(messages, nil, nil) {
		m, err := decode[outbox.Message](raw)
		if err != nil {
			return err
		}
		t.add(departTally, departCell(m), 1)
	}
	return nil
}

// pageRemoved gives the cells of removed drafts their page, and counts them among those that stopped.
func (t *tx) pageRemoved() error {
	type pair struct {
		cell []byte
		n    int64
	}
	var old []pair
	for cell, raw := range t.pairs(removedTally, nil, nil) {
		old = append(old, pair{bytes.Clone(cell), count(raw)})
	}
	for _, x := range old {
		r := removedResponse(join(string(x.cell), "0"))
		if err := t.delete(removedTally, x.cell); err != nil {
			return err
		}
		t.add(removedTally, removedCell(r), x.n)
		t.add(stopTally, stopCell(r), x.n)
	}
	return nil
}
