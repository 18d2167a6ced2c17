package bolt

import (
	"bytes"
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"viesti/survey"
)

// ScanResponses reads every sent response of a wave, on as many goroutines as there are processors;
// each has a function of its own, which reader makes, so that it can count without a lock. What a
// function is given is the wave, day, version, id and answers of a response, to be read until it
// returns and not changed. With only, a question's id, a response has no other answers, and most of
// it is passed over. The order means nothing. What arrives meanwhile may be read or not.
func (s *Store) ScanResponses(ctx context.Context, wave, only string, reader func() func(survey.Response) error) error {
	group, ctx := errgroup.WithContext(ctx)
	parts := make(chan part)
	for range runtime.GOMAXPROCS(0) {
		do, d := reader(), newDecoder(wave, only)
		group.Go(func() error {
			for p := range parts {
				if err := s.scan(ctx, responses(wave), p, func(id, raw []byte) error {
					r, err := d.response(raw)
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
