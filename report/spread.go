package report

import (
	"cmp"
	"slices"

	"viesti/link"
)

// Branch is what came by links that lie equally deep under a channel: 0 are those that networks hand
// out themselves, 1 those that were passed on by people who came by these, and so on.
type Branch struct {
	Channel link.Channel `json:"channel"` // where the links began
	Depth   int          `json:"depth"`
	Links   int          `json:"links"`
	Counts
}

// spread is a tree of two levels: channels, and under each how often its links were passed on. What
// came by the front page is under link.Web, with no link of its own.
func (in input) spread(q Query) []Branch {
	type place struct {
		channel link.Channel
		depth   int
	}
	branches := map[place]*Branch{}
	at := func(w way) *Branch {
		p := place{w.root, w.depth}
		if branches[p] == nil {
			branches[p] = &Branch{Channel: w.root, Depth: w.depth}
		}
		return branches[p]
	}
	wanted := func(w way) bool { return in.forest.Covers(q.Network, w.Network) }
	for token := range in.links {
		if w := in.way(token); wanted(w) {
			at(w).Links++
		}
	}
	for _, tally := range in.tallies {
		if w := in.way(tally.Link); wanted(w) {
			at(w).add(countsOf(tally))
		}
	}
	list := make([]Branch, 0, len(branches))
	for _, b := range branches {
		list = append(list, *b)
	}
	slices.SortFunc(list, func(a, b Branch) int {
		return cmp.Or(cmp.Compare(slices.Index(link.Channels, a.Channel), slices.Index(link.Channels, b.Channel)), cmp.Compare(a.Depth, b.Depth))
	})
	return list
}
