// Package bot is Viesti in Slack: invitations and reminders posted to networks' channels, and the
// commands that the survey's coordinators type, which come in by signed HTTP or by Socket Mode
// and meet the same handlers.
//
// It makes no figures (report does), decides neither when nor to whom anything is sent (campaign
// and outbox do) and takes no answers to the survey: those are given behind a link in the
// browser, because everything that is pressed in Slack carries the name of who pressed it.
//
// slack-go is spoken to by port alone, which trusts neither its retries nor its idea of success.
package bot

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/slack-go/slack/socketmode"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/staff"
)

// Desk is where the bot gets what it shows.
type Desk interface {
	// Rates are response rates; Query.Lang is the language of names.
	Rates(ctx context.Context, q report.Query) (report.Rates, error)
	// Networks are all networks.
	Networks(ctx context.Context) ([]contacts.Network, error)
	// Link is the address of a network's tracking link, made now if there was none.
	Link(ctx context.Context, network string, ch link.Channel) (url string, err error)
	// Next is when a network's next reminder goes out; zero when none is planned.
	Next(ctx context.Context, network string) (time.Time, error)
	// Picture draws rates, for where words are not enough.
	Picture(ctx context.Context, q report.Query) (Picture, error)
	// Trouble lets those who can cure it know that Slack refuses to post in a network's
	// channel.
	Trouble(ctx context.Context, network, code, channel string) error
	// Cards are the status cards that were posted.
	Cards(ctx context.Context) ([]Card, error)
	// Status is how the survey and its messages fare, all of them or one network's.
	Status(ctx context.Context, network string) (Status, error)
	Dispatch
}

// Status is what the status command shows.
type Status struct {
	Open      bool
	Closes    time.Time // in the survey's zone
	Paused    bool      // the network is paused by itself; of no network: AllPaused
	AllPaused bool      // nothing at all is sent
	// PausedNetworks are those that are paused by themselves, by id.
	PausedNetworks []string
	Counts         map[outbox.State]int64
	Posts          []Posted       // the last in Slack, the newest first
	Problems       []*fault.Fault // what a person has to mend, without what the bot knows itself
}

// Posted is a post that is in a channel.
type Posted struct {
	Kind    outbox.Kind
	At      time.Time
	Channel string
	TS      string // which it is there
}

// Survey is what posts and replies say about the survey.
type Survey struct {
	Title     i18n.Text
	Minutes   [2]int // how long answering takes, from–to
	Closes    time.Time
	Zone      *time.Location // of dates
	Organiser i18n.Text      // on whose behalf posts are made
	Contact   string         // where to ask: an address or a telephone number
	BaseURL   string         // of personal links
	// ResultsURL is where results will be; empty: not said. ThankAskers tells that thanks go to those
	// alone who asked for them.
	ResultsURL  string
	ThankAskers bool
}

// Options are what a Bot is made of. Desk and Roster may be missing where only posts are sent.
type Options struct {
	Config Config
	Desk   Desk
	Roster *staff.Roster
	// Accounts may be missing: then Slack is asked for an account each time.
	Accounts Accounts
	Secret   []byte // of the tokens in what can be pressed
	Survey   Survey
	Lang     i18n.Lang // of replies to words of no language; Finnish when empty
	Log      *slog.Logger
	Now      func() time.Time
	Rand     io.Reader // of references that join a reply to the log
	// Registerer is where the bot's metrics are kept; nil: nowhere.
	Registerer prometheus.Registerer

	transport http.RoundTripper   // to Slack; nil: the network
	sockets   []socketmode.Option // of its connections, which do not go by transport
}

// Bot is one Slack app in one workspace.
type Bot struct {
	config   Config
	desk     Desk
	survey   Survey
	lang     i18n.Lang
	log      *slog.Logger
	now      func() time.Time
	rand     io.Reader
	port     *port
	access   *access
	roster   *staff.Roster
	accounts Accounts
	secret   []byte
	kept     kept
	seen     *seen
	health   *health

	crew    *crew
	metrics *metrics
	sockets []socketmode.Option
}

// New makes a Bot of a configuration that Validate has passed. It does not speak to Slack yet.
func New(o Options) *Bot {
	b := &Bot{
		config: o.Config, desk: o.Desk, survey: o.Survey, lang: o.Lang,
		log: o.Log, now: o.Now, rand: o.Rand, roster: o.Roster, accounts: o.Accounts, secret: o.Secret,
		seen: newSeen(o.Now), health: newHealth(o.Config.Mode, o.Now), crew: newCrew(o.Log), sockets: o.sockets,
	}
	if b.lang == "" {
		b.lang = i18n.Fi
	}
	if b.survey.Zone == nil {
		b.survey.Zone = time.UTC
	}
	b.metrics = newMetrics(o.Registerer, b.health)
	b.port = newPort(o.Config, wire{next: o.transport, observe: b.observe, now: o.Now})
	b.access = newAccess(o.Config.Admins, b.port, o.Now)
	if o.Roster != nil {
		b.access.grants = o.Roster.Store.Grants
	}
	return b
}

// handle takes what came in, once.
func (b *Bot) handle(ctx context.Context, in Inbound) Ack {
	if b.seen.before(in.Kind, in.Key) {
		b.log.Debug("slack delivered twice", "kind", in.Kind)
		b.metrics.repeated(in.Kind)
		return Ack{}
	}
	switch in.Kind {
	case KindCommand:
		return b.Command(ctx, in)
	case KindInteraction:
		return b.pressed(ctx, in)
	case KindEvent:
		return b.happened(in)
	}
	return Ack{}
}
