package attacker

import (
	"fmt"
	"slices"
)

// AttackRows puts rows of microdata beside the tables: a count of nobody in a group rules the group
// out for every row with that answer, and as many rows as the group has people, of those that are
// left to it, are the group. Found are the hidden cells of groups whose rows are all known, and the
// rows of which a group is known that they do not show.
func (p Publication) AttackRows() (found []Found) {
	if len(p.Releases) == 0 {
		return nil
	}
	last := p.Releases[len(p.Releases)-1]
	for b, background := range last.Backgrounds {
		m := matching{last, b, nil}
		m.rule(background)
		for m.settle(background) {
		}
		found = append(found, m.found(background, p.Minimum)...)
	}
	return found
}

// matching is, by row, the groups that it may be of.
type matching struct {
	last Release
	b    int
	may  [][]int
}

// rule leaves each row the groups that its answers and what it shows allow.
func (m *matching) rule(background Background) {
	for _, row := range m.last.Rows {
		var groups []int
		for g, options := range background.Groups {
			if m.allowed(row, g, options) {
				groups = append(groups, g)
			}
		}
		m.may = append(m.may, groups)
	}
}

func (m *matching) allowed(row Row, g int, options []int) bool {
	if shows := row.Backgrounds[m.b]; shows != nil &&
		!slices.ContainsFunc(options, func(o int) bool { return slices.Contains(shows, o) }) {
		return false
	}
	for _, item := range m.last.Items {
		answer, ok := row.Answers[item.Name]
		if !ok || answer < 0 || item.Multiple {
			continue
		}
		for _, d := range item.Divisions {
			if d.Background == m.b && len(d.Groups) > 0 && d.Groups[g].of(answer) == 0 {
				return false
			}
		}
	}
	return true
}

// of is the count of the category that an option is in.
func (f Figures) of(option int) int64 {
	for i, c := range f.Categories {
		if slices.Contains(c, option) {
			return f.Counts[i]
		}
	}
	return Hidden
}

// settle gives groups their rows where there are no more than people, and tells whether it could.
func (m *matching) settle(background Background) (moved bool) {
	if int64(len(m.may)) != m.last.N {
		return false // not everybody is there
	}
	for g, n := range background.N {
		rows := m.rows(g)
		if n == Hidden || int64(len(rows)) != n {
			continue
		}
		for _, r := range rows {
			if len(m.may[r]) > 1 {
				m.may[r], moved = []int{g}, true
			}
		}
	}
	return moved
}

func (m *matching) rows(g int) (rows []int) {
	for r, groups := range m.may {
		if slices.Contains(groups, g) {
			rows = append(rows, r)
		}
	}
	return rows
}

func (m *matching) found(background Background, minimum int64) (found []Found) {
	for g, n := range background.N {
		rows := m.rows(g)
		if int64(len(rows)) == n && int64(len(m.may)) == m.last.N {
			found = append(found, m.cells(background, g, rows, minimum)...)
		}
		for _, r := range rows {
			shows := m.last.Rows[r].Backgrounds[m.b]
			finer := shows == nil || slices.ContainsFunc(shows, func(o int) bool { return !slices.Contains(background.Groups[g], o) })
			if len(m.may[r]) == 1 && finer {
				name := fmt.Sprintf("row %d, group %d of %s", r, g, background.Name)
				found = append(found, Found{Target{Name: name}, 1, 1, "rows and tables"})
			}
		}
	}
	return found
}

// cells are those of a group whose rows are known.
func (m *matching) cells(background Background, g int, rows []int, minimum int64) (found []Found) {
	for _, item := range m.last.Items {
		for _, d := range item.Divisions {
			if d.Background != m.b || item.Multiple || len(d.Groups) == 0 {
				continue
			}
			for i, c := range d.Groups[g].Categories {
				var n int64
				for _, r := range rows {
					if answer, ok := m.last.Rows[r].Answers[item.Name]; ok && slices.Contains(c, answer) {
						n++
					}
				}
				t := Target{Name: fmt.Sprintf("%s, options %v, by %s, group %d", item.Name, c, background.Name, g), Hidden: d.Groups[g].Counts[i] == Hidden}
				if t.is(n, n, minimum) {
					found = append(found, Found{t, n, n, "rows and tables"})
				}
			}
		}
	}
	return found
}
