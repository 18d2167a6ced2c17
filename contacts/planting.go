package contacts

import "slices"

// planting is the good rows of a list of networks, whose parents have still to be looked for: they may
// stand further down in the file.
type planting []sapling

type sapling struct {
	Network
	line int
}

// settle leaves out the rows whose parent there is not, or who would lie under themselves, until what
// is left stands together with the networks that are known.
func (p planting) settle(known map[string]Network, imp *Import) []Network {
	for {
		parents := map[string]string{}
		for id, n := range known {
			parents[id] = n.Parent
		}
		for _, s := range p {
			parents[s.ID] = s.Parent
		}
		var kept planting
		for _, s := range p {
			bad := s.bad(parents)
			if bad == nil {
				kept = append(kept, s)
				continue
			}
			bad.Line = s.line
			imp.Rejected = append(imp.Rejected, *bad)
		}
		if len(kept) == len(p) {
			break
		}
		p = kept
	}
	imp.sort()
	list := make([]Network, len(p))
	for i, s := range p {
		list[i] = s.Network
	}
	return list
}

// bad is what is wrong with the parent.
func (s sapling) bad(parents map[string]string) *Rejected {
	if s.Parent == "" {
		return nil
	}
	if _, ok := parents[s.Parent]; !ok {
		ids := make([]string, 0, len(parents))
		for id := range parents {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		return reject("parent", s.Parent, unknownParent).meant(near(s.Parent, ids))
	}
	at := s.Parent
	for range parents { // no longer than the longest way up
		if at == s.ID {
			return reject("parent", s.Parent, circle)
		}
		if at = parents[at]; at == "" {
			break
		}
	}
	return nil
}
