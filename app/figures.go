package app

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"viesti/campaign"
	"viesti/config"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
	"viesti/report"
	"viesti/survey"
)

// EarlierWaves reads what is known of earlier waves. A file of the usual name need not be there.
func EarlierWaves(c config.Config, q *survey.Questionnaire) ([]report.Known, error) {
	if c.Survey.Earlier == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(c.Survey.Earlier)
	if errors.Is(err, fs.ErrNotExist) && filepath.Base(c.Survey.Earlier) == report.EarlierFile {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "report.earlier_unreadable", i18n.Args{"file": c.Survey.Earlier})
	}
	return report.ParseEarlier(c.Survey.Earlier, raw, q)
}

// before adds the waves of the configuration that opened before the one in the field: their days stand
// there, and their answers in the store, so that nobody has to write them down once more.
func before(c config.Config, known []report.Known) []report.Known {
	s := c.Survey
	for id, w := range c.Waves {
		if id == s.Wave || !w.Opens.Before(s.Opens) {
			continue
		}
		i := slices.IndexFunc(known, func(k report.Known) bool { return k.Wave == id })
		if i < 0 {
			i = len(known)
			known = append(known, report.Known{Wave: id})
		}
		k := &known[i]
		k.Opens = cmp.Or(k.Opens, w.Opens.In(s.Zone).Format(time.DateOnly))
		k.Closes = cmp.Or(k.Closes, w.Closes.In(s.Zone).Format(time.DateOnly))
	}
	report.InOrder(known)
	return known
}

// ahead foretells the letters to come for somebody who got what most people got, by the rules that
// plan them.
func (a *App) ahead(sent []report.Mailing, now time.Time) []report.Mailing {
	var history campaign.History
	invited := false
	for _, m := range sent {
		history = append(history, outbox.Trace{Kind: m.Kind, State: outbox.Sent, At: m.At})
		invited = invited || m.Kind == outbox.Invitation
	}
	if !invited {
		return nil // what people are to get depends on when they are invited, which a person decides
	}
	var list []report.Mailing
	for _, p := range a.Campaign.Wave.Schedule(campaign.Candidate{History: history}, now).Planned {
		if p.Kind.Asks() {
			list = append(list, report.Mailing{Kind: p.Kind, At: p.At})
		}
	}
	return list
}
