package app

import (
	"context"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/mailer"
	"viesti/outbox"
	"viesti/report"
	"viesti/report/picture"
)

// week is what the letter of a network's week says, from the figures of this moment.
func (a *App) week(ctx context.Context, n contacts.Network, l i18n.Lang) (mailer.Digest, error) {
	w := report.Week{Network: n.ID, Zone: a.Config.Survey.Zone}
	var err error
	if w.Rates, err = a.Reporter.Rates(ctx, report.Query{By: report.ByNetwork, Lang: l}); err != nil {
		return mailer.Digest{}, err
	}
	if w.Days, err = a.Reporter.Rates(ctx, report.Query{Network: n.ID, By: report.ByDay, Lang: l}); err != nil {
		return mailer.Digest{}, err
	}
	if w.Next, err = (desk{a}).Next(ctx, n.ID); err != nil {
		return mailer.Digest{}, err
	}
	return letterOf(w, l)
}

// letterOf puts a week into the words and figures of a letter.
func letterOf(w report.Week, l i18n.Lang) (mailer.Digest, error) {
	curve := picture.Of(w.Days, report.ByDay, l)
	png, err := curve.PNG()
	return mailer.Digest{
		Rate: w.SaysRate(l), Since: w.SaysNews(l), Remaining: w.SaysTarget(l), Standing: w.SaysStanding(l), Reminder: w.SaysNext(l),
		Curve: mailer.Picture{PNG: png, Text: curve.Text}, Days: append([][]string{curve.Head}, curve.Rows...),
	}, err
}

// sampleWeek has figures that were made up, for a letter that is looked at before there are any: ten
// days of a network of eighty among five.
func sampleWeek(n, wave string, now time.Time) report.Week {
	rate := func(x float64) *float64 { return &x }
	w := report.Week{Network: n, Zone: now.Location(), Next: now.AddDate(0, 0, 4)}
	w.Rates = report.Rates{Wave: wave, AsOf: now, Open: true}
	for i, r := range []float64{0.26, 0.15, 0.2, 0.25, 0.35} {
		row := report.Row{Network: string(rune('a' + i)), Rate: rate(r)}
		if i == 0 {
			row = report.Row{Network: n, Contacted: 81, Undelivered: 1, Counts: report.Counts{Complete: 21}, Rate: rate(r), Target: 40}
		}
		w.Rates.Rows = append(w.Rates.Rows, row)
	}
	w.Days = report.Rates{
		Wave: wave, AsOf: now, Open: true, Opens: now.AddDate(0, 0, -9).Format(time.DateOnly), Closes: now.AddDate(0, 0, 20).Format(time.DateOnly),
		Letters: []report.Letter{{Day: now.AddDate(0, 0, -9).Format(time.DateOnly), Kinds: []outbox.Kind{outbox.Invitation}}},
	}
	so := int64(0)
	for i, c := range []int64{6, 5, 2, 1, 1, 0, 0, 2, 3, 1} {
		so += c
		day := now.AddDate(0, 0, i-9).Format(time.DateOnly)
		w.Days.Rows = append(w.Days.Rows, report.Row{Day: day, Counts: report.Counts{Complete: c}})
		w.Days.Course = append(w.Days.Course, report.Day{Day: day, Complete: c, SoFar: so})
	}
	return w
}
