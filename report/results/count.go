package results

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"viesti/survey"
)

// Source is what results are made of.
type Source interface {
	// ScanResponses reads the sent responses of a wave on several goroutines, each with a function
	// of its own; with only, they have the answer to that question alone.
	ScanResponses(ctx context.Context, wave, only string, reader func() func(survey.Response) error) error
	// Responses reads them one after another, in the order of their random ids.
	Responses(ctx context.Context, wave string, each func(survey.Response) error) error
	// Tallies are the counts of responses by cell.
	Tallies(ctx context.Context, wave string) ([]survey.Tally, error)
	// Editions are what was asked.
	Editions(ctx context.Context, wave string) ([]survey.Edition, error)
	// Releases are what was released, the first one first.
	Releases(ctx context.Context, wave string) ([][]byte, error)
	// AddRelease keeps the nth release, counted from 0; a conflict where there is one already.
	AddRelease(ctx context.Context, wave string, n int, document []byte) error
}

// counts are the figures of a wave. They are exact and leave this room only through what
// report/disclosure lets pass.
type counts struct {
	catalog *catalog
	n       int64
	all     *class
	sample  *class // those whose answers are exported one by one
	empty   *class
	classes []*class
	written []int64 // who wrote something, by place of the subject
}

// class is people who are alike in the backgrounds that are counted by, with their answers. An
// item's cells lie together: one for each option, one for what no known edition offers, and one for
// all who answered.
type class struct {
	of     []int // the option in each background; after the last and the unknown: no answer
	alone  bool  // they are in the sample
	n      int64
	cells  []int32
	held   []int32   // of cells: who went on from there to a question that is asked because of it
	firsts []int32   // of rankings
	sums   []float64 // of numbers, by item
}

// figures are those of an item for some people.
type figures struct {
	answered int64
	counts   []int64 // by option, the last: what no known edition offers
	held     []int64
	firsts   []int64
	sum      float64
}

func (c *catalog) class(of []int) *class {
	k := &class{of: slices.Clone(of), cells: make([]int32, c.cells), held: make([]int32, c.cells)}
	if c.ranks {
		k.firsts = make([]int32, c.cells)
	}
	if c.numbers {
		k.sums = make([]float64, c.items)
	}
	return k
}

func (k *class) add(other *class) {
	k.n += other.n
	sum(k.cells, other.cells)
	sum(k.held, other.held)
	sum(k.firsts, other.firsts)
	sum(k.sums, other.sums)
}

func sum[N int32 | int64 | float64](into, from []N) {
	for i := range into {
		into[i] += from[i]
	}
}

// figures of an item, added to what was there.
func (k *class) figures(s *subject, row int, f *figures) {
	at, width := s.cell(row), len(s.options)+1
	if f.counts == nil {
		f.counts, f.held, f.firsts = make([]int64, width), make([]int64, width), make([]int64, width)
	}
	for i := range width {
		f.counts[i] += int64(k.cells[at+i])
		f.held[i] += int64(k.held[at+i])
		if k.firsts != nil {
			f.firsts[i] += int64(k.firsts[at+i])
		}
	}
	f.answered += int64(k.cells[at+width])
	if k.sums != nil {
		f.sum += k.sums[s.items+row]
	}
}

// of are the figures of an item for all.
func (k *counts) of(s *subject, row int) (f figures) {
	k.all.figures(s, row, &f)
	return f
}

// alone are the figures of an item for those in the sample.
func (k *counts) alone(s *subject, row int) (f figures) {
	k.sample.figures(s, row, &f)
	return f
}

// by are the figures of an item by group of a background, for those who are not in the sample.
func (k *counts) by(s *subject, row int, g grouping) []figures {
	list := make([]figures, len(g.blocks))
	for i := range list {
		k.empty.figures(s, row, &list[i])
	}
	for _, c := range k.classes {
		if at := g.at[c.of[g.counted]]; !c.alone {
			c.figures(s, row, &list[at])
		}
	}
	return list
}

// counting is one pass over the answers.
type counting struct {
	catalog *catalog
	by      []*subject // backgrounds
	through string     // the last day whose answers count; empty: all
	only    string     // one question; empty: all
	share   float64    // of the respondents, who are in the sample
	done    *atomic.Int64
}

