package disclosure

// certify finds a certificate for a hidden cell, and hides more for it where it may. A small cell is
// brought to nobody or to the minimum, whichever costs less; any other is changed by one.
func (b *board) certify(at cell, hide bool) (grew, ok bool) {
	var best *search
	for _, up := range []bool{false, true} {
		s := b.newSearch(at, up, hide)
		if s.run() && (best == nil || s.spent < best.spent) {
			best = s
		}
	}
	if best == nil {
		return false, false
	}
	for _, h := range best.hides {
		b.hidden[h.row][h.col] = true
	}
	b.certificates[at] = best.certificate()
	return len(best.hides) > 0, true
}

// search moves people along cycles through one cell. In each layer a table is a network of rows and
// columns, where passing from a row to a column takes somebody from the cell between them and
// passing back puts somebody into the next, or the other way round; so a path from the cell's row to
// its column is a cycle of the table that keeps all its sums (a flow by cheapest paths).
type search struct {
	b      *board
	at     cell
	up     bool // the cell gets people
	hide   bool // what is shown may be hidden, at its cost
	left   int64
	worlds [][][]int64 // by layer, as moved so far
	hides  []cell
	also   map[cell]bool
	spent  int
}

func (b *board) newSearch(at cell, up, hide bool) *search {
	s := &search{b: b, at: at, up: up, hide: hide, left: 1, also: map[cell]bool{}, worlds: make([][][]int64, len(b.layers))}
	for l, layer := range b.layers {
		s.worlds[l] = matrix[int64](b.rows, b.cols)
		for i, row := range layer.Cells {
			copy(s.worlds[l][i], row)
		}
	}
	if n := b.total[at.row][at.col]; b.small(at) {
		s.left = n
		if up {
			s.left = b.Minimum - n
		}
	}
	return s
}

// run tells whether all that has to be moved was moved.
func (s *search) run() bool {
	for s.left > 0 {
		var best path
		for l := range s.worlds {
			if p := s.cheapest(l); p.cells != nil && (best.cells == nil || p.cost < best.cost) {
				best = p
			}
		}
		if best.cells == nil {
			return false
		}
		s.move(best)
	}
	return true
}

// path is a cycle through the cell, which comes first; people are put into every second cell and
// taken from the others.
type path struct {
	layer int
	cells []cell
	cost  int
}

// takes tells whether the n-th cell of a path loses people.
func (s *search) takes(n int) bool { return (n%2 == 0) != s.up }

func (s *search) room(layer int, at cell) int64 {
	return s.worlds[layer][at.row][at.col] - s.b.layers[layer].Floor[at.row][at.col]
}

func (s *search) move(p path) {
	n := s.left
	for i, at := range p.cells {
		if s.takes(i) {
			n = min(n, s.room(p.layer, at))
		}
	}
	for i, at := range p.cells {
		if s.takes(i) {
			s.worlds[p.layer][at.row][at.col] -= n
		} else {
			s.worlds[p.layer][at.row][at.col] += n
		}
		if !s.hiddenNow(at) {
			s.also[at] = true
			s.hides = append(s.hides, at)
		}
	}
	s.left -= n
	s.spent += p.cost
}

func (s *search) hiddenNow(at cell) bool { return s.b.hidden[at.row][at.col] || s.also[at] }

// cost of passing through a cell: nothing much where it is hidden, else what hiding it costs.
func (s *search) cost(at cell) (int, bool) {
	if s.hiddenNow(at) {
		return 1, true
	}
	return s.b.cost(at) + 2*max(at.col-s.at.col, s.at.col-at.col), s.hide
}

// cheapest is the cheapest path of a layer (Dijkstra's algorithm; the rows come first, then columns).
func (s *search) cheapest(layer int) path {
	if s.takes(0) && s.room(layer, s.at) <= 0 {
		return path{}
	}
	const far = 1 << 40
	nodes := s.b.rows + s.b.cols
	dist, from, done := make([]int, nodes), make([]int, nodes), make([]bool, nodes)
	for i := range dist {
		dist[i] = far
	}
	start, end := s.at.row, s.b.rows+s.at.col
	dist[start] = 0
	for {
		at := -1
		for i, d := range dist {
			if !done[i] && d < far && (at < 0 || d < dist[at]) {
				at = i
			}
		}
		if at < 0 {
			return path{}
		}
		if at == end {
			break
		}
		done[at] = true
		s.b.each(at, func(c cell) {
			next := c.row
			takes := s.takes(0) // from a column to a row, as in the cell itself
			if at < s.b.rows {
				next, takes = s.b.rows+c.col, !takes
			}
			cost, may := s.cost(c)
			if c == s.at || !may || takes && s.room(layer, c) <= 0 || dist[at]+cost >= dist[next] {
				return
			}
			dist[next], from[next] = dist[at]+cost, at
		})
	}
	p := path{layer: layer, cells: []cell{s.at}, cost: dist[end]}
	for at := end; at != start; at = from[at] {
		if prev := from[at]; prev < at {
			p.cells = append(p.cells, cell{prev, at - s.b.rows})
		} else {
			p.cells = append(p.cells, cell{at, prev - s.b.rows})
		}
	}
	return p
}

func (s *search) certificate() certificate {
	c := certificate{}
	for l, world := range s.worlds {
		for i, row := range world {
			for j, n := range row {
				if by := n - s.b.layers[l].Cells[i][j]; by != 0 {
					c = append(c, change{l, cell{i, j}, by})
				}
			}
		}
	}
	return c
}
