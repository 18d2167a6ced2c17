package chat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
)

func testServer(t *testing.T, change func(*Options)) (*Server, *httptest.Server) {
	t.Helper()
	o := Options{
		Token: "xoxb-1", AppToken: "xapp-1", SigningSecret: "8f742231b10e8888abcd99yyyzzz85a5",
		Channels: []Channel{{ID: "C1", Name: "yleinen", Joined: true}, {ID: "C2", Name: "toinen"}, {ID: "C3", Private: true}, {ID: "C4", Archived: true, Joined: true}},
		Users:    []User{{ID: "U1", Name: "Aino"}, {ID: "U2", Name: "<Otto>"}},
		Groups:   map[string][]string{"S1": {"U1"}},
	}
	if change != nil {
		change(&o)
	}
	s := New(o)
	web := httptest.NewServer(http.StripPrefix("/below", s))
	t.Cleanup(func() { s.Close(); web.Close() })
	return s, web
}

func ask(t *testing.T, web *httptest.Server, method string, args ...string) map[string]any {
	t.Helper()
	form := url.Values{"token": {"xoxb-1"}}
	for i := 0; i < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	res, err := http.PostForm(web.URL+"/below/api/"+method, form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestPostsHaveTheirOwnTimes(t *testing.T) {
	s, web := testServer(t, func(o *Options) { o.Now = func() time.Time { return time.Unix(1_800_000_000, 0) } })
	for range 3 {
		ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "metadata", `{"event_type":"a_b","event_payload":{"id":"7"}}`)
	}
	posts := s.Posts("C1")
	if len(posts) != 3 || posts[0].TS != "1800000000.000000" || posts[2].TS != "1800000000.000002" {
		t.Errorf("got %+v", posts)
	}
	first := ask(t, web, "conversations.history", "channel", "C1", "limit", "2")
	messages := first["messages"].([]any)
	if len(messages) != 2 || messages[0].(map[string]any)["ts"] != posts[2].TS || first["has_more"] != true {
		t.Errorf("got %v", first)
	}
	if m := messages[0].(map[string]any)["metadata"].(map[string]any); m["event_payload"] != nil || m["event_type"] != "a_b" {
		t.Errorf("without being asked history tells %v", m)
	}
	next := first["response_metadata"].(map[string]any)["next_cursor"].(string)
	rest := ask(t, web, "conversations.history", "channel", "C1", "cursor", next, "include_all_metadata", "1")
	if messages := rest["messages"].([]any); len(messages) != 1 || messages[0].(map[string]any)["metadata"].(map[string]any)["event_payload"] == nil {
		t.Errorf("got %v", rest)
	}
	since := ask(t, web, "conversations.history", "channel", "C1", "oldest", posts[1].TS)
	if n := len(since["messages"].([]any)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestOnePostASecond(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	_, web := testServer(t, func(o *Options) { o.PerChannel, o.Now = true, func() time.Time { return now } })
	post := func() any { return ask(t, web, "chat.postMessage", "channel", "C1", "text", "x")["error"] }
	if first, second := post(), post(); first != nil || second != "ratelimited" {
		t.Errorf("got %v, %v", first, second)
	}
	now = now.Add(time.Second)
	if third := post(); third != nil {
		t.Errorf("got %v", third)
	}
}

// TestSlacksOwnSignature signs the request that Slack publishes.
func TestSlacksOwnSignature(t *testing.T) {
	s, _ := testServer(t, func(o *Options) { o.Now = func() time.Time { return time.Unix(1531420618, 0) } })
	const body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands" +
		"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	h := http.Header{}
	s.Sign(h, []byte(body))
	if got := h.Get("X-Slack-Signature"); got != "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" {
		t.Errorf("got %s", got)
	}
}

func TestMrkdwn(t *testing.T) {
	for in, want := range map[string]string{
		"a *b* _c_ ~d~ `e*f*`":           "<p>a <strong>b</strong> <em>c</em> <s>d</s> <code>e*f*</code></p>",
		"2*3*4 snake_case_name":          "<p>2*3*4 snake_case_name</p>",
		"*a _b_ c*":                      "<p><strong>a <em>b</em> c</strong></p>",
		"&lt;script&gt; &amp; \"":        "<p>&lt;script&gt; &amp; &#34;</p>",
		"<script>":                       "<p>&lt;script&gt;</p>",
		"<https://a.fi/?a=1&amp;b|sivu>": `<p><a href="https://a.fi/?a=1&amp;b" rel="noreferrer" target="_blank">sivu</a></p>`,
		"<javascript:alert(1)|x>":        "<p>&lt;javascript:alert(1)|x&gt;</p>",
		"katso https://a.fi/r/x.":        `<p>katso <a href="https://a.fi/r/x" rel="noreferrer" target="_blank">https://a.fi/r/x</a>.</p>`,
		"<@U2> <!here> <#C1|yleinen>":    `<p><span class="mention">@&lt;Otto&gt;</span> <span class="mention">@here</span> <span class="mention">#yleinen</span></p>`,
		"a\n• b\n• *c*\nd":               "<p>a</p><ul><li>b</li><li><strong>c</strong></li></ul><p>d</p>",
		"&gt; q\n&gt; r":                 "<blockquote>q<br>r</blockquote>",
		"```\nx < *y*\n```":              "<pre><code>x &lt; *y*</code></pre>",
		"* a * _":                        "<p>* a * _</p>",
		"ääkköset *ö*":                   "<p>ääkköset <strong>ö</strong></p>",
	} {
		m := mrkdwn{called: func(id string) string { return map[string]string{"U2": "<Otto>"}[id] }}
		if got := string(m.render(in)); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", in, got, want)
		}
	}
	if got := (mrkdwn{verbatim: true}).render("https://a.fi"); strings.Contains(string(got), "<a") {
		t.Errorf("verbatim text has a link: %s", got)
	}
}

func FuzzMrkdwn(f *testing.F) {
	for _, s := range []string{"*a*", "<a|b>", "`x", "_*_*", "```", "&lt;", "<https://x|<b>>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := string(mrkdwn{called: func(id string) string { return id }}.render(s))
		if strings.Contains(got, "<script") || strings.Contains(got, `href="java`) {
			t.Errorf("%q gave %s", s, got)
		}
	})
}

func TestPage(t *testing.T) {
	s, web := testServer(t, nil)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(object{"response_type": "ephemeral", "text": "you typed " + r.PostFormValue("text")})
	}))
	defer app.Close()
	s.SetRequestURL(app.URL)
	enter := func(user, text string) string {
		res, err := http.PostForm(web.URL+"/below/say", url.Values{"user": {user}, "channel": {"C1"}, "lang": {"sv"}, "text": {text}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		page, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK {
			t.Errorf("status %d", res.StatusCode)
		}
		return string(page)
	}
	page := enter("U1", "/viesti svar <b>")
	for _, want := range []string{"you typed svar &lt;b&gt;", i18n.T(i18n.Sv, "chat.only_you", nil), `lang="sv"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q\n%s", want, page)
		}
	}
	if page := enter("U2", "hello <all>"); strings.Contains(page, "you typed") || !strings.Contains(page, "hello &lt;all&gt;") {
		t.Error("another user sees what only one may see")
	}
	if page := enter("U1", "/other"); !strings.Contains(page, i18n.T(i18n.Sv, "chat.failed.no_command", nil)) {
		t.Error("an unknown command is not told")
	}
	app.Close()
	if page := enter("U1", "/viesti"); !strings.Contains(page, i18n.T(i18n.Sv, "chat.failed.unreachable", nil)) {
		t.Error("an app that is gone is not told")
	}
	for _, path := range []string{"style.css", "chat.js"} {
		res, err := http.Get(web.URL + "/below/" + path)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("%s: %v", path, err)
		}
		res.Body.Close()
	}
}

func TestSlowAppTimesOut(t *testing.T) {
	s, _ := testServer(t, nil)
	done := make(chan struct{})
	app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-done }))
	defer app.Close()
	defer close(done)
	s.SetRequestURL(app.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Command(ctx, "U1", "C1", "rates"); !errors.Is(err, ErrTimeout) {
		t.Errorf("got %v", err)
	}
}
