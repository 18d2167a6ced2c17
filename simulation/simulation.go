// Package simulation plays a wave before it is sent: how many answers may be expected of the contacts
// there are, by the plan that is configured and by others, from published effects of reminders and from
// assumptions that are named as such (docs/simulation.md).
//
// It is a model and says so. It reads no answer and changes nothing; the letters it plays are those of
// campaign.Wave.Schedule, so what is simulated is what would be sent.
package simulation

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"viesti/campaign"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
)

// Network is the people of a network to whom letters may go.
type Network struct {
	ID     string
	People int64 // whose home it is, those left out who opted out or whose address is dead
	Target int64 // complete responses; 0: none
}

// Input is what is played.
type Input struct {
	Wave     campaign.Wave
	Networks []Network
	Behaviour
	Seed uint64
	Runs int
}

// The most runs of a simulation: more only take time.
const mostRuns = 10_000

// Result is what came of all runs. The same input gives the same result.
type Result struct {
	Wave      string    `json:"wave"`
	Model     bool      `json:"model"` // always true: nothing here was measured
	Seed      uint64    `json:"seed"`
	Runs      int       `json:"runs"`
	Level     float64   `json:"level"` // share of the runs that lie from low to high
	People    int64     `json:"people"`
	Behaviour Behaviour `json:"behaviour"`
	Plans     []Outcome `json:"plans"` // that of the configuration first
	Networks  []Reached `json:"networks"`
}

// Outcome is what a plan brings.
type Outcome struct {
	Plan     string `json:"plan"` // a name: configured, no_reminders …
	Letters  Range  `json:"letters"`
	Complete Range  `json:"complete"`  // by letters, and passed on
	PassedOn Range  `json:"passed_on"` // of them, by links that were passed on
	OptedOut Range  `json:"opted_out"`
	Rate     Share  `json:"response_rate"` // without those passed on, as in rates
}

// Reached is what the configured plan brings a network.
type Reached struct {
	Network  string `json:"network"`
	People   int64  `json:"people"`
	Complete Range  `json:"complete"` // by its letters, as in rates
	Target   int64  `json:"target"`
	// Chance is the share of the runs that reached the target; null without one.
	Chance *float64 `json:"target_chance"`
}

// Range is a number over all runs: its mean, and between which it lay in Level of them.
type Range struct {
	Mean int64 `json:"mean"`
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// Share is the same of a share.
type Share struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

const level = 0.9

// Run plays all plans. Each run draws how people are once, and plays every plan with them: what plans
// differ in is then the plans.
func Run(in Input) (Result, error) {
	if in.Runs < 1 || in.Runs > mostRuns || !in.Behaviour.valid() {
		return Result{}, fault.New(fault.Invalid, "simulation.bad_input", nil)
	}
	if !in.Wave.Opens.Before(in.Wave.Closes) {
		return Result{}, fault.New(fault.Invalid, "simulation.no_time", nil)
	}
	out := Result{Model: true, Wave: in.Wave.ID, Seed: in.Seed, Runs: in.Runs, Level: level, Behaviour: in.Behaviour}
	for _, n := range in.Networks {
		out.People += n.People
	}
	plans := plans(in.Wave)
	tallies := make([]tally, len(plans))
	own := make([][]int64, len(in.Networks)) // complete by letters, by network, of the first plan
	for run := range in.Runs {
		for i, p := range plans {
			// The same seed for every plan of a run.
			play := &play{letters: p.letters, closes: in.Wave.Closes, rand: rand.New(rand.NewPCG(in.Seed, uint64(run)))} //nolint:gosec // a model, no secret
			mood := in.draw(play.rand)
			var sum counts
			for k, n := range in.Networks {
				c := play.network(n, mood.of(play.rand))
				sum.add(c)
				if i == 0 {
					own[k] = append(own[k], c.complete)
				}
			}
			tallies[i].add(sum, out.People)
		}
	}
	for i, p := range plans {
		out.Plans = append(out.Plans, tallies[i].outcome(p.name))
	}
	for k, n := range in.Networks {
		out.Networks = append(out.Networks, reached(n, own[k]))
	}
	return out, nil
}

func reached(n Network, complete []int64) Reached {
	r := Reached{Network: n.ID, People: n.People, Complete: over(complete), Target: n.Target}
	if n.Target > 0 {
		hit := 0
		for _, c := range complete {
			if c >= n.Target {
				hit++
			}
		}
		chance := float64(hit) / float64(len(complete))
		r.Chance = &chance
	}
	return r
}

// letter is one of a plan's.
type letter struct {
	kind outbox.Kind
	at   time.Time
}

// letters are those that somebody gets who is invited when the wave opens.
func letters(w campaign.Wave, belowTarget bool) (list []letter) {
	c := campaign.Candidate{Carrier: link.Mail, BelowTarget: belowTarget}
	for _, p := range w.Schedule(c, w.Opens).Planned {
		if p.At.Before(w.Closes) {
			list = append(list, letter{p.Kind, p.At})
		}
	}
	return list
}

// plan is the letters that rules lead to, under a name.
type plan struct {
	name    string
	letters [2][]letter // of networks at their target, and below it
}

func planOf(name string, w campaign.Wave) plan {
	return plan{name, [2][]letter{letters(w, false), letters(w, true)}}
}

// plans are the configured one, and what it may be compared with as far as other letters leave.
func plans(w campaign.Wave) []plan {
	list := []plan{planOf("configured", w)}
	other := func(name string, change func(*campaign.Rules)) {
		changed := w
		changed.Rules.After, changed.Rules.BelowTargetAfter = slices.Clone(w.Rules.After), slices.Clone(w.Rules.BelowTargetAfter)
		change(&changed.Rules)
		p := planOf(name, changed)
		if !slices.ContainsFunc(list, func(known plan) bool { return reflect.DeepEqual(known.letters, p.letters) }) {
			list = append(list, p)
		}
	}
	other("no_reminders", func(r *campaign.Rules) { r.After, r.BelowTargetAfter, r.LastCall = nil, nil, 0 })
	other("first_reminder", func(r *campaign.Rules) {
		r.After, r.BelowTargetAfter, r.LastCall = r.After[:min(1, len(r.After))], nil, 0
	})
	other("no_last_call", func(r *campaign.Rules) { r.LastCall = 0 })
	other("everybody", func(r *campaign.Rules) { // what networks below their target get, all get
		r.After = append(r.After, r.BelowTargetAfter...)
		slices.Sort(r.After)
		r.BelowTargetAfter = nil
	})
	return list
}
