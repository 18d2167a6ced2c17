package victim_test

import (
	"math/rand/v2"
	"os"
	"testing"

	"viesti/internal/attacker"
	"viesti/internal/attacker/victim"
)

const minimum = 5

// attack draws a survey by its number, publishes it, and attacks it.
func attack(t *testing.T, seed uint64, weak victim.Weakness) (found []attacker.Found, targets, unsolved int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	p := victim.Draw(r, 5+r.IntN(396)).Publish(minimum, weak)
	found, targets, unsolved, err := p.Attack()
	if err != nil {
		t.Fatalf("survey %d: %v", seed, err)
	}
	return append(found, p.AttackRows()...), targets, unsolved
}

func attackMany(t *testing.T, from, to uint64) {
	targets, unsolved := 0, 0
	for seed := from; seed < to; seed++ {
		found, n, u := attack(t, seed, victim.None)
		targets, unsolved = targets+n, unsolved+u
		for _, f := range found {
			t.Errorf("survey %d: %s", seed, f)
		}
	}
	t.Logf("%d surveys, %d numbers attacked, %d linear programs unsolved", to-from, targets, unsolved)
	if targets < 20*int(to-from) {
		t.Errorf("only %d numbers were attacked", targets)
	}
	if unsolved > targets/1000 {
		t.Errorf("%d linear programs could not be solved: the attacker is half blind", unsolved)
	}
}

func TestNobodyIsFound(t *testing.T) {
	attackMany(t, 0, 100)
	attackMany(t, 1126, 1127) // a value leads to a question, and few gave the other one of its block
}

func TestSoakNobodyIsFound(t *testing.T) {
	if os.Getenv("VIESTI_SOAK") == "" {
		t.Skip("VIESTI_SOAK=1 attacks thousands of surveys")
	}
	attackMany(t, 1000, 11000)
}

// An attacker that sees nothing proves nothing: whatever is weakened, it finds people.
func TestWeaknessIsFound(t *testing.T) {
	for name, weak := range map[string]victim.Weakness{
		"no secondary suppression": victim.NoSecondary,
		"minimum one too low":      victim.LowerMinimum,
		"no rule for differences":  victim.NoDifferences,
		"means without a test":     victim.MeansUntested,
		"lone remainder":           victim.LoneRemainder,
		"floors ignored":           victim.FloorsIgnored,
		"don't know set aside":     victim.AsideUntested,
		"rows beside tables":       victim.RowsBesideTables,
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				if found, _, _ := attack(t, seed, weak); len(found) > 0 {
					t.Logf("survey %d: %s", seed, found[0])
					return
				}
			}
			t.Error("the attacker is blind to it")
		})
	}
}
