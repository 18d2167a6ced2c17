package report

import (
	"cmp"
	"slices"
	"time"

	"viesti/outbox"
)

// Day is a day of a wave's course.
type Day struct {
	Day      string `json:"day"`
	Complete int64  `json:"complete"` // sent on this day, by any link
	SoFar    int64  `json:"so_far"`   // and until its end
}

// Mailing is letters of one kind that leave at one time.
type Mailing struct {
	Kind outbox.Kind
	At   time.Time
}

// Letter is a day on which letters leave.
type Letter struct {
	Day      string        `json:"day"`
	Kinds    []outbox.Kind `json:"kinds"`
	Messages int64         `json:"messages"` // that left; 0 while planned
	Planned  bool          `json:"planned,omitempty"`
	// Answers are the complete responses from this day until the next such day, by any link: those
	// that came so far, for a planned day those that are expected; null where there is no forecast.
	Answers *int64 `json:"answers"`
}

// marked is how many letters a day must have of those of the day with most, to be marked.
const marked = 0.05

// clock turns days of a wave into numbers, the day of the opening being 0.
type clock struct{ opens time.Time }

func (c clock) number(day string) int {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return int(t.Sub(c.opens).Hours() / 24)
}

func (c clock) day(n int) string { return c.opens.AddDate(0, 0, n).Format(time.DateOnly) }

func clockOf(day string) clock {
	t, _ := time.Parse(time.DateOnly, day) // the zero time is as good as any for what is not known
	return clock{t}
}

// course adds the days, the letters and the forecast.
func (r *Reporter) course(out *Rates, t *table, departures []outbox.Departed, now time.Time) {
	zone := r.zone()
	opens, closes := r.Period.Opens.In(zone), r.Period.Closes.In(zone)
	out.Opens, out.Closes = opens.Format(time.DateOnly), closes.Format(time.DateOnly)
	c := clockOf(out.Opens)
	local := now.In(zone)
	today, last := c.number(local.Format(time.DateOnly)), c.number(out.Closes)
	shown := min(today, last)
	for day := range t.byDay { // what was finished after the close, or under a clock that was wrong
		shown = max(shown, c.number(day))
	}
	complete := make([]int64, max(shown+1, 0))
	for day, n := range t.byDay {
		complete[max(0, c.number(day))] += n
	}
	out.Course = []Day{}
	var sum int64
	for i, n := range complete {
		sum += n
		out.Course = append(out.Course, Day{Day: c.day(i), Complete: n, SoFar: sum})
	}
	out.Letters = r.letters(t, departures, now)
	if out.Open && today >= 0 {
		for _, n := range complete[today+1:] { // under a clock that was wrong: they are there today
			complete[today] += n
		}
		midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
		out.Forecast = course{
			opens: c.opens, complete: complete[:today+1], today: min(local.Sub(midnight).Hours()/24, 1),
			days: last + 1, letters: numbers(c, out.Letters),
		}.begun(first(c, out.Letters)).forecast()
	}
	credit(out, c, today)
}

// first is the day of the first letter that was sent; that of the opening when none was.
func first(c clock, letters []Letter) int {
	for _, l := range letters {
		if n := c.number(l.Day); !l.Planned && n > 0 {
			return n
		}
		if !l.Planned {
			break
		}
	}
	return 0
}

// numbers are the days of letters for a forecast, which counts the opening as a letter.
func numbers(c clock, letters []Letter) []int {
	list := []int{0}
	for _, l := range letters {
		if n := c.number(l.Day); n > 0 {
			list = append(list, n)
		}
	}
	return list
}

// letters are the days with letters, those that are planned included.
func (r *Reporter) letters(t *table, departures []outbox.Departed, now time.Time) []Letter {
	days, most := map[string]*Letter{}, int64(0)
	hours := map[Mailing]int64{}
	for _, d := range departures {
		if !d.Kind.Asks() || !t.wants(d.Network) {
			continue
		}
		l := letterOn(days, d.Hour.In(r.zone()), d.Kind)
		l.Messages += d.N
		most = max(most, l.Messages)
		hours[Mailing{d.Kind, d.Hour}] += d.N
	}
	if r.Ahead != nil && now.Before(r.Period.Closes) {
		for _, m := range r.Ahead(busiest(hours), now) {
			l := letterOn(days, m.At.In(r.zone()), m.Kind)
			l.Planned = l.Messages == 0
		}
	}
	list := []Letter{}
	for _, l := range days {
		if l.Planned || float64(l.Messages) >= marked*float64(most) {
			list = append(list, *l)
		}
	}
	slices.SortFunc(list, func(a, b Letter) int { return cmp.Compare(a.Day, b.Day) })
	return list
}

func letterOn(days map[string]*Letter, at time.Time, kind outbox.Kind) *Letter {
	day := at.Format(time.DateOnly)
	l := days[day]
	if l == nil {
		l = &Letter{Day: day}
		days[day] = l
	}
	if !slices.Contains(l.Kinds, kind) {
		l.Kinds = append(l.Kinds, kind)
		slices.Sort(l.Kinds)
	}
	return l
}

// busiest is for each kind the hour in which most of it left: where networks differ, what most
// people got.
func busiest(hours map[Mailing]int64) (list []Mailing) {
	best := map[outbox.Kind]Mailing{}
	for m, n := range hours {
		b, ok := best[m.Kind]
		if !ok || n > hours[b] || n == hours[b] && m.At.Before(b.At) {
			best[m.Kind] = m
		}
	}
	for _, m := range best {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Mailing) int { return a.At.Compare(b.At) })
	return list
}

// credit gives each letter the answers that came until the next, and each planned one those that are
// expected.
func credit(out *Rates, c clock, today int) {
	came := func(day int) int64 { // by the beginning of the day
		if day <= 0 || len(out.Course) == 0 {
			return 0
		}
		return out.Course[min(day, len(out.Course))-1].SoFar
	}
	expected := func(day int) int64 {
		path := out.Forecast.Path
		if day <= today {
			return came(day)
		}
		return path[min(day-1-today, len(path)-1)].Complete
	}
	for i := range out.Letters {
		l := &out.Letters[i]
		from, until := c.number(l.Day), max(c.number(out.Closes)+1, len(out.Course))
		if i+1 < len(out.Letters) {
			until = c.number(out.Letters[i+1].Day)
		}
		switch {
		case !l.Planned:
			n := came(until) - came(from)
			l.Answers = &n
		case out.Forecast != nil:
			n := expected(until) - expected(from)
			l.Answers = &n
		}
	}
}
