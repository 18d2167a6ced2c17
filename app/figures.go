package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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
