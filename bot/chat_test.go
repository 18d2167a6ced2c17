package bot

import (
	"context"
	"encoding/json"
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
	"viesti/i18n"
	"viesti/outbox"
)

// workspace is a Slack-shaped server with channels for the test's networks.
type workspace struct {
	*chat.Server
	url  string
	fail atomic.Pointer[chat.Fault] // of the next post
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := &workspace{}
	w.Server = chat.New(chat.Options{
		Token: "xoxb-1", AppToken: "xapp-1", SigningSecret: "secret",
		Channels: []chat.Channel{{ID: "C0POMAKO01", Name: "pomako", Joined: true}, {ID: "C0ETNOEAST", Name: "etno"}, {ID: "C0PRIVATE", Name: "p", Private: true}},
		Users:    []chat.User{{ID: "U0ADMIN", Name: "Aino"}, {ID: "U0MEMBER", Name: "Mia"}, {ID: "U0OTHER", Name: "Otto"}},
		Groups:   map[string][]string{"S0GROUP": {"U0MEMBER"}},
		Fail: func(method string) *chat.Fault {
			if method != "chat.postMessage" {
				return nil
			}
			return w.fail.Swap(nil)
		},
	})
	s := httptest.NewServer(w)
	t.Cleanup(func() { w.Close(); s.CloseClientConnections(); s.Close() })
	w.url = s.URL
	return w
}

func (w *workspace) bot(t *testing.T, d Desk, mode Mode) *Bot {
	t.Helper()
	b := testBot(t, d, func(o *Options) {
		o.Config.APIURL, o.Config.Mode = w.url+"/api/", mode
		o.Config.Admins = []string{"U0ADMIN", "S0GROUP"}
		o.Now = time.Now
	})
	if mode == HTTP {
		s := httptest.NewServer(b.HTTP())
		t.Cleanup(s.Close)
		w.SetRequestURL(s.URL + "/slack/commands")
		return b
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("run ended with %v", err)
		}
	})
	until(t, func() bool { return w.Connected() == 1 && b.Health().State == StateConnected })
	return b
}

// until waits for what another goroutine does.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
		<-time.After(time.Millisecond)
	}
}

func TestCommandsInBothModes(t *testing.T) {
	for _, mode := range []Mode{HTTP, Socket} {
		t.Run(string(mode), func(t *testing.T) {
			w := newWorkspace(t)
			w.bot(t, testDesk{networks: someNetworks()}, mode)
			for _, c := range []struct{ user, text, want string }{
				{"U0ADMIN", "rates", "*Response rate*"},
				{"U0MEMBER", "vastaukset “Itä-Suomen ETNO”", "Itä-Suomen ETNO"},
				{"U0OTHER", "svar", i18n.T(i18n.Sv, "bot.denied", i18n.Args{"admins": "<!subteam^S0GROUP>, <@U0ADMIN>"})},
				{"U0OTHER", "", i18n.T(i18n.Fi, "bot.help.title", nil)},
				{"U0ADMIN", "link moniheli web", "https://kysely.example.org/r/moniheliweb"},
				{"U0ADMIN", "status all", "1,200"},
			} {
				r, err := w.Command(t.Context(), c.user, "C0POMAKO01", c.text)
				if err != nil || r.Type != "ephemeral" || !strings.Contains(r.Text, c.want) || r.Blocks == nil {
					t.Errorf("%s %q: %v, %+v", c.user, c.text, err, r)
				}
			}
			if posts := w.Posts("C0POMAKO01"); len(posts) != 0 {
				t.Errorf("everybody sees %+v", posts)
			}
		})
	}
}

func TestSocketComesBack(t *testing.T) {
	w := newWorkspace(t)
	b := w.bot(t, testDesk{networks: someNetworks()}, Socket)
	since := b.Health().Since
	w.Disconnect("refresh_requested")
	until(t, func() bool { h := b.Health(); return h.State == StateConnected && h.Since.After(since) })
	if _, err := w.Command(t.Context(), "U0ADMIN", "C0POMAKO01", "rates"); err != nil {
		t.Error(err)
	}
}

func TestSocketAcknowledgesWhatItCannotRead(t *testing.T) {
	w := newWorkspace(t)
	w.bot(t, testDesk{}, Socket)
	for name, message := range map[string]string{
		"unknown type":  `{"type":"telepathy","envelope_id":"E1","payload":{}}`,
		"wrong command": `{"type":"slash_commands","envelope_id":"E1","payload":[]}`,
		"wrong view":    `{"type":"interactive","envelope_id":"E1","payload":{"type":"view_submission","view":{"state":{"values":[]}}}}`,
		"event":         `{"type":"events_api","envelope_id":"E1","payload":{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}}`,
		"interaction":   `{"type":"interactive","envelope_id":"E1","payload":{"type":"block_actions","trigger_id":"1","user":{"id":"U1"},"actions":[]}}`,
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		payload, err := w.Push(ctx, "E1", json.RawMessage(message))
		cancel()
		if err != nil || payload != nil {
			t.Errorf("%s: %v, %s", name, err, payload)
		}
	}
}

