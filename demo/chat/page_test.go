package chat

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"viesti/i18n"
)

// visit is somebody at the page: who they are, where, and in which language.
type visit struct {
	t    *testing.T
	web  *httptest.Server
	user string
	at   string
	lang i18n.Lang
}

func (v visit) query(more ...string) url.Values {
	q := url.Values{"user": {v.user}, "channel": {v.at}, "lang": {string(v.lang)}}
	for i := 0; i < len(more); i += 2 {
		q.Add(more[i], more[i+1])
	}
	return q
}

func (v visit) read(res *http.Response, err error) string {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		v.t.Fatalf("%s, %v", res.Status, err)
	}
	return string(page)
}

func (v visit) look() string {
	v.t.Helper()
	return v.read(http.Get(v.web.URL + "/below/?" + v.query().Encode()))
}

func (v visit) do(what string, more ...string) string {
	v.t.Helper()
	return v.read(http.PostForm(v.web.URL+"/below/"+what, v.query(more...)))
}

func (v visit) wants(page string, words ...string) {
	v.t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			v.t.Errorf("the page lacks %q\n%s", w, page)
		}
	}
}

const everyBlock = `[{"type":"header","text":{"type":"plain_text","text":"Head <1>"}},
{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*bold* <@U1>"},"fields":[{"type":"mrkdwn","text":"a field"}],"accessory":{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Pause"},"value":"p"}]}},
{"type":"image","image_url":"https://example.org/a.png","alt_text":"a poster"},
{"type":"data_visualization","title":"Rates","chart":{"type":"line","series":[{"name":"Done","data":[{"label":"w1","value":3},{"label":"w2","value":7.5}]}],"axis_config":{"categories":["w1","w2"]}}},
{"type":"data_visualization","title":"Parts","chart":{"type":"pie","segments":[{"label":"all","value":1}]}},
{"type":"table","rows":[[{"type":"raw_text","text":"Network"}],[{"type":"raw_number","value":12}]]},
{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"rich words"}]}]},
{"type":"divider"},
{"type":"context","elements":[{"type":"mrkdwn","text":"small print"}]},
{"type":"actions","block_id":"a","elements":[
 {"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"},"confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"plain_text","text":"It is sent."},"confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}}},
 {"type":"button","action_id":"link","url":"https://example.org/x","text":{"type":"plain_text","text":"Link"}},
 {"type":"static_select","action_id":"pick","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]},
 {"type":"datepicker","action_id":"day"}]}]`

func TestPageShowsEveryBlock(t *testing.T) {
	s, web, _ := withApp(t, nil)
	if got := ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "blocks", everyBlock); got["ok"] != true {
		t.Fatal(got)
	}
	v := visit{t, web, "U1", "C1", i18n.Fi}
	v.wants(v.look(), "Head &lt;1&gt;", "<strong>bold</strong>", "@Aino Aalto", "a field", `alt="a poster"`, "<polyline", "<circle", "<path",
		"7.5", "Network", "rich words", "<hr>", "small print", "Sure?", "It is sent.", `href="https://example.org/x"`, "<select", `type="date"`,
		i18n.T(i18n.Fi, "chat.figures", nil))
	root := s.Posts("C1")[0].TS
	ask(t, web, "chat.postMessage", "channel", "C1", "text", "in the thread", "thread_ts", root)
	ask(t, web, "chat.update", "channel", "C1", "ts", root, "text", "now")
	v.wants(v.look(), "in the thread", i18n.T(i18n.Fi, "chat.thread", i18n.Args{"n": 1}), i18n.T(i18n.Fi, "chat.edited", nil))
}

func TestPageActs(t *testing.T) {
	s, web, app := withApp(t, nil)
	ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "blocks", everyBlock)
	ts := s.Posts("C1")[0].TS
	v := visit{t, web, "U1", "C1", i18n.En}
	v.do("act", "ts", ts, "action", "a go")
	if a := app.last(t).ActionCallback.BlockActions[0]; a.ActionID != "go" {
		t.Errorf("%+v", a)
	}
	v.do("act", "ts", ts, "action", "s more p")
	if a := app.last(t).ActionCallback.BlockActions[0]; a.SelectedOption.Value != "p" {
		t.Errorf("%+v", a)
	}
	v.do("act", "ts", ts, "action", "a pick", "value a pick", "1")
	if a := app.last(t).ActionCallback.BlockActions[0]; a.SelectedOption.Value != "1" {
		t.Errorf("%+v", a)
	}
	v.wants(v.do("act", "ts", ts, "action", "a none"), i18n.T(i18n.En, "chat.failed.cannot", nil))
	app.answer = "no"
	v.wants(v.do("act", "ts", ts, "action", "a go"), i18n.T(i18n.En, "chat.failed.trouble", nil))
}

