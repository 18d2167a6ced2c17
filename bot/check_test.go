package bot

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
)

// checked is a Slack that says what a test wants: answers by method, and auth.test's headers.
type checked struct {
	answers map[string]string
	scopes  string
	skew    time.Duration
}

func (c checked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := path.Base(r.URL.Path)
	if r.URL.Path == pathCommands { // our own address
		if c.answers["us"] == "away" {
			w.WriteHeader(http.StatusBadGateway)
		}
		return
	}
	body, ok := c.answers[method]
	if !ok {
		body = map[string]string{
			"auth.test":          `{"ok":true,"bot_id":"B1","user_id":"U1"}`,
			methodOpen:           `{"ok":true,"url":"wss://example.org/ticket"}`,
			"conversations.info": `{"ok":true,"channel":{"id":"C1","is_member":true}}`,
		}[method]
	}
	if c.scopes != "" {
		w.Header().Set("X-OAuth-Scopes", c.scopes)
	}
	w.Header().Set("Date", testTime.Add(c.skew).UTC().Format(http.TimeFormat))
	_, _ = w.Write([]byte(body))
}

func allScopes(without ...string) string {
	var names []string
	for _, s := range scopes {
		names = append(names, s.Name)
	}
	all := strings.Join(names, ",")
	for _, name := range without {
		all = strings.Replace(all, name, "x", 1)
	}
	return all
}

const private = `{"ok":true,"channel":{"id":"C1","is_private":true}}`

func says(code string) string { return `{"ok":false,"error":"` + code + `","needed":"channels:read"}` }

var checks = map[string]struct {
	mode   Mode
	slack  checked
	faults string // places and keys
	notes  string
	says   []string // in every language
}{
	"in order, http":            {HTTP, checked{scopes: allScopes()}, "", "", nil},
	"in order, socket":          {Socket, checked{scopes: allScopes()}, "", "", nil},
	"nothing is said of scopes": {HTTP, checked{}, "", "", nil},
	"a scope is missing": {
		HTTP, checked{scopes: allScopes("chat:write")}, "bot.check.scope", "", []string{"chat:write", "OAuth & Permissions"},
	},
	"a scope was left out": {
		HTTP, checked{scopes: allScopes("channels:history")}, "", "bot.check.without", []string{"channels:history"},
	},
	"the clock": {HTTP, checked{skew: -7 * time.Minute}, "bot.check.clock", "", []string{"420"}},
	"a person's token": {
		HTTP, checked{answers: map[string]string{"auth.test": `{"ok":true,"user_id":"U1"}`}}, "slack.bot_token: bot.problem.token_kind", "", []string{"xoxb-"},
	},
	"a revoked token": {
		HTTP, checked{answers: map[string]string{"auth.test": says("token_revoked")}}, "slack.bot_token: bot.problem.token", "", []string{"bot_token"},
	},
	"a bot's token as the app's": {
		Socket, checked{answers: map[string]string{methodOpen: says("not_allowed_token_type")}}, "slack.app_token: bot.problem.token_kind", "", []string{"xapp-"},
	},
	"an app token without its scope": {
		Socket, checked{answers: map[string]string{methodOpen: says("missing_scope")}}, "slack.app_token: bot.problem.app_scope", "", nil,
	},
	"a channel that is gone": {
		HTTP, checked{answers: map[string]string{"conversations.info": says("channel_not_found")}}, "net.slack_channel: bot.problem.no_channel", "", []string{"C1"},
	},
	"an archived channel": {
		HTTP,
		checked{answers: map[string]string{"conversations.info": `{"ok":true,"channel":{"id":"C1","is_archived":true}}`}},
		"net.slack_channel: bot.problem.archived", "", nil,
	},
	"a private channel without us": {
		HTTP, checked{answers: map[string]string{"conversations.info": private}}, "net.slack_channel: bot.problem.not_in_channel", "", []string{"/invite"},
	},
	"channels may not be read": {
		HTTP,
		checked{answers: map[string]string{"conversations.info": says("missing_scope")}},
		"net.slack_channel: bot.problem.scope", "",
		[]string{"channels:read", "conversations.info"},
	},
	"our address does not answer": {HTTP, checked{answers: map[string]string{"us": "away"}}, "", "bot.check.request_url", []string{"/slack/commands"}},
}

