package campaign

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
)

// allowed is the first moment from t on at which the rules let messages go out.
func (r Rules) allowed(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	for range 366 {
		switch {
		case !r.workday(local):
			local = r.opening(local.AddDate(0, 0, 1))
		case r.hoursSet() && local.Hour() < r.FromHour:
			local = r.opening(local)
		case r.hoursSet() && local.Hour() >= r.ToHour:
			local = r.opening(local.AddDate(0, 0, 1))
		default:
			return local
		}
	}
	return local
}

// allowedBefore is the last whole hour before t in which the rules let messages go out.
func (r Rules) allowedBefore(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	closing := 24
	if r.hoursSet() {
		closing = r.ToHour
	}
	last := func(day time.Time) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), closing-1, 0, 0, 0, zone)
	}
	if first := r.opening(local); r.workday(local) && !local.Before(first.Add(time.Hour)) && local.Before(last(local).Add(time.Hour)) {
		return local.Add(-time.Hour)
	}
	for day, i := local, 0; i < 366; day, i = day.AddDate(0, 0, -1), i+1 {
		if end := last(day); r.workday(day) && end.Before(local) {
			return end
		}
	}
	return local
}

func (r Rules) hoursSet() bool { return r.FromHour != 0 || r.ToHour != 0 }

// opening is the first hour of a day. In the night that clocks are put forward time.Date gives
// the hour after the gap.
func (r Rules) opening(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), r.FromHour, 0, 0, 0, day.Location())
}

func (r Rules) workday(t time.Time) bool {
	if r.WeekdaysOnly && (t.Weekday() == time.Saturday || t.Weekday() == time.Sunday) {
		return false
	}
	return !r.FinnishHolidays || !holidaysOf(t.Year())[t.YearDay()]
}

// years keeps the holidays of years that were asked for: a plan for a million people asks for the
// same few some millions of times.
var years sync.Map // int → *holidays

// holidays are those of a year, by the day's number.
type holidays [367]bool

func holidaysOf(year int) *holidays {
	if known, ok := years.Load(year); ok {
		return known.(*holidays) //nolint:forcetypeassert // nothing else is stored
	}
	days := &holidays{}
	for _, h := range finnish {
		if actual, _ := h.Calc(year); actual.Year() == year {
			days[actual.YearDay()] = true
		}
	}
	years.Store(year, days)
	return days
}

// finnish are Finland's public holidays, with the two eves on which offices are closed. The
// calendar module has no list for Finland, so its rules are put together here.
var finnish = []*cal.Holiday{
	fixed(time.January, 1), fixed(time.January, 6),
	easter(-2), easter(0), easter(1), easter(39), easter(49), // Good Friday to Easter Monday, Ascension Day, Whit Sunday
	fixed(time.May, 1),
	between(time.June, 19, time.Friday), between(time.June, 20, time.Saturday), // Midsummer
	between(time.October, 31, time.Saturday), // All Saints' Day
	fixed(time.December, 6), fixed(time.December, 24), fixed(time.December, 25), fixed(time.December, 26),
}

func fixed(month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// easter is a day counted from Easter Sunday.
func easter(offset int) *cal.Holiday {
	return &cal.Holiday{Offset: offset, Func: cal.CalcEasterOffset}
}

// between is the first such weekday on or after a day.
func between(month time.Month, from int, weekday time.Weekday) *cal.Holiday {
	return &cal.Holiday{Month: month, Day: from, Weekday: weekday, Offset: 1, Func: cal.CalcWeekdayFrom}
}
