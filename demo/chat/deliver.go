package chat

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// answerTime is how long an app may take to answer.
const answerTime = 3 * time.Second

// What becomes of what a person does, beside what went wrong on the way.
var (
	// ErrTimeout: the app did not answer in time.
	ErrTimeout = errors.New("chat: operation_timeout")
	// ErrTrouble: the app's answer cannot be used; people read that there was trouble connecting.
	ErrTrouble = errors.New("chat: trouble connecting")
	// ErrCannot: Slack does not let this person do that.
	ErrCannot = errors.New("chat: not possible in Slack")
)

// Reply is an app's answer to what it was sent.
type Reply struct {
	Status int             `json:"-"`             // of the answer by HTTP; 200 over a socket
	Raw    json.RawMessage `json:"-"`             // as it came; empty: only acknowledged
	Type   string          `json:"response_type"` // ephemeral or in_channel
	Text   string          `json:"text"`
	Blocks []Block         `json:"blocks"`

	noRetry bool
}

// parcel is something for the app.
type parcel struct {
	door     string // commands, interactions or events: the last part of the address
	envelope string // the type of its envelope over a socket
	payload  any    // a command's form, or JSON
	retry    int
	reason   string
}

// deliver sends a parcel over a socket where one is connected, else to the request URL, and waits
// for the answer as long as Slack does.
func (s *Server) deliver(ctx context.Context, p parcel) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := s.send(ctx, p)
	if err != nil && (ctx.Err() != nil || isTimeout(err)) {
		err = fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return r, err
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

func (s *Server) send(ctx context.Context, p parcel) (Reply, error) {
	if sock := s.someSocket(); sock != nil {
		return s.sendSocket(ctx, sock, p)
	}
	s.mu.Lock()
	to := s.requestURL
	s.mu.Unlock()
	if to == "" {
		return Reply{}, errors.New("chat: no app is connected and there is no request URL")
	}
	if beside, ok := strings.CutSuffix(to, "/commands"); ok {
		to = beside + "/" + p.door
	}
	body, kind, err := p.encode()
	if err != nil {
		return Reply{}, err
	}
	return s.request(ctx, to, body, http.Header{"Content-Type": {kind}, "X-Slack-Retry-Num": p.retries(), "X-Slack-Retry-Reason": p.reasons()})
}

// encode is a parcel's body: a form for commands, a form with one field for interactions, JSON for
// events.
func (p parcel) encode() (body []byte, kind string, err error) {
	const form = "application/x-www-form-urlencoded"
	if f, ok := p.payload.(url.Values); ok {
		return []byte(f.Encode()), form, nil
	}
	raw, err := json.Marshal(p.payload)
	if p.door == "events" {
		return raw, "application/json", err
	}
	return []byte(url.Values{"payload": {string(raw)}}.Encode()), form, err
}

func (p parcel) retries() []string {
	if p.retry == 0 {
		return nil
	}
	return []string{strconv.Itoa(p.retry)}
}

func (p parcel) reasons() []string {
	if p.retry == 0 {
		return nil
	}
	return []string{p.reason}
}

// request posts a signed body to the app.
func (s *Server) request(ctx context.Context, to string, body []byte, header http.Header) (Reply, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return Reply{}, err
	}
	for name, values := range header {
		if len(values) > 0 {
			r.Header[name] = values
		}
	}
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	s.Sign(r.Header, body)
	res, err := s.client.Do(r)
	if err != nil {
		return Reply{}, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxCall))
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Status: res.StatusCode, Raw: raw, noRetry: res.Header.Get("X-Slack-No-Retry") == "1"}
	if res.StatusCode != http.StatusOK {
		return reply, fmt.Errorf("chat: the app answered with status %d", res.StatusCode)
	}
	return reply, nil
}

// Sign sets the headers by which an app knows that a body is from Slack.
func (s *Server) Sign(h http.Header, body []byte) {
	at := strconv.FormatInt(s.options.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.options.SigningSecret))
	mac.Write([]byte("v0:" + at + ":"))
	mac.Write(body)
	h.Set("X-Slack-Request-Timestamp", at)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// newID is a short random name.
func (s *Server) newID() string { return strings.ToLower(rand.Text()[:10]) }
