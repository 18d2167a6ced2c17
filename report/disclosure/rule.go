package disclosure

// Rule is the least number of people that a published number may be about.
type Rule struct{ Minimum int64 }

// Fits tells whether a number of people may be shown: nobody, or at least the minimum.
func (r Rule) Fits(n int64) bool { return n == 0 || n >= r.Minimum }

// Stands tells whether a count may be shown after those of earlier releases of the same: it fits
// and grew by nobody, or by at least the minimum, since each of them. A count that shrank does not
// stand: something else was counted.
//
// Theorem: if each count of a partition stands, then subtracting releases gives no group of fewer
// than the minimum. For a difference of sums is the sum of differences, each nobody or enough.
func (r Rule) Stands(now int64, earlier ...int64) bool {
	if !r.Fits(now) || r.Minimum < 1 {
		return false
	}
	for _, before := range earlier {
		if now < before || !r.Fits(now-before) {
			return false
		}
	}
	return true
}

// Option tells whether the number who chose an option of multiple choice may be shown beside the
// number who answered: both those who chose it and those who did not must stand. Earlier are the
// same two numbers of earlier releases.
func (r Rule) Option(chose, answered int64, earlier ...[2]int64) bool {
	if chose > answered || !r.Stands(chose) || !r.Stands(answered-chose) {
		return false
	}
	for _, e := range earlier {
		if !r.Stands(chose, e[0]) || !r.Stands(answered-chose, e[1]-e[0]) {
			return false
		}
	}
	return true
}

// Left tells whether an option of multiple choice that cannot be shown may be left out beside the
// others: whether nobody could have chosen it, or the minimum, and the same of not choosing it. Only
// are those who chose nothing else: they chose something, since they answered. Full are those who
// did not choose it and had no choice left. An option that was shown in an earlier release is not to
// be left out.
func (r Rule) Left(chose, answered, only, full int64) bool {
	not := answered - chose
	return r.part(chose, only, not-full) && r.part(not, full, chose-only)
}

// part tells whether a part is not small, or may be nobody (nobody is bound to it), or the minimum
// (enough are free to join it).
func (r Rule) part(n, bound, free int64) bool {
	return r.Fits(n) || bound == 0 || n+free >= r.Minimum
}

// Aside tells whether answers off the scale ("don't know") may be left out of a division, as if who
// gave them had not answered: how many of each group answered on the scale is published then, so that
// the rest of the group is known, and so is how many of all gave each of these answers. rest are by
// group those who did not answer or gave one of them, off by answer those who gave it. Those who did
// not answer must have been free to give it, and those who gave it free not to answer.
//
// Theorem: how many of a group gave one is not told apart. Proof: rest and off are the margins of a
// table with the groups as rows, whose columns are these answers and not to have answered. By the
// corner rule, begun in its cell, a group may have as many of an answer as the smaller of its margins,
// which is nobody or enough if rest fits; or by the same rule begun in the other groups, nobody if these
// have room for all who gave it.
func (r Rule) Aside(rest, off []int64) bool {
	var all int64
	for _, n := range rest {
		all += n
	}
	for _, n := range off {
		if !r.Fits(n) {
			return false
		}
		for _, of := range rest {
			if of < 0 || !r.Fits(of) && all-of < n {
				return false
			}
		}
	}
	return true
}