func TestRefusedAppTokenIsSeen(t *testing.T) {
	w := newWorkspace(t)
	b := testBot(t, nil, func(o *Options) {
		o.Config.APIURL, o.Config.Mode, o.Config.AppToken = w.url+"/api/", Socket, "xapp-old"
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.Run(ctx) }()
	until(t, func() bool { return len(b.Health().Problems) == 1 })
	if p := b.Health().Problems[0]; p.Method != methodOpen || p.Code != "invalid_auth" {
		t.Errorf("got %+v", p)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestStopLetsAnswersOut stops the bot while it is answering.
func TestStopLetsAnswersOut(t *testing.T) {
	w := newWorkspace(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	b := testBot(t, slowDesk{testDesk{networks: someNetworks()}, asked, answer}, func(o *Options) {
		o.Config.APIURL, o.Config.Mode, o.Now = w.url+"/api/", Socket, time.Now
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.Run(ctx) }()
	until(t, func() bool { return b.Health().State == StateConnected })
	got := make(chan error)
	go func() {
		_, err := w.Command(context.Background(), "U0ADMIN", "C0POMAKO01", "status")
		got <- err
	}()
	<-asked
	stop()
	close(answer)
	if err := <-got; err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

type slowDesk struct {
	testDesk
	asked, answer chan struct{}
}

func (d slowDesk) Status(ctx context.Context, network string) (Status, error) {
	close(d.asked)
	<-d.answer
	return d.testDesk.Status(ctx, network)
}

func TestPostsAreMadeOnceAndFoundAgain(t *testing.T) {
	w := newWorkspace(t)
	b := w.bot(t, nil, HTTP)
	d := someDelivery() // to a public channel that the app is not in
	d.Claimed = time.Now()
	out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate)
	if out.State != outbox.Sent {
		t.Fatalf("got %+v", out)
	}
	posts := w.Posts("C0ETNOEAST")
	if len(posts) != 1 {
		t.Fatalf("%d posts", len(posts))
	}
	p := posts[0]
	if p.UnfurlLinks != "false" || p.UnfurlMedia != "false" {
		t.Errorf("unfurl_links=%q unfurl_media=%q", p.UnfurlLinks, p.UnfurlMedia)
	}
	for _, l := range i18n.Langs {
		if !strings.Contains(p.Text, d.URL+"?lang="+string(l)) {
			t.Errorf("the text lacks the link in %s", l)
		}
	}
	if p.Metadata == nil || p.Metadata.EventType != "viesti_delivery" || len(p.Metadata.EventPayload) != 1 ||
		p.Metadata.EventPayload["delivery_id"] != deliveryID(d.Key) {
		t.Errorf("metadata %+v", p.Metadata)
	}
	found, reply, err := b.Carrier().Look(t.Context(), d)
	if !found || err != nil || reply.Ref != out.Reply.Ref {
		t.Errorf("found %t, %v, %+v", found, err, reply)
	}
	other := d
	other.Kind = outbox.Reminder(1)
	if found, _, err := b.Carrier().Look(t.Context(), other); found || err != nil {
		t.Errorf("another message: found %t, %v", found, err)
	}
}

func TestLostAnswersAreUncertain(t *testing.T) {
	for name, c := range map[string]struct {
		fault chat.Fault
		taken bool
	}{
		"before":    {chat.Fault{DropBefore: true}, false},
		"after":     {chat.Fault{DropAfter: true}, true},
		"half done": {chat.Fault{Body: `{"ok":false,"error":"internal_error"}`}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			b := w.bot(t, nil, HTTP)
			d := someDelivery()
			d.Network.SlackChannel, d.Claimed = "C0POMAKO01", time.Now()
			w.fail.Store(&c.fault)
			if out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate); out.State != outbox.Uncertain {
				t.Errorf("got %+v", out)
			}
			found, _, err := b.Carrier().Look(t.Context(), d)
			if err != nil || found != c.taken || len(w.Posts("C0POMAKO01")) > 1 {
				t.Errorf("found %t, %v, %d posts", found, err, len(w.Posts("C0POMAKO01")))
			}
		})
	}
}

func TestLookReadsAllPages(t *testing.T) {
	w := newWorkspace(t)
	b := w.bot(t, nil, HTTP)
	d := someDelivery()
	d.Network.SlackChannel, d.Claimed = "C0POMAKO01", time.Now()
	send := b.Carrier().Sender().Send
	send(t.Context(), d, outbox.OpenGate)
	other := d
	for i := range page + 50 {
		other.Kind = outbox.Reminder(i + 1)
		if out := send(t.Context(), other, outbox.OpenGate); out.State != outbox.Sent {
			t.Fatalf("got %+v", out)
		}
	}
	if found, _, err := b.Carrier().Look(t.Context(), d); !found || err != nil {
		t.Errorf("found %t, %v", found, err)
	}
}

func TestBlocksThatSlackRefusesAreLeftOut(t *testing.T) {
	w := newWorkspace(t)
	b := w.bot(t, nil, HTTP)
	d := someDelivery()
	d.Network.SlackChannel = "C0POMAKO01"
	w.fail.Store(&chat.Fault{Body: `{"ok":false,"error":"invalid_blocks"}`})
	out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate)
	posts := w.Posts("C0POMAKO01")
	if out.State != outbox.Sent || len(posts) != 1 || posts[0].Blocks != nil || !strings.Contains(posts[0].Text, d.URL) {
		t.Errorf("got %+v, %+v", out, posts)
	}
}

func TestChannelsThatCannotBePostedTo(t *testing.T) {
	w := newWorkspace(t)
	b := w.bot(t, nil, HTTP)
	for channel, code := range map[string]string{"": "no_channel", "C0PRIVATE": "channel_not_found", "C0NOWHERE": "channel_not_found"} {
		d := someDelivery()
		d.Network.SlackChannel = channel
		out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate)
		if out.State != outbox.Failed || out.Reply.Class != outbox.Destination || out.Reply.Code != code {
			t.Errorf("%q: %+v", channel, out)
		}
	}
	networks := someNetworks()
	networks[0].SlackChannel = "C0NOWHERE"
	if list := b.Check(t.Context(), networks); len(list) != 1 || list[0].Key != "bot.problem.no_channel" {
		t.Errorf("got %v", list)
	}
}

func TestHTTPRefusesWhatSlackDidNotSign(t *testing.T) {
	w := newWorkspace(t)
	b := testBot(t, testDesk{networks: someNetworks()}, nil)
	body := url.Values{"command": {"/viesti"}, "text": {"help"}, "user_id": {"U0ADMIN"}}.Encode()
	ask := func(path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w.Sign(r.Header, []byte(body))
		if change != nil {
			change(r)
		}
		rec := httptest.NewRecorder()
		b.HTTP().ServeHTTP(rec, r)
		return rec
	}
	old := strconv.FormatInt(time.Now().Add(-6*time.Minute).Unix(), 10)
	event := `{"type":"url_verification","challenge":"abc"}`
	for name, c := range map[string]struct {
		rec  *httptest.ResponseRecorder
		want int
	}{
		"good":            {ask("/slack/commands", body, nil), 200},
		"no signature":    {ask("/slack/commands", body, func(r *http.Request) { r.Header = http.Header{} }), 401},
		"wrong signature": {ask("/slack/commands", body, func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64)) }), 401},
		"odd signature":   {ask("/slack/commands", body, func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=zz") }), 401},
		"old":             {ask("/slack/commands", body, func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", old) }), 401},
		"too large":       {ask("/slack/commands", strings.Repeat("x", maxBody+1), nil), 413},
		"certificate":     {ask("/slack/commands", "ssl_check=1&token=x", func(r *http.Request) { r.Header = http.Header{} }), 200},
		"not a command":   {ask("/slack/commands", "x=1", nil), 400},
		"elsewhere":       {ask("/slack/other", body, nil), 404},
		"get":             {ask("/slack/commands", body, func(r *http.Request) { r.Method = http.MethodGet }), 405},
		"challenge":       {ask("/slack/events", event, nil), 200},
		"event":           {ask("/slack/events", `{"type":"event_callback","event_id":"Ev1"}`, nil), 200},
		"event again":     {ask("/slack/events", `{"type":"event_callback","event_id":"Ev1"}`, nil), 200},
		"no event":        {ask("/slack/events", `[`, nil), 400},
		"interaction":     {ask("/slack/interactions", url.Values{"payload": {`{"type":"block_actions","trigger_id":"1"}`}}.Encode(), nil), 200},
		"no interaction":  {ask("/slack/interactions", "payload=", nil), 400},
	} {
		if c.rec.Code != c.want {
			t.Errorf("%s: status %d, want %d", name, c.rec.Code, c.want)
		}
		if name == "challenge" && c.rec.Body.String() != "abc" {
			t.Errorf("challenge: %q", c.rec.Body)
		}
		if name == "good" && !strings.Contains(c.rec.Body.String(), `"response_type":"ephemeral"`) {
			t.Errorf("good: %q", c.rec.Body)
		}
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
	if rec.Code != http.StatusNotFound || b.Run(t.Context()) != nil || b.Health().State != StateOff {
		t.Errorf("status %d, %+v", rec.Code, b.Health())
	}
	if list := b.Check(t.Context(), someNetworks()); list != nil {
		t.Error(list)
	}
}
