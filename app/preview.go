package app

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"viesti/internal/fault"
	"viesti/server"
	"viesti/server/preview"
	"viesti/survey"
)

// Preview shows a questionnaire to its author until ctx ends; it needs no configuration and no
// store. ready is called with the address when it listens.
func Preview(ctx context.Context, name, address string, log *slog.Logger, ready func(address string)) error {
	r, err := server.New(server.Options{Logger: log, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		return err
	}
	err = preview.Register(r, func() (*survey.Questionnaire, fault.List) { return survey.Inspect(name) })
	if err != nil {
		return err
	}
	l, err := listenOn("tcp", address)
	if err != nil {
		return err
	}
	ready(l.Addr().String())
	return serve(ctx, l, r, log)
}