func TestCheck(t *testing.T) {
	for name, c := range checks {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(c.slack)
			defer s.Close()
			b := testBot(t, nil, func(o *Options) { o.Config.APIURL, o.Config.Mode = s.URL+"/api/", c.mode })
			list, notes := b.Check(t.Context(), []contacts.Network{{ID: "net", SlackChannel: "C1"}, {ID: "mail"}}, s.URL)
			if got := keys(list); got != c.faults {
				t.Errorf("faults %q, want %q", got, c.faults)
			}
			if got := keys(notes); got != c.notes {
				t.Errorf("notes %q, want %q", got, c.notes)
			}
			for _, l := range i18n.Langs {
				for _, f := range append(list, notes...) {
					for _, want := range c.says {
						if said := f.Say(l); !strings.Contains(said, want) {
							t.Errorf("%s lacks %q: %s", l, want, said)
						}
					}
				}
			}
		})
	}
}

func keys(list fault.List) string {
	var all []string
	for _, f := range list {
		all = append(all, f.Place.String()+f.Key)
	}
	return strings.Join(all, ", ")
}

// TestCheckOfAnAddressThatSlackDoesNotCall: Slack takes https alone.
func TestCheckOfAnAddressThatSlackDoesNotCall(t *testing.T) {
	b := testBot(t, nil, func(o *Options) { o.Config.APIURL = Defaults().APIURL })
	list, _ := b.checkWayIn(t.Context(), "http://kysely.example.org")
	if got := keys(list); got != "web.base_url: bot.check.https" {
		t.Errorf("got %q", got)
	}
}

func TestManifest(t *testing.T) {
	for _, mode := range []Mode{HTTP, Socket} {
		c := Defaults()
		c.Mode = mode
		c.Name, c.Command = "Kumppanuusbarometri", "/barometri"
		raw, err := Manifest(c, "https://kysely.example.org/")
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range checkAgainstSchema(raw, mode) {
			t.Errorf("%s: %s", mode, wrong)
		}
		for _, want := range []string{`"name": "Kumppanuusbarometri"`, `"command": "/barometri"`} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("%s lacks %s", mode, want)
			}
		}
		if urls := strings.Count(string(raw), "https://kysely.example.org/slack/"); mode == HTTP && urls != 3 || mode == Socket && strings.Contains(string(raw), "://") {
			t.Errorf("%s: %d addresses in\n%s", mode, urls, raw)
		}
	}
}

