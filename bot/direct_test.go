package bot

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/demo/chat"
	"viesti/i18n"
	"viesti/outbox"
)

// accounts keep what they are told.
type accounts struct{ kept []string }

func (a *accounts) KeepAccount(_ context.Context, contact, user, day string) error {
	a.kept = append(a.kept, contact+" "+user+" "+day)
	return nil
}

// office is a workspace with people of all sorts in it.
func office(t *testing.T, change func(*chat.Options)) (*chat.Server, *Bot, *accounts) {
	t.Helper()
	o := chat.Options{
		Token: "xoxb-1", AppToken: "xapp-1", SigningSecret: "secret",
		Users: []chat.User{
			{ID: "U0MEMBER1", Name: "Mia", Email: "mia@example.org"},
			{ID: "U0GUEST01", Name: "Guy", Email: "guest@example.org", Guest: true},
			{ID: "U0GONE001", Name: "Gus", Email: "gone@example.org", Gone: true},
			{ID: "U0ROBOT01", Name: "Rob", Email: "bot@example.org", Bot: true},
			{ID: "U0OTHER01", Name: "Ott", Email: "other@example.org", Team: "T0OTHER001"},
		},
	}
	if change != nil {
		change(&o)
	}
	server := chat.New(o)
	s := httptest.NewServer(server)
	t.Cleanup(func() { server.Close(); s.CloseClientConnections(); s.Close() })
	kept := &accounts{}
	b := testBot(t, nil, func(o *Options) {
		o.Config.APIURL, o.Config.DirectMessages, o.Config.Lookup = s.URL+"/api/", true, true
		o.Accounts, o.Now = kept, time.Now
	})
	return server, b, kept
}

// toPerson is an invitation of somebody.
func toPerson(user, email string) outbox.Delivery {
	return outbox.Delivery{
		Message: outbox.Message{Key: outbox.Key{Recipient: "c1", Wave: "2027", Kind: outbox.Invitation}, Claimed: time.Now()},
		Contact: contacts.Contact{ID: "c1", Token: "personal", Email: email, SlackUser: user, Language: i18n.Sv},
		Network: someNetworks()[0], URL: "https://kysely.example.org/r/abc", Onward: "https://kysely.example.org/r/abcon",
	}
}

func TestDirectMessages(t *testing.T) {
	bot := testBot(t, nil, nil)
	for _, l := range i18n.Langs {
		var b strings.Builder
		for _, kind := range []outbox.Kind{outbox.Invitation, outbox.Reminder(1), outbox.LastCall} {
			d := toPerson("U0MEMBER1", "mia@example.org")
			d.Contact.Language, d.Kind = l, kind
			p := bot.compose(d)
			within(t, p.Text, p.Blocks)
			for _, link := range []string{d.URL + "?lang=" + string(l), "https://kysely.example.org/u/personal?lang=" + string(l)} {
				if !strings.Contains(p.Text, link) {
					t.Errorf("%s %s: the text lacks %s", kind, l, link)
				}
			}
			if p.Channel != "U0MEMBER1" || strings.Contains(p.Text, "mia@") {
				t.Errorf("%+v", p)
			}
			fmt.Fprintf(&b, "=== %s\n%s\n", kind, show(p.Text, p.Blocks))
		}
		for _, askers := range []bool{false, true} {
			bot.survey.ResultsURL, bot.survey.ThankAskers = "https://example.org/results", askers
			d := toPerson("U0MEMBER1", "")
			d.Contact.Language, d.Kind = l, outbox.ThankYou
			p := bot.compose(d)
			within(t, p.Text, p.Blocks)
			if strings.Contains(p.Text, d.URL) || !strings.Contains(p.Text, "https://example.org/results") || !strings.Contains(p.Text, "/u/personal") {
				t.Errorf("%s: thanks are %s", l, p.Text)
			}
			fmt.Fprintf(&b, "=== thank-you, askers alone: %t\n%s\n", askers, show(p.Text, p.Blocks))
		}
		golden(t, "direct."+string(l)+".txt", b.String())
	}
}

