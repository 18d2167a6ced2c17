package bot

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"viesti/outbox"
)

// answered is a server that gives one answer to everything; "drop" breaks the connection.
func answered(t *testing.T, status int, retryAfter, body string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body == "drop" {
			panic(http.ErrAbortHandler)
		}
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/api/"
}

func TestOutcomes(t *testing.T) {
	no := func(code string) string { return `{"ok":false,"error":"` + code + `"}` }
	const later, busy, day = outbox.Transient, outbox.Busy, 24 * time.Hour
	for _, c := range []struct {
		status      int
		after, body string
		want        outbox.Outcome
	}{
		{200, "", `{"ok":true,"channel":"C1","ts":"1.000001"}`, outbox.Outcome{State: outbox.Sent, Reply: outbox.Reply{Ref: "C1 1.000001"}}},
		{200, "", `{"ok":true,"channel":"C1"}`, unsure("no_ts")},
		{200, "", `{"ok":true,"ts":"1.000001"}`, unsure("no_ts")},
		{200, "", `{"ok":true,"channel":{"id":"C1"},"ts":1}`, unsure("no_ts")},
		{200, "", `{}`, unsure("no_answer")},
		{200, "", `null`, unsure("no_answer")},
		{200, "", `{"ok":false}`, unsure("no_answer")},
		{200, "", `<html>`, unsure("no_answer")},
		{200, "", ``, unsure("no_answer")},
		{200, "", `drop`, unsure("no_answer")},
		{200, "", no("internal_error"), unsure("internal_error")},
		{200, "", no("fatal_error"), unsure("fatal_error")},
		{200, "", no("something_new"), unsure("something_new")},
		{500, "", no("internal_error"), unsure("internal_error")},
		{503, "", ``, unsure("http_503")},
		{502, "", `<html>`, unsure("http_502")},
		{408, "", ``, unsure("http_408")},
		{429, "7", ``, outbox.Outcome{State: outbox.Retrying, Again: 7 * time.Second, Hold: true, Reply: outbox.Reply{Class: busy, Code: "http_429"}}},
		{429, "0", no("ratelimited"), outbox.Outcome{State: outbox.Retrying, Again: time.Second, Hold: true, Reply: outbox.Reply{Class: busy, Code: "ratelimited"}}},
		{429, "", ``, outbox.Outcome{State: outbox.Retrying, Again: time.Minute, Hold: true, Reply: outbox.Reply{Class: busy, Code: "http_429"}}},
		{429, "soon", ``, outbox.Outcome{State: outbox.Retrying, Again: time.Minute, Hold: true, Reply: outbox.Reply{Class: busy, Code: "http_429"}}},
		{429, testTime.Add(90 * time.Second).Format(http.TimeFormat), ``, outbox.Outcome{State: outbox.Retrying, Again: 90 * time.Second, Hold: true, Reply: outbox.Reply{Class: busy, Code: "http_429"}}},
		{200, "", no("ratelimited"), outbox.Outcome{State: outbox.Retrying, Again: time.Minute, Hold: true, Reply: outbox.Reply{Class: busy, Code: "ratelimited"}}},
		{200, "", no("message_limit_exceeded"), outbox.Outcome{State: outbox.Retrying, Again: day, Hold: true, Reply: outbox.Reply{Class: later, Code: "message_limit_exceeded"}}},
		{200, "", no("service_unavailable"), outbox.Outcome{State: outbox.Retrying, Hold: true, Reply: outbox.Reply{Class: outbox.RelayDown, Code: "service_unavailable"}}},
		{200, "", no("request_timeout"), outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: later, Code: "request_timeout"}}},
		{200, "", no("channel_not_found"), failed(outbox.Destination, "channel_not_found")},
		{200, "", no("is_archived"), failed(outbox.Destination, "is_archived")},
		{200, "", no("restricted_action_read_only_channel"), failed(outbox.Destination, "restricted_action_read_only_channel")},
		{200, "", no("msg_too_long"), failed(outbox.BadMessage, "msg_too_long")},
		{200, "", no("invalid_metadata_format"), failed(outbox.BadMessage, "invalid_metadata_format")},
		{200, "", `{"ok":false,"error":"no_text","errors":[["odd"]]}`, failed(outbox.BadMessage, "no_text")},
		{200, "", no("invalid_auth"), broken("invalid_auth", "")},
		{200, "", no("token_revoked"), broken("token_revoked", "")},
		{200, "", `{"ok":false,"error":"missing_scope","needed":"chat:write","provided":""}`, broken("missing_scope", "needed: chat:write")},
		{404, "", `not found`, broken("http_404", "")},
		{302, "", ``, broken("http_302", "")},
	} {
		t.Run(c.body+" "+c.after, func(t *testing.T) {
			bot := testBot(t, nil, func(o *Options) { o.Config.APIURL = answered(t, c.status, c.after, c.body) })
			got := bot.Carrier().Sender().Send(t.Context(), someDelivery(), outbox.OpenGate)
			if got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func unsure(code string) outbox.Outcome {
	return outbox.Outcome{State: outbox.Uncertain, Reply: outbox.Reply{Class: outbox.Transient, Code: code}}
}

func failed(class outbox.Class, code string) outbox.Outcome {
	return outbox.Outcome{State: outbox.Failed, Reply: outbox.Reply{Class: class, Code: code}}
}

func broken(code, text string) outbox.Outcome {
	return outbox.Outcome{State: outbox.Retrying, Hold: true, Reply: outbox.Reply{Class: outbox.BadSetup, Code: code, Text: text}}
}

func someDelivery() outbox.Delivery {
	n := someNetworks()[1]
	return outbox.Delivery{
		Message: outbox.Message{Key: outbox.Key{Recipient: outbox.Channel(n.ID), Wave: "2027", Kind: outbox.Invitation}, Claimed: testTime},
		Network: n, URL: "https://kysely.example.org/r/abc", Onward: "https://kysely.example.org/r/abcon",
	}
}

func TestUnreachableSlackIsTriedAgain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String() + "/api/"
	l.Close()
	bot := testBot(t, nil, func(o *Options) { o.Config.APIURL = url })
	got := bot.Carrier().Sender().Send(t.Context(), someDelivery(), outbox.OpenGate)
	if got.State != outbox.Retrying || !got.Hold || got.Reply.Class != outbox.RelayDown {
		t.Errorf("got %+v", got)
	}
}

func TestHealthNamesWhatToMend(t *testing.T) {
	answer := `{"ok":false,"error":"missing_scope","needed":"chat:write"}`
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(answer)) }))
	defer s.Close()
	bot := testBot(t, nil, func(o *Options) { o.Config.APIURL = s.URL + "/api" }) // the slash is put in
	send := func() { bot.Carrier().Sender().Send(t.Context(), someDelivery(), outbox.OpenGate) }
	send()
	want := Problem{Method: "chat.postMessage", Code: "missing_scope", Needed: "chat:write"}
	if got := bot.Health().Problems; len(got) != 1 || got[0] != want {
		t.Errorf("got %+v", got)
	}
	answer = `{"ok":true,"channel":"C1","ts":"1.000001"}`
	send()
	if got := bot.Health().Problems; len(got) != 0 {
		t.Errorf("got %+v after it was mended", got)
	}
}

