package results

import (
	"cmp"
	"slices"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/survey"
)

// builder makes results of counts. All that it gives away has passed its rule.
type builder struct {
	rule    disclosure.Rule
	catalog *catalog
	counts  *counts
	earlier []Results // released before, the first one first
	final   bool
	only    string     // the question that was counted; empty: all
	by      []*subject // the backgrounds that answers were counted by
	divide  []string   // those of them that tables are divided by
	centres contacts.CentreMap

	groups []grouping // by those backgrounds by which it can be done
	alike  alike
}

// grouping is the respondents by a background.
type grouping struct {
	scheme
	// silent are those who did not answer: in a group of their own, or where they are too few, in
	// that of the last block.
	silent, alone bool
	counted       int   // the background's place among those counted by
	at            []int // the block of each option, and of no answer
}

// backgrounds groups the respondents by each background by which that can be done. Groups are of
// those who are not in the sample, and of the sample itself where that is everybody.
func (b *builder) backgrounds() []Background {
	list := []Background{}
	for i, s := range b.by {
		all, rest := make([]int64, s.gone()+2), make([]int64, s.gone()+2)
		for _, c := range b.counts.classes {
			all[c.of[i]] += c.n
			if !c.alone {
				rest[c.of[i]] += c.n
			}
		}
		sc, ok := b.partition(s, all[:s.gone()+1], b.before(s, ""))
		if ok {
			sc, ok = b.shared(sc, 0)
		}
		if ok {
			sc, ok = b.roomy(sc, all, b.divided(all, rest))
		}
		if !ok || len(sc.blocks) == 0 {
			continue
		}
		g := b.grouping(sc, all, rest)
		g.counted = i
		b.groups = append(b.groups, g)
		if !b.splits(g) {
			continue
		}
		out := Background{Question: s.id, Text: plain(s.Text), Merged: !sc.whole || g.silent && !g.alone}
		for at, n := range g.fold(rest) {
			out.Groups = append(out.Groups, g.group(b, at, n))
		}
		list = append(list, out)
	}
	return list
}

// splits tells whether tables are divided by a background: it was asked for, and there are groups.
func (b *builder) splits(g grouping) bool {
	return slices.Contains(b.divide, g.id) && len(g.blocks) > 1 && b.counts.n > b.counts.sample.n
}

// divided are the counts by which groups are made.
func (b *builder) divided(all, rest []int64) []int64 {
	if b.counts.n == b.counts.sample.n {
		return all
	}
	return rest
}

// room is how many times the minimum a group of respondents has to be. Of one that is only just
// large enough, every answer but those that all gave would be hidden.
const room = 3

// roomy takes the blocks of a background together until each is large enough to be divided by, and
// leaves out those that nobody is in.
func (b *builder) roomy(sc scheme, all, rest []int64) (scheme, bool) {
	sc.blocks = slices.DeleteFunc(slices.Clone(sc.blocks), func(block []int) bool {
		return scheme{blocks: [][]int{block}}.fold(all)[0] == 0
	})
	return b.join(sc, disclosure.Rule{Minimum: room * b.rule.Minimum}, sc.fold(rest), nil)
}

// grouping finds a place for those who did not answer.
func (b *builder) grouping(sc scheme, all, rest []int64) grouping {
	silent, others := b.counts.n-sumOf(sc.fold(all)), b.counts.n-b.counts.sample.n-sumOf(sc.fold(rest))
	g := grouping{scheme: scheme{subject: sc.subject, blocks: slices.Clone(sc.blocks), whole: sc.whole}, silent: silent > 0}
	switch unplaced := g.unplaced(len(all)); {
	case silent == 0:
	case b.rule.Fits(others) && b.rule.Fits(silent-others) && (others > 0 || b.counts.n == b.counts.sample.n):
		g.alone = true
		g.blocks = append(g.blocks, unplaced)
	default:
		at := g.host(sc.fold(b.divided(all, rest)))
		g.blocks[at] = append(slices.Clone(g.blocks[at]), unplaced...)
	}
	g.at = make([]int, len(all))
	for block, options := range g.blocks {
		for _, option := range options {
			g.at[option] = block
		}
	}
	return g
}

// unplaced are the places that are in no block, that of no answer with them.
func (g grouping) unplaced(n int) (rest []int) {
	for at := range n {
		if !slices.ContainsFunc(g.blocks, func(block []int) bool { return slices.Contains(block, at) }) {
			rest = append(rest, at)
		}
	}
	return rest
}

// host is the block that takes in those who did not answer: that of other options, else the
// smallest that has somebody.
func (g grouping) host(folded []int64) int {
	at := -1
	for i, block := range g.blocks {
		if !g.ordered && len(block) > mostNamed {
			return i
		}
		if folded[i] > 0 && (at < 0 || folded[i] < folded[at]) {
			at = i
		}
	}
	return max(at, 0)
}

// silentID is the group of those who did not answer a background.
const silentID = "~none"