func TestDirectMessageIsFoundAgain(t *testing.T) {
	w, b, _ := office(t, nil)
	d := toPerson("U0MEMBER1", "")
	for name, fault := range map[string]*chat.Fault{"lost before": {DropBefore: true}, "lost after": {DropAfter: true}} {
		d.Kind = outbox.Kind(name)
		before := len(w.DMs("U0MEMBER1"))
		w.Fail("chat.postMessage", fault)
		if out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate); out.State != outbox.Uncertain || out.ByMail {
			t.Errorf("%s: %+v", name, out)
		}
		found, reply, err := b.Carrier().Look(t.Context(), d)
		if err != nil || found != fault.DropAfter || found && !strings.HasPrefix(reply.Ref, "D") || len(w.DMs("U0MEMBER1"))-before > 1 {
			t.Errorf("%s: found %t %+v, %v", name, found, reply, err)
		}
	}
	d.Kind = outbox.Reminder(1)
	out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate)
	posts := w.DMs("U0MEMBER1")
	if out.State != outbox.Sent || posts[len(posts)-1].UnfurlLinks != "false" || posts[len(posts)-1].UnfurlMedia != "false" {
		t.Errorf("%+v, %+v", out, posts)
	}
}

// Without the scopes for history nobody can look, and nothing is taken for found or not found.
func TestNoHistoryNoAnswer(t *testing.T) {
	w, b, _ := office(t, func(o *chat.Options) { o.Scopes = []string{"chat:write", "im:write"} })
	d := toPerson("U0MEMBER1", "")
	w.Fail("chat.postMessage", &chat.Fault{DropAfter: true})
	if out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate); out.State != outbox.Uncertain {
		t.Errorf("%+v", out)
	}
	if found, _, err := b.Carrier().Look(t.Context(), d); found || err == nil {
		t.Errorf("found %t, %v", found, err)
	}
}

func TestLookUp(t *testing.T) {
	for name, test := range map[string]struct {
		email string
		fault *chat.Fault
		scope []string
		want  outbox.Outcome // without Reply
		class outbox.Class
		code  string
		kept  string // empty: nothing
	}{
		"a member":       {email: "MIA@example.org", want: outbox.Outcome{State: outbox.Sent}, kept: "c1 U0MEMBER1"},
		"nobody":         {email: "no@example.org", want: outbox.Outcome{State: outbox.Failed, ByMail: true}, class: outbox.Destination, code: "no_account", kept: "c1 "},
		"a guest":        {email: "guest@example.org", want: outbox.Outcome{State: outbox.Failed, ByMail: true}, class: outbox.Destination, code: "no_account", kept: "c1 "},
		"who has left":   {email: "gone@example.org", want: outbox.Outcome{State: outbox.Failed, ByMail: true}, class: outbox.Destination, code: "no_account", kept: "c1 "},
		"a bot":          {email: "bot@example.org", want: outbox.Outcome{State: outbox.Failed, ByMail: true}, class: outbox.Destination, code: "no_account", kept: "c1 "},
		"of another":     {email: "other@example.org", want: outbox.Outcome{State: outbox.Failed, ByMail: true}, class: outbox.Destination, code: "no_account", kept: "c1 "},
		"too many":       {email: "mia@example.org", fault: &chat.Fault{Status: 429, RetryAfter: "9"}, want: outbox.Outcome{State: outbox.Retrying, Domain: true, Again: 9 * time.Second}, class: outbox.Busy, code: "http_429"},
		"no scope":       {email: "mia@example.org", scope: []string{"chat:write"}, want: outbox.Outcome{State: outbox.Failed, ByMail: true}, class: outbox.Destination, code: "missing_scope"},
		"ill":            {email: "mia@example.org", fault: &chat.Fault{Status: 502, Body: "<html>"}, want: outbox.Outcome{State: outbox.Retrying}, class: outbox.Transient, code: "http_502"},
		"cut":            {email: "mia@example.org", fault: &chat.Fault{DropBefore: true}, want: outbox.Outcome{State: outbox.Retrying}, class: outbox.Transient, code: "no_answer"},
		"token revoked":  {email: "mia@example.org", fault: &chat.Fault{Body: `{"ok":false,"error":"token_revoked"}`}, want: outbox.Outcome{State: outbox.Retrying, Hold: true}, class: outbox.BadSetup, code: "token_revoked"},
		"nothing at all": {email: "mia@example.org", fault: &chat.Fault{Body: `{}`}, want: outbox.Outcome{State: outbox.Retrying}, class: outbox.Transient, code: "no_answer"},
	} {
		t.Run(name, func(t *testing.T) {
			w, b, kept := office(t, func(o *chat.Options) { o.Scopes = test.scope })
			if test.fault != nil {
				w.Fail(methodLookup, test.fault)
			}
			got := b.Carrier().Sender().Send(t.Context(), toPerson("", test.email), outbox.OpenGate)
			reply := got.Reply
			got.Reply = outbox.Reply{}
			if got != test.want || reply.Class != test.class || reply.Code != test.code {
				t.Errorf("got %+v %+v", got, reply)
			}
			if test.kept == "" && len(kept.kept) > 0 || test.kept != "" && (len(kept.kept) != 1 || !strings.HasPrefix(kept.kept[0], test.kept)) {
				t.Errorf("kept %q", kept.kept)
			}
			if n := len(w.DMs("U0MEMBER1")); (n == 1) != (test.want.State == outbox.Sent) {
				t.Errorf("%d messages", n)
			}
		})
	}
}

