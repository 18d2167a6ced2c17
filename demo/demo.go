// Package demo is the whole system on sample data, in one process and a temporary folder: the
// program itself, a mail server and a chat that it really speaks to, simulated respondents, and a
// start page that leads to it all.
//
// The program is the real one, configured by a file and reached as everybody reaches it; nothing
// in it knows that it is shown. Nothing leaves the machine and nothing stays on it.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"viesti/app"
	"viesti/campaign"
	"viesti/config"
	"viesti/contacts"
	"viesti/demo/chat"
	"viesti/demo/crowd"
	"viesti/demo/frame"
	"viesti/demo/mailbox"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/sample"
	"viesti/simulation"
	"viesti/survey"
)

// Options are what a demonstration gets from outside.
type Options struct {
	Listen string // of the start page
	Insist bool   // fail when Listen is taken, rather than take another address
	Lang   i18n.Lang
	Stdout io.Writer
	Log    *slog.Logger
	Pace   time.Duration      // between simulated respondents; 0: four a second
	Ready  func(start string) // called once with the start page's address when invitations are queued; may be nil
}

const usualPace = 250 * time.Millisecond

// network is the one that the start page invites to answer for.
const network = "pomako"

// demo is a demonstration that runs.
type demo struct {
	Options
	places   places
	folder   string
	config   config.Config
	app      *app.App
	box      *mailbox.Mailbox
	chat     *chat.Server
	crowd    *crowd.Crowd
	title    i18n.Text
	minutes  [2]int
	imported imports
}

// imports are what became of the sample's lists.
type imports struct{ networks, contacts contacts.Import }

// Run shows the system until ctx ends, and removes everything again.
func Run(ctx context.Context, o Options) (err error) {
	if o.Pace <= 0 {
		o.Pace = usualPace
	}
	folder, err := os.MkdirTemp("", "viesti-demo-")
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "demo.no_place", i18n.Args{"dir": os.TempDir()})
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	d := &demo{Options: o, folder: folder}
	if d.places, err = open(o.Listen, o.Insist); err != nil {
		return err
	}
	defer d.places.close()
	if err := d.build(ctx); err != nil {
		return err
	}
	err = d.run(ctx)
	if closed := d.app.Close(context.WithoutCancel(ctx)); err == nil {
		err = closed
	}
	if err == nil {
		d.say("demo.say.stopped", nil)
	}
	return err
}

// build makes all parts, which do not run yet.
func (d *demo) build(ctx context.Context) (err error) {
	zone, err := time.LoadLocation(config.Defaults().Survey.Timezone)
	if err != nil {
		return err
	}
	now := func() time.Time { return time.Now().In(zone) }
	keys := newKeys()
	if d.config, err = configure(d.folder, d.places, keys, now()); err != nil {
		return err
	}
	if d.app, err = app.New(ctx, d.config, app.Options{Log: d.Log}); err != nil {
		return err
	}
	if err := d.surround(ctx, keys, now); err != nil {
		return errors.Join(err, d.app.Close(context.WithoutCancel(ctx)))
	}
	return nil
}

// surround loads the sample and makes what stands around the program.
func (d *demo) surround(ctx context.Context, keys keys, now func() time.Time) error {
	questionnaire, err := survey.Load(d.config.QuestionnaireName())
	if err != nil {
		return err
	}
	d.title, d.minutes = questionnaire.Title, questionnaire.Minutes
	if err := d.load(ctx); err != nil {
		return err
	}
	if err := d.setUp(ctx, now()); err != nil {
		return err
	}
	if err := d.pastAnswers(ctx, questionnaire); err != nil {
		return err
	}
	networks, err := d.app.Store.Networks(ctx)
	if err != nil {
		return err
	}
	d.box = mailbox.New(mailbox.Options{Now: now, Log: d.Log})
	d.chat = chat.New(workspace(networks, keys, d.places, now))
	d.chat.SetURL(d.places.startURL() + strings.TrimSuffix(frame.Chat, "/"))
	d.crowd = &crowd.Crowd{
		Inbox: &inbox{box: d.box, chat: d.chat, networks: networks}, Base: d.places.surveyURL(),
		Pace: d.Pace, Rand: chance(), Log: d.Log, Behaviour: simulation.Usual.Crowd(chance()),
	}
	return nil
}

