package bot

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"viesti/demo/chat"
)

// slackAsks is a request as Slack signs it now; change may spoil it.
func slackAsks(b *Bot, path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	chat.New(chat.Options{SigningSecret: b.config.SigningSecret.Reveal()}).Sign(r.Header, []byte(body))
	if change != nil {
		change(r)
	}
	rec := httptest.NewRecorder()
	b.HTTP().ServeHTTP(rec, r)
	return rec
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func unsigned(r *http.Request) {
	r.Header.Del("X-Slack-Signature")
	r.Header.Del("X-Slack-Request-Timestamp")
}

func TestHTTPRefusesWhatSlackDidNotSign(t *testing.T) {
	at := func(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }
	command := url.Values{"command": {"/viesti"}, "text": {"help"}, "user_id": {"U0ADMIN"}}.Encode()
	challenge := `{"type":"url_verification","challenge":"abc"}`
	const commands, events, interactions = "/slack/commands", "/slack/events", "/slack/interactions"
	for name, c := range map[string]struct {
		path, body string
		change     func(*http.Request)
		want       int
		says       string
	}{
		"good":             {commands, command, nil, 200, `"response_type":"ephemeral"`},
		"no signature":     {commands, command, unsigned, 401, ""},
		"no timestamp":     {commands, command, func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, 401, ""},
		"wrong signature":  {commands, command, header("X-Slack-Signature", "v0="+strings.Repeat("0", 64)), 401, ""},
		"short signature":  {commands, command, header("X-Slack-Signature", "v0=00"), 401, ""},
		"odd signature":    {commands, command, header("X-Slack-Signature", "v0=zz"), 401, ""},
		"other version":    {commands, command, header("X-Slack-Signature", "v1="+strings.Repeat("0", 64)), 401, ""},
		"other timestamp":  {commands, command, header("X-Slack-Request-Timestamp", at(-time.Minute)), 401, ""},
		"no number":        {commands, command, header("X-Slack-Request-Timestamp", "now"), 401, ""},
		"old":              {commands, command, header("X-Slack-Request-Timestamp", at(-6*time.Minute)), 401, ""},
		"from the future":  {commands, command, header("X-Slack-Request-Timestamp", at(6*time.Minute)), 401, ""},
		"other body":       {commands, command, func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(command + "&x=1")) }, 401, ""},
		"too large":        {commands, strings.Repeat("x", maxBody+1), nil, 413, ""},
		"certificate":      {commands, "ssl_check=1&token=x", unsigned, 200, ""},
		"not a command":    {commands, "x=1", nil, 400, ""},
		"by its address":   {commands + "?command=/viesti&text=help", "x=1", nil, 400, ""},
		"broken form":      {commands, "command=%zz", nil, 400, ""},
		"elsewhere":        {"/slack/other", command, nil, 404, ""},
		"get":              {commands, command, func(r *http.Request) { r.Method = http.MethodGet }, 405, ""},
		"get events":       {events, "", func(r *http.Request) { r.Method = http.MethodGet }, 405, ""},
		"certificate, get": {commands + "?ssl_check=1", "", func(r *http.Request) { r.Method = http.MethodGet; unsigned(r) }, 200, ""},
		"challenge":        {events, challenge, nil, 200, "abc"},
		"forged challenge": {events, challenge, unsigned, 401, ""},
		"event":            {events, `{"type":"event_callback","event_id":"Ev1"}`, nil, 200, ""},
		"no event":         {events, `[`, nil, 400, ""},
		"empty event":      {events, ``, nil, 400, ""},
		"event of a list":  {events, `[]`, nil, 400, ""},
		"interaction":      {interactions, url.Values{"payload": {`{"type":"block_actions","trigger_id":"1"}`}}.Encode(), nil, 200, ""},
		"no interaction":   {interactions, "payload=", nil, 400, ""},
		"by its address 2": {interactions + "?payload=%7B%7D", "x=1", nil, 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := testBot(t, testDesk{networks: someNetworks()}, nil)
			rec := slackAsks(b, c.path, c.body, c.change)
			if rec.Code != c.want || !strings.Contains(rec.Body.String(), c.says) || c.says == "" && c.want == 200 && rec.Body.Len() > 0 {
				t.Errorf("status %d, want %d: %s", rec.Code, c.want, rec.Body)
			}
			if again := rec.Header().Get("X-Slack-No-Retry"); (again == "1") != (c.want >= 400 && c.want != 404) && name != "get events" {
				t.Errorf("no-retry %q with status %d", again, rec.Code)
			}
		})
	}
}

