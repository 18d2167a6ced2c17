package disclosure

import "math"

// Summary is what is published of answers that are numbers.
type Summary struct {
	N      int64
	Mean   float64 // to one decimal
	Median float64
	// Low and High are the ends of the interval that holds the mean with a confidence of 95 %
	// (Student's t), to one decimal. Interval tells that there are any: not of fewer than enough.
	Low, High float64
	Interval  bool
}

// enough people for an interval of a mean: with fewer, the normal shape it supposes is a guess.
const enough = 30

// Summarise sums up how many people gave each value; values are in rising order. ok is false where
// nobody gave any.
func Summarise(values []float64, counts []int64) (s Summary, ok bool) {
	var sum, squares float64
	for i, n := range counts {
		s.N += n
		sum += float64(n) * values[i]
	}
	if s.N == 0 {
		return Summary{}, false
	}
	mean := sum / float64(s.N)
	for i, n := range counts {
		squares += float64(n) * (values[i] - mean) * (values[i] - mean)
	}
	s.Mean, s.Median = tenth(mean), median(values, counts, s.N)
	if s.N >= enough {
		half := student(s.N-1) * math.Sqrt(squares/float64(s.N-1)/float64(s.N))
		s.Interval, s.Low, s.High = true, tenth(mean-half), tenth(mean+half)
	}
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

// student is the two-sided 95 % point of Student's t with df degrees of freedom, by the expansion
// of Cornish and Fisher (Abramowitz and Stegun, 26.7.5): right to four decimals from 10 on.
func student(df int64) float64 {
	const z = 1.959963984540054
	const z3, z5, z7 = z * z * z, z * z * z * z * z, z * z * z * z * z * z * z
	n := float64(df)
	return z + (z3+z)/(4*n) + (5*z5+16*z3+3*z)/(96*n*n) + (3*z7+19*z5+17*z3-15*z)/(384*n*n*n)
}
