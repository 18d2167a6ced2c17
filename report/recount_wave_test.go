package report_test

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/survey"
)

// compareWave counts what is of the whole wave: its course, its letters, the spread of its links and
// the wave before it.
func (w *world) compareWave(t *testing.T, out report.Rates) {
	t.Helper()
	course, spread, before := map[string]int64{}, map[string]report.Counts{}, int64(0)
	for _, a := range w.responses {
		before += one(a.wave == waveBefore && a.state == survey.Complete)
		if a.wave != wave {
			continue
		}
		course[day(a.day)] += one(a.state == survey.Complete)
		at := string(link.Web) + " 0"
		if a.link.Token != "" {
			root := w.links[slices.IndexFunc(w.links, func(l link.Link) bool { return l.Token == w.roots[a.link.Token] })]
			at = string(root.Channel) + " " + strconv.Itoa(w.depths[a.link.Token])
		}
		c := spread[at]
		c.Visits++
		c.Partial += one(a.state == survey.Partial)
		c.Complete += one(a.state == survey.Complete)
		spread[at] = c
	}
	var sum int64
	for _, d := range out.Course {
		sum += course[d.Day]
		if d.Complete != course[d.Day] || d.SoFar != sum {
			t.Errorf("course %+v, want %d and %d", d, course[d.Day], sum)
		}
		delete(course, d.Day)
	}
	maps.DeleteFunc(course, func(_ string, n int64) bool { return n == 0 })
	if len(course) > 0 {
		t.Errorf("the course leaves out %v", course)
	}
	links := 0
	for _, b := range out.Spread {
		at := string(b.Channel) + " " + strconv.Itoa(b.Depth)
		if b.Counts != spread[at] {
			t.Errorf("spread %s: %+v, want %+v", at, b.Counts, spread[at])
		}
		delete(spread, at)
		links += b.Links
	}
	if len(spread) > 0 || links != len(w.links) {
		t.Errorf("the spread leaves out %v, and has %d of %d links", spread, links, len(w.links))
	}
	w.compareLetters(t, out)
	if k := out.Earlier; len(k) != 2 || k[0].Complete != 800 || k[0].SameDay != nil || k[1].Complete != before ||
		*k[1].SameDay != w.sameDay(func(answered) bool { return true }) {
		t.Errorf("earlier waves: %+v", k)
	}
	late := len(out.Letters) > 0 && out.Letters[0].Day > day(whole-2) // too late for three whole days since
	if f := out.Forecast; late != (f == nil) || f != nil && (f.Low < sum || f.Complete < f.Low || f.High < f.Complete) {
		t.Errorf("forecast %+v of %d, letters %+v", f, sum, out.Letters)
	}
}

func (w *world) compareLetters(t *testing.T, out report.Rates) {
	t.Helper()
	type seen struct {
		n     int64
		kinds map[outbox.Kind]bool
	}
	letters, most := map[string]*seen{}, int64(0)
	for _, l := range w.letters {
		if l.kind == outbox.ThankYou {
			continue
		}
		on := l.at.Format("2006-01-02")
		if letters[on] == nil {
			letters[on] = &seen{kinds: map[outbox.Kind]bool{}}
		}
		letters[on].n++
		letters[on].kinds[l.kind] = true
		most = max(most, letters[on].n)
	}
	for i, l := range out.Letters {
		want, answers := letters[l.Day], int64(0)
		for _, a := range w.responses {
			next := i+1 < len(out.Letters) && day(a.day) >= out.Letters[i+1].Day
			answers += one(a.wave == wave && a.state == survey.Complete && day(a.day) >= l.Day && !next)
		}
		if *l.Answers != answers {
			t.Errorf("letters of %s brought %d, want %d", l.Day, *l.Answers, answers)
		}
		if want == nil || l.Messages != want.n || !slices.Equal(l.Kinds, slices.Sorted(maps.Keys(want.kinds))) {
			t.Errorf("letters %+v, want %+v", l, want)
		}
		delete(letters, l.Day)
	}
	for on, l := range letters {
		if float64(l.n) >= 0.05*float64(most) {
			t.Errorf("the %d letters of %s are left out", l.n, on)
		}
	}
}
