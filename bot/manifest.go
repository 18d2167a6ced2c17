package bot

import (
	"bytes"
	"encoding/json"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Manifest is what Slack makes an app from: pasted into its page, it asks for what this bot uses
// and for nothing else. baseURL is web.base_url, which in Socket Mode is not needed. The words in
// it are English, since Slack does not translate them.
func Manifest(c Config, baseURL string) ([]byte, error) {
	if err := checkManifest(c, baseURL); err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(baseURL, "/")
	at := func(path string) string {
		if c.Mode == Socket {
			return ""
		}
		return base + path
	}
	_, home := events[eventHomeOpened]
	m := manifest{
		Metadata: manifestVersion{Major: 1, Minor: 1},
		Display: manifestDisplay{
			Name: c.Name, Description: "Survey invitations, reminders, links and response rates", Background: "#1b3a57",
		},
		Features: manifestFeatures{
			Home: manifestHome{Home: home, Messages: true, ReadOnly: true},
			User: manifestUser{Name: c.Name, Online: true},
			Commands: []manifestCommand{{
				Command: c.Command, URL: at(pathCommands), Description: "Response rates, survey links, status",
				Hint: usage(), Escape: true,
			}},
		},
		Settings: manifestSettings{
			Events:      manifestEvents{URL: at(pathEvents), Bot: eventTypes()},
			Interaction: manifestInteraction{Enabled: true, URL: at(pathInteractions)},
			Socket:      c.Mode == Socket,
		},
	}
	for _, s := range scopesFor(c) {
		m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(m)
	return out.Bytes(), err
}

func checkManifest(c Config, baseURL string) error {
	var list fault.List
	add := func(field, key string, args i18n.Args) {
		list = append(list, fault.New(fault.Invalid, key, args).At(fault.Place{Field: field}))
	}
	c.validateNames(func(field, key string, args i18n.Args) { add("slack."+field, key, args) })
	switch {
	case c.Mode != HTTP && c.Mode != Socket:
		add("slack.mode", "bot.config.mode", i18n.Args{"value": string(c.Mode)})
	case c.Mode == HTTP && !strings.HasPrefix(baseURL, "https://"):
		add("web.base_url", "bot.check.https", i18n.Args{"url": baseURL})
	}
	return list.Err()
}

// usage is the hint that Slack shows while a command is being typed.
func usage() string {
	var words []string
	for _, v := range verbs {
		words = append(words, v.words[i18n.En][0])
	}
	return strings.Join(words, " | ")
}

// The manifest's shape, as Slack describes it (schema 1.0.0), in the parts that we use.
type (
	manifest struct {
		Metadata manifestVersion  `json:"_metadata"`
		Display  manifestDisplay  `json:"display_information"`
		Features manifestFeatures `json:"features"`
		OAuth    manifestOAuth    `json:"oauth_config"`
		Settings manifestSettings `json:"settings"`
	}
	manifestVersion struct {
		Major int `json:"major_version"`
		Minor int `json:"minor_version"`
	}
	manifestDisplay struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Background  string `json:"background_color"`
	}
	manifestFeatures struct {
		Home     manifestHome      `json:"app_home"`
		User     manifestUser      `json:"bot_user"`
		Commands []manifestCommand `json:"slash_commands"`
	}
	manifestHome struct {
		Home     bool `json:"home_tab_enabled"`
		Messages bool `json:"messages_tab_enabled"` // else nobody can be written to
		ReadOnly bool `json:"messages_tab_read_only_enabled"`
	}
	manifestUser struct {
		Name   string `json:"display_name"`
		Online bool   `json:"always_online"`
	}
	manifestCommand struct {
		Command     string `json:"command"`
		URL         string `json:"url,omitempty"`
		Description string `json:"description"`
		Hint        string `json:"usage_hint"`
		Escape      bool   `json:"should_escape"` // names come as ids
	}
	manifestOAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	}
	manifestSettings struct {
		Events      manifestEvents      `json:"event_subscriptions"`
		Interaction manifestInteraction `json:"interactivity"`
		Org         bool                `json:"org_deploy_enabled"`
		Socket      bool                `json:"socket_mode_enabled"`
		Rotation    bool                `json:"token_rotation_enabled"` // cannot be turned off again
	}
	manifestEvents struct {
		URL string   `json:"request_url,omitempty"`
		Bot []string `json:"bot_events"`
	}
	manifestInteraction struct {
		Enabled bool   `json:"is_enabled"`
		URL     string `json:"request_url,omitempty"`
	}
)
