package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/survey"
)

// Spread is how far the links of each network have come in a wave: the trees that they make by being
// passed on. Rates.Spread sums the same up by channel and depth.
type Spread struct {
	Wave  string    `json:"wave"`
	AsOf  time.Time `json:"as_of"`
	Open  bool      `json:"open"`
	Total Growth    `json:"total"` // everything once, the front page too
	// FrontPage is what came by the survey's bare address, which no network handed out.
	FrontPage Counts `json:"front_page"`
	Trees     []Tree `json:"trees"` // a network before those under it
}

// Growth sums links up.
type Growth struct {
	Links int `json:"links"` // that were made, in whatever wave
	Counts
	Forwarded Counts   `json:"forwarded"`       // of them, by links that were passed on
	Share     *float64 `json:"forwarded_share"` // of the complete; null when there are none
	// Depth is how often the link had been passed on that came furthest: the furthest by which an
	// answer was begun.
	Depth int `json:"depth"`
}

// Tree is the links of a network.
type Tree struct {
	Network string  `json:"network"`
	Name    string  `json:"name"`
	Parent  string  `json:"parent,omitempty"` // the network that this one lies under
	Level   int     `json:"level,omitempty"`  // how many are above it in the list
	Growth          // with the networks under it
	Own     *Growth `json:"own,omitempty"` // without them, where there are any
	Roots   []Twig  `json:"roots"`         // links that the network hands out itself
}

// Twig is one link, with those that were made from it.
type Twig struct {
	Token   string       `json:"token"`
	Channel link.Channel `json:"channel"`
	Place   string       `json:"place,omitempty"` // the Slack channel it was made for
	Depth   int          `json:"depth"`           // how often it had been passed on
	Counts
	PassedOn []Twig `json:"passed_on,omitempty"`
}

// Spread follows the links. A network that does not exist is fault.NotFound. Of q only the network
// and the language count.
func (r *Reporter) Spread(ctx context.Context, q Query) (Spread, error) {
	in, err := r.read(ctx)
	if err != nil {
		return Spread{}, err
	}
	now := r.Now()
	out := Spread{Wave: r.Period.Wave, AsOf: now.UTC().Truncate(time.Second), Open: r.Period.Phase(now) == survey.Open, Trees: []Tree{}}
	g := in.grow(q)
	for _, n := range in.forest.Networks() {
		if !in.forest.Covers(q.Network, n.ID) {
			continue
		}
		tree := Tree{
			Network: n.ID, Name: n.Name.In(q.Lang), Parent: n.Parent, Level: in.forest.Level(n.ID) - in.forest.Level(q.Network),
			Growth: g.all[n.ID].done(), Roots: g.twigs(g.roots[n.ID]),
		}
		if in.forest.Bears(n.ID) {
			own := g.own[n.ID].done()
			tree.Own = &own
		}
		out.Trees = append(out.Trees, tree)
	}
	if q.Network != "" && len(out.Trees) == 0 {
		return Spread{}, fault.New(fault.NotFound, "report.unknown_network", i18n.Args{"network": q.Network})
	}
	out.Total, out.FrontPage = g.total.done(), g.front
	return out, nil
}

// growing is links while they are summed up.
type growing struct {
	in       input
	counts   map[string]Counts   // by token
	children map[string][]string // tokens, by that of the link they were made from
	roots    map[string][]string // tokens, by network
	own, all map[string]Growth   // by network, all with those under it
	total    Growth
	front    Counts
}

func (in input) grow(q Query) *growing {
	g := &growing{
		in: in, counts: map[string]Counts{}, children: map[string][]string{}, roots: map[string][]string{},
		own: map[string]Growth{}, all: map[string]Growth{},
	}
	for _, tally := range in.tallies {
		counts := countsOf(tally)
		if _, known := in.links[tally.Link]; !known {
			if q.Network == "" {
				g.front.add(counts)
			}
			continue
		}
		sum := g.counts[tally.Link]
		sum.add(counts)
		g.counts[tally.Link] = sum
	}
	for token, l := range in.links {
		if _, known := in.links[l.Parent]; l.Channel == link.Onward && known {
			g.children[l.Parent] = append(g.children[l.Parent], token)
		} else {
			g.roots[l.Network] = append(g.roots[l.Network], token)
		}
		if !in.forest.Covers(q.Network, l.Network) {
			continue
		}
		g.total.link(in.ways[token].depth, g.counts[token])
		g.own[l.Network] = g.own[l.Network].with(in.ways[token].depth, g.counts[token])
		for _, id := range append([]string{l.Network}, in.forest.Above(l.Network)...) {
			g.all[id] = g.all[id].with(in.ways[token].depth, g.counts[token])
		}
	}
	g.total.Counts.add(g.front)
	return g
}

