package app

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"viesti/audit"
	"viesti/campaign"
	"viesti/config"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/privacy"
	"viesti/server/control"
	"viesti/staff"
	"viesti/survey"
)

// keepers makes the book of what is done with people's data, and who ends it.
func (a *App) keepers(notes privacy.Journal) {
	p := period(a.Config.Survey)
	a.Book = &audit.Book{Store: a.Store, Now: a.options.Now, Keep: a.Config.Privacy.Audit.Duration()}
	a.Keeper = &privacy.Keeper{
		Store: a.Store, Journal: notes, Book: a.Book, Wave: p.Wave, Closes: p.Closes, Ends: p.Closes.Add(p.Grace),
		Keep: a.Config.Privacy.Retention.Duration(), Now: a.options.Now, Day: a.day,
	}
}

// roleGiven writes down what was done with roles in Slack.
func (a *App) roleGiven(ctx context.Context, g staff.Grant) error {
	act := audit.GaveRole
	if g.By == g.Who && g.Role == staff.Admin {
		act = audit.Claimed
	}
	return a.Book.Record(ctx, audit.Entry{
		Who: audit.InSlack(g.By), Act: act, Detail: strings.TrimSpace(g.Who + " " + string(g.Role) + " " + g.Network),
	})
}

// keepPrivacy does what time asks for, now and then until ctx ends: the purge whose time has come, a
// compact file once a day, and old entries of the book. What fails is tried again the next time.
func (a *App) keepPrivacy(ctx context.Context) error {
	for {
		purged, err := a.Keeper.Expire(ctx)
		if purged {
			a.log("app").Info("contacts were purged, as privacy.retention says")
		}
		if err == nil {
			err = a.Keeper.Tidy(ctx)
		}
		if err == nil {
			_, err = a.Book.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			a.log("app").Error("what is kept of people could not be ended", "err", err)
		}
		wait := sweepEvery
		if left := a.Keeper.Due().Sub(a.options.Now()); left > 0 {
			wait = min(wait, left)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// purgeStatus is nil where nothing is purged by itself and nothing was.
func (a *App) purgeStatus(ctx context.Context) (*control.PurgeStatus, error) {
	var s control.PurgeStatus
	last, err := a.Store.LastPurge(ctx)
	if err != nil {
		return nil, err
	}
	if !last.At.IsZero() {
		s.Done = &last
	}
	at, coming, err := a.Keeper.Coming(ctx)
	if coming {
		s.At = at.Format(time.RFC3339)
		s.Soon = !a.options.Now().Before(a.Keeper.Announced())
	}
	if err != nil || s == (control.PurgeStatus{}) {
		return nil, err
	}
	return &s, nil
}

// copies are the stores that a restore has set aside.
func (a *App) copies() []string {
	list, _ := filepath.Glob(a.Config.Store.Path + setAside + "*") // its only error is a bad pattern
	return append([]string{}, list...)
}

// retention is what is said of how long contact details are kept: the organiser's own words, or the
// time that is set; nil where there is neither.
func retention(c config.Config) i18n.Text {
	days := keepDays(c)
	if own := c.Notices.Words("retention"); own != nil || days == 0 {
		return own
	}
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		t[l] = i18n.T(l, "app.retention", i18n.Args{"n": days})
	}
	return t
}

// keepDays is how long contacts are kept after the close, in whole days; 0: until somebody purges.
func keepDays(c config.Config) int {
	return int((c.Privacy.Retention.Duration() + 24*time.Hour - 1) / (24 * time.Hour))
}

// Terms are what is said to people of the processing of their data: the organiser's own words, and
// ours where there are none, as on the survey's privacy notice.
func Terms(c config.Config, q *survey.Questionnaire) privacy.Terms {
	own := func(key, ours string, args func(i18n.Lang) i18n.Args) i18n.Text {
		if t := c.Notices.Words(key); t != nil {
			return t
		}
		t := i18n.Text{}
		for _, l := range i18n.Langs {
			var a i18n.Args
			if args != nil {
				a = args(l)
			}
			t[l] = i18n.T(l, ours, a)
		}
		return t
	}
	s := c.Survey
	kept := retention(c)
	if kept == nil {
		kept = own("", "respond.privacy.retention", nil)
	}
	return privacy.Terms{
		Title: q.Title, Wave: s.Wave, Zone: s.Zone, Closes: s.Closes,
		Contact: strings.Join(filled(s.Contact.Name, s.Contact.Organisation, s.Contact.Email, s.Contact.Phone), ", "),
		Controller: own("controller", "respond.privacy.controller", func(l i18n.Lang) i18n.Args {
			return i18n.Args{"organiser": s.Organiser.In(l)}
		}),
		Officer:    own("data_protection_officer", "respond.privacy.officer", nil),
		Basis:      own("legal_basis", "respond.privacy.basis", nil),
		Purpose:    own("", "respond.privacy.purpose", nil),
		Source:     own("contact_source", "respond.privacy.source", nil),
		Recipients: own("recipients", "respond.privacy.recipients", nil),
		Retention:  kept,
		Rights:     own("", "respond.privacy.rights", nil),
		Authority:  own("data_protection_authority", "respond.privacy.complaint_office", nil),
		BaseURL:    c.Web.BaseURL,
		Keep:       keepDays(c), KeepDrafts: c.Privacy.DraftDays(),
		KeepAudit: int(c.Privacy.Audit.Duration().Hours() / 24), MinimumGroup: c.Privacy.MinimumGroup,
		Mail: c.MailOn(), Slack: c.SlackOn(), LookUp: c.SlackOn() && c.Slack.Lookup, Console: len(c.Console.Coordinators) > 0,
	}
}

func filled(list ...string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// purgeNotice is the purge that is to be told, if one is coming.
func (a *App) purgeNotice(ctx context.Context) (campaign.Purge, error) {
	at, coming, err := a.Keeper.Coming(ctx)
	if !coming {
		return campaign.Purge{}, err
	}
	return campaign.Purge{At: at, Told: a.Keeper.Announced()}, err
}

// longKept is how long after the close contacts are kept before somebody is reminded of them.
const longKept = 30 * 24 * time.Hour

// stillKept notes that contacts are kept long after the close, and nothing will purge them.
func (a *App) stillKept(ctx context.Context) (notes fault.List, err error) {
	if a.Keeper.Keep > 0 || a.options.Now().Before(a.Keeper.Closes.Add(longKept)) {
		return nil, nil
	}
	left, err := a.Store.Holds(ctx)
	if left.Contacts > 0 {
		notes = append(notes, fault.New(fault.Conflict, "app.still_kept", i18n.Args{"n": left.Contacts, "date": i18n.Moment(a.Keeper.Closes)}))
	}
	return notes, err
}
