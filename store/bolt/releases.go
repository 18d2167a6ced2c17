package bolt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// KeepEdition keeps what people are asked from now on. What is kept already stays as it is; what
// was changed without a new version is kept beside it.
func (s *Store) KeepEdition(ctx context.Context, wave string, e survey.Edition) error {
	key := editionKey(wave, e)
	kept := false
	err := s.view(ctx, func(t *tx) error {
		kept = t.has(editions, key)
		return nil
	})
	if err != nil || kept {
		return err
	}
	return s.update(ctx, func(t *tx) error { return t.save(editions, key, e) })
}

func editionKey(wave string, e survey.Edition) []byte {
	sum := sha256.Sum256([]byte(e.Source))
	return join(wave, e.Version, hex.EncodeToString(sum[:8]))
}

// Editions are what was asked in a wave, in no order that means anything.
func (s *Store) Editions(ctx context.Context, wave string) (list []survey.Edition, err error) {
	err = s.view(ctx, func(t *tx) error {
		for _, raw := range t.pairs(editions, join(wave, ""), nil) {
			e, err := decode[survey.Edition](raw)
			if err != nil {
				return err
			}
			list = append(list, e)
		}
		return nil
	})
	return list, err
}

// Releases are the results of a wave that were released, the first one first: documents, as they
// were given to AddRelease.
func (s *Store) Releases(ctx context.Context, wave string) (list [][]byte, err error) {
	err = s.view(ctx, func(t *tx) error {
		for _, raw := range t.pairs(releases, join(wave, ""), nil) {
			list = append(list, bytes.Clone(raw))
		}
		return nil
	})
	return list, err
}

// AddRelease keeps the nth release of a wave, counted from 0. Somebody may have made it meanwhile:
// then the fault is a conflict, "store.released", and nothing is kept. What was released is known to
// people, so it is never changed and never removed.
func (s *Store) AddRelease(ctx context.Context, wave string, n int, document []byte) error {
	return s.update(ctx, func(t *tx) error {
		there := 0
		for range t.pairs(releases, join(wave, ""), nil) {
			there++
		}
		if there != n {
			return fault.New(fault.Conflict, "store.released", i18n.Args{"wave": wave})
		}
		return t.put(releases, join(wave, fmt.Sprintf("%06d", n)), document)
	})
}
