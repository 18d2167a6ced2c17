package report

import (
	"math"
	"time"
)

// Forecast is how many complete responses a wave will have at its close, by any link.
//
// The model is the wave's own course. After each letter answers come fast and then ever more slowly:
// on the ath day after a letter k the expected number is αₖ·(1+a)^−β, on Saturdays and Sundays times
// a factor w. What the days so far say of αₖ and β is taken by Bayes' rule, αₖ in closed form (gamma)
// and β on a grid; a letter that has only just left, or is still planned, begins with what letters
// after another are known to bring (nextLetter). Days vary more than by chance alone, by a factor φ
// of variance that the course shows, so the rest is a negative binomial number, and Low and High
// bound the middle nine tenths of it (docs/rates.md has the formulas).
type Forecast struct {
	Complete int64   `json:"complete"` // expected at the close, those there are included
	Low      int64   `json:"low"`
	High     int64   `json:"high"`
	Level    float64 `json:"level"` // chance that the number lies from Low to High, if the model holds
	// Path is the expected course from the day after AsOf to the close.
	Path []Step `json:"path"`
}

// Step is a day of a forecast: the number of responses by its end.
type Step struct {
	Day      string `json:"day"`
	Complete int64  `json:"complete"`
	Low      int64  `json:"low"`
	High     int64  `json:"high"`
}

// Numbers of the model that do not come from the course.
const (
	level      = 0.9
	z          = 1.6449 // of the standard normal distribution, for level
	fewestDays = 3      // whole days before a forecast is ventured
	// nextLetter is what a letter brings, as a share of the one before it: reminders were found to add
	// 11, 4 and 2.5 percentage points. letterShape is the shape of the gamma distribution around it.
	nextLetter, letterShape = 0.4, 2.0
	// freeDays is what to expect of a Saturday or Sunday before there was one, with the weight of
	// that many answers.
	freeDays, freeWeight = 0.3, 4.0
	// variation is the φ to expect, with the weight of that many days.
	variation, variationWeight = 2.0, 5.0
	steepest, betaStep         = 2.5, 0.05
)

// course is what is known of a wave's days. The first is that of its opening.
type course struct {
	opens    time.Time // midnight of the first day
	complete []int64   // on each day so far; the last one is today and not over
	today    float64   // how much of today is over, from 0 to 1
	days     int       // from opening to close
	letters  []int     // days on which letters left or are to leave, in order, beginning with 0
	before   int64     // complete responses of days before the first
}

// begun is the course from a day on: of days before the first letter the model says nothing.
func (c course) begun(first int) course {
	if first >= len(c.complete) {
		return course{}
	}
	for _, n := range c.complete[:first] {
		c.before += n
	}
	c.opens, c.complete, c.days = c.opens.AddDate(0, 0, first), c.complete[first:], c.days-first
	letters := []int{0}
	for _, day := range c.letters {
		if day > first {
			letters = append(letters, day-first)
		}
	}
	c.letters = letters
	return c
}

// forecast is nil while too little is known, and when the wave is over.
func (c course) forecast() *Forecast {
	n := len(c.complete) - 1 // days that are over
	if n < fewestDays || n >= c.days {
		return nil
	}
	f := newFit(c, n)
	for range 3 {
		f.weigh()
		f.adjust()
	}
	f.weigh()
	have := c.before
	for _, x := range c.complete {
		have += x
	}
	out := &Forecast{Level: level}
	for day := n; day < c.days; day++ {
		m, v := f.ahead(day)
		low, high := middle(m, v)
		mean := int64(math.Round(m)) // above the 95th percentile when next to nothing is expected
		out.Path = append(out.Path, Step{
			Day: c.opens.AddDate(0, 0, day).Format(time.DateOnly), Complete: have + mean, Low: have + low, High: have + max(high, mean),
		})
	}
	last := out.Path[len(out.Path)-1]
	out.Complete, out.Low, out.High = last.Complete, last.Low, last.High
	return out
}

// fit is the model, fitted to the days that are over.
type fit struct {
	course
	n      int
	w, phi float64
	grid   []point
	free   []bool // Saturdays and Sundays
	last   []int  // the letter before each day
	age    []int  // and how many days ago it was
}

// point is a β with its probability, and each letter's α given it.
type point struct {
	beta, weight float64
	alpha        []gamma
	fades        []float64 // (1+a)^−β by a
	share        []float64 // of each letter's α in the days ahead
}

