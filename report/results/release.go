package results

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/survey"
)

// Reporter makes the results of a wave.
type Reporter struct {
	Source Source
	// Questionnaire is the wave's as it is; nil where it is gone, and then what was kept of it counts.
	Questionnaire *survey.Questionnaire
	Period        survey.Period
	Organiser     i18n.Text
	Minimum       int64
	By            []string // the backgrounds that tables are divided by; nil: all of them
	Earlier       []report.Known
	Now           func() time.Time

	done atomic.Int64
}

// Progress is how many responses the counting that runs, or ran last, has read.
func (r *Reporter) Progress() int64 { return r.done.Load() }

// Results are what is published now. Before the close that is a release of the whole, a new one if
// enough was answered since the last; after it the final release, which is made once and stands.
// The fault is not_found, "results.nothing", where nobody answered, and where nothing is known of
// what was asked.
func (r *Reporter) Results(ctx context.Context) (Results, error) {
	for {
		out, err := r.results(ctx)
		if fault.KindOf(err) == fault.Conflict {
			var f *fault.Fault
			if errors.As(err, &f) && f.Key == "store.released" {
				continue // somebody made the same release meanwhile: it is there now
			}
		}
		return out, err
	}
}

func (r *Reporter) results(ctx context.Context) (Results, error) {
	earlier, err := r.released(ctx)
	if err != nil {
		return Results{}, err
	}
	if n := len(earlier); n > 0 && earlier[n-1].Final {
		return earlier[n-1], nil
	}
	days, all, err := r.days(ctx)
	if err != nil {
		return Results{}, err
	}
	final := r.Period.Phase(r.Now()) == survey.Over
	through, late := "", false
	switch {
	case final:
		through, late = cut(days, earlier, r.rule())
	case len(earlier) > 0 && !r.rule().Stands(all, respondents(earlier)...):
		return stale(earlier[len(earlier)-1], all), nil
	case len(earlier) > 0 && all == respondents(earlier)[len(earlier)-1]:
		return earlier[len(earlier)-1], nil
	}
	out, err := r.make(ctx, earlier, final, through)
	if err != nil {
		return out, err
	}
	out.Late, out.Through = out.Late || late, through
	if n, shown := out.Respondents.Value(); !final && (!shown || n == 0) {
		return out, nil // nothing was said that a later release could be compared with
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return out, fmt.Errorf("results: write a release: %w", err)
	}
	return out, r.Source.AddRelease(ctx, r.Period.Wave, len(earlier), raw)
}

func (r *Reporter) rule() disclosure.Rule { return disclosure.Rule{Minimum: r.Minimum} }

// released are the releases there are.
func (r *Reporter) released(ctx context.Context) ([]Results, error) {
	documents, err := r.Source.Releases(ctx, r.Period.Wave)
	if err != nil {
		return nil, err
	}
	list := make([]Results, len(documents))
	for i, raw := range documents {
		if err := json.Unmarshal(raw, &list[i]); err != nil {
			return nil, fmt.Errorf("results: read release %d of %s: %w", i, r.Period.Wave, err)
		}
	}
	return list, nil
}

// respondents are how many earlier releases were about.
func respondents(earlier []Results) []int64 {
	list := make([]int64, len(earlier))
	for i, e := range earlier {
		list[i], _ = e.Respondents.Value()
	}
	return list
}

// stale is the release before, with word that there is more by now.
func stale(last Results, all int64) Results {
	if n, _ := last.Respondents.Value(); all > n {
		last.Late = true
	}
	return last
}

// day is how many answers were sent on a day.
type day struct {
	day string
	n   int64
}

// days are those on which answers were sent, in order.
func (r *Reporter) days(ctx context.Context) (list []day, all int64, err error) {
	tallies, err := r.Source.Tallies(ctx, r.Period.Wave)
	if err != nil {
		return nil, 0, err
	}
	for _, t := range tallies {
		if t.State != survey.Complete {
			continue
		}
		all += t.N
		i, found := slices.BinarySearchFunc(list, t.Day, func(d day, s string) int { return strings.Compare(d.day, s) })
		if !found {
			list = slices.Insert(list, i, day{day: t.Day})
		}
		list[i].n += t.N
	}
	return list, all, nil
}