func TestManifestOfWhatSlackRefuses(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"slack.name: bot.config.name":       func(c *Config) { c.Name = strings.Repeat("ä", 36) },
		"slack.command: bot.config.command": func(c *Config) { c.Command = "/" + strings.Repeat("x", 32) },
		"slack.mode: bot.config.mode":       func(c *Config) { c.Mode = "smtp" },
		"web.base_url: bot.check.https":     func(c *Config) { c.Mode = HTTP },
	} {
		c := Defaults()
		c.Mode = Socket
		change(&c)
		_, err := Manifest(c, "http://kysely.example.org")
		if got := keys(fault.All(err)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// checkAgainstSchema holds a manifest against the rules of Slack's schema (1.0.0) in the parts that
// we use, and against those of its documents for the two modes.
func checkAgainstSchema(raw []byte, mode Mode) (wrong []string) {
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		return []string{err.Error()}
	}
	at := func(where string) any {
		var v any = m
		for _, key := range strings.Split(where, "/") {
			switch in := v.(type) {
			case map[string]any:
				v = in[key]
			case []any:
				v = in[0]
			}
		}
		return v
	}
	for where, most := range map[string]int{
		"display_information/name": 35, "display_information/description": 140, "display_information/background_color": 7,
		"features/bot_user/display_name": 80, "features/slash_commands/0/command": 32, "features/slash_commands/0/description": 2000,
		"features/slash_commands/0/usage_hint": 1000,
	} {
		if s, _ := at(where).(string); s == "" || len([]rune(s)) > most {
			wrong = append(wrong, where+": "+s)
		}
	}
	for where, want := range map[string]any{
		"features/slash_commands/0/should_escape": true, "features/app_home/messages_tab_enabled": true,
		"settings/socket_mode_enabled": mode == Socket, "settings/token_rotation_enabled": false,
		"settings/interactivity/is_enabled": true, "settings/org_deploy_enabled": false,
	} {
		if got := at(where); got != want {
			wrong = append(wrong, where+" is not as it should be")
		}
	}
	for _, where := range []string{"features/slash_commands/0/url", "settings/event_subscriptions/request_url", "settings/interactivity/request_url"} {
		if s, _ := at(where).(string); strings.HasPrefix(s, "https://") != (mode == HTTP) {
			wrong = append(wrong, where+": "+s)
		}
	}
	for where, most := range map[string]int{"oauth_config/scopes/bot": 255, "settings/event_subscriptions/bot_events": 100} {
		list, _ := at(where).([]any)
		seen := map[any]bool{}
		for _, v := range list {
			if s, _ := v.(string); s == "" || len(s) > 50 || seen[v] {
				wrong = append(wrong, where+": "+s)
			}
			seen[v] = true
		}
		if len(list) == 0 || len(list) > most {
			wrong = append(wrong, where+": too few or too many")
		}
	}
	known := []string{"_metadata", "display_information", "features", "oauth_config", "settings"}
	if len(m) != len(known) {
		wrong = append(wrong, "parts that the schema does not have")
	}
	return wrong
}

// TestScopesFollowTheConfiguration: nobody is asked for what is not used.
func TestScopesFollowTheConfiguration(t *testing.T) {
	names := func(c Config) string {
		var all []string
		for _, s := range scopesFor(c) {
			all = append(all, s.Name)
		}
		return strings.Join(all, " ")
	}
	c := Defaults()
	if got := names(c); !strings.Contains(got, "im:write") || strings.Contains(got, "email") {
		t.Errorf("as it comes: %s", got)
	}
	c.Lookup = true
	if got := names(c); !strings.Contains(got, "users:read users:read.email") {
		t.Errorf("with look-ups: %s", got)
	}
	c.Lookup, c.DirectMessages = false, false
	if got := names(c); strings.Contains(got, "im:") || !strings.Contains(got, "commands") {
		t.Errorf("channels alone: %s", got)
	}
}

const document = "../docs/slack.md"

// TestDocumentExplainsEveryScope: the table says what the words say, of all scopes and no others.
func TestDocumentExplainsEveryScope(t *testing.T) {
	raw, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, line := range strings.Split(string(raw), "\n") {
		if cells := strings.Split(line, " | "); len(cells) == 3 && strings.HasPrefix(line, "| `") && strings.Contains(cells[0], "`") {
			said[strings.Trim(cells[0], "| `")] = strings.TrimSuffix(strings.Join(cells[1:], " | "), " |")
		}
	}
	for _, s := range scopes {
		want := s.why(i18n.En) + " | needed"
		if s.Optional {
			want = s.why(i18n.En) + " | " + s.without(i18n.En)
		}
		if said[s.Name] != want {
			t.Errorf("%s does not say of %s: %s", document, s.Name, want)
		}
		delete(said, s.Name)
	}
	for name := range said {
		if strings.Contains(name, ":") {
			t.Errorf("%s explains %s, which is not asked for", document, name)
		}
	}
	for code := range cures {
		if !strings.Contains(string(raw), "`"+code+"`") {
			t.Errorf("%s does not tell what to do about %s", document, code)
		}
	}
}

// TestShippedManifests: the files are what the program makes of the sample configuration, with a
// place for the address. `go test ./bot -update` writes them.
func TestShippedManifests(t *testing.T) {
	for _, mode := range []Mode{HTTP, Socket} {
		c := Defaults()
		c.Mode = mode
		raw, err := Manifest(c, "https://barometer.example.org")
		if err != nil {
			t.Fatal(err)
		}
		file := "../docs/slack-manifest-" + string(mode) + ".json"
		if *update {
			if err := os.WriteFile(file, raw, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if shipped, err := os.ReadFile(file); err != nil || !bytes.Equal(shipped, raw) {
			t.Errorf("%s is not what the program makes: %v", file, err)
		}
	}
}