func newFit(c course, n int) *fit {
	f := &fit{course: c, n: n, w: freeDays, phi: 1}
	for day, k := 0, 0; day < c.days; day++ {
		for k+1 < len(c.letters) && c.letters[k+1] <= day {
			k++
		}
		weekday := c.opens.AddDate(0, 0, day).Weekday()
		f.free = append(f.free, weekday == time.Saturday || weekday == time.Sunday)
		f.last, f.age = append(f.last, k), append(f.age, day-c.letters[k])
	}
	for i := range int(steepest/betaStep) + 1 {
		p := point{beta: betaStep * float64(i), alpha: make([]gamma, len(c.letters)), share: make([]float64, len(c.letters))}
		for a := range c.days {
			p.fades = append(p.fades, math.Pow(1+float64(a), -p.beta))
		}
		f.grid = append(f.grid, p)
	}
	return f
}

// gamma is a gamma distribution.
type gamma struct{ shape, rate float64 }

func (g gamma) mean() float64     { return g.shape / g.rate }
func (g gamma) variance() float64 { return g.shape / (g.rate * g.rate) }

// logMarginal is the log of what data leave of a gamma prior with the posterior g, but for what does
// not depend on the parameters.
func (g gamma) logMarginal(posterior gamma) float64 {
	a, _ := math.Lgamma(g.shape)
	b, _ := math.Lgamma(posterior.shape)
	return g.shape*math.Log(g.rate) - a + b - posterior.shape*math.Log(posterior.rate)
}

// factor is what the weekday makes of a day.
func (f *fit) factor(day int) float64 {
	if f.free[day] {
		return f.w
	}
	return 1
}

// weigh finds the probability of each β on the grid, given the other parameters.
func (f *fit) weigh() {
	most := math.Inf(-1)
	for i := range f.grid {
		f.learn(&f.grid[i])
		most = max(most, f.grid[i].weight)
	}
	sum := 0.0
	for i := range f.grid {
		f.grid[i].weight = math.Exp(f.grid[i].weight - most)
		sum += f.grid[i].weight
	}
	for i := range f.grid {
		f.grid[i].weight /= sum
	}
}

// learn takes each letter's α from the days, and leaves the log of the point's probability.
func (f *fit) learn(p *point) {
	p.weight = 0
	counted, expected := make([]float64, len(f.letters)), make([]float64, len(f.letters))
	for day := range f.n {
		k, fades := f.last[day], p.fades[f.age[day]]
		y := float64(f.complete[day])
		counted[k] += y / f.phi
		expected[k] += f.factor(day) * fades / f.phi
		p.weight += y / f.phi * math.Log(fades)
	}
	for k := range f.letters {
		prior := gamma{0.5, 0.5 / max(1, float64(f.complete[0]))}
		if k > 0 {
			prior = gamma{letterShape, letterShape / (nextLetter * p.alpha[k-1].mean())}
		}
		p.alpha[k] = gamma{prior.shape + counted[k], prior.rate + expected[k]}
		p.weight += prior.logMarginal(p.alpha[k])
	}
}

// mean is what is expected of a day.
func (f *fit) mean(day int) (m float64) {
	for _, p := range f.grid {
		m += p.weight * p.alpha[f.last[day]].mean() * p.fades[f.age[day]]
	}
	return m * f.factor(day)
}

// adjust finds the factor of free days and φ by their moments, each held to what is usual while the
// days are few.
func (f *fit) adjust() {
	counted, expected := freeDays*freeWeight, freeWeight
	for day := range f.n {
		if w := f.factor(day); f.free[day] {
			counted += float64(f.complete[day])
			expected += f.mean(day) / w
		}
	}
	w := counted / expected
	squares := variation * variationWeight
	for day := range f.n {
		m := max(f.mean(day), 0.05)
		d := float64(f.complete[day]) - m
		squares += d * d / m
	}
	free := max(float64(f.n-len(f.letters)-1), 1)
	f.w, f.phi = w, max(1, squares/(free+variationWeight))
}

// ahead adds a day to those ahead, and gives the mean and the variance of the number of responses
// from now to its end.
func (f *fit) ahead(day int) (mean, variance float64) {
	g := f.factor(day)
	if day == f.n {
		g *= 1 - f.today
	}
	var square float64
	for _, p := range f.grid {
		p.share[f.last[day]] += g * p.fades[f.age[day]]
		m, v := 0.0, 0.0
		for k, share := range p.share {
			m += p.alpha[k].mean() * share
			v += p.alpha[k].variance() * share * share
		}
		v += f.phi * m
		mean += p.weight * m
		square += p.weight * (v + m*m)
	}
	return mean, square - mean*mean
}

// middle bounds the middle nine tenths of a number that has a mean and a variance and is never below
// zero: those of the gamma distribution, by the cube root of Wilson and Hilferty (1931).
func middle(mean, variance float64) (low, high int64) {
	if mean <= 0 || variance <= 0 {
		return 0, 0
	}
	shape := mean * mean / variance
	at := func(z float64) float64 {
		return mean * math.Pow(max(0, 1-1/(9*shape)+z/(3*math.Sqrt(shape))), 3)
	}
	return int64(math.Floor(at(-z))), int64(math.Ceil(at(z)))
}
