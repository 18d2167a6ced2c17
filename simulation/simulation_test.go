package simulation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"viesti/campaign"
	"viesti/internal/fault"
)

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// field is a wave of four weeks, with two reminders, a third below the target, and a last call.
func field(networks ...Network) Input {
	opens := time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC) // a Monday
	return Input{
		Wave: campaign.Wave{ID: "w", Opens: opens, Closes: opens.Add(hours(28 * 24)), Zone: time.UTC, Rules: campaign.Rules{
			After: []time.Duration{hours(7 * 24), hours(14 * 24)}, BelowTargetAfter: []time.Duration{hours(21 * 24)}, LastCall: hours(48),
		}},
		Networks: networks, Behaviour: Usual, Seed: 7, Runs: 400,
	}
}

func run(t *testing.T, in Input) (Result, map[string]Outcome) {
	t.Helper()
	out, err := Run(in)
	if err != nil {
		t.Fatal(err)
	}
	plans := map[string]Outcome{}
	for _, p := range out.Plans {
		plans[p.Plan] = p
	}
	return out, plans
}

func TestSameSeedSameWave(t *testing.T) {
	in := field(Network{"a", 300, 100}, Network{"b", 40, 0})
	one, _ := run(t, in)
	two, _ := run(t, in)
	in.Seed++
	other, _ := run(t, in)
	if !reflect.DeepEqual(one, two) {
		t.Error("the same seed plays another wave")
	}
	if reflect.DeepEqual(one.Plans, other.Plans) {
		t.Error("another seed plays the same wave")
	}
	if !one.Model || one.People != 340 || one.Plans[0].Plan != "configured" {
		t.Errorf("%+v", one)
	}
}

