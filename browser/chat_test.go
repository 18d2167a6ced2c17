package browser

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"viesti/demo/chat"
	"viesti/i18n"
)

// message has a block of each kind that the bot uses, and some more.
const message = `[{"type":"header","text":{"type":"plain_text","text":"Week 48"}},
{"type":"section","text":{"type":"mrkdwn","text":"*Pomako* – 12 of 40 have answered"},"fields":[{"type":"mrkdwn","text":"Begun: 20"},{"type":"mrkdwn","text":"Complete: 12"}],"accessory":{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Pause"},"value":"p"}]}},
{"type":"data_visualization","title":"Response rates","chart":{"type":"bar","series":[{"name":"Complete","data":[{"label":"w 47","value":22},{"label":"w 48","value":30}]},{"name":"Begun","data":[{"label":"w 47","value":5},{"label":"w 48","value":6}]}],"axis_config":{"categories":["w 47","w 48"],"x_label":"Week"}}},
{"type":"table","rows":[[{"type":"raw_text","text":"Network"},{"type":"raw_text","text":"Complete"}],[{"type":"raw_text","text":"Pomako"},{"type":"raw_number","value":12}]]},
{"type":"divider"},
{"type":"actions","elements":[
 {"type":"button","style":"primary","action_id":"open","text":{"type":"plain_text","text":"Invite"}},
 {"type":"button","style":"danger","action_id":"remind","text":{"type":"plain_text","text":"Remind"},"confirm":{"title":{"type":"plain_text","text":"Send now?"},"text":{"type":"plain_text","text":"It goes to 28 people."},"confirm":{"type":"plain_text","text":"Send"},"deny":{"type":"plain_text","text":"Cancel"}}},
 {"type":"static_select","action_id":"network","placeholder":{"type":"plain_text","text":"Network"},"options":[{"text":{"type":"plain_text","text":"Pomako"},"value":"1"},{"text":{"type":"plain_text","text":"Etno"},"value":"2"}]}]},
{"type":"context","elements":[{"type":"mrkdwn","text":"Sent by _Kaisa_"}]}]`

const dialog = `{"type":"modal","title":{"type":"plain_text","text":"Invite"},"submit":{"type":"plain_text","text":"Preview"},"close":{"type":"plain_text","text":"Cancel"},"blocks":[
{"type":"section","text":{"type":"mrkdwn","text":"Nothing is sent yet."}},
{"type":"input","block_id":"where","optional":true,"label":{"type":"plain_text","text":"Channels"},"element":{"type":"multi_conversations_select","action_id":"c"}},
{"type":"input","block_id":"people","label":{"type":"plain_text","text":"People"},"hint":{"type":"plain_text","text":"One address a line"},"element":{"type":"plain_text_input","multiline":true,"action_id":"p"}},
{"type":"input","block_id":"when","label":{"type":"plain_text","text":"When"},"element":{"type":"radio_buttons","action_id":"r","initial_option":{"text":{"type":"plain_text","text":"At once"},"value":"now"},"options":[{"text":{"type":"plain_text","text":"At once"},"value":"now"},{"text":{"type":"plain_text","text":"Later"},"value":"later"}]}},
{"type":"input","block_id":"time","label":{"type":"plain_text","text":"Time"},"element":{"type":"timepicker","action_id":"t","initial_time":"09:00"}}]}`

