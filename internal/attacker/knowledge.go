package attacker

import "fmt"

// knowledge turns a publication into a system.
type knowledge struct {
	System
	p       Publication
	targets []Target
	items   map[string]*state
}

// state is what is asked about an item.
type state struct {
	// since are by release and option: those who chose it after the release before, up to this one.
	since [][]Unknown
	// not are, of multiple choice, those who answered and did not choose it.
	not [][]Unknown
	// groups are by background, group and option those who chose it, of the last release; others
	// those who answered and did not.
	groups, others map[int][][]Unknown
	// aside and asideNot are the same of those who are in no division; empty where all are.
	aside, asideNot []Unknown
}

// Attack tries to find what is hidden in a publication, and everything that is finer than what was
// published: counts, groups, categories of what was merged, what was left out, what was added from
// one release to another, and what is hidden of a row or a column together.
func (p Publication) Attack() (found []Found, targets, unsolved int, err error) {
	k := &knowledge{p: p, items: map[string]*state{}}
	for r, release := range p.Releases {
		for _, item := range release.Items {
			k.whole(r, item)
		}
	}
	if len(p.Releases) > 0 {
		last := p.Releases[len(p.Releases)-1]
		for _, item := range last.Items {
			for _, d := range item.Divisions {
				k.divide(item, d)
			}
		}
		for _, item := range last.Items {
			k.route(item)
		}
	}
	found, err = k.Attack(k.targets, p.Minimum)
	return found, len(k.targets), k.Unsolved, err
}

func (k *knowledge) target(hidden bool, of []Unknown, name string, args ...any) {
	k.targets = append(k.targets, Target{fmt.Sprintf(name, args...), of, hidden})
}

func (k *knowledge) unknowns(n int, most int64) []Unknown {
	list := make([]Unknown, n)
	for i := range list {
		list[i] = k.New(0, most)
	}
	return list
}

// whole takes what a release says of an item.
func (k *knowledge) whole(r int, item Item) {
	s := k.items[item.Name]
	if s == nil {
		s = &state{groups: map[int][][]Unknown{}, others: map[int][][]Unknown{}}
		k.items[item.Name] = s
	}
	n := k.p.Releases[r].N
	for len(s.since) <= r {
		s.since = append(s.since, k.unknowns(item.Options, n))
		s.not = append(s.not, k.unknowns(item.Options, n))
	}
	if item.Multiple {
		for o := range item.Options {
			chose, not := upTo(s.since, r, o), upTo(s.not, r, o)
			if item.Answered != Hidden {
				k.Sum(item.Answered, append(chose, not...)...)
			}
			k.say(item.Counts[o], chose)
			k.increments(s.since, r, o, item.Name)
			k.increments(s.not, r, o, "not "+item.Name)
		}
		return
	}
	k.shown(item.Figures, func(o int) []Unknown { return upTo(s.since, r, o) }, n, item)
	for o := range item.Options {
		k.increments(s.since, r, o, item.Name)
	}
	for i, c := range item.Categories {
		var of []Unknown
		for _, o := range c {
			of = append(of, upTo(s.since, r, o)...)
		}
		k.target(false, of, "%s %v in release %d", item.Name, c, i)
	}
}

// upTo are those who chose an option up to a release.
func upTo(since [][]Unknown, r, o int) (of []Unknown) {
	for q := 0; q <= r; q++ {
		of = append(of, since[q][o])
	}
	return of
}

func (k *knowledge) say(n int64, of []Unknown) {
	if n != Hidden {
		k.Sum(n, of...)
	}
}

// increments are what was added between any earlier release (or nothing) and this one.
func (k *knowledge) increments(since [][]Unknown, r, o int, name string) {
	var of []Unknown
	for q := r; q >= 0; q-- {
		of = append(of, since[q][o])
		k.target(false, append([]Unknown(nil), of...), "%s, option %d, added by releases %d to %d", name, o, q, r)
	}
}

// shown takes the counts by category, how many answered, and the summary.
func (k *knowledge) shown(f Figures, of func(o int) []Unknown, most int64, item Item) {
	var all, left []Unknown
	in := make([]bool, item.Options)
	for i, c := range f.Categories {
		var these []Unknown
		for _, o := range c {
			in[o] = true
			these = append(these, of(o)...)
		}
		all = append(all, these...)
		k.say(f.Counts[i], these)
	}
	for o := range in {
		if !in[o] {
			left = append(left, of(o)...)
		}
	}
	k.say(f.Answered, all)
	if item.Everybody {
		k.Sum(most, append(all, left...)...)
	} else {
		k.Between(0, float64(most), ones(append(all, left...))...)
	}
	if f.Summary != nil {
		k.summary(*f.Summary, of, item)
	}
}

// route takes that an item was asked only of those who chose something else.
func (k *knowledge) route(item Item) {
	from := k.items[item.From]
	if item.From == "" || from == nil {
		return
	}
	chose := func(of func(o int) []Unknown) (list []Unknown) {
		for _, o := range item.Chose {
			list = append(list, of(o)...)
		}
		return list
	}
	r := len(k.p.Releases) - 1
	if item.Answered != Hidden && len(from.since) > r {
		k.AtLeast(item.Answered, chose(func(o int) []Unknown { return upTo(from.since, r, o) })...)
	}
	for _, d := range item.Divisions {
		for g, f := range d.Groups {
			if groups := from.groups[d.Background]; groups != nil && f.Answered != Hidden {
				k.AtLeast(f.Answered, chose(func(o int) []Unknown { return groups[g][o : o+1] })...)
			}
		}
	}
}
