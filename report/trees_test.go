package report_test

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/report"
	"viesti/survey"
)

// counts are the responses of the wave that some links brought, counted in the log.
func (w *world) counts(of func(link.Link) bool) (c report.Counts) {
	for _, a := range w.responses {
		if a.wave == wave && of(a.link) {
			c.Visits++
			c.Partial += one(a.state == survey.Partial)
			c.Complete += one(a.state == survey.Complete)
		}
	}
	return c
}

// growth sums up links, and front with what came by none.
func (w *world) growth(of func(link.Link) bool, front bool) report.Growth {
	var g report.Growth
	for _, l := range w.links {
		g.Links += int(one(of(l)))
	}
	counted := func(l link.Link) bool { return l.Token != "" && of(l) }
	passed := func(l link.Link) bool { return counted(l) && w.depths[l.Token] > 0 }
	g.Counts = w.counts(func(l link.Link) bool { return counted(l) || front && l.Token == "" })
	g.Forwarded = w.counts(passed)
	g.Share = over(g.Forwarded.Complete, g.Complete)
	for _, a := range w.responses {
		if a.wave == wave && counted(a.link) {
			g.Depth = max(g.Depth, w.depths[a.link.Token])
		}
	}
	return g
}

func TestSpreadIsWhatFollowingTheLinksGives(t *testing.T) {
	for seed := range uint64(8) {
		w := happened(t, rand.New(rand.NewPCG(seed, 3)))
		for _, top := range append([]string{""}, "n0", "n3") {
			out, err := w.reporter().Spread(t.Context(), report.Query{Network: top, Lang: i18n.En})
			if err != nil {
				t.Fatal(err)
			}
			w.compareSpread(t, out, top)
		}
	}
	w := happened(t, rand.New(rand.NewPCG(9, 3)))
	if _, err := w.reporter().Spread(t.Context(), report.Query{Network: "nowhere"}); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func (w *world) compareSpread(t *testing.T, out report.Spread, top string) {
	t.Helper()
	within := func(l link.Link) bool { return top == "" || w.under(l.Network, top) }
	if want := w.growth(within, top == ""); !reflect.DeepEqual(out.Total, want) {
		t.Errorf("total under %q: %+v, want %+v", top, out.Total, want)
	}
	front := report.Counts{}
	if top == "" {
		front = w.counts(func(l link.Link) bool { return l.Token == "" })
	}
	if out.FrontPage != front {
		t.Errorf("front page: %+v, want %+v", out.FrontPage, front)
	}
	left := map[string]link.Link{}
	for _, l := range w.links {
		if within(l) {
			left[l.Token] = l
		}
	}
	for _, tree := range out.Trees {
		own := func(l link.Link) bool { return l.Network == tree.Network }
		if want := w.growth(func(l link.Link) bool { return w.under(l.Network, tree.Network) }, false); !reflect.DeepEqual(tree.Growth, want) {
			t.Errorf("%s: %+v, want %+v", tree.Network, tree.Growth, want)
		}
		if tree.Own != nil && !reflect.DeepEqual(*tree.Own, w.growth(own, false)) {
			t.Errorf("%s by itself: %+v", tree.Network, *tree.Own)
		}
		w.climb(t, tree.Roots, link.Link{Network: tree.Network}, left)
	}
	if len(left) > 0 {
		t.Errorf("under %q these links are in no tree: %v", top, slices.Collect(maps.Keys(left)))
	}
	shown := report.Counts{}
	for _, line := range out.Lines(i18n.Fi) {
		if line.Tree == nil {
			shown.Visits += line.Visits
			shown.Complete += line.Complete
			shown.Partial += line.Partial
		}
	}
	shown.Visits, shown.Complete, shown.Partial = shown.Visits+front.Visits, shown.Complete+front.Complete, shown.Partial+front.Partial
	if shown != out.Total.Counts {
		t.Errorf("the lines show %+v of %+v", shown, out.Total.Counts)
	}
}

// climb looks at links that were made from another, and takes them off those that are left.
func (w *world) climb(t *testing.T, twigs []report.Twig, from link.Link, left map[string]link.Link) {
	t.Helper()
	for _, twig := range twigs {
		l, ok := left[twig.Token]
		if !ok || l.Network != from.Network || l.Parent != from.Token || l.Channel != twig.Channel || l.Place != twig.Place || twig.Depth != w.depths[l.Token] {
			t.Errorf("from %+v: %+v is not %+v", from, twig, l)
		}
		delete(left, twig.Token)
		if want := w.counts(func(other link.Link) bool { return other.Token == twig.Token }); twig.Counts != want {
			t.Errorf("%s: %+v, want %+v", twig.Token, twig.Counts, want)
		}
		w.climb(t, twig.PassedOn, l, left)
	}
}
