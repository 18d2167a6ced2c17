package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"viesti/i18n"
	"viesti/internal/fault"
)

// How long things may take to finish when the program is told to stop.
const (
	drain    = 20 * time.Second // messages in flight
	requests = 10 * time.Second // pages and commands
)

// Running is told where the program listens, once it does.
type Running struct {
	Web     string // host and port
	Metrics string // host and port; empty: on Web
	Bounces string // host and port; empty: off
}

// Serve runs the program until ctx ends: pages, commands, sending, reminders, Slack. Then it takes
// no new work, finishes what is in flight and returns nil. ready is called when it listens.
func (a *App) Serve(ctx context.Context, ready func(Running)) error {
	defer debug.SetGCPercent(debug.SetGCPercent(GCPercent))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	web, err := listenOn("tcp", a.Config.Web.Listen)
	if err != nil {
		return err
	}
	defer web.Close() //nolint:errcheck // closed by its server, unless the start failed
	socket := SocketPath(a.Config.Store.Path)
	_ = os.Remove(socket) // the store is ours, so whoever left it is gone
	commands, err := listenOn("unix", socket)
	if err != nil {
		return err
	}
	defer os.Remove(socket) //nolint:errcheck // gone with its listener as a rule
	if err := os.Chmod(socket, 0o600); err != nil {
		return err
	}

	if err := a.Store.KeepEdition(ctx, a.Config.Survey.Wave, a.fieldwork.Questionnaire.Edition(a.day())); err != nil {
		return err
	}
	running := Running{Web: web.Addr().String()}
	stopping := ctx
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve(ctx, web, a.web, a.options.Log) })
	group.Go(func() error { return serve(ctx, commands, a.control, a.options.Log) })
	if a.Config.Web.Metrics != "" {
		metrics, err := listenOn("tcp", a.Config.Web.Metrics)
		if err != nil {
			return err
		}
		running.Metrics = metrics.Addr().String()
		group.Go(func() error { return serve(ctx, metrics, a.metrics(), a.options.Log) })
	}
	if running.Bounces, err = a.serveBounces(ctx, group); err != nil {
		return err
	}
	group.Go(func() error { return a.Worker.Run(ctx) })
	group.Go(func() error { return a.Campaign.Run(ctx) })
	group.Go(func() error { return a.sweep(ctx) })
	group.Go(func() error { return a.keepPrivacy(ctx) })
	group.Go(func() error { return a.prepareResults(ctx) })
	group.Go(func() error { return a.tell(ctx) })
	group.Go(func() error { return a.KeepMemory(ctx) })
	if a.Bot != nil {
		group.Go(func() error { return a.Bot.Run(ctx) })
		group.Go(func() error { return a.Bot.KeepCards(ctx) })
	}
	ready(running)
	if err := group.Wait(); err != nil && (stopping.Err() == nil || !errors.Is(err, context.Canceled)) {
		return err
	}
	return nil
}

// Send sends what is in the outbox until ctx ends, without pages: for a command that waits while
// no server runs.
func (a *App) Send(ctx context.Context) error { return a.Worker.Run(ctx) }

func listenOn(network, address string) (net.Listener, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "app.listen", i18n.Args{"address": address})
	}
	return l, nil
}

// serve serves until ctx ends, then lets requests finish.
func serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan error, 1)
	unhook := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), requests)
		defer cancel()
		stopped <- s.Shutdown(grace)
	})
	err := s.Serve(l)
	if !errors.Is(err, http.ErrServerClosed) {
		unhook()
		return err
	}
	if err := <-stopped; err != nil {
		log.Warn("requests did not finish in time", "err", err)
	}
	return nil
}

// longestSocket is how long a unix socket's path may be on the systems we know (sun_path).
const longestSocket = 100

// SocketPath is where the commands' API listens: beside the store, or where that path would be
// too long for a socket, in the temporary folder under a name made of it.
func SocketPath(store string) string {
	path := store + ".sock"
	if len(path) <= longestSocket {
		return path
	}
	return filepath.Join(os.TempDir(), "viesti-"+digest(path)+".sock")
}