// TestByMailInstead: whom Slack refuses for certain is written to by mail; after any doubt nobody is.
func TestByMailInstead(t *testing.T) {
	for answer, want := range map[string]bool{
		`{"ok":false,"error":"user_disabled"}`:         true,
		`{"ok":false,"error":"messages_tab_disabled"}`: true,
		`{"ok":false,"error":"channel_not_found"}`:     true,
		`{"ok":false,"error":"internal_error"}`:        false,
		`{"ok":false,"error":"msg_too_long"}`:          false,
		`{"ok":false,"error":"token_revoked"}`:         false,
		`{"ok":false,"error":"ratelimited"}`:           false,
		`{}`:                                           false,
		`<html>`:                                       false,
	} {
		w, b, _ := office(t, nil)
		w.Fail("chat.postMessage", &chat.Fault{Body: answer})
		if out := b.Carrier().Sender().Send(t.Context(), toPerson("U0MEMBER1", ""), outbox.OpenGate); out.ByMail != want {
			t.Errorf("%s: %+v", answer, out)
		}
	}
	w, b, _ := office(t, nil)
	w.Fail("chat.postMessage", &chat.Fault{Body: `{"ok":false,"error":"is_archived"}`})
	d := someDelivery()
	d.Network.SlackChannel = "C0ARCHIVED"
	if out := b.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate); out.ByMail || out.State != outbox.Failed {
		t.Errorf("a channel goes by mail: %+v", out)
	}
}

func TestRoutes(t *testing.T) {
	_, b, _ := office(t, nil)
	c := b.Carrier()
	n := contacts.Network{ID: "a", SlackChannel: "C1"}
	person := func(user, asked string, no bool) contacts.Known {
		return contacts.Known{Contact: contacts.Contact{ID: "c1", Email: "a@example.org", SlackUser: user, SlackAsked: asked}, Standing: contacts.Standing{NoSlack: no}}
	}
	for name, test := range map[string]struct {
		recipient string
		who       contacts.Known
		want      string
		ok        bool
	}{
		"the network's channel": {outbox.Channel("a"), contacts.Known{}, "C1", true},
		"a further channel":     {outbox.Shared("a", "C2"), contacts.Known{}, "C2", true},
		"a coordinator":         {outbox.Staff("a", "U9"), contacts.Known{}, "U9", true},
		"a person":              {"c1", person("U1", "", false), "", true},
		"an account to find":    {"c1", person("", "", false), methodLookup, true},
		"found to have none":    {"c1", person("", time.Now().Format(time.DateOnly), false), methodLookup, false},
		"their wish":            {"c1", person("U1", "", true), "", false},
	} {
		got, ok := c.Route(outbox.Message{Key: outbox.Key{Recipient: test.recipient}}, test.who, n)
		if got.Name != test.want || ok != test.ok {
			t.Errorf("%s: %+v, %t", name, got, ok)
		}
	}
	b.config.DirectMessages = false
	if _, ok := c.Route(outbox.Message{Key: outbox.Key{Recipient: "c1"}}, person("U1", "", false), n); ok {
		t.Error("direct messages are off")
	}
}

func TestProbe(t *testing.T) {
	w, b, _ := office(t, nil)
	w.Fail("auth.test", &chat.Fault{Body: `{"ok":false,"error":"token_revoked"}`}, &chat.Fault{Status: 502})
	for _, want := range []bool{true, true, false} {
		if out := b.Carrier().Probe(t.Context()); out.Hold != want {
			t.Errorf("%+v", out)
		}
	}
}