func TestPageModal(t *testing.T) {
	s, web, app := withApp(t, nil)
	m := opened(t, s, web, app, form)
	v := visit{t, web, "U1", "C1", i18n.Sv}
	v.wants(v.look(), "<dialog open", "Words", "Send", i18n.T(i18n.Sv, "chat.close", nil), `<option value="C1" selected>#yleinen</option>`)
	if other := (visit{t, web, "U2", "C1", i18n.Sv}).look(); strings.Contains(other, "<dialog") {
		t.Error("another sees the modal")
	}
	// What is filled in outlives a button and a refusal.
	v.do("act", "view", m.ID, "action", "note in", "value words w", "hello", "value where c", "C2")
	if in := app.last(t); in.View.State.Values["words"]["w"].Value != "hello" || in.View.State.Values["where"]["c"].SelectedConversation != "C2" {
		t.Errorf("%+v", in.View.State)
	}
	app.answer = `{"response_action":"errors","errors":{"words":"not so"}}`
	page := v.do("submit", "view", m.ID, "value words w", "hello", "value who u", "U1", "value who u", "U2")
	v.wants(page, "not so", `value="hello"`)
	if in := app.last(t); in.Type != slack.InteractionTypeViewSubmission || len(in.View.State.Values["who"]["u"].SelectedUsers) != 2 {
		t.Errorf("%+v", in.View.State)
	}
	v.wants(v.do("submit", "view", m.ID, "value words w", ""), i18n.T(i18n.Sv, "chat.failed.cannot", nil))
	if page := v.do("dismiss"); strings.Contains(page, "<dialog") || app.last(t).Type != slack.InteractionTypeViewClosed {
		t.Error("the modal is still there")
	}
}

func TestPageHomeAndMessages(t *testing.T) {
	_, web, app := withApp(t, nil)
	v := visit{t, web, "U1", "home", i18n.En}
	v.wants(v.do("home"), i18n.T(i18n.En, "chat.no_home", nil))
	if len(app.events) != 1 {
		t.Errorf("the app heard %v", app.events)
	}
	ask(t, web, "views.publish", "user_id", "U1", "view", `{"type":"home","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"my networks"},"accessory":{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}}]}`)
	page := v.look()
	v.wants(page, "my networks")
	action := regexp.MustCompile(`name="action" value="([^"]+ go)"`).FindStringSubmatch(page)
	view := regexp.MustCompile(`name="view" value="(V[^"]+)"`).FindStringSubmatch(page)
	v.do("act", "view", view[1], "action", action[1])
	if in := app.last(t); in.View.Type != slack.VTHomeTab || in.Container.Type != "view" {
		t.Errorf("%+v", in)
	}
	ask(t, web, "chat.postMessage", "channel", "U1", "text", "only for you")
	v.at = "D1"
	v.wants(v.look(), "only for you", i18n.T(i18n.En, "chat.messages", nil))
	if page := (visit{t, web, "U2", "D1", i18n.En}).look(); strings.Contains(page, "only for you") {
		t.Error("another reads the message")
	}
}

// What some people do not see is not on their page.
func TestPageOfOthers(t *testing.T) {
	_, web, _ := withApp(t, nil)
	ask(t, web, "chat.postMessage", "channel", "C6", "text", "a secret")
	if page := (visit{t, web, "U2", "C6", i18n.En}).look(); strings.Contains(page, "a secret") || strings.Contains(page, "ryhma") {
		t.Error("a private channel is seen from outside")
	}
	stranger := visit{t, web, "U6", "C5", i18n.En}
	page := stranger.look()
	stranger.wants(page, "vieraat")
	if strings.Contains(page, "yleinen") {
		t.Error("a stranger sees channels that are not shared")
	}
	stranger.wants(stranger.do("say", "text", "/viesti rates"), i18n.T(i18n.En, "chat.failed.cannot", nil))
}
