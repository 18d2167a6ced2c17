package app

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"viesti/bounce"
	"viesti/bounce/imap"
	"viesti/bounce/listen"
	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/server/control"
)

// returns makes what takes in the mail that comes back, and gives letters the return paths by
// which it is known.
func (a *App) returns() {
	a.Bounces = &bounce.Intake{
		Store: a.Store, People: a.Store, Letters: a.Store, Paths: bounce.NewPaths("", nil),
		Alert: a.blamed, Day: a.day, Now: a.options.Now, Log: a.log("bounce"),
	}
	if a.mail == nil {
		return
	}
	composer := a.mail.Composer
	var key []byte
	if a.Config.Mail.Bounces.Naming() {
		key = a.Store.Secret("return paths")
	}
	a.Bounces.Paths = bounce.NewPaths(composer.ReturnPath(), key)
	composer.PathOf = a.Bounces.Paths.Of
	if _, ok := composer.AnswersTo(); ok {
		a.Bounces.Forward = a.passOn
	}
}

// blamed tells the coordinators of letters that came back for a reason that lies with us.
func (a *App) blamed(domain string, r bounce.Record) {
	a.raise(alert{cameBack: true, Alert: outbox.Alert{
		Carrier: link.Mail, Domain: cmp.Or(domain, "–"), Since: r.At, Reply: outbox.Reply{Text: r.Words},
	}})
}

// passOn forwards a person's answer.
func (a *App) passOn(ctx context.Context, raw []byte) error {
	var id [12]byte
	if _, err := io.ReadFull(a.options.Rand, id[:]); err != nil {
		return err
	}
	return a.mail.Redirect(ctx, raw, bounce.LoopField, hex.EncodeToString(id[:]))
}

// bounceBox is the mailbox that bounces are fetched from; nil when there is none.
func (a *App) bounceBox() *imap.Mailbox {
	if a.Config.Mail.Bounces.IMAP.Host == "" {
		return nil
	}
	return &imap.Mailbox{Config: a.Config.Mail.Bounces.IMAP, Take: a.Bounces.Take, Log: a.log("imap")}
}

// serveBounces opens the ways by which mail comes back while the program runs, and tells where it
// listens.
func (a *App) serveBounces(ctx context.Context, group *errgroup.Group) (address string, err error) {
	if box := a.bounceBox(); box != nil {
		group.Go(func() error { return box.Run(ctx) })
	}
	where, lmtp := strings.CutPrefix(a.Config.Mail.Bounces.Listen, bounce.LMTP)
	if where == "" {
		return "", nil
	}
	l, err := listenOn("tcp", where)
	if err != nil {
		return "", err
	}
	domain := "localhost"
	if u, err := url.Parse(a.Config.Web.BaseURL); err == nil && u.Hostname() != "" {
		domain = u.Hostname()
	}
	server := &listen.Server{Domain: domain, LMTP: lmtp, Takes: a.Bounces.Paths.Takes, Take: a.Bounces.Take}
	group.Go(func() error { return server.Serve(ctx, l) })
	return l.Addr().String(), nil
}

// mostBounces is how many of the last mails that came back status names.
const mostBounces = 20

// bounces are the mails that came back, the last first, with the addresses of those they are
// about; at most so many, unless that is 0.
func (a *App) bounces(ctx context.Context, most int) ([]control.Bounce, error) {
	list := []control.Bounce{}
	if err := a.Store.Bounces(ctx, func(r bounce.Record) error {
		list = append(list, control.Bounce{Record: r})
		return nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(x, y control.Bounce) int { return y.At.Compare(x.At) })
	if most > 0 && len(list) > most {
		list = list[:most]
	}
	at := map[string][]int{}
	for i, b := range list {
		if b.Recipient != "" {
			at[b.Recipient] = append(at[b.Recipient], i)
		}
	}
	if len(at) == 0 {
		return list, nil
	}
	err := a.Store.Contacts(ctx, func(k contacts.Known) error {
		for _, i := range at[k.ID] {
			list[i].Contact = k.Email
		}
		delete(at, k.ID)
		if len(at) == 0 {
			return errFound
		}
		return nil
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	return list, err
}
