package bolt

import (
	"context"

	"viesti/report/reading"
)

// Decisions implements reading.Store.
func (s *Store) Decisions(ctx context.Context, wave string) ([]reading.Decision, error) {
	return all[reading.Decision](ctx, s, readings(wave))
}

// Decide implements reading.Store.
func (s *Store) Decide(ctx context.Context, wave string, list []reading.Decision) error {
	return s.update(ctx, func(t *tx) error {
		for _, d := range list {
			if err := t.save(readings(wave), []byte(d.Hash), d); err != nil {
				return err
			}
		}
		return nil
	})
}
