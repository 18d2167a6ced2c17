package simulation

import (
	"math"
	"math/rand/v2"

	"viesti/link"
)

// Behaviour is what is assumed of people. None of it is known of those who will be asked.
type Behaviour struct {
	// Invitation is the share of people who answer the invitation alone.
	Invitation float64 `json:"invitation"`
	// PassedOn is how many answers each answer brings by being passed on.
	PassedOn float64 `json:"passed_on"`
}

// Usual is assumed unless somebody knows better.
var Usual = Behaviour{Invitation: 0.3, PassedOn: 0.1}

func (b Behaviour) valid() bool {
	return b.Invitation > 0 && b.Invitation < 1 && b.PassedOn >= 0 && b.PassedOn < 1 // from 1 on it would never end
}

// The published effects (docs/simulation.md).
const (
	panelFirst, panelSecond, panelThird = 0.11, 0.04, 0.025             // of all who were asked
	metaFirst                           = (0.656 - 0.495) / (1 - 0.495) // of those who had not answered
)

// What is assumed beside them.
const (
	later      = 0.5   // what each letter after the third reminder adds, of what the one before it added
	waveSpread = 0.3   // standard deviation between waves, in the logit of the invitation's share
	netSpread  = 0.5   // the same between networks of a wave
	leaves     = 0.003 // share of recipients who opt out by a letter
	leavesLate = 0.012 // by the third reminder and each after it, where opting out was seen to grow
	fading     = 1.5   // answers a days after a letter are as (1 + a)^−fading
	slowest    = 30    // days after which nobody answers a letter
)

// mood is how people are in one run.
type mood struct {
	logit  float64   // of the invitation's share, in the middle network
	gains  []float64 // by letter since the first reminder: added shares of all who were asked
	onward float64
}

// draw draws how people are in a run: what is not known well differs from run to run, so that the
// intervals have it.
func (b Behaviour) draw(r *rand.Rand) mood {
	m := mood{logit: math.Log(b.Invitation/(1-b.Invitation)) + waveSpread*r.NormFloat64(), onward: b.PassedOn * math.Exp(waveSpread*r.NormFloat64())}
	m.onward = min(m.onward, 0.95)
	one, other := panelFirst, metaFirst*(1-b.Invitation)
	first := one + r.Float64()*(other-one)
	m.gains = []float64{first, first * panelSecond / panelFirst, first * panelThird / panelFirst}
	return m
}

// people are how those of a network answer.
type people struct {
	invitation float64
	mood
}

func (m mood) of(r *rand.Rand) people {
	return people{1 / (1 + math.Exp(-m.logit-netSpread*r.NormFloat64())), m}
}

// answers is the chance that somebody answers the nth letter who did not answer those before.
func (p people) answers(nth int) float64 {
	before, share := 0.0, p.invitation
	for i := 1; i <= nth; i++ {
		before += share
		share = p.gain(i)
	}
	if before >= 1 {
		return 0
	}
	return min(1, share/(1-before))
}

// gain is the share of all who were asked that the nth letter adds.
func (p people) gain(nth int) float64 {
	if nth <= len(p.gains) {
		return p.gains[nth-1]
	}
	return p.gains[len(p.gains)-1] * math.Pow(later, float64(nth-len(p.gains)))
}

// leaves is the chance that somebody opts out by the nth letter.
func (people) leaves(nth int) float64 {
	if nth >= 3 {
		return leavesLate
	}
	return leaves
}

// inTime is the share of a letter's answers that come within a number of days.
func inTime(days float64) float64 {
	var came, all float64
	for a := range slowest {
		x := math.Pow(1+float64(a), -fading)
		all += x
		came += x * max(0, min(1, days-float64(a)))
	}
	return came / all
}

// passOn is how many answers come by links that are passed on from a number of them, in turn as far
// as links go.
func (p people) passOn(r *rand.Rand, answers int64) (n int64) {
	for range link.MaxDepth {
		answers = poisson(r, p.onward*float64(answers))
		n += answers
	}
	return n
}

// enough is from which variance on a normal distribution is as good.
const enough = 100

// binomial draws how many of n do what each does with chance p.
func binomial(r *rand.Rand, n int64, p float64) int64 {
	mean := float64(n) * p
	if variance := mean * (1 - p); variance > enough {
		return max(0, min(n, int64(math.Round(mean+math.Sqrt(variance)*r.NormFloat64()))))
	}
	var k int64
	for range n {
		if r.Float64() < p {
			k++
		}
	}
	return k
}

// poisson draws a number with a mean.
func poisson(r *rand.Rand, mean float64) (k int64) {
	if mean > enough {
		return max(0, int64(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	for at := r.ExpFloat64(); at < mean; at += r.ExpFloat64() {
		k++
	}
	return k
}
