package chat

import (
	"bytes"
	"context"
	"crypto/hmac"
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

// answerTime is how long an app may take to answer a command.
const answerTime = 3 * time.Second

// ErrTimeout is what became of a command that the app did not answer in time.
var ErrTimeout = errors.New("chat: operation_timeout")

// Reply is an app's answer to a command.
type Reply struct {
	Status int             `json:"-"`             // of the answer by HTTP; 200 over a socket
	Raw    json.RawMessage `json:"-"`             // as it came; empty: only acknowledged
	Type   string          `json:"response_type"` // ephemeral or in_channel
	Text   string          `json:"text"`
	Blocks []Block         `json:"blocks"`
}

// Command types text after the app's command, as a user in a channel, and gives what the app
// answered. The answer is shown to the user on the page.
func (s *Server) Command(ctx context.Context, user, channel, text string) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	reply, err := s.deliver(ctx, s.form(user, channel, text))
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	}
	if err != nil {
		return Reply{}, err
	}
	if len(reply.Raw) > 0 {
		if err := json.Unmarshal(reply.Raw, &reply); err != nil {
			return reply, fmt.Errorf("chat: the app's answer is not JSON: %w", err)
		}
		if faults := checkBlocks(reply.Blocks); faults != nil {
			return reply, fmt.Errorf("chat: the app's answer has invalid blocks: %s", strings.Join(faults, "; "))
		}
		s.show(user, channel, reply)
	}
	return reply, nil
}

// show puts an answer into the channel: for the user alone unless it says otherwise.
func (s *Server) show(user, channel string, r Reply) {
	p := Post{Channel: channel, Only: user, Text: r.Text, Blocks: r.Blocks}
	if r.Type == "in_channel" {
		p.Only = ""
	}
	s.say(p)
}

// escaper escapes what people type, as Slack does.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// form is a slash command as Slack sends it.
func (s *Server) form(user, channel, text string) url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	f := url.Values{}
	f.Set("team_id", teamID)
	f.Set("team_domain", "viesti-demo")
	f.Set("channel_id", channel)
	if c, ok := s.channel(channel); ok {
		f.Set("channel_name", c.Name)
	}
	f.Set("user_id", user)
	f.Set("command", s.options.Command)
	f.Set("text", escaper.Replace(text))
	f.Set("api_app_id", appID)
	f.Set("is_enterprise_install", "false")
	f.Set("trigger_id", fmt.Sprintf("%d.%d", s.options.Now().UnixMicro(), s.serial))
	return f
}

// deliver sends a command over a socket where one is connected, else to the request URL.
func (s *Server) deliver(ctx context.Context, form url.Values) (Reply, error) {
	if socket := s.someSocket(); socket != nil {
		return socket.command(ctx, form)
	}
	s.mu.Lock()
	to := s.requestURL
	s.mu.Unlock()
	if to == "" {
		return Reply{}, errors.New("chat: no app is connected and there is no request URL")
	}
	return s.request(ctx, to, []byte(form.Encode()))
}

// request posts a signed body to the app.
func (s *Server) request(ctx context.Context, to string, body []byte) (Reply, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return Reply{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
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
	if res.StatusCode != http.StatusOK {
		return Reply{Status: res.StatusCode}, fmt.Errorf("chat: the app answered with status %d", res.StatusCode)
	}
	return Reply{Status: res.StatusCode, Raw: raw}, nil
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
