package demo

import (
	"html/template"
	"net/http"

	"viesti/demo/frame"
	"viesti/i18n"
	"viesti/report"
	"viesti/report/picture"
)

// ratesView is the page of response rates.
type ratesView struct {
	frame.Page
	By      report.By
	Rates   report.Rates
	At      string
	Picture template.HTML
	Figures picture.Picture // the same, as a table
}

func (d *demo) ratesView(r *http.Request) (v ratesView, err error) {
	v = ratesView{Page: frame.NewPage(r, frame.Rates, "demo.rates.title"), By: report.By(r.URL.Query().Get("by"))}
	if v.By == "" {
		v.By = report.ByNetwork
	}
	if v.Rates, err = d.app.Reporter.Rates(r.Context(), report.Query{By: v.By, Lang: v.Lang}); err != nil {
		return v, err
	}
	v.Figures = picture.Of(v.Rates, v.By, v.Lang)
	v.Picture = template.HTML(v.Figures.SVG()) //nolint:gosec // our own drawing, which escapes every name
	v.At = i18n.DateTime(v.Lang, v.Rates.AsOf.In(d.config.Survey.Zone))
	return v, nil
}

// Divisions are what the table can be divided by.
func (v ratesView) Divisions() []report.By { return report.Divisions }

// Line is one row of the table as it is shown.
type Line struct {
	Label string
	report.Row
	Rate        string
	WithPartial string // the rate, unfinished answers counted
	Completion  string
	Win         string
	Target      bool // there is one
}

// Lines are the rows.
func (v ratesView) Lines() []Line {
	lines := make([]Line, len(v.Rates.Rows))
	for i, row := range v.Rates.Rows {
		lines[i] = v.line(row.Label(v.By, v.Lang), row)
	}
	return lines
}

// Total is the last row.
func (v ratesView) Total() Line { return v.line(v.T("demo.rates.total"), v.Rates.Total) }

func (v ratesView) line(label string, row report.Row) Line {
	rate, partial := row.Shown()
	l := Line{
		Label: label, Row: row, Rate: share(v.Lang, rate), WithPartial: share(v.Lang, partial),
		Completion: share(v.Lang, row.Completion), Win: "–", Target: row.Target > 0,
	}
	if row.StillToWin != nil {
		l.Win = i18n.Number(v.Lang, *row.StillToWin)
	}
	return l
}

// Beside is how many complete responses of a row came by links whose audience is not known.
func (l Line) Beside() int64 { return l.Open.Complete }

// Words are the figures that have no column.
func (v ratesView) Words() []string { return v.Rates.Words(v.Lang) }

// Stops are the pages with the unfinished answers that got no further.
func (v ratesView) Stops() []report.StoppedAt { return v.Rates.Stopped(v.Lang) }