// workspace is the demonstration's chat with an app that opens the dialog and refuses what it is
// sent.
func workspace(t *testing.T) (s *chat.Server, address string, heard chan string) {
	t.Helper()
	s = chat.New(chat.Options{
		Token: "xoxb-1", Channels: []chat.Channel{{ID: "C1", Name: "pomako", Joined: true}, {ID: "C2", Name: "johto", Private: true, Joined: true}},
		Users: []chat.User{{ID: "U1", Name: "Kaisa Esimerkki"}, {ID: "U2", Name: "Vera Vieras", Guest: true}},
	})
	web := httptest.NewServer(s)
	s.SetURL(web.URL)
	call := func(method string, args url.Values) {
		args.Set("token", "xoxb-1")
		res, err := http.PostForm(web.URL+"/api/"+method, args)
		if err != nil {
			t.Error(err)
			return
		}
		defer res.Body.Close()
		if body, _ := io.ReadAll(res.Body); !strings.Contains(string(body), `"ok":true`) {
			t.Errorf("%s: %s", method, body)
		}
	}
	heard = make(chan string, 64)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload := r.PostFormValue("payload")
		_, rest, _ := strings.Cut(payload, `"trigger_id":"`)
		trigger, _, _ := strings.Cut(rest, `"`)
		switch {
		case strings.Contains(payload, `"type":"view_submission"`):
			heard <- "submitted"
			_, _ = io.WriteString(w, `{"response_action":"errors","errors":{"people":"There is no such address."}}`)
		case strings.Contains(payload, `"action_id":"open"`) && strings.Contains(payload, `"type":"block_actions"`):
			heard <- "pressed"
			call("views.open", url.Values{"trigger_id": {trigger}, "view": {dialog}})
		}
	}))
	t.Cleanup(func() { _ = s.Close(); web.Close(); app.Close() })
	s.SetRequestURL(app.URL + "/slack/commands")
	call("chat.postMessage", url.Values{"channel": {"C1"}, "text": {"x"}, "blocks": {message}})
	call("chat.postMessage", url.Values{"channel": {"C1"}, "text": {"details"}, "thread_ts": {s.Posts("C1")[0].TS}})
	call("chat.postEphemeral", url.Values{"channel": {"C1"}, "user": {"U1"}, "text": {"only you"}})
	return s, web.URL, heard
}

// TestChat looks at the chat of the demonstration and uses it by keyboard: a button opens a modal,
// which has the focus, tells what is wrong, and is left by Escape.
func TestChat(t *testing.T) {
	t.Parallel()
	b := newTab(t, desk)
	html := map[string]string{}
	for _, l := range i18n.Langs {
		s, address, heard := workspace(t)
		at := address + "/?user=U1&channel=C1&lang=" + string(l)
		for _, how := range []look{desk, phone} {
			b.look(how)
			name := func(what string) string { return fmt.Sprintf("chat.%s.%s.%s", what, l, how) }
			inspect := func(what string) {
				b.fits()
				b.targets()
				b.accessible()
				b.shoot(name(what))
			}
			b.open(at)
			comes(b, "the page", `document.documentElement.classList.contains("js")`)
			inspect("channel")
			b.do(run(`[...document.querySelectorAll("button")].find(x => x.textContent === "Invite").focus()`))
			b.press(kb.Enter)
			comes(b, "the dialog", `document.querySelector("dialog:modal") !== null && document.querySelector("dialog").contains(document.activeElement)`)
			<-heard
			inspect("modal")
			b.do(run(`document.querySelector("dialog textarea").focus()`))
			b.press("x")
			b.do(run(`[...document.querySelectorAll("dialog button")].find(x => x.textContent === "Preview").focus()`))
			b.press(kb.Enter)
			comes(b, "what is wrong", `[...document.querySelectorAll("dialog .error")].some(x => x.textContent === "There is no such address.")`)
			<-heard
			if got := eval[string](b, `document.querySelector("dialog textarea").value`); got != "x" {
				t.Errorf("what was typed has become %q", got)
			}
			inspect("refused")
			html[name("refused")] = served(t, at)
			b.press(kb.Escape)
			comes(b, "the page without the dialog", `document.querySelector("dialog") === null`)
			if _, open := s.View("U1"); open {
				t.Error("the dialog is still open")
			}
			b.quiet()
		}
		html["chat."+string(l)] = served(t, at)
	}
	valid(t, html)
}

// comes waits for something that comes with another document.
func comes(b *tab, what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.wait(ctx, what, expression)
}

// served is a page as it is sent.
func served(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
