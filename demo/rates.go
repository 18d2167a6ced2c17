package demo

import (
	"net/http"
	"time"

	"viesti/demo/frame"
	"viesti/i18n"
	"viesti/link"
	"viesti/report"
)

// ratesView is the page of response rates.
type ratesView struct {
	frame.Page
	By    report.By
	Rates report.Rates
	At    string
}

func (d *demo) ratesView(r *http.Request) (v ratesView, err error) {
	v = ratesView{Page: frame.NewPage(r, frame.Rates, "demo.rates.title"), By: report.By(r.URL.Query().Get("by"))}
	if v.By == "" {
		v.By = report.ByNetwork
	}
	v.Rates, err = d.app.Reporter.Rates(r.Context(), report.Query{By: v.By, Lang: v.Lang})
	v.At = i18n.DateTime(v.Lang, v.Rates.AsOf.In(d.config.Survey.Zone))
	return v, err
}

// Divisions are what the table can be divided by.
func (v ratesView) Divisions() []report.By { return report.Divisions }

// Line is one row of the table as it is shown.
type Line struct {
	Label string
	report.Row
	Rate   string
	Bar    float64 // share of the target, at most 1
	Target bool    // there is one
}

// Lines are the rows.
func (v ratesView) Lines() []Line {
	lines := make([]Line, len(v.Rates.Rows))
	for i, row := range v.Rates.Rows {
		lines[i] = v.line(v.label(row), row)
	}
	return lines
}

// Total is the last row.
func (v ratesView) Total() Line { return v.line(v.T("demo.rates.total"), v.Rates.Total) }

func (v ratesView) line(label string, row report.Row) Line {
	l := Line{Label: label, Row: row, Rate: share(v.Lang, row.Rate), Target: row.Target > 0}
	if l.Target {
		l.Bar = min(float64(row.Complete)/float64(row.Target), 1)
	}
	return l
}

// label is what a row stands for, in words.
func (v ratesView) label(row report.Row) string {
	switch v.By {
	case report.ByRegion:
		return v.T("contacts.region." + row.Region)
	case report.ByKind:
		return v.T("contacts.kind." + row.Kind)
	case report.ByChannel:
		return v.T("cli.channel." + row.Channel)
	case report.ByLanguage:
		return i18n.Lang(row.Language).Name()
	case report.ByDay:
		day, err := time.Parse(time.DateOnly, row.Day)
		if err != nil {
			return row.Day
		}
		return i18n.Date(v.Lang, day)
	default:
		return row.Name
	}
}

// Beside is how many complete responses came by links whose audience is not known.
func (v ratesView) Beside() int64 {
	c := v.Rates.Total.ByChannel
	return c[link.Poster].Complete + c[link.Web].Complete + c[link.Onward].Complete
}

// Width is the bar's length on a scale of 100.
func (l Line) Width() float64 { return l.Bar * 100 }

// Reached tells whether the target has been reached.
func (l Line) Reached() bool { return l.Target && l.Complete >= l.Row.Target }