// What goes in as the effect of letters comes out as it.
func TestEffectsComeOut(t *testing.T) {
	in := field(Network{"a", 200_000, 0})
	in.Networks = append(in.Networks, in.Networks[0], in.Networks[0], in.Networks[0], in.Networks[0])
	_, plans := run(t, in)
	alone, one, all := plans["no_reminders"].Rate.Mean, plans["first_reminder"].Rate.Mean, plans["no_last_call"].Rate.Mean
	if math.Abs(alone-Usual.Invitation) > 0.03 { // waves and networks spread around it
		t.Errorf("the invitation alone brings %.3f", alone)
	}
	first := (panelFirst + metaFirst*(1-Usual.Invitation)) / 2 // between the two that were published
	if got := one - alone; math.Abs(got-first) > 0.02 {
		t.Errorf("the first reminder adds %.3f, want %.3f", got, first)
	}
	if got, want := all-one, first*panelSecond/panelFirst; math.Abs(got-want) > 0.015 {
		t.Errorf("the second reminder adds %.3f, want %.3f", got, want)
	}
	passed, complete := plans["configured"].PassedOn.Mean, plans["configured"].Complete.Mean
	if got := float64(passed) / float64(complete-passed); got < 0.09 || got > 0.14 { // 0.1 + 0.1² + …, spread
		t.Errorf("%.3f answers passed on for each", got)
	}
	for name, p := range plans {
		if p.Complete.Low > p.Complete.Mean || p.Complete.Mean > p.Complete.High || p.Rate.Low > p.Rate.High || p.Rate.High > 1 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if plans["no_reminders"].OptedOut.Mean >= plans["configured"].OptedOut.Mean {
		t.Error("reminders make nobody leave")
	}
}

// The letters are those that the campaign would send, to everybody who has not left.
func TestLettersAreTheCampaigns(t *testing.T) {
	calm := Behaviour{Invitation: 1e-9, PassedOn: 0}
	for name, c := range map[string]struct {
		target int64
		want   map[string]float64 // letters for each person, nobody leaving
	}{
		"no target":     {0, map[string]float64{"configured": 4, "no_reminders": 1, "first_reminder": 2, "no_last_call": 3, "everybody": 5}},
		"far below it":  {10_000, map[string]float64{"configured": 5, "no_last_call": 4, "everybody": 5}},
		"soon above it": {1, map[string]float64{"configured": 4}},
	} {
		in := field(Network{"a", 10_000, c.target})
		in.Behaviour, in.Runs = calm, 20
		_, plans := run(t, in)
		for plan, want := range c.want {
			got := float64(plans[plan].Letters.Mean) / 10_000
			if got > want || got < want*0.98 { // some leave
				t.Errorf("%s, %s: %.2f letters each, want %.0f", name, plan, got, want)
			}
		}
	}
}

// What sends the same letters is the same plan.
func TestPlansDiffer(t *testing.T) {
	in := field(Network{"a", 10, 0})
	in.Wave.Rules.LastCall, in.Wave.Rules.BelowTargetAfter = 0, nil
	out, _ := run(t, in)
	var names []string
	for _, p := range out.Plans {
		names = append(names, p.Plan)
	}
	if want := []string{"configured", "no_reminders", "first_reminder"}; !reflect.DeepEqual(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func TestAnswersAfterTheCloseAreLost(t *testing.T) {
	if inTime(0) != 0 || inTime(-1) != 0 || inTime(slowest) != 1 || inTime(1) <= inTime(0.5) || inTime(2) >= 1 {
		t.Errorf("%f %f %f", inTime(0), inTime(1), inTime(slowest))
	}
	in := field(Network{"a", 100_000, 0})
	_, long := run(t, in)
	in.Wave.Closes = in.Wave.Opens.Add(hours(24))
	_, short := run(t, in)
	want := inTime(1) / inTime(28)
	if got := short["configured"].Rate.Mean / long["no_reminders"].Rate.Mean; math.Abs(got-want) > 0.02 {
		t.Errorf("a day brings %.3f of four weeks, want %.3f", got, want)
	}
}

func TestChanceOfTheTarget(t *testing.T) {
	out, _ := run(t, field(Network{"easy", 1000, 1}, Network{"hard", 1000, 1000}, Network{"none", 10, 0}))
	easy, hard, none := out.Networks[0], out.Networks[1], out.Networks[2]
	if *easy.Chance != 1 || *hard.Chance != 0 || none.Chance != nil {
		t.Errorf("%v %v %v", *easy.Chance, *hard.Chance, none.Chance)
	}
}

func TestBadInput(t *testing.T) {
	for name, change := range map[string]func(*Input){
		"no runs":        func(in *Input) { in.Runs = 0 },
		"endless runs":   func(in *Input) { in.Runs = mostRuns + 1 },
		"everybody":      func(in *Input) { in.Invitation = 1 },
		"nobody":         func(in *Input) { in.Invitation = 0 },
		"not a number":   func(in *Input) { in.Invitation = math.NaN() },
		"endless spread": func(in *Input) { in.PassedOn = 1 },
		"dates cross":    func(in *Input) { in.Wave.Closes = in.Wave.Opens },
	} {
		in := field(Network{"a", 10, 0})
		change(&in)
		if _, err := Run(in); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out, err := Run(field()); err != nil || out.People != 0 || out.Plans[0].Complete.High != 0 {
		t.Errorf("without networks: %+v %v", out, err)
	}
}

// Draws have the mean and the variance of their distributions, drawn one by one or by the normal one.
func TestDraws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	moments := func(draw func() int64) (mean, variance float64) {
		const n = 20_000
		for range n {
			x := float64(draw())
			mean, variance = mean+x/n, variance+x*x/n
		}
		return mean, variance - mean*mean
	}
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 0.05*want {
			t.Errorf("%s: %.2f, want %.2f", name, got, want)
		}
	}
	for _, n := range []int64{50, 5000} {
		m, v := moments(func() int64 { return binomial(r, n, 0.3) })
		near("binomial mean", m, 0.3*float64(n))
		near("binomial variance", v, 0.21*float64(n))
	}
	for _, mean := range []float64{3, 400} {
		m, v := moments(func() int64 { return poisson(r, mean) })
		near("poisson mean", m, mean)
		near("poisson variance", v, mean)
	}
}

// People one by one do what a run of many does: the shares are those of the model.
func TestCrowdIsTheModel(t *testing.T) {
	answered, passed, all := make([]int, 3), 0, 0
	for seed := range uint64(400) {
		c := Usual.Crowd(rand.New(rand.NewPCG(seed, 1)))
		for network := range 5 {
			for range 20 {
				all++
				for nth := range answered {
					if c.Answers(fmt.Sprint(network), nth) {
						answered[nth]++
						passed += c.PassesOn()
						break
					}
				}
			}
		}
	}
	share := func(n int) float64 { return float64(n) / float64(all) }
	if got := share(answered[0]); math.Abs(got-Usual.Invitation) > 0.03 {
		t.Errorf("the invitation is answered by %.3f", got)
	}
	if first, second := share(answered[1]), share(answered[2]); first < panelFirst*0.9 || first > metaFirst || second >= first {
		t.Errorf("the reminders are answered by %.3f and %.3f", first, second)
	}
	if got := float64(passed) / float64(answered[0]+answered[1]+answered[2]); math.Abs(got-Usual.PassedOn) > 0.02 {
		t.Errorf("each answer brings %.3f others", got)
	}
}
