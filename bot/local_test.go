package bot

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"

	"viesti/demo/chat"
)

// local is a workspace that is reached without a network, so that hours with it pass at once.
type local struct {
	*chat.Server
	calls func(method string) *chat.Fault // what becomes of calls; set before the bot runs
	opens atomic.Int64                    // how often a connection was asked for
	last  atomic.Int64                    // when that was, in nanoseconds
	pipes chan net.Conn
}

// inLocal runs a test with a local workspace in a bubble of fake time.
func inLocal(t *testing.T, test func(t *testing.T, w *local)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &local{pipes: make(chan net.Conn)}
		w.Server = chat.New(chat.Options{
			Token: "xoxb-1", AppToken: "xapp-1", SigningSecret: "secret", Now: time.Now,
			Channels: []chat.Channel{{ID: "C0POMAKO01", Name: "pomako", Joined: true}},
			Users:    []chat.User{{ID: "U0ADMIN", Name: "Aino"}},
			Fail: func(method string) *chat.Fault {
				if method == methodOpen {
					w.opens.Add(1)
					w.last.Store(time.Now().UnixNano())
				}
				if w.calls == nil {
					return nil
				}
				return w.calls(method)
			},
		})
		s := &http.Server{Handler: w.Server}
		done := make(chan error, 1)
		go func() { done <- s.Serve(w) }()
		test(t, w)
		_ = w.Server.Close()
		_ = s.Close()
		<-done
		synctest.Wait()
	})
}

// Accept, Close and Addr make it a listener.
func (w *local) Accept() (net.Conn, error) {
	c, ok := <-w.pipes
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (w *local) Close() error   { close(w.pipes); return nil }
func (w *local) Addr() net.Addr { return &net.TCPAddr{} }

func (w *local) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case w.pipes <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run runs a bot in Socket Mode until stop is called.
func (w *local) run(t *testing.T, d Desk, change func(*Options)) (b *Bot, stop func()) {
	t.Helper()
	transport := &http.Transport{DialContext: w.dial, DisableKeepAlives: true}
	b = testBot(t, d, func(o *Options) {
		o.Config.APIURL, o.Config.Mode, o.Now = "http://slack.test/api/", Socket, time.Now
		o.transport = transport
		o.sockets = []socketmode.Option{socketmode.OptionDialer(&websocket.Dialer{NetDialContext: w.dial, WriteBufferSize: 32 << 10})}
		if change != nil {
			change(o)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	synctest.Wait()
	return b, func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run ended with %v", err)
		}
	}
}

// connected wants the bot to be connected within a time.
func (w *local) connected(t *testing.T, b *Bot, within time.Duration) {
	t.Helper()
	for end := time.Now().Add(within); b.Health().State != StateConnected; {
		if time.Now().After(end) {
			t.Fatalf("not connected within %s: %+v", within, b.Health())
		}
		time.Sleep(10 * time.Millisecond)
	}
	synctest.Wait()
}
