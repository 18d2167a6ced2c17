// Package config reads the configuration: one TOML file, strictly, then the environment, then
// the files that hold secrets; and tells everything that is wrong in one go, each with its line.
//
// It decides nothing: defaults and rules of a room's own keys belong to that room.
package config

import (
	"errors"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"viesti/bot"
	"viesti/campaign"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/secret"
	"viesti/internal/span"
	"viesti/internal/tomlfile"
	"viesti/mailer"
	"viesti/server/look"
	"viesti/staff"
)

// Config is the whole configuration.
type Config struct {
	Survey    Survey          `toml:"survey"`
	Web       Web             `toml:"web"`
	Store     Store           `toml:"store"`
	Mail      mailer.Config   `toml:"mail"`
	Slack     bot.Config      `toml:"slack"`
	Reminders campaign.Rules  `toml:"-"`
	Remind    Reminders       `toml:"reminders"`
	Waves     map[string]Wave `toml:"waves"` // further ones, by id
	Report    Report          `toml:"report"`
	Privacy   Privacy         `toml:"privacy"`
	Notices   Notices         `toml:"notices"`
	Console   Console         `toml:"console"`
	Colours   look.Config     `toml:"look"`
	Look      look.Look       `toml:"-"` // Colours, read

	// Advice is what works as it is and should be thought of before a real survey.
	Advice fault.List `toml:"-"`
	// common is what waves have that [waves] does not give one of their own.
	common Wave
	// Dir is the folder of the file: relative paths begin there.
	Dir string `toml:"-"`
}

// Survey is the [survey] table.
type Survey struct {
	Questionnaire string    `toml:"questionnaire"`
	Wave          string    `toml:"wave"`
	Opens         time.Time `toml:"opens"`
	Closes        time.Time `toml:"closes"`
	Timezone      string    `toml:"timezone"`
	// OrganiserKey is the organiser as written: a name, or a table of its names by language.
	OrganiserKey any       `toml:"organiser"`
	Organiser    i18n.Text `toml:"-"`
	Contact      Contact   `toml:"contact"`
	Grace        span.Span `toml:"grace"`
	// Earlier is a file that says what is known of earlier waves; empty: nothing is.
	Earlier    string `toml:"earlier"`
	ResultsURL string `toml:"results_url"`

	Zone    *time.Location `toml:"-"`
	Targets map[string]int `toml:"-"` // of the wave, by network, in place of the lists'
}

// Contact is who answers questions about the survey.
type Contact struct {
	Name         string `toml:"name"`
	Organisation string `toml:"organisation"`
	Email        string `toml:"email"`
	Phone        string `toml:"phone"`
	Address      string `toml:"address"` // postal
}

// Web is the [web] table.
type Web struct {
	Listen         string   `toml:"listen"`
	BaseURL        string   `toml:"base_url"`
	TrustedProxies []string `toml:"trusted_proxies"`
	Metrics        string   `toml:"metrics"`
}

// Store is the [store] table.
type Store struct {
	URL string `toml:"url"`

	Path string `toml:"-"` // of the bolt file, absolute
}

// Reminders is the [reminders] table as written.
type Reminders struct {
	After            []span.Span `toml:"after"`
	BelowTargetAfter []span.Span `toml:"below_target_after"`
	LastCall         span.Span   `toml:"last_call"`
	ThankYou         span.Span   `toml:"thank_you"`
	ThankYouTo       string      `toml:"thank_you_to"`
	Hours            string      `toml:"hours"`
	WeekdaysOnly     bool        `toml:"weekdays_only"`
	Holidays         string      `toml:"holidays"`
}

// Report is the [report] table.
type Report struct {
	// By are the background questions that results are divided by; empty: all of them.
	By []string `toml:"by"`

	// Sample is the share of the respondents whose answers are exported one by one; results are divided
	// by background for the others.
	Sample float64 `toml:"sample"`

	Place fault.Place `toml:"-"` // of By, for whoever knows the questionnaire
}

// Privacy is the [privacy] table.
type Privacy struct {
	MinimumGroup int       `toml:"minimum_group"`
	FullExport   bool      `toml:"full_export"` // export --full is allowed
	Drafts       span.Span `toml:"drafts"`
	Retention    span.Span `toml:"retention"` // of contacts after the close; 0: until they are purged
	Audit        span.Span `toml:"audit"`     // of entries in the book of what was done; 0: for ever
}

// DraftDays is how many days an unfinished answer is kept.
func (p Privacy) DraftDays() int { return int(p.Drafts / day) }

// Console is the [console] table.
type Console struct {
	Coordinators []string `toml:"coordinators"`
}

// The words of thank_you_to.
const (
	toAll    = "all"
	toAskers = "wanted" // to those who said on their own page that they want the results
)