// chance is a new source of it.
func chance() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }

// load imports the sample's lists, as a coordinator would.
func (d *demo) load(ctx context.Context) (err error) {
	d.imported.networks, err = d.app.Lists.ImportNetworks(ctx, contacts.Source{Name: "networks.csv", Data: sample.Networks}, false)
	if err != nil {
		return err
	}
	d.imported.contacts, err = d.app.Lists.ImportContacts(ctx,
		contacts.Source{Name: "contacts.csv", Data: sample.Contacts}, contacts.ImportOptions{})
	return err
}

// run lets everything run until ctx ends or a part of it fails. The mail server and the chat end
// after the program, so that what is in flight arrives.
func (d *demo) run(ctx context.Context) error {
	outer, end := context.WithCancel(context.WithoutCancel(ctx))
	around, outer := errgroup.WithContext(outer)
	around.Go(func() error { return d.box.Serve(outer, d.places.mail) })
	around.Go(func() error { return d.serve(outer) })
	around.Go(func() error { <-outer.Done(); return d.chat.Close() })

	inner, innerCtx := errgroup.WithContext(ctx)
	inner.Go(func() error { // what fails around the program ends the program
		select {
		case <-outer.Done():
			return context.Canceled
		case <-innerCtx.Done():
			return nil
		}
	})
	inner.Go(func() error { return d.crowd.Run(innerCtx) })
	listening := make(chan struct{})
	inner.Go(func() error {
		return d.app.Serve(innerCtx, func(r app.Running) {
			d.box.AnswerTo(r.Bounces)
			close(listening)
		})
	})
	inner.Go(func() error {
		select {
		case <-innerCtx.Done():
			return nil
		case <-listening:
			return d.begin(innerCtx)
		}
	})
	err := inner.Wait()
	end()
	if aroundErr := around.Wait(); aroundErr != nil {
		return aroundErr
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// begin tells where everything is and invites everybody.
func (d *demo) begin(ctx context.Context) error {
	if err := d.welcome(ctx); err != nil {
		return err
	}
	queued, err := d.app.Campaign.Invite(ctx, campaign.Selection{})
	if err != nil {
		return err
	}
	d.say("demo.say.invited", i18n.Args{"n": queued.Queued})
	if d.Ready != nil {
		d.Ready(d.places.startURL())
	}
	return nil
}

func (d *demo) say(key string, args i18n.Args) { fmt.Fprintln(d.Stdout, i18n.T(d.Lang, key, args)) }

// welcome tells the terminal where everything is.
func (d *demo) welcome(ctx context.Context) error {
	answer, err := d.link(ctx, link.Mail)
	if err != nil {
		return err
	}
	if d.places.moved {
		d.say("demo.say.moved", i18n.Args{"wanted": d.Listen})
	}
	fmt.Fprintf(d.Stdout, "%s\n\n", i18n.T(d.Lang, "demo.say.open", nil))
	start := d.places.startURL()
	for _, at := range []struct{ key, url string }{
		{"start", start + "/"}, {"survey", answer}, {"mailbox", start + "/mailbox/"}, {"chat", start + "/chat/"}, {"rates", start + "/rates"}, {"report", start + frame.Report},
	} {
		fmt.Fprintf(d.Stdout, "  %-18s %s\n", i18n.T(d.Lang, "demo.say."+at.key, nil), at.url)
	}
	fmt.Fprintf(d.Stdout, "\n%s\n  go run . --config %[2]s rates\n  go run . --config %[2]s report --wave %[3]s --out report\n\n", i18n.T(d.Lang, "demo.say.command", nil), d.configPath(), pastWave(time.Now()))
	d.say("demo.say.stop", nil)
	return nil
}

// link is a tracking link of the start page's network.
func (d *demo) link(ctx context.Context, channel link.Channel) (string, error) {
	l, err := d.app.Links.Ensure(ctx, link.Key{Network: network, Channel: channel})
	return d.app.Links.URL(l), err
}

// serve serves the start page, the mailbox's and the chat's until ctx ends.
func (d *demo) serve(ctx context.Context) error {
	s := &http.Server{Handler: d.routes(), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	unhook := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer unhook()
	if err := s.Serve(d.places.start); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
