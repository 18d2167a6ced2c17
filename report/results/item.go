package results

import (
	"regexp"
	"slices"
	"strings"

	"viesti/report/disclosure"
	"viesti/survey"
)

// gaps are where a text shows an earlier answer.
var gaps = regexp.MustCompile(`\{[a-z][a-z0-9_]*\}`)

func joinIDs(ids []string) string { return strings.Join(ids, "+") }

// item is what may be shown of a question or of a row of a matrix.
func (b *builder) item(s *subject, row int) Item {
	if !b.counted(s) {
		return b.asBefore(s, row)
	}
	f := b.counts.of(s, row)
	if s.Type == survey.Multiple || s.Type == survey.Rank {
		item, sc, ok := b.choices(s, row, f)
		if !ok {
			return b.asBefore(s, row)
		}
		if b.final {
			sc = b.sharedOptions(sc, item)
			item.Alone = b.categories(sc)
			item.Divisions = b.chosenBy(sc)
		}
		return item
	}
	item, sc, ok := b.single(s, row, f)
	if !ok {
		return b.asBefore(s, row)
	}
	var tables []table
	if b.final && !s.Background {
		if shared, ok := b.shared(sc, row); ok {
			item.Alone = b.categories(shared)
			tables = b.tables(shared, row)
		}
	}
	item.Summary = b.summaries(sc, f, b.before(s, s.rowID(row)), tables)
	for _, t := range tables {
		item.Divisions = append(item.Divisions, t.division(b))
	}
	return item
}

// single is an item that each answered with one of its options. Before the close it is shown only
// as it is, without anything taken together: a finer division later would tell the rest. That the
// groups of a background are these same blocks keeps its two counts from being subtracted.
func (b *builder) single(s *subject, row int, f figures) (item Item, sc scheme, ok bool) {
	sc, ok = b.partition(s, f.counts, b.before(s, s.rowID(row)))
	if !ok || !b.final && !sc.whole {
		return item, sc, false
	}
	item.Categories = b.categories(sc)
	folded := sc.fold(f.counts)
	for _, n := range folded {
		item.Counts = append(item.Counts, disclosure.Shown(n))
	}
	item.Answered = disclosure.Shown(sumOf(folded))
	return item, sc, true
}

func (s *subject) rowID(row int) string {
	if s.Type == survey.Matrix {
		return s.rows[row].ID
	}
	return ""
}

// choices is an item of which each chose several options: each option by itself is chosen or not.
func (b *builder) choices(s *subject, row int, f figures) (item Item, sc scheme, ok bool) {
	var before []Item
	var answered []int64
	for _, r := range b.earlier {
		if item, ok := r.item(s.id, s.rowID(row)); ok && !item.Withheld && item.Day == "" {
			n, _ := item.Answered.Value()
			before, answered = append(before, item), append(answered, n)
		}
	}
	if !b.rule.Stands(f.answered, answered...) {
		return item, sc, false
	}
	sc = scheme{subject: s}
	for _, at := range s.offered(f.counts) {
		sc.blocks = append(sc.blocks, []int{at})
	}
	item.Categories = b.categories(sc)
	item.Answered = disclosure.Shown(f.answered)
	for i, n := range sc.fold(f.counts) {
		var earlier [][2]int64
		for j, was := range before {
			if chose, ok := was.count(item.Categories[i].ID); ok {
				earlier = append(earlier, [2]int64{chose, answered[j]})
			}
		}
		var shown disclosure.Count
		switch chose, not := sc.floors(f, sc.blocks[i][0]); {
		case b.rule.Option(n, f.answered, earlier...):
			shown = disclosure.Shown(n)
		case len(earlier) > 0 && b.final && b.passedOver(sc, f, before[len(before)-1], sc.blocks[i][0]):
		case len(earlier) > 0 || !b.rule.Left(n, f.answered, chose, not):
			return item, sc, false // it would follow from the others, or from what was shown of it
		}
		item.Counts = append(item.Counts, shown)
	}
	if s.Type == survey.Rank {
		item.Firsts = b.firsts(sc, f, item, before)
	}
	return item, sc, true
}

// firsts are those who put an option first: all of them are shown, or none.
func (b *builder) firsts(sc scheme, f figures, item Item, before []Item) []disclosure.Count {
	list := make([]disclosure.Count, len(sc.blocks))
	for i, n := range sc.fold(f.firsts) {
		chose, shown := item.Counts[i].Value()
		ok := shown && b.rule.Stands(n) && b.rule.Stands(chose-n)
		for _, was := range before {
			at := was.category(item.Categories[i].ID)
			if at < 0 || at >= len(was.Firsts) {
				continue
			}
			first, firstShown := was.Firsts[at].Value()
			chosen, chosenShown := was.Counts[at].Value()
			ok = ok && (!firstShown || b.rule.Stands(n, first) && (!chosenShown || b.rule.Stands(chose-n, chosen-first)))
		}
		if !ok {
			return make([]disclosure.Count, len(sc.blocks))
		}
		list[i] = disclosure.Shown(n)
	}
	return list
}

// before is what was shown of an item by earlier releases, by place of the option.
func (b *builder) before(s *subject, row string) (list [][]int64) {
	for _, r := range b.earlier {
		item, ok := r.item(s.id, row)
		if !ok || item.Withheld {
			continue
		}
		counts := make([]int64, len(s.options)+1)
		for i, c := range item.Categories {
			n, _ := item.Counts[i].Value()
			counts[s.option(c.Options[0])] += n // one option each: nothing is taken together before the close
		}
		list = append(list, counts)
	}
	return list
}

// asBefore is an item of the release before this one, where nothing newer may be shown of it.
func (b *builder) asBefore(s *subject, row int) Item {
	for _, r := range slices.Backward(b.earlier) {
		if item, ok := r.item(s.id, s.rowID(row)); ok && !item.Withheld {
			if item.Day == "" {
				item.Day = r.Day
			}
			return item
		}
	}
	return Item{Withheld: true, Categories: []Category{}, Figures: Figures{Counts: []disclosure.Count{}}}
}

func sumOf(counts []int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}
