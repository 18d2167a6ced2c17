package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"viesti/bounce"
	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/report/reading"
	"viesti/survey"
)

// Check makes sure that the store is whole: the file's pages hang together, every record can be
// read, every tally is what its records make, and every index leads to what it is of. It reads
// everything, and holds up writers while it looks at the pages. What is wrong is the cause of
// the fault "store.damaged"; it names no person, token or address.
func (s *Store) Check(ctx context.Context) error {
	if err := s.checkPages(ctx); err != nil {
		return err
	}
	return s.view(ctx, func(t *tx) error {
		c := checking{t: t, ctx: ctx}
		c.responses()
		c.readings()
		c.dispositions()
		c.messages()
		c.contacts()
		c.links()
		c.released()
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := errors.Join(c.wrong...); err != nil {
			return errDamaged(s.path, err)
		}
		return nil
	})
}

// checkPages is bbolt's own check. It must see no other writer.
func (s *Store) checkPages(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	btx, err := s.begin(!s.db.Load().IsReadOnly())
	if err != nil {
		return err
	}
	defer btx.Rollback() //nolint:errcheck // nothing was written
	var wrong []error
	for err := range btx.Check() { // to its end, or it would never finish
		if len(wrong) < mostWrong {
			wrong = append(wrong, err)
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return errDamaged(s.path, err)
	}
	return nil
}

// mostWrong bounds what is reported.
const mostWrong = 20

// checking goes through one state of the store.
type checking struct {
	t     *tx
	ctx   context.Context //nolint:containedctx // lives no longer than Check
	wrong []error
}

func (c *checking) complain(format string, args ...any) {
	if len(c.wrong) < mostWrong {
		c.wrong = append(c.wrong, fmt.Errorf(format, args...))
	}
}

// every decodes all records of a bucket. It stops when the context has ended.
func every[T any](c *checking, b bucket, each func(key []byte, v T)) (n int) {
	for k, raw := range c.t.pairs(b, nil, nil) {
		if n++; n%pageSize == 0 && c.ctx.Err() != nil {
			return n
		}
		v, err := decode[T](raw)
		if err != nil {
			c.complain("%s: %w", b.name, err)
			continue
		}
		each(k, v)
	}
	return n
}

// children are the buckets in a bucket.
func (c *checking) children(b bucket) (list []bucket) {
	for name := range c.t.pairs(b, nil, nil) {
		list = append(list, child(b, string(name)))
	}
	return list
}

// past adds what a tally still counts of records that a purge took.
func (c *checking) past(b bucket, cells map[string]int64) map[string]int64 {
	for cell, raw := range c.t.pairs(b, nil, nil) {
		cells[string(cell)] += count(raw)
	}
	return cells
}

// tally compares a tally with what its records make.
func (c *checking) tally(b bucket, want map[string]int64) {
	for cell, raw := range c.t.pairs(b, nil, nil) {
		if n := count(raw); n != want[string(cell)] {
			c.complain("tally %s: a cell says %d where its records make %d", b.sub, n, want[string(cell)])
		}
		delete(want, string(cell))
	}
	for _, n := range want {
		c.complain("tally %s: a cell is missing whose records make %d", b.sub, n)
	}
}

func (c *checking) responses() {
	cells, stops := map[string]int64{}, map[string]int64{}
	countIt := func(_ []byte, r survey.Response) {
		cells[string(responseCell(r.Cell()))]++
		if stop := stopCell(r); stop != nil {
			stops[string(stop)]++
		}
	}
	every(c, drafts, func(key []byte, r survey.Response) {
		countIt(key, r)
		if c.t.has(submitted, key) || c.t.has(removed, key) {
			c.complain("a draft is also marked as sent or removed")
		}
	})
	for _, b := range c.children(allResponses) {
		every(c, b, countIt)
	}
	gone := 0
	for cell, raw := range c.t.pairs(removedTally, nil, nil) {
		r := removedResponse(cell)
		cells[string(responseCell(r.Cell()))] += count(raw)
		stops[string(stopCell(r))] += count(raw)
		gone += int(count(raw))
	}
	c.same("removed", c.t.size(removed)+int(count(c.t.get(meta, metaForgotten))), gone)
	c.tally(responseTally, cells)
	c.tally(stopTally, stops)
}

func (c *checking) readings() {
	for _, b := range c.children(allReadings) {
		every(c, b, func(hash []byte, d reading.Decision) {
			if d.Hash != string(hash) || d.Question == "" || d.Verdict != reading.Release && d.Verdict != reading.Withhold {
				c.complain("a decision on an open answer is not whole")
			}
		})
	}
}

func (c *checking) dispositions() {
	cells := map[string]int64{}
	for _, b := range c.children(allDispositions) {
		every(c, b, func(_ []byte, d contacts.Disposition) { cells[string(reachCell(d))]++ })
	}
	c.tally(reachTally, c.past(pastReach, cells))
}

func (c *checking) messages() {
	cells, departures, waiting := map[string]int64{}, map[string]int64{}, 0
	every(c, messages, func(key []byte, m outbox.Message) {
		cells[string(messageCell(m.Cell()))]++
		if left := departCell(m); left != nil {
			departures[string(left)]++
		}
		if !bytes.Equal(key, messageKey(m.Key)) {
			c.complain("a message lies under another's key")
		}
		if m.Waiting() {
			waiting++
			if !c.t.has(queueOf(m), dueKey(m.Due, key)) {
				c.complain("a waiting message is not due")
			}
		}
	})
	for _, b := range c.children(allDue) {
		waiting -= c.t.size(b)
	}
	if waiting != 0 {
		c.complain("due has %d more than there are waiting messages", -waiting)
	}
	c.tally(messageTally, c.past(pastMessage, cells))
	c.tally(departTally, c.past(pastDepart, departures))
}

func (c *checking) contacts() {
	every(c, networks, func([]byte, contacts.Network) {})
	every(c, standings, func([]byte, contacts.Standing) {})
	every(c, bounces, func(key []byte, r bounce.Record) {
		if !bytes.Equal(key, bounceKey(r.Recipient, r.ID)) {
			c.complain("a bounce lies under another's key")
		}
	})
	n := every(c, people, func(id []byte, p contacts.Contact) {
		hash := c.t.hash(p.Email)
		if !bytes.Equal(c.t.get(addresses, hash), id) {
			c.complain("contact %s is not found by address", id)
		}
		if !bytes.Equal(c.t.get(optouts, []byte(p.Token)), id) {
			c.complain("contact %s is not found by token", id)
		}
		standing, _, _ := load[contacts.Standing](c.t, standings, hash) // read above
		if raw, err := c.t.digested(contacts.Known{Contact: p, Standing: standing}); err != nil || !bytes.Equal(c.t.get(recipients, id), raw) {
			c.complain("the digest of contact %s is not what its records make", id)
		}
	})
	c.same("addresses", c.t.size(addresses), n)
	c.same("optouts", c.t.size(optouts), n)
	c.same("recipients", c.t.size(recipients), n)
}

func (c *checking) links() {
	n := every(c, links, func(token []byte, l link.Link) {
		if !bytes.Equal(c.t.get(linkKeys, linkKey(l.Key())), token) {
			c.complain("a link of network %s is not found by its key", l.Network)
		}
	})
	c.same("linkkeys", c.t.size(linkKeys), n)
}

func (c *checking) released() {
	every(c, editions, func([]byte, survey.Edition) {})
	every(c, releases, func([]byte, json.RawMessage) {})
}

func (c *checking) same(index string, n, want int) {
	if n != want && c.ctx.Err() == nil {
		c.complain("%s has %d entries for %d records", index, n, want)
	}
}
