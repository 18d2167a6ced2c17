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
	By            []string // the backgrounds that tables are divided by; empty: all of them
	// Share is the part of the respondents whose answers are exported one by one, 0 to 1; divisions are
	// of the others.
	Share   float64
	Earlier []report.Known
	Now     func() time.Time
	Ahead   *Ahead // nil: nothing is counted before it is asked for

	done atomic.Int64
}

// Progress is how many responses the counting that runs, or ran last, has read.
func (r *Reporter) Progress() int64 { return r.done.Load() }

// Results are what is published now. Before the close that is a release of the whole, of the answers
// of whole days: a new one if enough came since the last. After it, it is the final release, which is
// made once and stands.
func (r *Reporter) Results(ctx context.Context) (Results, error) { return r.current(ctx, "") }

// Question is the same for who wants to see one question now: of a release before the close that is
// yet to be made, the answers to that question alone are counted. The fault is not_found,
// "results.unknown_question".
func (r *Reporter) Question(ctx context.Context, id string) (Results, Question, error) {
	out, err := r.current(ctx, id)
	if err != nil {
		return out, Question{}, err
	}
	q, ok := out.Question(id)
	if _, any := out.Respondents.Value(); !ok && any {
		return out, q, fault.New(fault.NotFound, "results.unknown_question", i18n.Args{"id": id})
	}
	return out, q, nil
}

func (r *Reporter) current(ctx context.Context, only string) (Results, error) {
	for {
		out, err := r.release(ctx, only)
		var f *fault.Fault
		if errors.As(err, &f) && f.Key == "store.released" {
			continue // somebody made the same release meanwhile: it is there now
		}
		return out, err
	}
}

func (r *Reporter) release(ctx context.Context, only string) (Results, error) {
	earlier, err := r.released(ctx)
	if err != nil {
		return Results{}, err
	}
	if n := len(earlier); n > 0 && earlier[n-1].Final {
		return earlier[n-1], nil
	}
	days, err := r.days(ctx)
	if err != nil {
		return Results{}, err
	}
	var out Results
	if r.Period.Phase(r.Now()) == survey.Over {
		out, err = r.final(ctx, earlier, days)
	} else {
		through := days.whole(r.date(r.Now()))
		if last, ok := r.enough(earlier, days.until(through), only); ok {
			last.Late = days.until("") > days.until(through)
			return last, nil
		}
		out, err = r.make(ctx, plan{earlier: earlier, through: through, n: days.until(through), only: only})
		out.Late = days.until("") > days.until(through)
	}
	if err != nil {
		return out, err
	}
	if n, shown := out.Respondents.Value(); !out.Final && (!shown || n == 0) {
		return out, nil // nothing was said that a later release could be compared with
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return out, fmt.Errorf("results: write a release: %w", err)
	}
	return out, r.Source.AddRelease(ctx, r.Period.Wave, len(earlier), raw)
}

// enough is the last release, where a new one would have nothing more to say, or would tell too much
// of the few who answered since.
func (r *Reporter) enough(earlier []Results, n int64, only string) (last Results, ok bool) {
	if len(earlier) == 0 {
		return last, false
	}
	last = earlier[len(earlier)-1]
	before := released(earlier)
	switch {
	case !r.rule().Stands(n, before...):
		return last, true
	case n > before[len(before)-1]:
		return last, false
	default:
		return last, last.Only == "" || last.Only == only
	}
}

// final makes the final release. Where an earlier release is so near that much would have to be taken
// together because of it, the answers that came since are left out instead: whichever loses less.
func (r *Reporter) final(ctx context.Context, earlier []Results, days days) (Results, error) {
	all := plan{earlier: earlier, final: true, share: r.Share}
	all.through, all.late = days.cut(earlier, r.rule())
	tried, err := r.count(ctx, all)
	if err != nil || len(earlier) == 0 {
		return r.shared(ctx, tried, all, err)
	}
	last := earlier[len(earlier)-1]
	same := plan{earlier: earlier, final: true, through: last.Through, late: true, share: r.Share}
	n, now := days.until(last.Through), tried.counts.n
	if last.Through == "" || n != released(earlier)[len(earlier)-1] || n >= now {
		return r.shared(ctx, tried, all, nil)
	}
	other, err := r.count(ctx, same)
	if err != nil {
		return Results{}, err
	}
	if (tried.coarsened()-other.coarsened())*float64(now) > float64(now-n)*float64(tried.catalog.items) {
		return r.shared(ctx, other, same, nil)
	}
	return r.shared(ctx, tried, all, nil)
}