const day = span.Span(24 * time.Hour)

// Defaults is the configuration before a file is read.
func Defaults() Config {
	return Config{
		Survey: Survey{Questionnaire: "partnership-barometer", Timezone: "Europe/Helsinki", Grace: day, Earlier: "earlier-waves.toml"},
		Web:    Web{Listen: "127.0.0.1:8080"},
		Store:  Store{URL: "bolt:data/viesti.db"},
		Mail:   mailer.Defaults(),
		Slack:  bot.Defaults(),
		Remind: Reminders{
			After: []span.Span{7 * day, 14 * day}, BelowTargetAfter: []span.Span{21 * day},
			LastCall: 2 * day, ThankYouTo: toAll, Hours: "08-17", WeekdaysOnly: true, Holidays: "FI",
		},
		Privacy: Privacy{MinimumGroup: 5, Drafts: 30 * day, Audit: 730 * day},
		Report:  Report{Sample: 0.25},
		Notices: Notices{Status: Mostly},
	}
}

// Load reads a file and the environment (os.LookupEnv or a test's own).
func Load(path string, env func(string) (string, bool)) (Config, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, fault.Wrap(err, fault.NotFound, "config.no_file", i18n.Args{"file": path})
	}
	if err != nil {
		return Config{}, fault.Wrap(err, fault.Unavailable, "config.unreadable", i18n.Args{"file": path})
	}
	return Parse(path, raw, env)
}

// Parse reads a configuration and finds all that is wrong with it.
func Parse(path string, raw []byte, env func(string) (string, bool)) (Config, error) {
	c := Defaults()
	file, err := tomlfile.Decode(path, raw, &c)
	var unknown fault.List // keys: what else is wrong is told with them
	if err != nil && !errors.As(err, &unknown) {
		return Config{}, err
	}
	c.Dir = filepath.Dir(path)
	c.Report.Place = file.Place("report.by")
	r := reader{c: &c, file: file}
	r.faults = append(r.faults, unknown...)
	r.environment(env)
	r.secrets()
	r.paths()
	r.letters()
	r.present()
	r.survey()
	r.waves()
	r.web()
	r.store()
	r.reminders()
	r.notices()
	r.console()
	r.rooms()
	return c, r.faults.Err()
}

// MailOn tells whether mail is to be sent.
func (c Config) MailOn() bool { return c.Mail.Host != "" }

// SlackOn tells whether Slack is used.
func (c Config) SlackOn() bool { return c.Slack.Mode != bot.Off && c.Slack.Mode != "" }

// QuestionnaireName is what survey.Load is to read: a folder beside the file, or a built-in name.
func (c Config) QuestionnaireName() string {
	beside := filepath.Join(c.Dir, c.Survey.Questionnaire)
	if info, err := os.Stat(beside); err == nil && info.IsDir() {
		return beside
	}
	return c.Survey.Questionnaire
}

// reader gathers faults while a configuration is read.
type reader struct {
	c      *Config
	file   tomlfile.File
	faults fault.List
}

func (r *reader) add(field, key string, args i18n.Args) {
	r.faults = append(r.faults, fault.New(fault.Invalid, key, args).At(r.file.Place(field)))
}

func (r *reader) survey() {
	s := &r.c.Survey
	for field, value := range map[string]string{
		"survey.wave": s.Wave, "survey.contact.email": s.Contact.Email,
		"survey.questionnaire": s.Questionnaire,
	} {
		if strings.TrimSpace(value) == "" {
			r.add(field, "config.missing", nil)
		}
	}
	r.organiser()
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil || s.Timezone == "" {
		r.add("survey.timezone", "config.timezone", i18n.Args{"value": s.Timezone})
		zone = time.UTC
	}
	s.Zone = zone
	s.Opens, s.Closes = r.moment("survey.opens", s.Opens), r.moment("survey.closes", s.Closes)
	switch {
	case s.Opens.IsZero():
		r.add("survey.opens", "config.date_missing", nil)
	case s.Closes.IsZero():
		r.add("survey.closes", "config.date_missing", nil)
	case !s.Opens.Before(s.Closes):
		r.add("survey.closes", "config.dates_cross", nil)
	}
	s.Opens, s.Closes = s.Opens.In(zone), s.Closes.In(zone)
	if u, err := url.Parse(s.ResultsURL); s.ResultsURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		r.add("survey.results_url", "config.results_url", nil)
	}
	if s := r.c.Report.Sample; !(s >= 0 && s <= 1) { // nor NaN
		r.add("report.sample", "config.sample", nil)
	}
	if r.c.Privacy.MinimumGroup < 5 {
		r.add("privacy.minimum_group", "config.minimum_group", nil)
	}
	if keep, thanks := r.c.Privacy.Retention, r.c.Remind.ThankYou; keep > 0 && keep <= thanks {
		r.add("privacy.retention", "config.retention", nil)
	}
	if d := r.c.Privacy.Drafts; d < day || d%day != 0 {
		r.add("privacy.drafts", "config.drafts", nil)
	}
}

