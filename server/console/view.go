package console

import (
	"strings"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
)

// deskView is the page of figures.
type deskView struct {
	view
	Rates report.Rates
	By    report.By
	Sending
}

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
func (v deskView) Name(r report.Row) string {
	switch v.By {
	case report.ByRegion:
		return contacts.RegionName(v.Lang, r.Region)
	case report.ByKind:
		return contacts.KindName(v.Lang, contacts.Kind(r.Kind))
	case report.ByChannel:
		return v.T("console.channel." + r.Channel)
	case report.ByLanguage:
		return i18n.Lang(r.Language).Name()
	case report.ByDay:
		return r.Day
	default:
		return r.Name
	}
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
func (v deskView) Division(by report.By) string { return v.T("console.by." + string(by)) }

// State is what a state of messages is called.
func (v deskView) State(s outbox.State) string { return v.T("console.state." + string(s)) }