// shared builds a final release. Where nothing can be divided, nobody is kept out of the sample for it.
func (r *Reporter) shared(ctx context.Context, b *builder, p plan, err error) (Results, error) {
	if err != nil {
		return Results{}, err
	}
	out := r.build(b, p)
	if len(out.Backgrounds) > 0 || p.share == 0 || p.share == 1 || out.Frozen {
		return out, nil
	}
	p.share = 1
	if b, err = r.count(ctx, p); err != nil {
		return out, err
	}
	return r.build(b, p), nil
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

// released are how many people earlier releases were about.
func released(earlier []Results) []int64 {
	list := make([]int64, len(earlier))
	for i, e := range earlier {
		list[i], _ = e.Respondents.Value()
	}
	return list
}

// days are how many answers were sent on each day, in order.
type days []dayCount

type dayCount struct {
	day string
	n   int64
}

func (r *Reporter) days(ctx context.Context) (list days, err error) {
	tallies, err := r.Source.Tallies(ctx, r.Period.Wave)
	if err != nil {
		return nil, err
	}
	for _, t := range tallies {
		if t.State != survey.Complete {
			continue
		}
		at := slices.IndexFunc(list, func(d dayCount) bool { return d.day == t.Day })
		if at < 0 {
			at, list = len(list), append(list, dayCount{day: t.Day})
		}
		list[at].n += t.N
	}
	slices.SortFunc(list, func(a, b dayCount) int { return strings.Compare(a.day, b.day) })
	return list, nil
}

// until is how many were sent through a day; without one all.
func (d days) until(through string) (n int64) {
	for _, x := range d {
		if through == "" || x.day <= through {
			n += x.n
		}
	}
	return n
}

// whole is the last day that is over, with answers; empty where all answers are of today. Whole days
// can be told from what comes later, so that the final release can be of the same people.
func (d days) whole(today string) (through string) {
	for _, x := range d {
		if x.day < today {
			through = x.day
		}
	}
	return through
}

// cut is the last day whose answers are in the final release: the latest by which there are nobody or
// enough more than in each earlier release. Those of the days after it would be told apart by
// subtraction; late tells that there are such. Where no day will do, all answers are counted, and what
// cannot be shown beside an earlier release stays as it was in that.
func (d days) cut(earlier []Results, rule disclosure.Rule) (through string, late bool) {
	before := released(earlier)
	for i, x := range slices.Backward(d) {
		if rule.Stands(d.until(x.day), before...) {
			return x.day, i < len(d)-1
		}
	}
	return "", len(d) > 0
}

// plan is a release to be made.
type plan struct {
	earlier []Results
	final   bool
	late    bool
	through string
	n       int64 // sent through that day
	only    string
	share   float64
}

func (r *Reporter) make(ctx context.Context, p plan) (Results, error) {
	b, err := r.count(ctx, p)
	if err != nil {
		return Results{}, err
	}
	return r.build(b, p), nil
}

// count counts what a release is made of.
func (r *Reporter) count(ctx context.Context, p plan) (*builder, error) {
	catalog, err := r.catalog(ctx)
	if err != nil {
		return nil, err
	}
	b := &builder{
		rule: r.rule(), catalog: catalog, earlier: p.earlier, final: p.final, only: p.only,
		centres: contacts.CentresIn(r.Period.Closes.Year()),
	}
	if p.final {
		b.by, b.divide = catalog.countedBy(r.By)
	}
	of := ""
	if !p.final && p.through != "" && r.Ahead != nil {
		if of, err = r.counted(ctx, p.through, p.n); err != nil {
			return nil, err
		}
		if catalog, counts, ok := r.Ahead.find(of); ok {
			b.catalog, b.counts = catalog, counts
			return b, nil
		}
	}
	r.done.Store(0)
	c := counting{catalog: catalog, by: b.by, through: p.through, only: p.only, share: p.share, done: &r.done}
	b.counts, err = c.run(ctx, r.Source, r.Period.Wave)
	if err == nil && of != "" && p.only == "" {
		r.Ahead.keep(of, catalog, b.counts)
	}
	return b, err
}

// build makes a release of counts.
func (r *Reporter) build(b *builder, p plan) Results {
	if b == nil || b.counts == nil {
		return Results{}
	}
	last := b.catalog.last
	out := Results{
		Wave: r.Period.Wave, Questionnaire: last.ID, Version: last.Version, Title: last.Title, Organiser: r.Organiser,
		Opens: r.date(r.Period.Opens), Closes: r.date(r.Period.Closes), Day: r.date(r.Now()),
		Final: p.final, Through: p.through, Only: p.only, Late: p.late, Minimum: r.Minimum, Share: p.share,
		Earlier: append([]report.Known{}, r.Earlier...), Backgrounds: []Background{}, Pages: []Page{},
	}
	if !b.rule.Stands(b.counts.n, released(p.earlier)...) {
		return asLast(out, p.earlier)
	}
	out.Respondents = disclosure.Shown(b.counts.n)
	if p.final {
		if n := b.counts.sample.n; b.rule.Fits(n) {
			out.Sample, out.Divided = disclosure.Shown(n), disclosure.Shown(b.counts.n-n)
		}
		out.Backgrounds = b.backgrounds()
		b.alike = b.generalise()
		out.Alike, out.Anonymity = b.alike.released(b), b.alike.least
	}
	out.Pages = b.pages()
	return out
}

// asLast is a final release with the figures of the one before, where no newer ones may be shown;
// without one it is empty.
func asLast(out Results, earlier []Results) Results {
	out.Late = true
	if len(earlier) > 0 {
		last := earlier[len(earlier)-1]
		out.Respondents, out.Pages, out.Day, out.Through, out.Frozen = last.Respondents, last.Pages, last.Day, last.Through, true
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
		if len(ids) == 0 || slices.Contains(ids, s.ID) {
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
