package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"viesti/campaign"
	"viesti/config"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report"
	"viesti/server/control"
	"viesti/store/bolt"
	"viesti/survey"
)

// targeted is the store with the targets of a wave in place of the lists'.
type targeted struct {
	*bolt.Store
	targets map[string]int
}

func (t targeted) Networks(ctx context.Context) ([]contacts.Network, error) {
	list, err := t.Store.Networks(ctx)
	for i, n := range list {
		if target, ok := t.targets[n.ID]; ok {
			list[i].Target = target
		}
	}
	return list, err
}

// reporter makes the figures of the wave that a configuration has in the field. The questionnaire of
// one that has been may be gone: then its pages have no names, and nothing is compared.
func (a *App) reporter(c config.Config) (*report.Reporter, error) {
	r := &report.Reporter{Source: targeted{a.Store, c.Survey.Targets}, Period: period(c.Survey), Now: a.options.Now}
	q, err := survey.Load(c.QuestionnaireName())
	if err != nil && a.options.Now().After(c.Survey.Closes) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	r.Questionnaire = q
	known, err := EarlierWaves(c, q)
	r.Earlier = before(c, known)
	return r, err
}

func period(s config.Survey) survey.Period {
	return survey.Period{Wave: s.Wave, Opens: s.Opens, Closes: s.Closes, Grace: s.Grace.Duration(), Zone: s.Zone}
}

// ratesOf are the rates of any wave.
func (a *App) ratesOf(ctx context.Context, wave string, q report.Query) (report.Rates, error) {
	if wave == "" || wave == a.Config.Survey.Wave {
		return a.Reporter.Rates(ctx, q)
	}
	c, err := a.Config.In(wave)
	if err != nil {
		return report.Rates{}, err
	}
	r, err := a.reporter(c)
	if err != nil {
		return report.Rates{}, err
	}
	return r.Rates(ctx, q)
}

// planOf foretells any wave. One that is to come is planned for the contacts there are now.
func (a *App) planOf(ctx context.Context, wave string, asOf time.Time) (campaign.Plan, error) {
	c, err := a.Config.In(wave)
	if err != nil {
		return campaign.Plan{}, err
	}
	r, err := a.reporter(c)
	if err != nil {
		return campaign.Plan{}, err
	}
	other, s := *a.Campaign, c.Survey
	other.Wave.ID, other.Wave.Opens, other.Wave.Closes = s.Wave, s.Opens, s.Closes
	other.BelowTarget = func(ctx context.Context) (map[string]bool, error) { return belowTarget(ctx, r) }
	return other.Plan(ctx, asOf)
}

// waves are all waves of the configuration, with what came of them.
func (a *App) waves(ctx context.Context) ([]control.Wave, error) {
	var list []control.Wave
	for _, id := range a.Config.WaveIDs() {
		c, err := a.Config.In(id)
		if err != nil {
			return nil, err
		}
		w := control.Wave{ID: id, Opens: c.Survey.Opens, Closes: c.Survey.Closes, Current: id == a.Config.Survey.Wave}
		switch period(c.Survey).Phase(a.options.Now()) {
		case survey.NotYet:
			w.State = control.ToCome
		case survey.Open:
			w.State = control.InTheField
		default:
			w.State = control.HasBeen
		}
		r, err := a.reporter(c)
		if err != nil {
			return nil, err
		}
		if q := r.Questionnaire; q != nil {
			w.Questionnaire, w.Version = q.ID, q.Version
		}
		rates, err := r.Rates(ctx, report.Query{})
		if err != nil {
			return nil, err
		}
		w.Contacted, w.Complete, w.Target = rates.Total.Contacted, rates.Total.Complete, rates.Total.Target
		for _, n := range rates.Total.ByChannel {
			w.Answers += n.Complete
		}
		list = append(list, w)
	}
	return list, nil
}

// targets notes the networks that aim for more answers than they have contacts, which may be meant:
// links are passed on. It also notes targets that are of no network.
func (a *App) targets(ctx context.Context) (notes fault.List, err error) {
	sizes := map[string]int{}
	err = a.Store.Contacts(ctx, func(k contacts.Known) error {
		for _, n := range k.Networks {
			sizes[n]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	list, err := targeted{a.Store, a.Config.Survey.Targets}.Networks(ctx)
	if len(list) > 0 {
		notes = a.lostTargets(list)
	}
	for _, n := range list {
		if size := sizes[n.ID]; size > 0 && n.Target > size {
			notes = append(notes, fault.New(fault.Conflict, "app.high_target", i18n.Args{"network": n.ID, "target": n.Target, "size": size}))
		}
	}
	return notes, err
}

// lostTargets are the targets in the waves of the configuration whose network is in no list: a name that
// was mistyped would be a target that nobody sees.
func (a *App) lostTargets(list []contacts.Network) (notes fault.List) {
	for id, w := range a.Config.Waves {
		for network := range w.Targets {
			if !slices.ContainsFunc(list, func(n contacts.Network) bool { return n.ID == network }) {
				notes = append(notes, fault.New(fault.NotFound, "app.lost_target", i18n.Args{"network": network}).
					At(fault.Place{Field: "waves." + id + ".targets." + network}))
			}
		}
	}
	slices.SortFunc(notes, func(a, b *fault.Fault) int { return cmp.Compare(a.Place.Field, b.Place.Field) })
	return notes
}
