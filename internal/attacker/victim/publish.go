package victim

import (
	"fmt"
	"math"
	"slices"

	"viesti/internal/attacker"
	"viesti/report/disclosure"
)

// Weakness is a rule that is left out on purpose.
type Weakness int

// The weaknesses.
const (
	None             Weakness = iota
	NoSecondary               // only small cells are hidden
	LowerMinimum              // the minimum is one too low
	NoDifferences             // earlier releases are forgotten
	MeansUntested             // every group's mean is shown
	LoneRemainder             // what is small is hidden beside its sum
	FloorsIgnored             // what leads to other questions, and how choices hang together, is forgotten
	AsideUntested             // those who do not know are left aside wherever they are
	RowsBesideTables          // rows are shown that do not show what the tables divide by
)

// publisher makes a publication.
type publisher struct {
	Survey
	weak   Weakness
	rule   disclosure.Rule
	groups [][][]int // by background: the published groups, as options
	of     [][]int   // by background and option: the published group
}

// Publish publishes a survey, release by release.
func (s Survey) Publish(minimum int64, weak Weakness) attacker.Publication {
	p := &publisher{Survey: s, weak: weak, rule: disclosure.Rule{Minimum: minimum}}
	if weak == LowerMinimum {
		p.rule.Minimum--
	}
	out := attacker.Publication{Minimum: minimum}
	before := int64(0)
	for r := range s.Releases {
		n := int64(len(p.people(r)))
		if len(out.Releases) > 0 && !p.rule.Stands(n, before) && weak != NoDifferences || !p.rule.Fits(n) || n == 0 {
			continue // too few are new: they wait
		}
		out.Releases = append(out.Releases, p.release(r, out.Releases))
		before = n
	}
	return out
}

func (p *publisher) people(r int) []Person {
	return slices.DeleteFunc(slices.Clone(p.People), func(x Person) bool { return x.Release > r })
}

func (p *publisher) release(r int, earlier []attacker.Release) attacker.Release {
	people := p.people(r)
	if p.weak == NoDifferences {
		earlier = nil
	}
	final := r == p.Releases-1
	out := attacker.Release{N: int64(len(people))}
	if final {
		p.group(people, &out)
	}
	for i := range p.Questions {
		if item, ok := p.item(people, i, earlier, final); ok {
			out.Items = append(out.Items, item)
		}
	}
	if p.weak == RowsBesideTables && final {
		p.rows(people, &out)
	}
	return out
}

// group merges the groups of each background.
func (p *publisher) group(people []Person, out *attacker.Release) {
	for b, size := range p.Sizes {
		counts := make([]int64, size)
		for _, x := range people {
			counts[x.Groups[b]]++
		}
		groups, ok := p.rule.Merge(counts, nil, disclosure.Shape{Near: p.Near[b]})
		if !ok {
			groups = nil
		}
		of := make([]int, size)
		n := make([]int64, len(groups))
		for i, g := range groups {
			for _, o := range g {
				of[o] = i
				n[i] += counts[o]
			}
		}
		p.groups, p.of = append(p.groups, groups), append(p.of, of)
		name := fmt.Sprintf("b%d", b)
		out.Backgrounds = append(out.Backgrounds, attacker.Background{Name: name, Groups: groups, N: n})
		sizes := attacker.Figures{Answered: out.N, Categories: groups, Counts: n}
		out.Items = append(out.Items, attacker.Item{Name: name, Options: size, Everybody: true, Figures: sizes})
	}
}

// item is false where nothing of it may be shown.
func (p *publisher) item(people []Person, i int, earlier []attacker.Release, final bool) (attacker.Item, bool) {
	q := p.Questions[i]
	item := attacker.Item{Name: fmt.Sprintf("q%d", i), Options: q.Options, Multiple: q.Kind == Multiple, Most: q.Most, Everybody: q.Everybody}
	if q.From >= 0 {
		item.From, item.Chose = fmt.Sprintf("q%d", q.From), []int{q.Chose}
	}
	if q.Kind == Multiple {
		return p.multiple(item, people, i, earlier, final)
	}
	for o := range q.Options {
		if q.Kind == Scale {
			item.Values = append(item.Values, float64(o+1))
		}
		if q.DontKnow && o == q.Options-1 {
			item.Values[o] = math.NaN()
		}
	}
	return p.single(item, people, i, earlier, final)
}

func (p *publisher) single(item attacker.Item, people []Person, i int, earlier []attacker.Release, final bool) (attacker.Item, bool) {
	q := p.Questions[i]
	counts := make([]int64, q.Options)
	for _, x := range people {
		if x.Answers[i] >= 0 {
			counts[x.Answers[i]]++
		}
	}
	apart := make([]bool, q.Options)
	apart[q.Options-1] = q.DontKnow
	shape := disclosure.Shape{Ordered: q.Kind == Scale, Apart: apart, Everybody: q.Everybody}
	blocks, ok := p.merge(counts, before(item.Name, q.Options, earlier), shape)
	if !ok || !final && slices.ContainsFunc(blocks, func(b []int) bool { return len(b) > 1 }) || !final && len(blocks) < q.Options {
		return item, false
	}
	item.Categories = blocks
	for _, b := range blocks {
		item.Counts = append(item.Counts, sum(counts, b))
		item.Answered += sum(counts, b)
	}
	if p.weak == LoneRemainder {
		for c, n := range item.Counts {
			if !p.rule.Fits(n) {
				item.Counts[c] = attacker.Hidden
			}
		}
	}
	if final {
		for b := range p.groups {
			item.Divisions = append(item.Divisions, p.divide(people, i, b, item))
		}
		p.means(&item, people, i, counts, before(item.Name, q.Options, earlier))
	} else if q.Kind == Scale {
		item.Summary = summary(item.Values, counts, true)
	}
	return item, true
}

// merge, weakened, hides what is small instead.
func (p *publisher) merge(counts []int64, earlier [][]int64, s disclosure.Shape) ([][]int, bool) {
	if p.weak != LoneRemainder {
		return p.rule.Merge(counts, earlier, s)
	}
	blocks := make([][]int, len(counts))
	for c := range blocks {
		blocks[c] = []int{c}
	}
	return blocks, true
}

// before are the counts of an item in earlier releases.
func before(name string, options int, earlier []attacker.Release) (list [][]int64) {
	for _, r := range earlier {
		for _, item := range r.Items {
			if item.Name == name && !item.Multiple {
				counts := make([]int64, options)
				for i, c := range item.Categories {
					counts[c[0]] = item.Counts[i]
				}
				list = append(list, counts)
			}
		}
	}
	return list
}

func sum(counts []int64, of []int) (n int64) {
	for _, o := range of {
		n += counts[o]
	}
	return n
}
