// Package app wires the rooms into one program and carries its lifetime: New opens the store and
// builds everything, Serve runs it until its context ends, Close undoes what New did.
//
// It is the only room that knows all others, and it has no rules of its own.
package app

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"viesti/audit"
	"viesti/bot"
	"viesti/bounce"
	"viesti/campaign"
	"viesti/config"
	"viesti/contacts"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/mailer"
	"viesti/mailer/domain"
	"viesti/outbox"
	"viesti/privacy"
	"viesti/report"
	"viesti/report/results"
	"viesti/server"
	"viesti/server/control"
	"viesti/staff"
	"viesti/store/bolt"
	"viesti/store/journal"
	"viesti/survey"
)

// Options are what a program gets from outside. The zero values are the real clock, real chance
// and no log.
type Options struct {
	Now  func() time.Time
	Rand io.Reader
	Log  *slog.Logger
	// DNS is asked by check whether receivers will believe letters; nil is the system's.
	DNS domain.Resolver
}

// App is the program, built and not yet running.
type App struct {
	Config   config.Config
	Store    *bolt.Store
	Campaign *campaign.Campaign
	Worker   *outbox.Worker
	Reporter *report.Reporter
	Links    *link.Links
	Lists    contacts.Lists
	Roster   *staff.Roster
	Bot      *bot.Bot // nil when Slack is off
	Bounces  *bounce.Intake
	Book     *audit.Book
	Keeper   *privacy.Keeper

	web       http.Handler
	theme     *server.Theme // how pages look
	control   http.Handler
	fieldwork *survey.Fieldwork
	mail      *mailer.Carrier // nil when mail is off
	registry  *prometheus.Registry
	upcoming  upcoming
	alerts    chan alert
	counting  atomic.Pointer[results.Reporter] // the results asked for last
	prepared  results.Ahead
	options   Options
	life      lifetime
}

