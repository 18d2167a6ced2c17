package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"viesti/internal/fault"
)

func noEnv(string) (string, bool) { return "", false }

func sample(t testing.TB) []byte {
	raw, err := os.ReadFile(filepath.Join("..", "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The sample is the documentation of the defaults: what it says is what a file that says nothing
// gets.
func TestSampleSaysTheDefaults(t *testing.T) {
	got, err := Parse("config.toml", sample(t), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	want := Defaults()
	if got.Remind.Hours != want.Remind.Hours || got.Remind.LastCall != want.Remind.LastCall ||
		len(got.Remind.After) != 2 || got.Remind.After[1] != want.Remind.After[1] ||
		got.Mail.TLS != want.Mail.TLS || got.Mail.Connections != want.Mail.Connections ||
		got.Slack.APIURL != want.Slack.APIURL || got.Slack.Command != want.Slack.Command ||
		got.Privacy != want.Privacy || got.Store.URL != want.Store.URL || got.Web.Listen != want.Web.Listen ||
		got.Survey.Grace != want.Survey.Grace {
		t.Errorf("the sample differs from the defaults: %+v", got)
	}
	if got.Reminders.After[0] != 7*24*time.Hour || got.Reminders.ToHour != 17 || !got.Reminders.FinnishHolidays {
		t.Errorf("rules: %+v", got.Reminders)
	}
}

func TestFaultsNameTheirLines(t *testing.T) {
	raw := `[survey]
wave = "2026"
opens = 2026-12-01T08:00:00+02:00
closes = "2026-11-01T08:00:00+02:00"
timezone = "Europe/Helsingfors"
organiser = "x"
contact.email = "a@example.org"
[web]
base_url = "ftp://x"
[store]
url = "mysql://"
[mail]
host = "localhost"
tls = "maybe"
from = "nobody"
[slack]
mode = "http"
[reminders]
hours = "17-8"
holidays = "SE"
[look]
accent = "#ffd34d"
logo = "nowhere.svg"
`
	_, err := Parse("c.toml", []byte(raw), noEnv)
	lines := map[int]bool{}
	for _, f := range fault.All(err) {
		lines[f.Place.Line] = true
		if f.Place.File != "c.toml" {
			t.Errorf("no file: %v", f)
		}
	}
	for _, line := range []int{4, 5, 9, 11, 14, 15, 19, 20, 22, 23} {
		if !lines[line] {
			t.Errorf("no fault on line %d in:\n%v", line, err)
		}
	}
}

// A time that the clocks of the survey's place skip is shown as the moment it would be, whatever the
// machine's own clock is.
func TestNoOffset(t *testing.T) {
	raw := regexp.MustCompile(`(?m)^closes = 2026.*$`).ReplaceAllString(string(sample(t)), "closes = 2027-03-28T03:30:00")
	_, err := Parse("c.toml", []byte(raw), noEnv)
	list := fault.All(err)
	if len(list) != 1 || list[0].Key != "config.no_offset" || list[0].Place.Field != "survey.closes" || list[0].Args["value"] != "2027-03-28T04:30:00+03:00" {
		t.Errorf("%v %+v", err, list)
	}
}

// What is promised to those who ask for it has to be there.
func TestThankYouTo(t *testing.T) {
	for keys, want := range map[string]string{
		"": "", `thank_you_to = "all"`: "", `thank_you_to = "some"`: "config.thank_you_to", `thank_you_to = "wanted"`: "config.thank_askers",
		"thank_you = \"1d\"\nthank_you_to = \"wanted\"": "",
	} {
		raw := regexp.MustCompile(`(?m)^thank_you.*\n`).ReplaceAllString(string(sample(t)), "")
		raw = strings.Replace(raw, "[reminders]\n", "[reminders]\n"+keys+"\n", 1)
		raw = strings.Replace(raw, `results_url = ""`, `results_url = "https://www.example.org/results"`, 1)
		c, err := Parse("c.toml", []byte(raw), noEnv)
		switch list := fault.All(err); {
		case want == "" && (err != nil || c.Reminders.ThankAskers != strings.Contains(keys, "wanted")):
			t.Errorf("%q: %v, %+v", keys, err, c.Reminders)
		case want != "" && (len(list) != 1 || list[0].Key != want || list[0].Place.Line == 0):
			t.Errorf("%q: %v", keys, err)
		}
	}
}

func TestRetention(t *testing.T) {
	raw := strings.Replace(string(sample(t)), "retention = \"\"", "retention = \"90d\"", 1)
	c, err := Parse("c.toml", []byte(raw), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if c.Privacy.Retention != 90*day || c.Privacy.Audit != 730*day {
		t.Errorf("privacy: %+v", c.Privacy)
	}
	if _, err := Parse("c.toml", []byte(strings.Replace(raw, `"90d"`, `"1y"`, 1)), noEnv); err == nil {
		t.Error("a retention that nobody can read was taken")
	}
	if _, err := Parse("c.toml", []byte(strings.Replace(raw, `thank_you = ""`, `thank_you = "90d"`, 1)), noEnv); err == nil {
		t.Error("thanks would be sent to nobody")
	}
	if _, err := Parse("c.toml", []byte(raw+"[consol]\nx = 1\n"), noEnv); err == nil {
		t.Error("a misspelt table was taken")
	}
}

func TestEnvironmentAndSecretFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pw"), []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"VIESTI_MAIL_HOST": "relay.example.org", "VIESTI_MAIL_USERNAME": "u", "VIESTI_MAIL_PASSWORD_FILE": "pw",
		"VIESTI_MAIL_CONNECTIONS": "9", "VIESTI_REMINDERS_AFTER": "5s, 1d", "VIESTI_SURVEY_OPENS": "2026-11-01T00:00:00Z",
		"VIESTI_SURVEY_CONTACT_NAME": "N", "VIESTI_REMINDERS_WEEKDAYS_ONLY": "false",
	}
	c, err := Parse(filepath.Join(dir, "config.toml"), sample(t), func(k string) (string, bool) { v, ok := env[k]; return v, ok })
	if err != nil {
		t.Fatal(err)
	}
	if c.Mail.Password.Reveal() != "hush" || c.Mail.Connections != 9 || c.Reminders.After[0] != 5*time.Second ||
		c.Survey.Contact.Name != "N" || c.Reminders.WeekdaysOnly || c.Survey.Opens.UTC().Day() != 1 {
		t.Errorf("%+v", c)
	}
	if s := c.Mail.Password.String(); s != "<secret>" {
		t.Errorf("the password prints as %s", s)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(sample(f)))
	f.Add("[survey]\nopens = 99999-01-01\n[mail]\nport = -1")
	f.Fuzz(func(t *testing.T, raw string) {
		_, err := Parse("c.toml", []byte(raw), noEnv)
		for _, fault := range fault.All(err) {
			if strings.TrimSpace(fault.Say("fi")) == "" {
				t.Error("a fault without words")
			}
		}
	})
}
