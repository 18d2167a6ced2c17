package report

import (
	"strings"

	"viesti/contacts"
	"viesti/i18n"
)

// Shown are the response rates that a table shows people, without and with partial responses: in a
// row of a day the rate so far.
func (r Row) Shown() (rate, partial *float64) {
	if r.SoFar != nil {
		return r.SoFar.Rate, nil
	}
	return r.Rate, r.RatePartial
}

// Label is what a row stands for, in words.
func (r Row) Label(by By, l i18n.Lang) string {
	switch by {
	case ByRegion:
		return contacts.RegionName(l, r.Region)
	case ByCentre, ByCentre2025, ByCentre2026:
		return contacts.CentreName(l, r.Centre)
	case ByKind:
		return contacts.KindName(l, contacts.Kind(r.Kind))
	case ByChannel:
		return i18n.T(l, "report.channel."+r.Channel, nil)
	case ByLanguage:
		return i18n.Lang(r.Language).Name()
	case ByDay:
		return When(l, r.Day)
	default:
		return dashes(r.Level) + r.Name
	}
}

// dashes set a network in under those it lies under, wherever it is shown.
func dashes(level int) string { return strings.Repeat("– ", level) }