// TestHTTPTakesEachRequestOnce: Slack's own repetitions carry a new signature and the same event,
// somebody else's carry the old one.
func TestHTTPTakesEachRequestOnce(t *testing.T) {
	var asked atomic.Int64
	b := testBot(t, counting{testDesk{networks: someNetworks()}, &asked}, func(o *Options) {
		o.Config.APIURL = answered(t, 200, "", `{"ok":true,"team_id":"T1"}`)
	})
	command := url.Values{"command": {"/viesti"}, "text": {"status"}, "user_id": {"U0ADMIN"}, "team_id": {"T1"}}.Encode()
	var first *http.Request
	if rec := slackAsks(b, pathCommands, command, func(r *http.Request) { first = r.Clone(t.Context()) }); rec.Body.Len() == 0 {
		t.Fatal("no answer")
	}
	for name, change := range map[string]func(h http.Header){
		"as it was":   func(http.Header) {},
		"in capitals": func(h http.Header) { h.Set("X-Slack-Signature", "v0="+strings.ToUpper(h.Get("X-Slack-Signature")[3:])) },
	} {
		rec := slackAsks(b, pathCommands, command, func(r *http.Request) { r.Header = first.Header.Clone(); change(r.Header) })
		if rec.Code != http.StatusOK || rec.Body.Len() > 0 {
			t.Errorf("sent again %s: %d %s", name, rec.Code, rec.Body)
		}
	}
	triggered := command + "&trigger_id=1.2"
	slackAsks(b, pathCommands, triggered, nil)
	if rec := slackAsks(b, pathCommands, triggered+"&x=1", nil); rec.Code != http.StatusOK || rec.Body.Len() > 0 {
		t.Errorf("the same trigger: %d %s", rec.Code, rec.Body)
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("two commands were answered %d times", n)
	}
}

type counting struct {
	testDesk
	asked *atomic.Int64
}

func (d counting) Status(ctx context.Context, network string) (Status, error) {
	d.asked.Add(1)
	return d.testDesk.Status(ctx, network)
}

func TestHTTPTakesEventsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := testBot(t, nil, func(o *Options) { o.Now = time.Now })
		event := func(id, kind string, change func(*http.Request)) {
			body := `{"type":"event_callback","event_id":"` + id + `","event":{"type":"` + kind + `","channel":"C1"}}`
			if rec := slackAsks(b, pathEvents, body, change); rec.Code != http.StatusOK || rec.Body.Len() > 0 {
				t.Errorf("%s: %d %s", id, rec.Code, rec.Body)
			}
			synctest.Wait()
		}
		event("Ev1", "channel_archive", nil)
		if len(b.Health().Problems) != 1 {
			t.Errorf("health %+v", b.Health())
		}
		event("Ev2", "channel_unarchive", nil)
		for i, wait := range []time.Duration{0, time.Minute, 5 * time.Minute} { // as Slack tries
			time.Sleep(wait + time.Second)
			event("Ev1", "channel_archive", func(r *http.Request) {
				r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(i+1))
				r.Header.Set("X-Slack-Retry-Reason", "http_timeout")
			})
		}
		if p := b.Health().Problems; len(p) != 0 {
			t.Errorf("an old event was taken again: %+v", p)
		}
	})
}

// TestForgedRequestsAreSeen: only while no request has been right can it be the secret's fault.
func TestForgedRequestsAreSeen(t *testing.T) {
	b := testBot(t, testDesk{}, nil)
	forge := func() { slackAsks(b, pathCommands, "command=/viesti", unsigned) }
	forge()
	if p := b.Health().Problems; len(p) != 1 || p[0].Code != codeSignature {
		t.Errorf("problems %+v", p)
	}
	slackAsks(b, pathCommands, "command=/viesti", nil)
	forge()
	if h := b.Health(); len(h.Problems) != 0 || h.Heard.IsZero() {
		t.Errorf("health %+v", h)
	}
}

// TestSlacksOwnSignature checks the request that Slack publishes with its signature, at its time.
func TestSlacksOwnSignature(t *testing.T) {
	const body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands" +
		"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Unix(1531420618, 0)))
		b := testBot(t, testDesk{}, func(o *Options) { o.Config.SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5" })
		r := httptest.NewRequest(http.MethodPost, "/slack/commands", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Slack-Request-Timestamp", "1531420618")
		r.Header.Set("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
		rec := httptest.NewRecorder()
		b.HTTP().ServeHTTP(rec, r)
		if rec.Code != http.StatusOK || rec.Body.Len() == 0 {
			t.Errorf("status %d: %s", rec.Code, rec.Body)
		}
	})
}

func TestOffHasNoAddresses(t *testing.T) {
	b := testBot(t, nil, func(o *Options) { o.Config.Mode = Off })
	rec := httptest.NewRecorder()
	b.HTTP().ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/slack/commands", nil))
	if rec.Code != http.StatusNotFound || b.Health().State != StateOff {
		t.Errorf("status %d, %+v", rec.Code, b.Health())
	}
	if list, notes := b.Check(t.Context(), someNetworks(), ""); list != nil || notes != nil {
		t.Error(list)
	}
}
