package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"path"
	"strconv"
	"sync/atomic"
	"time"
)

// callTime is how long one call of the Web API may take, its answer included; slack-go sets no
// limit of its own. The largest answer read is a page of a channel's history.
const (
	callTime  = 10 * time.Second
	maxAnswer = 8 << 20
)

const userAgent = "Viesti (slack-go)"

// exchange is what one call came to on the wire: what slack-go makes of an answer leaves out
// what has to be known before a message is sent again.
type exchange struct {
	method string
	as     string      // what the method is called where the address is a secret; empty: by its address
	begun  atomic.Bool // request bytes may have reached Slack
	status int         // 0: no whole answer
	after  string      // Retry-After
	parsed bool        // the body is a JSON object
	answer answer
	scopes string    // that the token has, as far as Slack said
	date   time.Time // by Slack's clock; zero when it did not say
}

// answer is the part of Slack's answers that all of them have.
type answer struct {
	OK       *bool  `json:"ok"`
	Error    string `json:"error"`
	Needed   string `json:"needed"`
	Metadata struct {
		Messages []string `json:"messages"`
	} `json:"response_metadata"`
	Channel any `json:"channel"` // an id or, from some methods, an object
	TS      any `json:"ts"`
}

type exchangeKey struct{}

// in gives ctx the exchange, for the wire to fill.
func (x *exchange) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func (x *exchange) ok() bool {
	return x.status == http.StatusOK && x.parsed && x.answer.OK != nil && *x.answer.OK
}

// code names what went wrong, in Slack's words where it said something.
func (x *exchange) code() string {
	switch {
	case x.parsed && x.answer.Error != "":
		return x.answer.Error
	case x.status == http.StatusOK || x.status == 0:
		return "no_answer"
	default:
		return "http_" + strconv.Itoa(x.status)
	}
}

// posted is where a message was put and which it is there; ok is false unless Slack named both.
func (x *exchange) posted() (channel, ts string, ok bool) {
	channel, _ = x.answer.Channel.(string)
	ts, _ = x.answer.TS.(string)
	return channel, ts, x.ok() && channel != "" && ts != ""
}

// retryAfter is how long Slack asks to wait: whole seconds, though dates and nothing at all have
// been seen (RFC 9110, 10.2.3).
func (x *exchange) retryAfter(now time.Time) time.Duration {
	const unknown, least = time.Minute, time.Second
	if n, err := strconv.Atoi(x.after); err == nil && n >= 0 {
		return max(time.Duration(n)*time.Second, least)
	}
	if at, err := http.ParseTime(x.after); err == nil {
		return max(at.Sub(now), least)
	}
	return unknown
}

// wire is the transport of every call: it bounds time and size, keeps the exchange, and never
// sends anything twice.
type wire struct {
	next    http.RoundTripper
	gate    *gate
	observe func(x *exchange, took time.Duration)
	now     func() time.Time
}

// RoundTrip sends one request and reads its whole answer.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	x, ok := r.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		x = &exchange{}
	}
	if x.method = x.as; x.as == "" {
		x.method = path.Base(r.URL.Path)
	}
	if x.method == methodOpen {
		if err := w.gate.wait(r.Context()); err != nil {
			return nil, err
		}
	}
	begun := w.now()
	res, err := w.exchange(r, x)
	if r.Context().Err() == nil { // else the caller went, which tells nothing of Slack
		w.observe(x, w.now().Sub(begun))
	}
	if x.method == methodOpen && x.status == http.StatusTooManyRequests {
		w.gate.hold(x.retryAfter(w.now()))
	}
	return res, err
}

func (w wire) exchange(r *http.Request, x *exchange) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(x.trace(r.Context()), callTime)
	defer cancel()
	r = r.Clone(ctx)
	r.Header.Set("User-Agent", userAgent)
	res, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = errors.New("slack's answer is too long")
	}
	if err != nil {
		return nil, err
	}
	x.status, x.after, x.scopes = res.StatusCode, res.Header.Get("Retry-After"), res.Header.Get("X-OAuth-Scopes")
	x.date, _ = http.ParseTime(res.Header.Get("Date"))
	x.parsed = json.Unmarshal(body, &x.answer) == nil
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// trace notes when bytes of the request leave. Go's transport begins again by itself only when
// none of the first attempt were taken, and gets a new connection to do so.
func (x *exchange) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { x.begun.Store(false) },
		WroteHeaders: func() { x.begun.Store(true) },
	})
}