func (g grouping) group(b *builder, i int, n int64) Group {
	out := Group{Respondents: disclosure.Shown(n), Options: []string{}}
	none := g.gone() + 1
	if g.alone && i == len(g.blocks)-1 {
		out.ID, out.Text, out.Silent = silentID, everywhere("results.not_stated", nil), true
		return out
	}
	block := slices.DeleteFunc(slices.Clone(g.blocks[i]), func(at int) bool { return at == none || !g.offers(b, at) })
	out.Options, out.Text = g.ids(block), b.words(g.subject, block)
	out.ID = joinIDs(out.Options)
	if g.silent && slices.Contains(g.blocks[i], none) {
		out.Silent = true
		for l, s := range out.Text {
			out.Text[l] = i18n.T(l, "results.or_not_stated", i18n.Args{"group": s})
		}
	}
	return out
}

// offers tells whether an option is there, or somebody chose it.
func (g grouping) offers(b *builder, at int) bool {
	return at != g.gone() && !g.options[at].removed || slices.ContainsFunc(b.counts.classes, func(c *class) bool { return c.of[g.counted] == at })
}

// everywhere is a text of ours in all languages.
func everywhere(key string, args i18n.Args) i18n.Text {
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		t[l] = i18n.T(l, key, args)
	}
	return t
}

// pages are all questions with what may be shown of them.
func (b *builder) pages() []Page {
	list := []Page{}
	for _, chapter := range b.catalog.pages {
		page := Page{ID: chapter.ID, Title: plain(chapter.Title), Questions: []Question{}}
		for _, s := range chapter.subjects {
			if !s.removed || b.answered(s) || b.shown(s) {
				page.Questions = append(page.Questions, b.question(s))
			}
		}
		if len(page.Questions) > 0 {
			list = append(list, page)
		}
	}
	return list
}

// shown tells whether an earlier release has a subject.
func (b *builder) shown(s *subject) bool {
	return slices.ContainsFunc(b.earlier, func(r Results) bool { _, ok := r.Question(s.id); return ok })
}

func (b *builder) rowShown(s *subject, row string) bool {
	return slices.ContainsFunc(b.earlier, func(r Results) bool { _, ok := r.item(s.id, row); return ok })
}

// answered tells whether anybody answered a subject.
func (b *builder) answered(s *subject) bool {
	for i := range s.count() {
		if b.counts.of(s, i).answered > 0 {
			return true
		}
	}
	return b.counts.written[s.index] > 0
}

func (b *builder) question(s *subject) Question {
	q := Question{
		ID: s.id, Type: s.Type, Text: plain(s.Text), Help: plain(s.Help), Conditional: s.conditional,
		When:    b.catalog.when(s.id),
		Removed: s.removed, Low: s.Low, High: s.High, Min: s.Min, Max: s.Max, Unit: s.Unit, Items: []Item{},
	}
	if s.Type == survey.Matrix {
		for i, row := range s.rows {
			if !row.removed || b.counts.of(s, i).answered > 0 || b.rowShown(s, row.ID) {
				item := b.item(s, i)
				item.ID, item.Text = row.ID, plain(row.Text)
				q.Items = append(q.Items, item)
			}
		}
	} else if s.count() == 1 {
		q.Items = append(q.Items, b.item(s, 0))
	}
	if s.Type == survey.OpenText || s.HasOther() {
		q.Open = b.open(s)
	}
	return q
}

// counted tells whether the answers to a subject were counted.
func (b *builder) counted(s *subject) bool { return b.only == "" || b.only == s.ID }

// coarsened is how many items are not shown as finely as they were asked.
func (b *builder) coarsened() (n float64) {
	for _, s := range b.catalog.subjects {
		for row := range s.count() {
			f := b.counts.of(s, row)
			if s.Type == survey.Multiple || s.Type == survey.Rank {
				if _, _, ok := b.choices(s, row, f); !ok {
					n++
				}
			} else if _, sc, ok := b.single(s, row, f); !ok || !sc.whole {
				n++
			}
		}
	}
	return n
}

// open says how many wrote in their own words; what of it may be read is for people to decide. Where few wrote
// since an earlier release, its number stays.
func (b *builder) open(s *subject) *Open {
	o := &Open{Answers: []string{}}
	var before []int64
	for _, r := range b.earlier {
		if q, ok := r.Question(s.id); ok && q.Open != nil {
			if was, shown := q.Open.Given.Value(); shown {
				before = append(before, was)
				o.Given, o.Day = q.Open.Given, cmp.Or(q.Open.Day, r.Day)
			}
		}
	}
	if n := b.counts.written[s.index]; b.counted(s) && b.rule.Stands(n, before...) {
		o.Given, o.Day = disclosure.Shown(n), ""
	}
	return o
}

// plain is a text with the earlier answers that it would show left as a gap.
func plain(t i18n.Text) i18n.Text {
	out := i18n.Text{}
	for l, s := range t {
		out[l] = gaps.ReplaceAllString(s, "…")
	}
	return out
}
