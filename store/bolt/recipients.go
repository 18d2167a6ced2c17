package bolt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// The digests of recipients. There is one for each contact, and it is kept in the transaction of
// what it is made of: the contact, their standing, their messages. Planning goes through all of
// them each minute, so they are not JSON but a row of fields, a tenth as long and as dear to read.

// Recipients implements outbox.Store.
func (s *Store) Recipients(ctx context.Context, each func([]outbox.Recipient) error) error {
	return listing[outbox.Recipient]{
		store: s, bucket: recipients,
		read: func(_ *tx, id, raw []byte) (outbox.Recipient, bool, error) {
			r, err := readRecipient(id, raw)
			return r, true, err
		},
	}.pages(ctx, each)
}

// savePerson writes a contact and what their digest has of it.
func (t *tx) savePerson(k contacts.Known) error {
	if err := t.save(people, []byte(k.ID), k.Contact); err != nil {
		return err
	}
	return t.digest(k)
}

// saveStanding writes the standing of an address, and what the digest of its contact has of it.
func (t *tx) saveStanding(hash []byte, now contacts.Standing) error {
	if err := t.save(standings, hash, now); err != nil {
		return err
	}
	id := t.get(addresses, hash)
	if id == nil {
		return nil
	}
	c, _, err := load[contacts.Contact](t, people, id)
	if err != nil {
		return err
	}
	return t.digest(contacts.Known{Contact: c, Standing: now})
}

// digest makes the digest of a contact anew.
func (t *tx) digest(k contacts.Known) error {
	raw, err := t.digested(k)
	if err != nil {
		return err
	}
	return t.put(recipients, []byte(k.ID), raw)
}

func (t *tx) digested(k contacts.Known) ([]byte, error) {
	list, err := t.messagesOf(k.ID) // in the order of their keys, as traces are
	if err != nil {
		return nil, err
	}
	r := outbox.Recipient{Known: k}
	for _, m := range list {
		r.Traces = append(r.Traces, m.Trace())
	}
	return appendRecipient(nil, r), nil
}

// trace puts a message into the digest of its recipient. Who is no contact, or is one no longer,
// has none.
func (t *tx) trace(m outbox.Message) error {
	id := []byte(m.Recipient)
	raw := t.get(recipients, id)
	if raw == nil {
		return nil
	}
	r, err := readRecipient(id, raw)
	if err != nil {
		return err
	}
	now := m.Trace()
	i, there := slices.BinarySearchFunc(r.Traces, now, func(a, b outbox.Trace) int {
		return cmp.Or(cmp.Compare(a.Wave, b.Wave), cmp.Compare(a.Kind, b.Kind))
	})
	if !there {
		r.Traces = slices.Insert(r.Traces, i, now)
	}
	r.Traces[i] = now
	return t.put(recipients, id, appendRecipient(make([]byte, 0, len(raw)+traceSize), r))
}

// traceSize is about the length of a trace.
const traceSize = 48

// digestAll makes the digests of version 6.
func digestAll(t *tx) error {
	if err := t.createAll(recipientBuckets()); err != nil {
		return err
	}
	t.hasher = bytes.Clone(t.get(meta, metaAddressKey))
	for _, raw := range t.pairs(people, nil, nil) {
		k, err := t.known(raw)
		if err != nil {
			return err
		}
		if err := t.digest(k); err != nil {
			return err
		}
	}
	return nil
}

// A digest is the contact's fields and their networks, then a trace after the other. A field is
// its length and its bytes; a list is its length and its fields; an instant is a stamp.

func appendRecipient(b []byte, r outbox.Recipient) []byte {
	s := r.Standing
	b = appendFields(b, r.Email, r.SlackUser, r.SlackAsked, s.Answered, s.Results,
		flags(s.OptedOut, s.Erased, s.Bounced, s.NoSlack, s.Paused))
	b = binary.AppendUvarint(b, uint64(len(r.Networks)))
	b = appendFields(b, r.Networks...)
	b = binary.AppendUvarint(b, uint64(len(r.Traces)))
	for _, t := range r.Traces {
		b = appendFields(b, t.Wave, string(t.Kind), string(t.Carrier), string(t.State), t.Reason)
		b = append(b, stamp(t.At)...)
	}
	return b
}

func appendFields(b []byte, list ...string) []byte {
	for _, s := range list {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

func readRecipient(id, raw []byte) (r outbox.Recipient, err error) {
	f := fields{left: string(raw)} // all that is read of it is part of this one string
	r.ID = string(id)
	r.Email, r.SlackUser, r.SlackAsked = f.next(), f.next(), f.next()
	r.Standing.Answered, r.Standing.Results = f.next(), f.next()
	set := f.next()
	r.Standing.OptedOut, r.Standing.Erased, r.Standing.Bounced = flagged(set, 0), flagged(set, 1), flagged(set, 2)
	r.Standing.NoSlack, r.Standing.Paused = flagged(set, 3), flagged(set, 4)
	if n := f.length(); n > 0 {
		r.Networks = make([]string, n)
	}
	for i := range r.Networks {
		r.Networks[i] = f.next()
	}
	if n := f.length(); n > 0 {
		r.Traces = make([]outbox.Trace, n)
	}
	for i := range r.Traces {
		r.Traces[i] = outbox.Trace{
			Wave: f.next(), Kind: outbox.Kind(f.next()), Carrier: link.Channel(f.next()), State: outbox.State(f.next()),
			Reason: f.next(), At: f.instant(),
		}
	}
	if f.broken || f.left != "" {
		return r, errDigest
	}
	return r, nil
}

var errDigest = errors.New("store: a digest cannot be read")

// fields reads a digest.
type fields struct {
	left   string
	broken bool
}

// length is never more than what is left, so that a broken digest asks for no more than it has.
func (f *fields) length() int {
	n, shift := uint64(0), 0
	for i := range min(len(f.left), binary.MaxVarintLen32) {
		b := f.left[i]
		n |= uint64(b&0x7f) << shift
		shift += 7
		if b < 0x80 {
			f.left = f.left[i+1:]
			if n > uint64(len(f.left)) {
				break
			}
			return int(n) //nolint:gosec // no more than a length
		}
	}
	f.left, f.broken = "", true
	return 0
}

func (f *fields) next() (s string) {
	n := f.length()
	s, f.left = f.left[:n], f.left[n:]
	return s
}

// instant is a time that was stamped; what is at the zero of stamps is no time.
func (f *fields) instant() (t time.Time) {
	if len(f.left) < stampSize {
		f.left, f.broken = "", true
		return t
	}
	n := count([]byte(f.left[:stampSize]))
	f.left = f.left[stampSize:]
	if n > 0 {
		t = time.Unix(0, n).UTC()
	}
	return t
}
