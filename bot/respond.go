package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// respondTime is how long Slack may take to take a later answer.
const respondTime = 5 * time.Second

// errNotSlack is what becomes of an answer to an address that is not Slack's.
var errNotSlack = errors.New("slack: a response_url leads elsewhere")

// respond sends a message to a response_url, which whoever pressed or typed something gave us. It
// carries no token, follows no redirect and goes to Slack alone.
func (p *port) respond(ctx context.Context, to string, m shown) error {
	if !p.isSlack(to) {
		return errNotSlack
	}
	ctx, cancel := context.WithTimeout(ctx, respondTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(encode(m)))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", userAgent)
	res, err := p.wire.next.RoundTrip(r)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // nothing of it matters
	if res.StatusCode == http.StatusOK {
		return nil
	}
	var a answer
	_ = json.NewDecoder(http.MaxBytesReader(nil, res.Body, maxBody)).Decode(&a) // the status says enough
	return &refusal{Method: "response_url", Code: http.StatusText(res.StatusCode) + " " + a.Error}
}

// isSlack tells whether an address is Slack's own for later answers, or that of the server which
// stands in for Slack's Web API.
func (p *port) isSlack(to string) bool {
	u, err := url.Parse(to)
	if err != nil || u.User != nil {
		return false
	}
	if u.Scheme == "https" && (u.Host == "hooks.slack.com" || u.Host == "hooks.slack-gov.com") {
		return true
	}
	return u.Scheme == p.base.Scheme && u.Host == p.base.Host && p.base.Host != "slack.com"
}
