package console

import (
	"html/template"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
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

// line is a row of the table in words.
type line struct {
	Name  string
	Cells []string
}

// Lines are the rows.
func (v deskView) Lines() []line {
	list := make([]line, len(v.Rates.Rows))
	for i, r := range v.Rates.Rows {
		list[i] = v.line(r.Label(v.By, v.Lang), r)
	}
	return list
}

// Total is the row of everything.
func (v deskView) Total() line { return v.line(v.T("console.total"), v.Rates.Total) }

func (v deskView) line(name string, r report.Row) line {
	rate, partial := r.Shown()
	target, win := "–", "–"
	if r.Target > 0 {
		target = v.Number(r.Target)
	}
	if r.StillToWin != nil {
		win = v.Number(*r.StillToWin)
	}
	return line{name, []string{
		v.Number(r.Contacted), v.Number(r.Visits), v.Number(r.Partial), v.Number(r.Complete),
		v.Share(rate), v.Share(partial), v.Share(r.Completion), target, win, v.Number(r.Open.Complete),
	}}
}

// Stops are the pages with the unfinished answers that got no further; none are where they are not known.
func (v deskView) Stops() []report.StoppedAt {
	if len(v.Rates.Total.Stops) == 0 {
		return nil
	}
	return v.Rates.Stopped(v.Lang)
}

// Number is a count in the page's language.
func (v deskView) Number(n int64) string { return i18n.Number(v.Lang, n) }

// Share is a rate in per cent; a dash where nobody was contacted.
func (v deskView) Share(rate *float64) string {
	if rate == nil {
		return "–"
	}
	return i18n.Percent(v.Lang, *rate)
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