func (x *Growth) link(depth int, counts Counts) {
	x.Links++
	x.Counts.add(counts)
	if depth > 0 {
		x.Forwarded.add(counts)
	}
	if counts.Visits > 0 {
		x.Depth = max(x.Depth, depth)
	}
}

func (x Growth) with(depth int, counts Counts) Growth {
	x.link(depth, counts)
	return x
}

func (x Growth) done() Growth {
	x.Share = share(x.Forwarded.Complete, x.Complete)
	return x
}

// twigs are links with all that was made from them. A link is made from an older one, so this ends.
func (g *growing) twigs(tokens []string) []Twig {
	list := make([]Twig, 0, len(tokens))
	for _, token := range tokens {
		l := g.in.links[token]
		list = append(list, Twig{
			Token: token, Channel: l.Channel, Place: l.Place, Depth: g.in.ways[token].depth,
			Counts: g.counts[token], PassedOn: g.twigs(g.children[token]),
		})
	}
	slices.SortFunc(list, func(a, b Twig) int {
		return cmp.Or(cmp.Compare(slices.Index(link.Channels, a.Channel), slices.Index(link.Channels, b.Channel)),
			cmp.Compare(a.Place, b.Place), cmp.Compare(a.Token, b.Token))
	})
	return list
}

// Grown is what a line of the spread says: a network, or one of its links.
type Grown struct {
	Label string
	Level int // how far in the line stands: 0 for networks
	Tree  *Tree
	Counts
}

// Lines are the trees as people are shown them, line by line: networks with their links under them,
// those left out that were made for being passed on and that nobody came by.
func (s Spread) Lines(l i18n.Lang) (lines []Grown) {
	for i := range s.Trees {
		tree := &s.Trees[i]
		lines = append(lines, Grown{Label: dashes(tree.Level) + tree.Name, Tree: tree, Counts: tree.Counts})
		lines = append(lines, under(tree.Roots, l)...)
	}
	return lines
}

func under(twigs []Twig, l i18n.Lang) (lines []Grown) {
	for _, t := range twigs {
		deeper := under(t.PassedOn, l)
		if t.Depth > 0 && t.Visits == 0 && len(deeper) == 0 {
			continue
		}
		lines = append(lines, Grown{Label: t.label(l), Level: t.Depth + 1, Counts: t.Counts})
		lines = append(lines, deeper...)
	}
	return lines
}

func (t Twig) label(l i18n.Lang) string {
	switch {
	case t.Place != "":
		return i18n.T(l, "report.spread.shared", i18n.Args{"channel": t.Place})
	case t.Depth > 0:
		return i18n.T(l, "report.picture.passed_on", i18n.Args{"n": t.Depth})
	default:
		return i18n.T(l, "report.channel."+string(t.Channel), nil)
	}
}

// Words say of all together what has no column.
func (s Spread) Words(l i18n.Lang) []string {
	t := s.Total
	part := "–"
	if t.Share != nil {
		part = i18n.Percent(l, *t.Share)
	}
	said := []string{
		i18n.T(l, "report.spread.total", i18n.Args{"links": t.Links, "visits": t.Visits, "complete": t.Complete, "partial": t.Partial}),
		i18n.T(l, "report.spread.forwarded", i18n.Args{"n": t.Forwarded.Complete, "share": part, "depth": t.Depth}),
	}
	if s.FrontPage.Visits > 0 {
		said = append(said, i18n.T(l, "report.spread.front", i18n.Args{"visits": s.FrontPage.Visits, "complete": s.FrontPage.Complete}))
	}
	if slices.ContainsFunc(s.Trees, func(t Tree) bool { return t.Own != nil }) {
		said = append(said, i18n.T(l, "report.words.under", nil))
	}
	return said
}
