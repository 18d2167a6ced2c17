// Package victim makes random surveys and publishes them by the rules of report/disclosure, or by
// rules that were weakened on purpose, so that the attacker has something to attack. It has nothing
// to do with how real results are made: report/results is attacked in its own tests.
package victim

// Chance is what a survey is drawn with; a rand.Rand is one.
type Chance interface {
	IntN(n int) int
	Float64() float64
	ExpFloat64() float64
	Perm(n int) []int
}

// Kind is what an item's options are.
type Kind int

// The kinds.
const (
	Nominal  Kind = iota // options in no order
	Scale                // options in order, the last one may be "don't know"
	Multiple             // several may be chosen
)

// Question is an item of a survey.
type Question struct {
	Kind      Kind
	Options   int
	DontKnow  bool // the last option of a scale
	Everybody bool
	Most      int // of multiple choice
	// From is the question, and Chose the option of it, that lead to this one; -1: everybody is asked.
	From, Chose int
}

// Person is who answered.
type Person struct {
	Groups  []int
	Answers []int   // by item, -1 for none
	Chosen  [][]int // of multiple choice
	Release int     // the first one that the answers are in
}

// Survey is what a publication is made of.
type Survey struct {
	Sizes     []int // groups by background
	Near      [][]int
	Questions []Question
	People    []Person
	Releases  int // the last is the final one
}

// Draw makes a survey of so many people.
func Draw(c Chance, people int) Survey {
	s := Survey{Releases: 1 + c.IntN(4)}
	for range 1 + c.IntN(3) {
		size := 2 + c.IntN(12)
		near := make([]int, size)
		for g := range near {
			near[g] = c.IntN(size) - 1
		}
		s.Sizes, s.Near = append(s.Sizes, size), append(s.Near, near)
	}
	for i := range 3 + c.IntN(3) {
		s.Questions = append(s.Questions, drawQuestion(c, s.Questions, i))
	}
	s.People = make([]Person, people)
	weights := s.weights(c)
	perRelease := 1 + c.IntN(people)
	for p := range s.People {
		s.People[p] = s.drawPerson(c, weights)
		s.People[p].Release = min(p/perRelease, s.Releases-1)
	}
	return s
}

func drawQuestion(c Chance, before []Question, i int) Question {
	q := Question{Kind: Kind(c.IntN(3)), Options: 2 + c.IntN(6), From: -1}
	switch q.Kind {
	case Scale:
		q.Options = 3 + c.IntN(8)
		q.DontKnow = c.IntN(2) == 0
	case Multiple:
		q.Most = c.IntN(q.Options + 1)
	}
	q.Everybody = c.IntN(4) == 0
	if i > 0 && c.IntN(3) == 0 {
		if from := c.IntN(i); before[from].Kind != Multiple && before[from].From < 0 {
			q.From, q.Chose, q.Everybody = from, c.IntN(before[from].Options), false
		}
	}
	return q
}

// weights are by question and group of the first background how likely each option is: groups
// differ, some of them a great deal.
func (s Survey) weights(c Chance) [][][]float64 {
	list := make([][][]float64, len(s.Questions))
	for i, q := range s.Questions {
		base := skewed(c, q.Options)
		for range s.Sizes[0] {
			own := base
			if c.IntN(3) == 0 {
				own = skewed(c, q.Options)
			}
			list[i] = append(list[i], own)
		}
	}
	return list
}

func skewed(c Chance, n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = c.ExpFloat64()
		w[i] *= w[i]
	}
	return w
}

func draw(c Chance, weights []float64) int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	at := c.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func (s Survey) drawPerson(c Chance, weights [][][]float64) Person {
	p := Person{Answers: make([]int, len(s.Questions)), Chosen: make([][]int, len(s.Questions))}
	for _, size := range s.Sizes {
		g := c.IntN(size)
		if c.IntN(3) > 0 {
			g = min(g, c.IntN(size)) // some groups are larger than others
		}
		p.Groups = append(p.Groups, g)
	}
	for i, q := range s.Questions {
		p.Answers[i] = -1
		asked := q.From < 0 || p.Answers[q.From] == q.Chose
		if !asked || !q.Everybody && c.IntN(8) == 0 {
			continue
		}
		p.Answers[i] = draw(c, weights[i][p.Groups[0]])
		if q.Kind == Multiple {
			p.Chosen[i] = s.choose(c, q, p.Answers[i])
		}
	}
	return p
}

func (s Survey) choose(c Chance, q Question, first int) []int {
	chosen := []int{first}
	for _, o := range c.Perm(q.Options) {
		if o != first && c.IntN(3) == 0 && (q.Most == 0 || len(chosen) < q.Most) {
			chosen = append(chosen, o)
		}
	}
	return chosen
}
