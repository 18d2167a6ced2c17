package disclosure

import "math"

// Summary is what is published of answers that are numbers.
type Summary struct {
	N      int64
	Mean   float64 // to one decimal
	Median float64
}

// Summarise sums up how many people gave each value; values are in rising order. ok is false where
// nobody gave any.
func Summarise(values []float64, counts []int64) (s Summary, ok bool) {
	var sum float64
	for i, n := range counts {
		s.N += n
		sum += float64(n) * values[i]
	}
	if s.N == 0 {
		return Summary{}, false
	}
	s.Mean, s.Median = tenth(sum/float64(s.N)), median(values, counts, s.N)
	return s, true
}

// tenth rounds to one decimal. The small addition keeps an exact half from falling either way by
// the noise of its last bit; it is far below what n answers can differ by.
func tenth(x float64) float64 { return math.Floor(x*10+0.5+1e-9) / 10 }

// median is the middle answer, between two the middle of them.
func median(values []float64, counts []int64, n int64) float64 {
	at := func(place int64) float64 {
		for i, c := range counts {
			if place -= c; place < 0 {
				return values[i]
			}
		}
		return values[len(values)-1]
	}
	return (at((n-1)/2) + at(n/2)) / 2
}

// Spread is how far apart answers are, by what is shown of them alone: the value of a category is the
// middle of those in it, and people are counted by category.
type Spread struct {
	deviation float64
	n         int64
}

// SpreadOf takes the values of categories and how many people are in each.
func SpreadOf(values []float64, counts []int64) Spread {
	var sum, squares float64
	var s Spread
	for i, n := range counts {
		s.n += n
		sum += float64(n) * values[i]
	}
	mean := sum / float64(max(1, s.n))
	for i, n := range counts {
		squares += float64(n) * (values[i] - mean) * (values[i] - mean)
	}
	s.deviation = math.Sqrt(squares / float64(max(1, s.n-1)))
	return s
}

// enough people for an interval of a mean: with fewer, the normal shape it supposes is a guess.
const enough = 30

// Interval holds the mean of so many of the people, or of all, with a confidence of 95 % (Student's
// t), to one decimal; ok is false where they are too few. It is made of what is published and of
// nothing else (the mean as it is shown, how many they are, and the spread of all) so that it says
// nothing that is not known already. Groups are taken to be as far apart within themselves as all
// are, as in an analysis of variance; where they differ it is a little too wide.
func (s Spread) Interval(mean float64, n int64) (low, high float64, ok bool) {
	if n < enough || s.n < n {
		return 0, 0, false
	}
	half := student(s.n-1) * s.deviation / math.Sqrt(float64(n))
	return tenth(mean - half), tenth(mean + half), true
}

// student is the two-sided 95 % point of Student's t with df degrees of freedom, by the expansion
// of Cornish and Fisher (Abramowitz and Stegun, 26.7.5): right to four decimals from 10 on.
func student(df int64) float64 {
	const z = 1.959963984540054
	const z3, z5, z7 = z * z * z, z * z * z * z * z, z * z * z * z * z * z * z
	n := float64(df)
	return z + (z3+z)/(4*n) + (5*z5+16*z3+3*z)/(96*n*n) + (3*z7+19*z5+17*z3-15*z)/(384*n*n*n)
}
