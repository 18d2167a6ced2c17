package bolt

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"viesti/link"
	"viesti/outbox"
)

// Enqueue implements outbox.Store.
func (s *Store) Enqueue(ctx context.Context, list []outbox.Message) (put []bool, err error) {
	raws := make([][]byte, len(list)) // made here, so that the one writer need not
	for i, m := range list {
		if raws[i], err = encode(m); err != nil {
			return nil, err
		}
	}
	err = s.update(ctx, func(t *tx) error {
		put = make([]bool, len(list))
		for i, m := range list {
			key := messageKey(m.Key)
			if t.has(messages, key) {
				continue
			}
			put[i] = true
			if err := t.writeMessage(key, outbox.Message{}, m, raws[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return put, err
}

// putMessage writes a message that was there, if it has changed.
func (t *tx) putMessage(was, now outbox.Message) error {
	now.Key = was.Key
	if now == was {
		return nil
	}
	raw, err := encode(now)
	if err != nil {
		return err
	}
	return t.writeMessage(messageKey(now.Key), was, now, raw)
}

// writeMessage writes a message under its key, keeps due and the recipient's digest in step and moves
// its count. was is zero for one that is new.
func (t *tx) writeMessage(key []byte, was, now outbox.Message, raw []byte) error {
	if err := t.put(messages, key, raw); err != nil {
		return err
	}
	if was.Waiting() {
		if err := t.delete(queueOf(was), dueKey(was.Due, key)); err != nil {
			return err
		}
	}
	if now.Waiting() {
		if err := t.put(queueOf(now), dueKey(now.Due, key), []byte{}); err != nil {
			return err
		}
	}
	if err := t.trace(now); err != nil {
		return err
	}
	var before []byte
	if was.State != "" {
		before = messageCell(was.Cell())
	}
	t.move(departTally, departCell(was), departCell(now))
	t.move(messageTally, before, messageCell(now.Cell()))
	return nil
}

func queueOf(m outbox.Message) bucket { return due(m.Carrier, m.Network) }

// queues are those of a carrier whose networks are not paused.
func (t *tx) queues(carrier link.Channel) (list []bucket) {
	prefix := join(string(carrier), "")
	for name := range t.pairs(allDue, prefix, nil) {
		if network := name[len(prefix):]; !t.has(paused, network) {
			list = append(list, child(allDue, string(name)))
		}
	}
	return list
}

func dueKey(at time.Time, key []byte) []byte { return append(stamp(at), key...) }

// messagesOf are all messages of a recipient.
func (t *tx) messagesOf(recipient string) (list []outbox.Message, err error) {
	for _, raw := range t.pairs(messages, join(recipient, ""), nil) {
		m, err := decode[outbox.Message](raw)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// messagesTo are those that an account or a channel was sent as one of those who run the survey.
func (t *tx) messagesTo(to string) (list []outbox.Message, err error) {
	for key, raw := range t.pairs(messages, []byte(outbox.ToStaff), nil) {
		if p, _ := (outbox.Key{Recipient: split(key, 3)[0]}).Place(); p.To != to {
			continue
		}
		m, err := decode[outbox.Message](raw)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// dropMessage removes a message, which stays counted.
func (t *tx) dropMessage(was outbox.Message) error {
	ended := was
	ended.State = was.State.Ended()
	if err := t.putMessage(was, ended); err != nil {
		return err
	}
	t.add(pastMessage, messageCell(ended.Cell()), 1)
	t.add(pastDepart, departCell(ended), 1)
	return t.delete(messages, messageKey(was.Key))
}

// NextDue implements outbox.Store.
func (s *Store) NextDue(ctx context.Context, carrier link.Channel) (at time.Time, ok bool, err error) {
	err = s.view(ctx, func(t *tx) error {
		for _, k := range t.merged(t.queues(carrier), nil) {
			at, ok = instant(k), true
			break
		}
		return nil
	})
	return at, ok, err
}

// errEnough ends a listing that has given as much as was asked for.
var errEnough = errors.New("store: enough")

// Messages implements outbox.Store.
func (s *Store) Messages(ctx context.Context, q outbox.Query, each func(outbox.Message) error) error {
	left := q.Limit
	take := func(m outbox.Message) error {
		if err := each(m); err != nil {
			return err
		}
		if left--; left == 0 {
			return errEnough
		}
		return nil
	}
	err := s.messages(ctx, q, take)
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

func (s *Store) messages(ctx context.Context, q outbox.Query, each func(outbox.Message) error) error {
	l := listing[outbox.Message]{store: s, bucket: messages, read: wanted(q)}
	if len(q.Recipients) == 0 {
		return l.each(ctx, each)
	}
	recipients := slices.Compact(slices.Sorted(slices.Values(q.Recipients)))
	for some := range slices.Chunk(recipients, pageSize) {
		list, err := s.ofSome(ctx, some, l.read)
		if err != nil {
			return err
		}
		for _, m := range list {
			if err := each(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// ofSome reads the messages of some recipients in one transaction.
func (s *Store) ofSome(ctx context.Context, recipients []string, read func(t *tx, key, raw []byte) (outbox.Message, bool, error)) (list []outbox.Message, err error) {
	err = s.view(ctx, func(t *tx) error {
		for _, r := range recipients {
			for k, raw := range t.pairs(messages, join(r, ""), nil) {
				m, ok, err := read(t, k, raw)
				if err != nil {
					return err
				}
				if ok {
					list = append(list, m)
				}
			}
		}
		return nil
	})
	return list, err
}

// wanted reads messages for a query. Those of other waves are told by their keys.
func wanted(q outbox.Query) func(t *tx, key, raw []byte) (outbox.Message, bool, error) {
	return func(_ *tx, key, raw []byte) (m outbox.Message, ok bool, err error) {
		if q.Wave != "" && split(key, 3)[1] != q.Wave {
			return m, false, nil
		}
		if len(q.States) > 0 && !mentions(raw, q.States) {
			return m, false, nil
		}
		m, err = decode[outbox.Message](raw)
		return m, len(q.States) == 0 || slices.Contains(q.States, m.State), err
	}
}

// mentions tells whether a record may have one of the states, without decoding it: most do not.
func mentions(raw []byte, states []outbox.State) bool {
	return slices.ContainsFunc(states, func(s outbox.State) bool { return bytes.Contains(raw, []byte(`"state":"`+s+`"`)) })
}

// Paused implements outbox.Store.
func (s *Store) Paused(ctx context.Context) (all bool, err error) {
	err = s.view(ctx, func(t *tx) error {
		all = t.has(meta, metaPaused)
		return nil
	})
	return all, err
}

// SetPaused implements outbox.Store.
func (s *Store) SetPaused(ctx context.Context, pause bool) error {
	return s.update(ctx, func(t *tx) error {
		if pause {
			return t.put(meta, metaPaused, []byte{})
		}
		return t.delete(meta, metaPaused)
	})
}

// PausedNetworks implements outbox.Store.
func (s *Store) PausedNetworks(ctx context.Context) (list []string, err error) {
	err = s.view(ctx, func(t *tx) error {
		for network := range t.pairs(paused, nil, nil) {
			list = append(list, string(network))
		}
		return nil
	})
	return list, err
}

// PauseNetworks implements outbox.Store.
func (s *Store) PauseNetworks(ctx context.Context, list []string, pause bool) error {
	return s.update(ctx, func(t *tx) error {
		for _, network := range list {
			var err error
			if pause {
				err = t.put(paused, []byte(network), []byte{})
			} else {
				err = t.delete(paused, []byte(network))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
