package contacts

import (
	"slices"
	"strings"
)

// Forest is networks as they lie under each other: those without a parent stand beside each other,
// each with its tree.
type Forest struct {
	order []Network
	above map[string][]string // of each network, those it lies under, the nearest first
	bears map[string]bool     // has networks under it
}

// Arrange puts networks in their order: a parent before those under it, siblings by id. A parent that
// is not there is none, and a circle ends where it would begin again.
func Arrange(list []Network) Forest {
	f := Forest{order: slices.Clone(list), above: make(map[string][]string, len(list)), bears: map[string]bool{}}
	parents := make(map[string]string, len(list))
	for _, n := range list {
		parents[n.ID] = n.Parent
	}
	paths := make(map[string]string, len(list))
	for _, n := range list {
		path := []string{n.ID}
		for at := n.Parent; at != ""; at = parents[at] {
			if _, known := parents[at]; !known || slices.Contains(path, at) {
				break
			}
			path = append(path, at)
			f.bears[at] = true
		}
		f.above[n.ID] = path[1:]
		down := slices.Clone(path)
		slices.Reverse(down)
		paths[n.ID] = strings.Join(down, "\x00")
	}
	slices.SortFunc(f.order, func(a, b Network) int { return strings.Compare(paths[a.ID], paths[b.ID]) })
	return f
}

// Networks are all networks in order.
func (f Forest) Networks() []Network { return f.order }

// Above are the networks that a network lies under, the nearest first.
func (f Forest) Above(id string) []string { return f.above[id] }

// Level is how many networks a network lies under.
func (f Forest) Level(id string) int { return len(f.above[id]) }

// Bears tells whether other networks lie under a network.
func (f Forest) Bears(id string) bool { return f.bears[id] }

// Flat tells whether no network lies under another.
func (f Forest) Flat() bool { return len(f.bears) == 0 }

// Covers tells whether a network is top or lies under it. An empty top covers everything.
func (f Forest) Covers(top, id string) bool {
	return top == "" || top == id || slices.Contains(f.above[id], top)
}
