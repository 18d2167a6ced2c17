package console

import (
	"html/template"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/report/picture"
)

// deskView is the page of figures.
type deskView struct {
	view
	Rates report.Rates
	By    report.By
	Sending
	Over bool // the survey is, so that there is a report
}

// Drawn is the figures as a picture.
func (v deskView) Drawn() picture.Picture { return picture.Of(v.Rates, v.By, v.Lang) }

// SVG puts a picture into the page.
func (deskView) SVG(p picture.Picture) template.HTML {
	return template.HTML(p.SVG()) //nolint:gosec // our own drawing, which escapes every name
}

// Words are the figures that have no column.
func (v deskView) Words() []string { return v.Rates.Words(v.Lang) }

// PausedNames are the networks that are paused by themselves.
func (v deskView) PausedNames() string {
	names := make([]string, len(v.Networks))
	for i, n := range v.Networks {
		names[i] = n.Name.In(v.Lang)
	}
	return strings.Join(names, ", ")
}

// Problem is a fault in words.
func (v deskView) Problem(f *fault.Fault) string { return i18n.T(v.Lang, f.Key, f.Args) }

// Divisions are the ways to divide the table.
func (deskView) Divisions() []report.By { return report.Divisions }

// Name is what a row stands for.
func (v deskView) Name(r report.Row) string { return r.Label(v.By, v.Lang) }

// Number is a count in the page's language.
func (v deskView) Number(n int64) string { return i18n.Number(v.Lang, n) }

// Rate is the response rate of a row.
func (v deskView) Rate(r report.Row) string {
	rate, _ := r.Shown()
	return v.Share(rate)
}

// Win is how many answers a row could still win.
func (v deskView) Win(r report.Row) string {
	if r.StillToWin == nil {
		return "–"
	}
	return v.Number(*r.StillToWin)
}

// Share is a rate in per cent; a dash where nobody was contacted.
func (v deskView) Share(rate *float64) string {
	if rate == nil {
		return "–"
	}
	return i18n.Percent(v.Lang, *rate)
}

// Beside is how many complete responses came by links whose audience is unknown.
func (v deskView) Beside(r report.Row) int64 {
	var n int64
	for _, c := range []link.Channel{link.Onward, link.Poster, link.Web} {
		n += r.ByChannel[c].Complete
	}
	return n
}

// States are the states of messages that are shown, those that are empty left out.
func (v deskView) States() []outbox.State {
	var list []outbox.State
	for _, s := range outbox.States {
		if v.Counts[s] > 0 {
			list = append(list, s)
		}
	}
	return list
}

// Division is what a way to divide the table is called.
func (v deskView) Division(by report.By) string { return v.T("report.by." + string(by)) }

// State is what a state of messages is called.
func (v deskView) State(s outbox.State) string { return v.T("console.state." + string(s)) }