func TestLookBelievesOnlyAPlainAnswer(t *testing.T) {
	for _, body := range []string{`{}`, `{"ok":false}`, `{"ok":false,"error":"not_in_channel"}`, `<html>`, `drop`} {
		bot := testBot(t, nil, func(o *Options) { o.Config.APIURL = answered(t, 200, "", body) })
		if found, _, err := bot.Carrier().Look(t.Context(), someDelivery()); err == nil || found {
			t.Errorf("%s: found %t, %v", body, found, err)
		}
	}
}

func TestGateSpacesConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{now: time.Now}
		start, opened := time.Now(), 0
		for time.Since(start) < 10*time.Minute {
			if err := g.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			opened++
		}
		if opened > 16 { // 1 + 2 + 4 … 32 s, then every minute
			t.Errorf("%d connections in ten minutes", opened)
		}
		time.Sleep(shortLife)
		before := time.Now()
		if _ = g.wait(t.Context()); time.Since(before) != 0 {
			t.Errorf("after a long connection the next waits %s", time.Since(before))
		}
	})
}

func TestConfig(t *testing.T) {
	ok := testConfig()
	for _, change := range []func(*Config){
		func(*Config) {},
		func(c *Config) { c.Mode, c.AppToken = HTTP, "" },
		func(c *Config) { c.Mode, c.SigningSecret = Socket, "" },
		func(c *Config) { *c = Config{Mode: Off, Command: "nonsense"} },
		func(c *Config) { c.BotToken = "token-of-a-stand-in" },
		func(c *Config) { c.APIURL = "http://127.0.0.1:9000/api" },
		func(c *Config) { c.Admins = []string{"W012ABC", "S012"} },
	} {
		c := ok
		change(&c)
		if list := c.Validate(); list != nil {
			t.Errorf("%+v: %v", c, list)
		}
	}
	for field, change := range map[string]func(*Config){
		"slack.mode":           func(c *Config) { c.Mode = "https" },
		"slack.bot_token":      func(c *Config) { c.BotToken = "" },
		"slack.app_token":      func(c *Config) { c.Mode, c.AppToken = Socket, "xoxb-1" },
		"slack.signing_secret": func(c *Config) { c.SigningSecret = "" },
		"slack.api_url":        func(c *Config) { c.APIURL = "slack.com/api/" },
		"slack.command":        func(c *Config) { c.Command = "viesti" },
		"slack.admins.1":       func(c *Config) { c.Admins = []string{"U1", "@aino"} },
	} {
		c := ok
		change(&c)
		list := c.Validate()
		if len(list) != 1 || list[0].Place.Field != field {
			t.Errorf("%s: %v", field, list)
		}
		if strings.Contains(list.Error(), "xoxb-1") {
			t.Errorf("a token is shown: %v", list)
		}
	}
}