func (c counting) run(ctx context.Context, src Source, wave string) (*counts, error) {
	var lock sync.Mutex
	var workers []*worker
	err := src.ScanResponses(ctx, wave, c.only, func() func(survey.Response) error {
		w := &worker{counting: c, classes: map[string]*class{}, written: make([]int64, len(c.catalog.subjects))}
		lock.Lock()
		workers = append(workers, w)
		lock.Unlock()
		return func(r survey.Response) error {
			if c.done != nil {
				c.done.Add(1)
			}
			if c.through == "" || r.Day <= c.through {
				w.count(r)
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	return c.gather(workers), nil
}

// gather adds up what the workers counted.
func (c counting) gather(workers []*worker) *counts {
	k := &counts{catalog: c.catalog, all: c.catalog.class(nil), sample: c.catalog.class(nil), empty: c.catalog.class(nil), written: make([]int64, len(c.catalog.subjects))}
	classes := map[string]*class{}
	for _, w := range workers {
		sum(k.written, w.written)
		for key, own := range w.classes {
			k.all.add(own)
			if own.alone {
				k.sample.add(own)
			}
			if there, ok := classes[key]; ok {
				there.add(own)
				continue
			}
			classes[key] = own
			k.classes = append(k.classes, own)
		}
	}
	k.n = k.all.n
	slices.SortFunc(k.classes, func(a, b *class) int { return slices.Compare(a.of, b.of) }) // of each kind, which are told apart wherever it matters
	return k
}

// worker counts one response after another.
type worker struct {
	counting
	classes map[string]*class
	written []int64
	of      []int
	key     []byte
	class   *class // that of the response in hand
}

func (w *worker) count(r survey.Response) {
	known := w.catalog.of(r.Version)
	w.of, w.key = w.of[:0], w.key[:0]
	for _, b := range w.by {
		at := b.place(r.Answers[b.ID], known)
		w.of, w.key = append(w.of, at), append(w.key, byte(at), byte(at>>8)) //nolint:gosec // an option's place
	}
	alone := inSample(r.ID, w.share)
	if alone {
		w.key = append(w.key, 1)
	}
	var ok bool
	if w.class, ok = w.classes[string(w.key)]; !ok {
		w.class = w.catalog.class(w.of)
		w.class.alone = alone
		w.classes[string(w.key)] = w.class
	}
	w.class.n++
	for id, a := range r.Answers {
		s, ok := known[id]
		if !ok {
			continue
		}
		if a.Text != "" {
			w.written[s.index]++
		}
		w.answer(s, a)
		if len(s.opens) > 0 {
			w.hold(s, a, r.Answers)
		}
	}
}

// inSample tells whether a response is one of a share of all, by its random id.
func inSample(id string, share float64) bool {
	if share == 0 || share == 1 {
		return share == 1
	}
	sum := sha256.Sum256([]byte("viesti sample " + id))
	return float64(binary.BigEndian.Uint32(sum[:4])) < share*(1<<32)
}

// place is the group of a background that an answer belongs to.
func (s *subject) place(a survey.Answer, known map[string]*subject) int {
	if a.Value == "" || known[s.ID] != s {
		return s.gone() + 1
	}
	return s.option(a.Value)
}

// option is the place of an option among all.
func (s *subject) option(id string) int {
	if at, ok := s.optionAt[id]; ok {
		return at
	}
	return s.gone()
}

func (w *worker) answer(s *subject, a survey.Answer) {
	switch s.Type {
	case survey.Single, survey.Grade:
		if a.Value != "" {
			w.choose(s.cell(0), s, s.option(a.Value))
		}
	case survey.Number, survey.Date:
		if at, x, ok := s.classes.of(a.Value); ok {
			w.choose(s.cell(0), s, at)
			if w.class.sums != nil {
				w.class.sums[s.items] += x
			}
		}
	case survey.Matrix:
		for row, value := range a.Rows {
			if at, ok := s.rowAt[row]; ok {
				w.choose(s.cell(at), s, s.option(value))
			}
		}
	case survey.Multiple, survey.Rank:
		if len(a.Choices) > 0 {
			w.chooseAll(s, a.Choices)
		}
	}
}

func (w *worker) choose(cell int, s *subject, option int) {
	w.class.cells[cell+option]++
	w.class.cells[cell+s.gone()+1]++
}

func (w *worker) chooseAll(s *subject, choices []string) {
	at := s.cell(0)
	w.class.cells[at+s.gone()+1]++
	gone := false
	for i, id := range choices {
		option := s.option(id)
		if option == s.gone() && gone {
			continue // a person is counted once in what is gone, however much of it they chose
		}
		gone = gone || option == s.gone()
		w.class.cells[at+option]++
		if i == 0 && s.Type == survey.Rank {
			w.class.firsts[at+option]++
		}
	}
}

// hold counts the options that led somebody to a question that they then answered.
func (w *worker) hold(s *subject, a survey.Answer, all survey.Answers) {
	held := func(row, at int, option string) {
		if s.led(option, all) {
			w.class.held[s.cell(row)+at]++
		}
	}
	switch s.Type {
	case survey.Single, survey.Grade:
		held(0, s.option(a.Value), a.Value)
	case survey.Number, survey.Date:
		if at, _, ok := s.classes.of(a.Value); ok {
			held(0, at, "")
		}
	case survey.Multiple, survey.Rank:
		for _, option := range a.Choices {
			if at := s.option(option); at != s.gone() {
				held(0, at, option)
			}
		}
	case survey.Matrix:
		for row, option := range a.Rows {
			if at, ok := s.rowAt[row]; ok {
				held(at, s.option(option), option)
			}
		}
	}
}

// led tells whether an option led to something that was answered.
func (s *subject) led(option string, all survey.Answers) bool {
	return slices.ContainsFunc(s.opens, func(r route) bool {
		a := all[r.to.ID]
		switch {
		case r.rows:
			return a.Rows[option] != ""
		case r.take:
			return a.Has(option)
		default:
			return !a.Empty()
		}
	})
}
