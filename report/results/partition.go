package results

import (
	"slices"
	"strings"

	"viesti/contacts"
	"viesti/report/disclosure"
	"viesti/survey"
)

// scheme is the options of a subject, taken together so that each block may be shown.
type scheme struct {
	*subject
	blocks [][]int // places of options
	// whole tells that each option is a block of its own, so that nothing of the distribution is hidden.
	whole bool
}

// fold sums counts by option into counts by block.
func (sc scheme) fold(counts []int64) []int64 {
	folded := make([]int64, len(sc.blocks))
	for i, block := range sc.blocks {
		for _, option := range block {
			folded[i] += counts[option]
		}
	}
	return folded
}

// partition takes the options of a subject together until each block may be shown beside all that
// was shown of it before, which is given by option; ok is false where nothing may.
func (b *builder) partition(s *subject, counts []int64, earlier [][]int64) (sc scheme, ok bool) {
	at := s.offered(counts)
	pick := func(counts []int64) []int64 {
		picked := make([]int64, len(at))
		for i, option := range at {
			picked[i] = counts[option]
		}
		return picked
	}
	before := make([][]int64, len(earlier))
	for i := range earlier {
		before[i] = pick(earlier[i])
	}
	blocks, ok := b.rule.Merge(pick(counts), before, b.shape(s, at))
	if !ok {
		return scheme{}, false
	}
	sc = scheme{subject: s, whole: true}
	shown := 0
	for _, block := range blocks {
		options := make([]int, len(block))
		for i, n := range block {
			options[i] = at[n]
		}
		shown += len(options)
		sc.whole = sc.whole && len(options) == 1
		sc.blocks = append(sc.blocks, options)
	}
	sc.whole = sc.whole && shown == len(at)
	return sc.othersLast(b), true
}

// shared takes the blocks of an item together until each may be shown of the sample and of the rest,
// beside what is shown of all.
func (b *builder) shared(sc scheme, row int) (scheme, bool) {
	if b.counts.sample.n == 0 || b.counts.sample.n == b.counts.n {
		return sc, true
	}
	all, alone := sc.fold(b.counts.of(sc.subject, row).counts), sc.fold(b.counts.alone(sc.subject, row).counts)
	rest := make([]int64, len(all))
	for i := range all {
		rest[i] = all[i] - alone[i]
	}
	return b.join(sc, b.rule, all, [][]int64{alone, rest})
}

// join takes blocks together until each stands by a rule.
func (b *builder) join(sc scheme, rule disclosure.Rule, counts []int64, beside [][]int64) (scheme, bool) {
	if len(sc.blocks) == 0 {
		return sc, false
	}
	first := make([]int, len(sc.blocks))
	for i, block := range sc.blocks {
		first[i] = block[0]
	}
	shape := b.shape(sc.subject, first)
	for i, block := range sc.blocks {
		if shape.Near != nil && slices.ContainsFunc(b.shape(sc.subject, block).Near, func(n int) bool { return n != shape.Near[i] }) {
			shape.Near[i] = -1
		}
	}
	joined, ok := rule.Merge(counts, beside, shape)
	if !ok {
		return sc, false
	}
	out, kept := scheme{subject: sc.subject}, 0
	for _, blocks := range joined {
		var block []int
		for _, i := range blocks {
			block = append(block, sc.blocks[i]...)
		}
		kept += len(blocks)
		slices.Sort(block)
		out.blocks = append(out.blocks, block)
	}
	out.whole = sc.whole && len(joined) == len(sc.blocks) && kept == len(sc.blocks)
	return out.othersLast(b), true
}

// othersLast puts "other options" after those that are named.
func (sc scheme) othersLast(b *builder) scheme {
	if sc.ordered {
		return sc
	}
	unnamed := func(block []int) bool { return len(block) > mostNamed && b.centreOf(sc.subject, block) == "" }
	slices.SortStableFunc(sc.blocks, func(x, y []int) int {
		switch {
		case unnamed(x) == unnamed(y):
			return 0
		case unnamed(x):
			return 1
		default:
			return -1
		}
	})
	return sc
}

// offered are the places of the options that are there, or that somebody chose when they were.
func (s *subject) offered(counts []int64) (at []int) {
	for i, o := range s.options {
		if !o.removed || counts[i] > 0 {
			at = append(at, i)
		}
	}
	if counts[s.gone()] > 0 {
		at = append(at, s.gone())
	}
	return at
}

// shape tells which options belong together. Regions belong to their centre.
func (b *builder) shape(s *subject, at []int) disclosure.Shape {
	shape := disclosure.Shape{Ordered: s.ordered, Everybody: s.Required, Apart: make([]bool, len(at))}
	for i, option := range at {
		shape.Apart[i] = s.dontKnow(option) || s.ordered && option == s.gone()
	}
	if !s.regions() {
		return shape
	}
	centres := b.centres.Centres()
	shape.Near = make([]int, len(at))
	for i, option := range at {
		shape.Near[i] = -1
		if option != s.gone() {
			shape.Near[i] = slices.Index(centres, b.centres.Of(s.options[option].ID))
		}
	}
	return shape
}

func (s *subject) dontKnow(option int) bool { return option != s.gone() && s.options[option].DontKnow }

// regions tells whether the options are regions of Finland.
func (s *subject) regions() bool {
	return s.Type == survey.Single && len(s.options) > 1 && !slices.ContainsFunc(s.options, func(o choice) bool {
		return !slices.Contains(contacts.Regions, o.ID)
	})
}

// categories are the blocks with their words.
func (b *builder) categories(sc scheme) []Category {
	list := make([]Category, len(sc.blocks))
	for i, block := range sc.blocks {
		list[i] = Category{
			Text: b.words(sc.subject, block), Options: sc.ids(block),
			DontKnow: len(block) == 1 && sc.dontKnow(block[0]),
		}
		list[i].ID = strings.Join(list[i].Options, "+")
	}
	return list
}

// goneID stands for options that no edition of the questionnaire that is known has.
const goneID = "~"

func (s *subject) ids(block []int) []string {
	list := make([]string, len(block))
	for i, option := range block {
		list[i] = goneID
		if option != s.gone() {
			list[i] = s.options[option].ID
		}
	}
	return list
}

// coarse takes a scale together to three classes for divisions: the low end, the middle and the high
// end. What has no order, and what is coarse already, stays as it is.
func (sc scheme) coarse() scheme {
	if !sc.ordered {
		return sc
	}
	scale, off := sc.apart()
	on := scale.blocks
	n := len(on)
	if n <= 3 {
		return sc
	}
	end := (2*n + 2) / 5 // two of five, four of ten
	out := scheme{subject: sc.subject}
	for _, part := range [][][]int{on[:end], on[end : n-end], on[n-end:]} {
		if len(part) > 0 {
			out.blocks = append(out.blocks, slices.Concat(part...))
		}
	}
	for _, option := range off {
		out.blocks = append(out.blocks, []int{option})
	}
	return out
}

// apart are the blocks that lie on a scale, and the options that do not.
func (sc scheme) apart() (on scheme, off []int) {
	if !sc.ordered {
		return sc, nil
	}
	on = scheme{subject: sc.subject}
	for _, block := range sc.blocks {
		if len(block) == 1 && (sc.dontKnow(block[0]) || block[0] == sc.gone()) {
			off = append(off, block[0])
		} else {
			on.blocks = append(on.blocks, block)
		}
	}
	return on, off
}