// organiser reads who asks: one name in all languages, or a name in each.
func (r *reader) organiser() {
	name, ok := texts(r.c.Survey.OrganiserKey)
	r.c.Survey.Organiser = name
	if !ok || !name.Complete() {
		r.add("survey.organiser", "config.organiser", nil)
	}
}

func (r *reader) web() {
	w := &r.c.Web
	if w.BaseURL == "" {
		w.BaseURL = "http://" + w.Listen
	}
	u, err := url.Parse(w.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || strings.Trim(u.Path, "/") != "" {
		r.add("web.base_url", "config.base_url", i18n.Args{"value": w.BaseURL})
	}
	w.BaseURL = strings.TrimRight(w.BaseURL, "/")
	for _, listen := range []struct{ field, value string }{{"web.listen", w.Listen}, {"web.metrics", w.Metrics}} {
		if listen.value != "" && !listenable(listen.value) {
			r.add(listen.field, "config.listen", i18n.Args{"value": listen.value})
		}
	}
	for _, p := range w.TrustedProxies {
		_, err := netip.ParsePrefix(p)
		if _, addrErr := netip.ParseAddr(p); err != nil && addrErr != nil {
			r.add("web.trusted_proxies", "config.proxy", i18n.Args{"value": p})
		}
	}
}

func (r *reader) store() {
	path, ok := strings.CutPrefix(r.c.Store.URL, "bolt:")
	if !ok || path == "" {
		r.add("store.url", "config.store", nil)
		return
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.c.Dir, path)
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	r.c.Store.Path = path
}

func (r *reader) console() {
	for _, email := range r.c.Console.Coordinators {
		if !contacts.ValidAddress(email) {
			r.add("console.coordinators", "config.coordinator", i18n.Args{"value": email})
		}
	}
}

// rooms lets each room judge its own table and adds the lines.
func (r *reader) rooms() {
	var all fault.List
	if _, _, ok := staff.ParseWhen(r.c.Mail.Digest); !ok && r.c.Mail.Digest != "" {
		r.add("mail.digest", "bot.config.digest", i18n.Args{"value": r.c.Mail.Digest})
	}
	if r.c.MailOn() {
		all = append(all, r.c.Mail.Validate()...)
	}
	all = append(all, r.c.Slack.Validate()...)
	var wrong fault.List
	r.c.Look, wrong = r.c.Colours.Load(r.c.Dir)
	all = append(all, wrong...)
	for _, f := range all {
		r.faults = append(r.faults, f.At(r.file.Place(f.Place.Field)))
	}
}

// paths makes the paths that rooms read themselves begin at the configuration's folder.
func (r *reader) paths() {
	for _, path := range []*string{&r.c.Survey.Earlier, &r.c.Mail.Letters, &r.c.Mail.DKIM.KeyFile, &r.c.Mail.DKIM.Ed25519KeyFile} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(r.c.Dir, *path)
		}
	}
}

// secrets reads the files that hold secrets, relative to the configuration's folder.
func (r *reader) secrets() {
	for _, s := range []struct {
		field, file string
		into        *secret.String
	}{
		{"mail.password_file", r.c.Mail.PasswordFile, &r.c.Mail.Password},
		{"mail.bounces.imap.password_file", r.c.Mail.Bounces.IMAP.PasswordFile, &r.c.Mail.Bounces.IMAP.Password},
		{"slack.bot_token_file", r.c.Slack.BotTokenFile, &r.c.Slack.BotToken},
		{"slack.app_token_file", r.c.Slack.AppTokenFile, &r.c.Slack.AppToken},
		{"slack.signing_secret_file", r.c.Slack.SigningSecretFile, &r.c.Slack.SigningSecret},
	} {
		if s.file == "" {
			continue
		}
		if *s.into != "" {
			r.add(s.field, "config.secret_twice", nil)
			continue
		}
		path := s.file
		if !filepath.IsAbs(path) {
			path = filepath.Join(r.c.Dir, path)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			r.add(s.field, "config.secret_file", i18n.Args{"file": path})
			continue
		}
		*s.into = secret.String(strings.TrimRight(string(raw), "\r\n"))
	}
	r.c.Mail.PasswordFile = "" // read: from here on the password stands for both
	r.c.Mail.Bounces.IMAP.PasswordFile = ""
}