// New opens the store and builds the program. It sends and listens to nothing yet.
func New(ctx context.Context, c config.Config, o Options) (*App, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.DNS == nil {
		o.DNS = net.DefaultResolver
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{Config: c, options: o, life: lifetime{log: o.Log}, alerts: make(chan alert, mostAlerts)}
	if err := a.build(ctx); err != nil {
		return nil, joined(err, a.Close(ctx))
	}
	return a, nil
}

func joined(err, other error) error {
	if err == nil {
		return other
	}
	return err // what went wrong first is what a person has to hear
}

// build is one straight line on purpose: the order in which things are made is the order in which
// they need each other.
func (a *App) build(ctx context.Context) error {
	questionnaire, err := survey.Load(a.Config.QuestionnaireName())
	if err != nil {
		return err
	}
	a.Store, err = bolt.Open(ctx, bolt.Options{Path: a.Config.Store.Path, Rand: a.options.Rand})
	if err != nil {
		return err
	}
	a.life.onStop("store", func(context.Context) error { return a.Store.Close() })

	notes := journal.New(journal.Path(a.Config.Store.Path))
	a.life.onStop("journal", func(context.Context) error { return notes.Close() })

	s := a.Config.Survey
	a.fieldwork = &survey.Fieldwork{
		Questionnaire: questionnaire, Period: period(s), Store: a.Store, Now: a.options.Now, Rand: a.options.Rand,
		Keep: a.Config.Privacy.DraftDays(),
	}
	a.Links = &link.Links{Store: a.Store, Rand: a.options.Rand, BaseURL: a.Config.Web.BaseURL}
	a.Lists = contacts.Lists{Store: a.Store, Rand: a.options.Rand}
	a.keepers(notes)
	a.Roster = &staff.Roster{Store: a.Store, Now: a.options.Now, Rand: a.options.Rand, Day: a.day, Note: a.roleGiven}
	if a.Reporter, err = a.reporter(a.Config); err != nil {
		return err
	}
	if err := CheckReport(a.Config, questionnaire); err != nil {
		return err
	}
	a.Reporter.Ahead = a.ahead
	a.registry = prometheus.NewRegistry()
	if err := a.carriers(questionnaire, notes); err != nil {
		return err
	}
	a.returns()
	a.planning()
	a.control = a.commands().Handler()
	a.web, err = a.pages()
	return err
}

// carriers makes what sends, and the worker that feeds it.
func (a *App) carriers(q *survey.Questionnaire, notes outbox.Journal) error {
	s := a.Config.Survey
	a.Worker = &outbox.Worker{
		Store: a.Store, Journal: notes, Links: a.Links, Networks: a.Store.Networks, Contact: a.Store.Contact,
		Carriers:  map[link.Channel]outbox.Carrier{},
		Wave:      outbox.Wave{ID: s.Wave, Closes: s.Closes, Zone: s.Zone, ThankAskers: a.Config.Reminders.ThankAskers},
		PerMinute: a.Config.Mail.PerMinute, PerDomainPerMinute: a.Config.Mail.PerDomainPerMinute,
		MessageID: func(random string) string { return random },
		Now:       a.options.Now, Rand: a.options.Rand, Log: a.log("outbox"), Grace: drain, Alert: func(x outbox.Alert) { a.raise(alert{Alert: x}) },
	}
	if a.Config.MailOn() {
		composer, err := newComposer(a.Config, q)
		if err != nil {
			return err
		}
		composer.Weeks = a.week
		a.mail = &mailer.Carrier{
			Config: a.Config.Mail, Composer: composer, Limits: mailer.DefaultLimits(), Now: a.options.Now, Log: a.log("mailer"),
		}
		a.Worker.Carriers[link.Mail] = a.mail
		a.Worker.MessageID = composer.MessageID
	}
	if a.Config.SlackOn() {
		a.Bot = bot.New(bot.Options{
			Config: a.Config.Slack, Desk: desk{a}, Accounts: a.Store, Roster: a.Roster, Secret: a.Store.Secret("what can be pressed in slack"),
			Log: a.log("bot"), Now: a.options.Now, Rand: a.options.Rand, Registerer: a.registry,
			Survey: bot.Survey{
				Title: q.Title, Minutes: q.Minutes, Closes: s.Closes, Zone: s.Zone, Organiser: s.Organiser, Contact: s.Contact.Email, BaseURL: a.Config.Web.BaseURL,
				ResultsURL: s.ResultsURL, ThankAskers: a.Config.Reminders.ThankAskers,
			},
		})
		a.Worker.Carriers[link.Slack] = a.Bot.Carrier()
	}
	return nil
}

func (a *App) planning() {
	s := a.Config.Survey
	wave := campaign.Wave{ID: s.Wave, Opens: s.Opens, Closes: s.Closes, Zone: s.Zone, Rules: a.Config.Reminders}
	wave.Direct = campaign.Direct{Messages: a.Config.Slack.DirectMessages, LookUp: a.Config.Slack.Lookup}
	for _, channel := range []link.Channel{link.Mail, link.Slack} {
		if _, ok := a.Worker.Carriers[channel]; ok {
			wave.Channels = append(wave.Channels, channel)
		}
	}
	a.Campaign = &campaign.Campaign{
		Wave: wave, Contacts: a.Store, Outbox: a.Store, Links: a.Links, BelowTarget: func(ctx context.Context) (map[string]bool, error) { return belowTarget(ctx, a.Reporter) },
		Wake: a.Worker.Wake, Now: a.options.Now, Log: a.log("campaign"), Lagging: a.lagging,
	}
	a.Campaign.Staff = people{a}
	a.Campaign.Wave.Digest, a.Campaign.Wave.Letter = staff.Usual("", a.Config.Slack.Digest), staff.Usual("", a.Config.Mail.Digest)
	if a.Bot != nil {
		a.Campaign.Purge = a.purgeNotice
	}
}

// belowTarget tells which networks have fewer complete responses than they aim for.
func belowTarget(ctx context.Context, r *report.Reporter) (map[string]bool, error) {
	rates, err := r.Rates(ctx, report.Query{})
	if err != nil {
		return nil, err
	}
	below := map[string]bool{}
	for _, row := range rates.Rows {
		below[row.Network] = row.Complete < row.Target
	}
	return below, nil
}

func (a *App) commands() *control.API {
	return &control.API{
		Campaign: a.Campaign, Lists: a.Lists, Store: a.Store, Links: a.Links, Rates: a.ratesOf, Plan: a.planOf, Waves: a.waves, Spread: a.Reporter.Spread, Simulate: a.simulate,
		Status: a.status, Outbox: a.outbox, Check: a.check, Wake: a.Worker.Wake, Wave: a.Config.Survey.Wave,
		Roster: a.Roster, Keeper: a.Keeper, Book: a.Book, Copies: a.copies, Bounces: a.Bounces, Returned: func(ctx context.Context) ([]control.Bounce, error) { return a.bounces(ctx, 0) },
		Answers: answersOf{a},
		Reading: func(wave string) (control.Reading, error) { return a.Answers(wave) },
		Day:     a.day, Now: a.options.Now, Log: a.log("control"),
	}
}

func (a *App) day() string {
	return a.options.Now().In(a.Config.Survey.Zone).Format(time.DateOnly)
}

func (a *App) log(room string) *slog.Logger { return a.options.Log.With("room", room) }

// Control is the API of the commands, for a caller in this process.
func (a *App) Control() http.Handler { return a.control }

// Web is everything that respondents and Slack reach.
func (a *App) Web() http.Handler { return a.web }

// Close undoes what New did.
func (a *App) Close(ctx context.Context) error { return a.life.end(ctx) }

// check asks the outside world whether it is as the configuration has it; notes are what nobody
// can judge from here.
func (a *App) check(ctx context.Context) (list, notes fault.List) {
	if err := a.Store.Check(ctx); err != nil {
		list = append(list, fault.All(err)...)
	}
	if a.mail != nil {
		list = append(list, fault.All(a.mail.Ping(ctx))...)
		letters := &Letters{config: a.Config, composer: a.mail.Composer, Now: a.options.Now, Rand: a.options.Rand}
		setup, err := letters.Domain(ctx)
		if err != nil {
			return append(list, fault.All(err)...), nil
		}
		var wrong fault.List
		wrong, notes = setup.Check(ctx, a.options.DNS)
		list = append(list, wrong...)
	}
	hints, err := a.targets(ctx)
	if err != nil {
		return append(list, fault.All(err)...), notes
	}
	kept, err := a.stillKept(ctx)
	if err != nil {
		return append(list, fault.All(err)...), notes
	}
	notes = append(append(notes, hints...), kept...)
	if box := a.bounceBox(); box != nil {
		list = append(list, fault.All(box.Ping(ctx))...)
	}
	if a.Bot != nil {
		networks, err := a.Store.Networks(ctx)
		if err != nil {
			return append(list, fault.All(err)...), notes
		}
		wrong, hints := a.Bot.Check(ctx, networks, a.Config.Web.BaseURL)
		list, notes = append(list, wrong...), append(notes, hints...)
	}
	return list, notes
}
