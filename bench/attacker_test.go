package bench

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"viesti/internal/attacker/victim"
)

// TestBenchAttacker attacks two thousand random surveys that were published by the rules, and says how
// many numbers were attacked and found.
func TestBenchAttacker(t *testing.T) {
	enabled(t)
	const surveys = 2000
	targets, found, unsolved := 0, 0, 0
	begun := time.Now()
	for seed := range uint64(surveys) {
		r := rand.New(rand.NewPCG(seed, 13))
		f, n, u, err := victim.Draw(r, 5+r.IntN(396)).Publish(5, victim.None).Attack()
		if err != nil {
			t.Fatalf("survey %d: %v", seed, err)
		}
		for _, one := range f {
			t.Errorf("survey %d: %s", seed, one)
		}
		targets, found, unsolved = targets+n, found+len(f), unsolved+u
	}
	fmt.Printf("| %d random surveys attacked, %d numbers, %d found | %.0f surveys/s | | | 0 found | |\n",
		surveys, targets, found, surveys/time.Since(begun).Seconds())
	if unsolved > targets/1000 {
		t.Errorf("%d linear programs could not be solved", unsolved)
	}
}
