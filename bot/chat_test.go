package bot

import (
	"context"
	"crypto/rand"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
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
		Channels: []chat.Channel{{ID: "C0POMAKO01", Name: "pomako", Joined: true}, {ID: "C0ETNOEAST", Name: "etno"}, {ID: "C0PRIVATE", Name: "p", Private: true}, {ID: somewhere, Name: "general", Joined: true}},
		Users:    []chat.User{{ID: "U0ADMIN", Name: "Aino"}, {ID: "U0MEMBER", Name: "Mia"}, {ID: "U0OTHER", Name: "Otto"}, {ID: "U0COORD", Name: "Kati"}, {ID: "U0BOTH", Name: "Bo"}, {ID: "U0VIEWER", Name: "Vera"}},
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
		o.Now, o.Rand = time.Now, rand.Reader
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
	if list, _ := b.Check(t.Context(), networks, w.url); len(list) != 1 || list[0].Key != "bot.problem.no_channel" {
		t.Errorf("got %v", list)
	}
}
