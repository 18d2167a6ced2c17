package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// poisson draws a number by counting arrivals (Knuth), in parts where the mean is large.
func poisson(r *rand.Rand, mean float64) (n int64) {
	for ; mean > 20; mean -= 20 {
		n += poisson(r, 20)
	}
	for p, least := r.Float64(), math.Exp(-mean); p > least; p *= r.Float64() {
		n++
	}
	return n
}

// shaped draws a factor around 1 that has a variance, as the mean of exponential numbers has.
func shaped(r *rand.Rand, variance float64) float64 {
	k := int(math.Round(1 / variance))
	sum := 0.0
	for range k {
		sum += r.ExpFloat64()
	}
	return sum / float64(k)
}

// truth is how a made-up wave goes. It is not the forecast's own model but for one of its forms: it
// has other tails, letters of other strengths and whole weeks in which people are elsewhere.
type truth struct {
	fades func(age float64) float64
	noise float64 // variance of a day's factor
}

var truths = map[string]truth{
	"a power of time":    {func(a float64) float64 { return math.Pow(1+a, -1.1) }, 0.1},
	"by half every days": {func(a float64) float64 { return math.Exp(-0.5 * a) }, 0.1},
	"slowly, and a tail": {func(a float64) float64 { return 0.8*math.Exp(-0.8*a) + 0.08 }, 0.2},
	"evenly":             {func(float64) float64 { return 0.15 }, 0.1},
}

func (w truth) wave(r *rand.Rand) (days []int64, letters []int) {
	const length = 28
	strength := 10 * math.Exp(r.Float64()*3.5) // from 10 to 330 on the first day
	free := 0.1 + 0.5*r.Float64()
	letters = []int{0, 7, 14, 25}
	opens := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	k, alpha := 0, strength
	for day := range length {
		if k+1 < len(letters) && letters[k+1] == day {
			k++
			alpha *= 0.25 + 0.35*r.Float64()
		}
		m := alpha * w.fades(float64(day-letters[k])) * shaped(r, w.noise)
		if wd := opens.AddDate(0, 0, day).Weekday(); wd == time.Saturday || wd == time.Sunday {
			m *= free
		}
		days = append(days, poisson(r, m))
	}
	return days, letters
}

// TestForecastCovers makes many waves in ways that the model does not know and forecasts each from
// many of its days: the interval has to hold the outcome about as often as it says, and must not do
// so by being useless.
func TestForecastCovers(t *testing.T) {
	for name, w := range truths {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(6, 2026))
			held, all, width, bias := 0, 0, 0.0, 0.0
			for range 100 {
				days, letters := w.wave(r)
				var end int64
				for _, n := range days {
					end += n
				}
				for _, now := range []int{4, 8, 11, 16, 22} {
					seen := append([]int64{}, days[:now]...)
					c := course{
						opens: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), complete: append(seen, 0),
						days: len(days), letters: letters,
					}
					f := c.forecast()
					if f == nil {
						t.Fatalf("no forecast on day %d", now)
					}
					all++
					if f.Low <= end && end <= f.High {
						held++
					}
					width += float64(f.High-f.Low) / float64(end+1)
					bias += float64(f.Complete-end) / float64(end+1)
				}
			}
			share := float64(held) / float64(all)
			t.Logf("covers %.3f of %d, width %.2f, bias %+.3f", share, all, width/float64(all), bias/float64(all))
			if share < 0.82 || share > 0.99 {
				t.Errorf("the interval of %.0f %% held %.1f %%", 100*level, 100*share)
			}
			if mean := width / float64(all); mean > 0.6 {
				t.Errorf("the interval is %.0f %% of the outcome wide", 100*mean)
			}
			if mean := bias / float64(all); math.Abs(mean) > 0.1 {
				t.Errorf("the forecast is off by %+.0f %% on average", 100*mean)
			}
		})
	}
}

func TestForecastOfLittle(t *testing.T) {
	opens := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]course{
		"nothing at all":     {opens: opens, complete: []int64{0, 0, 0, 0, 0}, days: 28, letters: []int{0}},
		"one answer":         {opens: opens, complete: []int64{0, 0, 1, 0, 0}, days: 28, letters: []int{0, 10}},
		"a letter today":     {opens: opens, complete: []int64{9, 4, 2, 1, 8}, today: 0.5, days: 28, letters: []int{0, 4}},
		"the last day":       {opens: opens, complete: []int64{9, 4, 2, 1, 8}, today: 0.9, days: 5, letters: []int{0}},
		"a million a day":    {opens: opens, complete: []int64{1e6, 1e6, 1e6, 1e6, 0}, days: 90, letters: []int{0, 30, 60}},
		"letters in a bunch": {opens: opens, complete: []int64{5, 5, 5, 5, 5}, days: 28, letters: []int{0, 1, 2, 3, 4, 5, 6, 7}},
	} {
		t.Run(name, func(t *testing.T) {
			f := c.forecast()
			var have int64
			for _, n := range c.complete {
				have += n
			}
			if f == nil || len(f.Path) != c.days-len(c.complete)+1 {
				t.Fatalf("forecast %+v", f)
			}
			for i, s := range f.Path {
				if s.Low < have || s.Low > s.Complete || s.Complete > s.High {
					t.Errorf("step %d: %+v with %d there", i, s, have)
				}
				if i > 0 && (s.Complete < f.Path[i-1].Complete || s.High < f.Path[i-1].High) {
					t.Errorf("step %d goes back: %+v", i, s)
				}
			}
		})
	}
	for name, c := range map[string]course{
		"too few days": {opens: opens, complete: []int64{1, 2, 3}, days: 28, letters: []int{0}},
		"over":         {opens: opens, complete: []int64{1, 2, 3, 4, 5, 6}, days: 5, letters: []int{0}},
		"never begun":  {opens: opens, days: 28, letters: []int{0}},
	} {
		if f := c.forecast(); f != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestForecastKnowsLetters makes sure that a letter that is planned raises the expectation, and by no
// more than letters do.
func TestForecastKnowsLetters(t *testing.T) {
	c := course{
		opens:    time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC),
		complete: []int64{80, 40, 28, 20, 16, 5, 4, 0}, days: 28, letters: []int{0},
	}
	without := c.forecast()
	c.letters = []int{0, 9}
	with := c.forecast()
	if more := with.Complete - without.Complete; more < 20 || more > 120 {
		t.Errorf("a reminder adds %d: %+v, %+v", more, without, with)
	}
}

// TestForecastBeginsWithLetters: days before the first letter say nothing of what letters bring, and
// the answers of these days are there all the same.
func TestForecastBeginsWithLetters(t *testing.T) {
	c := course{
		opens:    time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC),
		complete: []int64{0, 2, 0, 0, 0, 0, 0, 80, 40, 28, 0}, days: 28, letters: []int{0, 7, 14},
	}
	if f := c.begun(7).forecast(); f == nil || f.Complete < 200 || f.Low < 150 || f.Path[0].Day != "2026-11-12" {
		t.Errorf("forecast %+v", f)
	}
	for _, first := range []int{8, 11, 40} {
		if f := c.begun(first).forecast(); f != nil {
			t.Errorf("a forecast %d days after the opening: %+v", first, f)
		}
	}
}

func BenchmarkForecast(b *testing.B) {
	c := course{opens: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), complete: make([]int64, 60), days: 112, letters: []int{0, 7, 14, 21, 110}}
	for i := range c.complete {
		c.complete[i] = int64(100 / (1 + i%14))
	}
	for b.Loop() {
		if c.forecast() == nil {
			b.Fatal(fmt.Errorf("no forecast"))
		}
	}
}
