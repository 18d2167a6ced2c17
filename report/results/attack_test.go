package results

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"viesti/survey"
)

// TestNobodyIsFoundInReleases goes the whole way: random answers to real questionnaires over weeks,
// releases whenever somebody asks for one, the final one, and the attacker on all documents.
func TestNobodyIsFoundInReleases(t *testing.T) {
	attackReleases(t, 0, 1)
	attackReleases(t, 106, 107) // few gave a value of a block that is finer than the sample's
}

func TestSoakNobodyIsFoundInReleases(t *testing.T) {
	if os.Getenv("VIESTI_SOAK") == "" {
		t.Skip("VIESTI_SOAK=1 attacks many waves")
	}
	attackReleases(t, 100, 140)
}

func attackReleases(t *testing.T, from, to uint64) {
	targets, unsolved := 0, 0
	for seed := from; seed < to; seed++ {
		random := rand.New(rand.NewPCG(seed, 11))
		for i, q := range questionnaires(t) {
			releases, rows := liveThrough(t, q, random)
			found, n, u, err := published(q, releases, rows).Attack()
			targets, unsolved = targets+n, unsolved+u
			if err != nil {
				t.Errorf("seed %d, questionnaire %d: %v", seed, i, err)
			}
			for _, f := range found {
				t.Errorf("seed %d, questionnaire %d, %d releases: %s", seed, i, len(releases), f)
			}
		}
	}
	t.Logf("%d numbers attacked, %d linear programs unsolved", targets, unsolved)
	if targets < 1000*int(to-from) || unsolved > targets/1000 {
		t.Errorf("%d numbers attacked, %d linear programs unsolved: the attacker is half blind", targets, unsolved)
	}
}

// liveThrough lets a wave run, and gives what was released, and exported.
func liveThrough(t *testing.T, q *survey.Questionnaire, random *rand.Rand) ([]Results, rowCounts) {
	t.Helper()
	w := &world{}
	for day := range 1 + random.IntN(4) {
		at := opens.AddDate(0, 0, 7*day)
		w.respondents(q, random, 1+random.IntN(120), at.Format(time.DateOnly))
		if random.IntN(2) == 0 {
			_, err := w.reporter(q, at.AddDate(0, 0, 1)).Results(t.Context())
			must(t, err)
		}
	}
	after := w.reporter(q, closes.Add(48*time.Hour))
	_, err := after.Results(t.Context())
	must(t, err)
	m, err := after.Microdata(t.Context(), false)
	must(t, err)
	rows, err := countRows(m)
	must(t, err)
	var releases []Results
	for _, raw := range w.releases {
		var r Results
		must(t, json.Unmarshal(raw, &r))
		releases = append(releases, r)
	}
	if len(releases) == 0 {
		t.Fatal(fmt.Sprint("nothing was released of ", len(w.responses)))
	}
	return releases, rows
}
