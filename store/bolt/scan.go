package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"viesti/survey"
)

// ScanResponses reads every sent response of a wave, on as many goroutines as there are processors;
// each has a function of its own, which reader makes, so that it can count without a lock. With only,
// a question's id, a response has no other answers, and most of it is passed over. The order means
// nothing. What arrives meanwhile may be read or not.
func (s *Store) ScanResponses(ctx context.Context, wave, only string, reader func() func(survey.Response) error) error {
	group, ctx := errgroup.WithContext(ctx)
	parts := make(chan part)
	for range runtime.GOMAXPROCS(0) {
		do := reader()
		group.Go(func() error {
			for p := range parts {
				if err := s.scan(ctx, responses(wave), p, func(id, raw []byte) error {
					r, err := pick(raw, only)
					if err != nil {
						return err
					}
					r.ID = string(id)
					return do(r)
				}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(parts)
		for _, p := range shares() {
			select {
			case parts <- p:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

// part is a share of the keys: from a key, and before another (nil: to the end).
type part struct{ from, until []byte }

// shares are parts that random ids in hexadecimal fill evenly; any other key is in one of them too.
func shares() []part {
	list := []part{{from: nil}}
	for i := range 256 {
		edge := fmt.Appendf(nil, "%02x", i)
		list[len(list)-1].until = edge
		list = append(list, part{from: edge})
	}
	return list
}

// scan calls do for the values of a part, inside of transactions that are short: one that lasts keeps
// all pages that are changed meanwhile.
func (s *Store) scan(ctx context.Context, b bucket, p part, do func(id, raw []byte) error) error {
	for more := true; more; {
		err := s.view(ctx, func(t *tx) error {
			more = false
			found := t.bucket(b)
			if found == nil {
				return nil
			}
			n := 0
			c := found.Cursor()
			for k, raw := c.Seek(p.from); k != nil && (p.until == nil || bytes.Compare(k, p.until) < 0); k, raw = c.Next() {
				if n++; n > pageSize {
					p.from, more = bytes.Clone(k), true
					return nil
				}
				if err := do(k, raw); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// answersKey begins the answers of a record. In a record all keys are ids and names of ours, which
// have no quotes in them, and quotes in a text are escaped: so a key between quotes is never found
// in what somebody wrote.
var answersKey = []byte(`"answers":{`)

// pick reads a response, with one answer only where a question is given.
func pick(raw []byte, only string) (survey.Response, error) {
	if only == "" {
		return decode[survey.Response](raw)
	}
	head, rest, ok := bytes.Cut(raw, answersKey)
	if !ok { // nothing was answered
		return decode[survey.Response](raw)
	}
	r, err := decode[survey.Response](append(bytes.TrimSuffix(bytes.Clone(head), []byte(",")), '}'))
	if err != nil {
		return r, err
	}
	key := append(append([]byte{'"'}, only...), `":{`...)
	at := bytes.Index(rest, key)
	if at < 0 {
		return r, nil
	}
	if only == "rows" { // is also the name of a part of an answer
		return decode[survey.Response](raw)
	}
	var a survey.Answer
	if err := json.NewDecoder(bytes.NewReader(rest[at+len(key)-1:])).Decode(&a); err != nil {
		return r, fmt.Errorf("store: decode an answer: %w", err)
	}
	r.Answers = survey.Answers{only: a}
	return r, nil
}
