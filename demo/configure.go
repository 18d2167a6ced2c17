package demo

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"text/template"
	"time"

	"viesti/config"
	"viesti/contacts"
	"viesti/demo/chat"
	"viesti/demo/frame"
	"viesti/i18n"
	"viesti/report"
	"viesti/sample"
)

// The people in the chat. Only the first is a coordinator from the start.
const (
	admin    = "U0DEMO0001"
	ordinary = "U0DEMO0002"
)

// others are there to be given roles, and to be refused.
var others = []chat.User{
	{ID: "U0DEMO0003", Name: "Stina Samordnare", Email: "stina.samordnare@example.org", Locale: "sv-SE"},
	{ID: "U0DEMO0004", Name: "Robin Reader", Email: "robin.reader@example.org"},
	{ID: "U0DEMO0005", Name: "Vera Vieras", Email: "vera.vieras@example.net", Guest: true},
}

// keys are the secrets between the program and the chat, new for every run.
type keys struct{ Token, Signing string }

func newKeys() keys { return keys{Token: "xoxb-demo-" + rand.Text(), Signing: rand.Text()} }

//go:embed config.toml.tmpl
var configText string

var configTemplate = template.Must(template.New("config").Parse(configText))

// configure writes the demonstration's configuration and reads it as anybody's is read, except
// that this machine's VIESTI_ variables are none of its business.
func configure(folder string, p places, k keys, now time.Time) (config.Config, error) {
	host, port, err := net.SplitHostPort(p.mail.Addr().String())
	if err != nil {
		return config.Config{}, err
	}
	var text bytes.Buffer
	err = configTemplate.Execute(&text, map[string]string{
		"Wave": strconv.Itoa(now.Year()),
		// Reminders fall due within the wave, so that plan has something to show.
		"Opens": midnight(now, -10).Format(time.RFC3339), "Closes": midnight(now, 19).Add(-time.Minute).Format(time.RFC3339),
		"Past": pastWave(now), "PastOpens": midnight(now, -730).Format(time.RFC3339), "PastCloses": midnight(now, -702).Format(time.RFC3339),
		"Listen": p.survey, "URL": p.surveyURL(), "Host": host, "Port": port,
		"Token": k.Token, "Signing": k.Signing, "API": p.startURL() + frame.Chat + "api/", "Admin": admin,
	})
	if err != nil {
		return config.Config{}, err
	}
	if err := os.WriteFile(filepath.Join(folder, report.EarlierFile), sample.EarlierWaves, 0o600); err != nil {
		return config.Config{}, err
	}
	path := filepath.Join(folder, configName)
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		return config.Config{}, err
	}
	return config.Load(path, func(string) (string, bool) { return "", false })
}

// pastWave is the wave whose results can be looked at.
func pastWave(now time.Time) string { return strconv.Itoa(now.Year() - 2) }

// midnight is the beginning of a day, counted from now's.
func midnight(now time.Time, days int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+days, 0, 0, 0, 0, now.Location())
}

const configName = "config.toml"

func (d *demo) configPath() string { return filepath.Join(d.folder, configName) }

// workspace is the chat: a channel for each network that has one.
func workspace(networks []contacts.Network, k keys, p places, now func() time.Time) chat.Options {
	o := chat.Options{
		Token: k.Token, SigningSecret: k.Signing, RequestURL: p.surveyURL() + "/slack/commands",
		Users: append([]chat.User{
			{ID: admin, Name: "Kaisa Esimerkki", Email: "kaisa.esimerkki@example.org", Locale: "fi-FI"},
			{ID: ordinary, Name: "Otto Tavallinen", Email: "otto.tavallinen@example.org"},
		}, others...),
		PerChannel: true, Tiers: true, Now: now,
	}
	for _, n := range networks {
		if n.SlackChannel == "" {
			continue
		}
		c := chat.Channel{ID: n.SlackChannel, Name: n.ID}
		if n.ID == network { // the page opens on the first one
			o.Channels = append([]chat.Channel{c}, o.Channels...)
			continue
		}
		o.Channels = append(o.Channels, c)
	}
	o.Channels = append(o.Channels, coordinators)
	return o
}

// name is a network's name in the words of a page.
func name(networks []contacts.Network, id string, l i18n.Lang) string {
	for _, n := range networks {
		if n.ID == id {
			return n.Name.In(l)
		}
	}
	return id
}