// cut is the last day whose answers are in the final release: the latest by which there are nobody or
// enough more than in each earlier release. Those of the days after it would be told apart by
// subtraction; late tells that there are such. Where no day will do, all answers are counted, and what
// cannot be shown beside an earlier release stays as it was in that.
func cut(days []day, earlier []Results, rule disclosure.Rule) (through string, late bool) {
	before := respondents(earlier)
	var sum int64
	for _, d := range days {
		sum += d.n
	}
	for _, d := range slices.Backward(days) {
		if rule.Stands(sum, before...) {
			return d.day, d != days[len(days)-1]
		}
		sum -= d.n
	}
	return "", len(days) > 0
}

// make counts and builds.
func (r *Reporter) make(ctx context.Context, earlier []Results, final bool, through string) (Results, error) {
	catalog, err := r.catalog(ctx)
	if err != nil {
		return Results{}, err
	}
	b := &builder{
		rule: r.rule(), catalog: catalog, earlier: earlier, final: final, divide: r.By,
		centres: contacts.CentresIn(r.Period.Closes.Year()),
	}
	if final {
		b.by, b.divide = catalog.countedBy(r.By)
	}
	r.done.Store(0)
	b.counts, err = counting{catalog: catalog, by: b.by, through: through, done: &r.done}.run(ctx, r.Source, r.Period.Wave)
	if err != nil {
		return Results{}, err
	}
	out := Results{
		Wave: r.Period.Wave, Questionnaire: catalog.last.ID, Version: catalog.last.Version, Title: catalog.last.Title,
		Organiser: r.Organiser, Final: final, Minimum: r.Minimum, Earlier: r.Earlier, Backgrounds: []Background{}, Pages: []Page{},
		Opens: r.date(r.Period.Opens), Closes: r.date(r.Period.Closes), Day: r.date(r.Now()),
	}
	if out.Earlier == nil {
		out.Earlier = []report.Known{}
	}
	if !b.rule.Stands(b.counts.n, respondents(earlier)...) {
		return asLast(out, earlier), nil
	}
	out.Respondents = disclosure.Shown(b.counts.n)
	if final {
		out.Backgrounds = b.backgrounds()
		b.alike = b.generalise()
		out.Alike, out.Anonymity = b.alike.released(b), b.alike.least
	}
	out.Pages = b.pages()
	return out, nil
}

// asLast is a final release with the figures of the one before, where no newer ones may be shown;
// without one it is empty.
func asLast(out Results, earlier []Results) Results {
	out.Late = true
	if len(earlier) > 0 {
		last := earlier[len(earlier)-1]
		out.Respondents, out.Pages, out.Day = last.Respondents, last.Pages, last.Day
	}
	return out
}

func (r *Reporter) date(t time.Time) string { return t.In(r.Period.Zone).Format(time.DateOnly) }

func (r *Reporter) catalog(ctx context.Context) (*catalog, error) {
	editions, err := r.Source.Editions(ctx, r.Period.Wave)
	if err != nil {
		return nil, err
	}
	c, err := newCatalog(r.Questionnaire, editions)
	if err == nil && c == nil {
		err = fault.New(fault.NotFound, "results.no_questionnaire", i18n.Args{"wave": r.Period.Wave})
	}
	return c, err
}

// manyClasses is how many combinations of backgrounds are counted without further thought.
const manyClasses = 50_000

// countedBy are the backgrounds that answers are counted by: those that tables are divided by, and of
// the others as many as make no more combinations than can be kept in mind. By others nobody is shown
// person by person.
func (c *catalog) countedBy(ids []string) (by []*subject, divide []string) {
	combinations := 1
	take := func(s *subject) {
		by = append(by, s)
		combinations *= len(s.options) + 2
	}
	for _, s := range c.backgrounds() {
		if ids == nil || slices.Contains(ids, s.ID) {
			take(s)
			divide = append(divide, s.id)
		}
	}
	for _, s := range c.backgrounds() {
		if !slices.Contains(by, s) && combinations*(len(s.options)+2) <= manyClasses {
			take(s)
		}
	}
	return by, divide
}
