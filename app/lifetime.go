package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
)

// lifetime is what has to be undone when the program ends, last in first out. A start that fails
// half way is rolled back by the same steps.
type lifetime struct {
	log   *slog.Logger
	steps []stop
}

type stop struct {
	name string
	run  func(ctx context.Context) error
}

func (l *lifetime) onStop(name string, run func(ctx context.Context) error) {
	l.steps = append(l.steps, stop{name, run})
}

// end runs every step, whatever the ones before it said.
func (l *lifetime) end(ctx context.Context) error {
	var errs []error
	for _, s := range slices.Backward(l.steps) {
		l.log.Debug("stopping", "step", s.name)
		if err := s.run(ctx); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	l.steps = nil
	return errors.Join(errs...)
}
