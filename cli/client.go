package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/user"
	"syscall"

	"viesti/app"
	"viesti/config"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server/control"
)

// client speaks to the control API: that of the running server, or one in this process.
type client struct {
	http  *http.Client
	lang  i18n.Lang
	local *app.App // nil beside a running server
}

// answered is what the API said instead of a result.
type answered struct{ control.Problems }

func (a answered) Error() string { return fmt.Sprintf("the command was refused: %v", a.Problems) }

// connect finds the running server, or opens the store itself. Close has to be called.
func (p *program) connect(ctx context.Context) (*client, error) {
	c, err := p.config()
	if err != nil {
		return nil, err
	}
	socket := app.SocketPath(c.Store.Path)
	conn, err := net.Dial("unix", socket)
	if err == nil {
		_ = conn.Close()
		return &client{lang: p.lang, http: &http.Client{Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "unix", socket)
			},
		}}}, nil
	}
	if !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ECONNREFUSED) {
		return nil, fault.Wrap(err, fault.Unavailable, "cli.socket", i18n.Args{"file": socket})
	}
	return p.open(ctx, c)
}

func (p *program) open(ctx context.Context, c config.Config) (*client, error) {
	local, err := app.New(ctx, c, app.Options{Log: p.logger(slog.LevelError), DNS: p.DNS})
	if err != nil {
		return nil, err
	}
	return &client{lang: p.lang, local: local, http: &http.Client{Transport: inProcess{local.Control()}}}, nil
}

func (p *program) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: level}))
}

func (c *client) close(ctx context.Context) error {
	if c.local == nil {
		return nil
	}
	return c.local.Close(ctx)
}

// call sends in as JSON (nil: no body) and reads the answer into out.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	res, err := c.send(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		return fault.Wrap(err, fault.Internal, "cli.broken_answer", nil)
	}
	return nil
}

// send sends in as it is when it is a reader, else as JSON.
func (c *client) send(ctx context.Context, method, path string, in any) (*http.Response, error) {
	body, raw := in.(io.Reader)
	if in != nil && !raw {
		raw, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://viesti"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Language", string(c.lang))
	req.Header.Set(control.UserHeader, account())
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "cli.server_gone", nil)
	}
	if res.StatusCode == http.StatusOK {
		return res, nil
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	var refused answered
	if json.NewDecoder(res.Body).Decode(&refused.Problems) != nil || len(refused.Problems.Problems) == 0 {
		return nil, fault.New(fault.Internal, "cli.broken_answer", nil)
	}
	return nil, refused
}

// account is who runs the command, as the machine knows them.
func account() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// inProcess is a transport whose other end is a handler.
type inProcess struct{ handler http.Handler }

// RoundTrip runs the handler beside its reader, so that a backup is streamed here as well.
func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	body, out := io.Pipe()
	w := &pipeWriter{header: http.Header{}, out: out, begun: make(chan struct{})}
	if req.Body == nil {
		req.Body = http.NoBody
	}
	go func() {
		defer func() {
			if p := recover(); p != nil {
				_ = out.CloseWithError(fmt.Errorf("cli: %v", p))
			}
			w.WriteHeader(http.StatusOK)
			_ = out.Close()
		}()
		t.handler.ServeHTTP(w, req)
	}()
	select {
	case <-w.begun:
		return &http.Response{StatusCode: w.status, Header: w.header, Body: body, Request: req}, nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

type pipeWriter struct {
	header http.Header
	out    *io.PipeWriter
	begun  chan struct{}
	status int
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		close(w.begun)
	}
}

func (w *pipeWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.out.Write(b)
}
