package results

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/survey"
)

// questionnaires are those that the properties are tried on: the Barometer, and one with everything.
func questionnaires(t testing.TB) []*survey.Questionnaire {
	t.Helper()
	const all = "../../survey/exchange/testdata/all.toml"
	raw, err := os.ReadFile(all)
	must(t, err)
	q, err := survey.Parse(all, raw)
	must(t, err)
	return []*survey.Questionnaire{barometer(t), q}
}

// TestSmallNumbersAreNowhere looks at every number of people in the document itself: none is from 1
// to 4, wherever it stands.
func TestSmallNumbersAreNowhere(t *testing.T) {
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 1))
		for _, q := range questionnaires(t) {
			w := &world{}
			w.respondents(q, random, 1+random.IntN(160), "2026-11-10")
			out, err := w.reporter(q, closes.Add(48*time.Hour)).Results(t.Context())
			must(t, err)
			raw, err := json.Marshal(out)
			must(t, err)
			var doc any
			must(t, json.Unmarshal(raw, &doc))
			people(doc, "", func(at string, n float64) {
				if n > 0 && n < 5 {
					t.Fatalf("seed %d: %s is %v", seed, at, n)
				}
			})
			if strings.Contains(string(raw), "Enemmän aikaa") {
				t.Fatal("somebody's own words are in the results")
			}
		}
	}
}

// people calls see for all numbers of people in a document.
func people(doc any, at string, see func(at string, n float64)) {
	switch v := doc.(type) {
	case map[string]any:
		for key, x := range v {
			people(x, at+"."+key, see)
		}
	case []any:
		for _, x := range v {
			people(x, at, see)
		}
	case float64:
		for _, key := range []string{".answered", ".counts", ".firsts", ".respondents", ".sample", ".divided", ".given", ".summary.n"} {
			if strings.HasSuffix(at, key) {
				see(at, v)
			}
		}
	}
}

// TestFiguresAreTrue compares whatever is shown with what was answered.
func TestFiguresAreTrue(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	q := barometer(t)
	w := &world{}
	w.respondents(q, random, 600, "2026-11-10")
	r := w.reporter(q, closes.Add(48*time.Hour))
	r.By = []string{"org_type", "region"}
	out, err := r.Results(t.Context())
	must(t, err)
	checked := 0
	for _, p := range out.Pages {
		for _, question := range p.Questions {
			for _, item := range question.Items {
				for i, c := range item.Categories {
					if n, ok := item.Counts[i].Value(); ok {
						checked++
						if want := w.chose(question.ID, item.ID, c, nil, ""); n != want {
							t.Errorf("%s %s %s: %d, want %d", question.ID, item.ID, c.ID, n, want)
						}
					}
				}
				for _, d := range item.Divisions {
					b := out.Backgrounds[0]
					if d.Background == "region" {
						b = out.Backgrounds[1]
					}
					for g, row := range d.Rows {
						for i, c := range d.Categories {
							if n, ok := row.Counts[i].Value(); ok {
								checked++
								if want := w.chose(question.ID, item.ID, c, &b.Groups[g], d.Background); n != want {
									t.Errorf("%s %s %s in %s: %d, want %d", question.ID, item.ID, c.ID, b.Groups[g].ID, n, want)
								}
							}
						}
					}
				}
			}
		}
	}
	if checked < 2000 {
		t.Errorf("only %d figures were compared", checked)
	}
}

// chose counts in its own way who gave an answer of a category, in a group.
func (w *world) chose(question, row string, c Category, g *Group, background string) (n int64) {
	has := func(list []string, id string) bool {
		for _, x := range list {
			if x == id {
				return true
			}
		}
		return false
	}
	for _, r := range w.responses {
		if g != nil && inSample(r.ID, 0.25) {
			continue
		}
		if g != nil {
			said := r.Answers[background].Value
			if said == "" && !g.Silent || said != "" && !has(g.Options, said) {
				continue
			}
		}
		a := r.Answers[question]
		given := a.Choices
		if row != "" {
			given = []string{a.Rows[row]}
		} else if a.Value != "" {
			given = []string{a.Value}
		}
		for _, id := range given {
			if id != "" && has(c.Options, id) {
				n++
				break
			}
		}
	}
	return n
}

// TestReleases lives through a wave: releases before the close, and the final one, which stands. No
// two of them differ by few.
func TestReleases(t *testing.T) {
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 2))
		q := barometer(t)
		w := &world{}
		for day := range 28 {
			w.respondents(q, random, random.IntN(40), fmt.Sprintf("2026-11-%02d", day+2))
			now := opens.AddDate(0, 0, day).Add(11 * time.Hour)
			switch random.IntN(5) {
			case 0:
				_, err := w.reporter(q, now).Results(t.Context())
				must(t, err)
			case 1:
				_, _, err := w.reporter(q, now).Question(t.Context(), "needs")
				must(t, err)
			}
		}
		final := w.reporter(q, closes.Add(48*time.Hour))
		first, err := final.Results(t.Context())
		must(t, err)
		w.respondents(q, random, 9, "2026-11-30") // a clock that was wrong
		second, err := final.Results(t.Context())
		must(t, err)
		if a, b := encoded(t, first), encoded(t, second); a != b || !first.Final {
			t.Fatalf("seed %d: the final release became another", seed)
		}
		released, err := final.released(t.Context())
		must(t, err)
		for i, later := range released {
			for _, earlier := range released[:i] {
				apart(t, seed, earlier, later)
			}
		}
		if len(released) < 2 {
			t.Errorf("seed %d: %d releases", seed, len(released))
		}
	}
}

func encoded(t *testing.T, r Results) string {
	t.Helper()
	raw, err := json.Marshal(r)
	must(t, err)
	return string(raw)
}

// apart makes sure that nothing of few people comes of subtracting one release from another.
func apart(t *testing.T, seed uint64, earlier, later Results) {
	t.Helper()
	rule := disclosure.Rule{Minimum: 5}
	see := func(at string, before, now disclosure.Count) {
		a, okA := before.Value()
		b, okB := now.Value()
		if okA && okB && !rule.Stands(b, a) {
			t.Fatalf("seed %d: %s was %d and is %d", seed, at, a, b)
		}
	}
	see("respondents", earlier.Respondents, later.Respondents)
	for _, p := range later.Pages {
		for _, q := range p.Questions {
			for _, item := range q.Items {
				was, ok := earlier.item(q.ID, item.ID)
				if !ok {
					continue
				}
				if was.width() == item.width() { // else some who stood apart are left out of the later one
					see(q.ID+" answered", was.Answered, item.Answered)
				}
				for i, c := range item.Categories {
					var sum int64
					known := true
					for _, o := range c.Options {
						n, ok := was.count(o)
						sum, known = sum+n, known && ok
					}
					if known {
						see(q.ID+"."+item.ID+" "+c.ID, disclosure.Shown(sum), item.Counts[i])
					}
				}
			}
		}
	}
}

// width is how many options an item's categories have.
func (item Item) width() (n int) {
	for _, c := range item.Categories {
		n += len(c.Options)
	}
	return n
}

// TestOpenSurvey has no divisions, no open answers and nothing taken together.
func TestOpenSurvey(t *testing.T) {
	q := barometer(t)
	w := &world{}
	w.respondents(q, rand.New(rand.NewPCG(5, 5)), 400, "2026-11-10")
	out, err := w.reporter(q, opens.AddDate(0, 0, 12)).Results(t.Context())
	must(t, err)
	if out.Final || len(out.Backgrounds)+len(out.Alike) > 0 {
		t.Errorf("backgrounds %v", out.Backgrounds)
	}
	shown := 0
	for _, p := range out.Pages {
		for _, q := range p.Questions {
			for _, item := range q.Items {
				if len(item.Divisions) > 0 {
					t.Errorf("%s is divided", q.ID)
				}
				for _, c := range item.Categories {
					shown++
					if len(c.Options) != 1 {
						t.Errorf("%s: %q are taken together", q.ID, c.Options)
					}
				}
			}
		}
	}
	if shown < 50 {
		t.Errorf("only %d categories are shown", shown)
	}
	if _, err := w.reporter(q, opens.AddDate(0, 0, 12)).Microdata(t.Context(), false); err == nil {
		t.Error("answers one by one before the close")
	}
}

// TestAhead has what was counted ahead, of the days that are over, instead of counting it again; and
// nothing of it once more was sent or asked.
func TestAhead(t *testing.T) {
	q := barometer(t)
	w := &world{editions: []survey.Edition{q.Edition("2026-11-02")}}
	random := rand.New(rand.NewPCG(6, 6))
	w.respondents(q, random, 300, "2026-11-10")
	at := opens.AddDate(0, 0, 12)
	ask := func(prepared *Ahead) (figures string, scans int) {
		asked := &scanned{world: &world{responses: w.responses, editions: w.editions}}
		r := w.reporter(q, at)
		r.Source, r.Ahead = asked, prepared
		_, found, err := r.Question(t.Context(), "grade_municipal")
		must(t, err)
		raw, err := json.Marshal(found)
		must(t, err)
		return string(raw), asked.scans
	}
	r := w.reporter(q, at)
	r.Ahead = &Ahead{}
	must(t, r.Prepare(t.Context()))
	counted, scans := ask(nil)
	if ahead, none := ask(r.Ahead); ahead != counted || none != 0 || scans != 1 {
		t.Errorf("%d scans, %s\nnot ahead: %d scans, %s", none, ahead, scans, counted)
	}
	w.respondents(q, random, 50, "2026-11-11")
	counted, _ = ask(nil)
	if again, n := ask(r.Ahead); again != counted || n != 1 {
		t.Errorf("after more were sent: %d scans, %s", n, again)
	}
	must(t, r.Prepare(t.Context()))
	if again, n := ask(r.Ahead); again != counted || n != 0 {
		t.Errorf("after another day: %d scans, %s", n, again)
	}
}

// scanned tells how often all answers were read.
type scanned struct {
	*world
	scans int
}

func (s *scanned) ScanResponses(ctx context.Context, wave, only string, reader func() func(survey.Response) error) error {
	s.scans++
	return s.world.ScanResponses(ctx, wave, only, reader)
}

// TestRemoved reports what was asked before and is not any more, with its words.
func TestRemoved(t *testing.T) {
	raw, _ := survey.Builtin("partnership-barometer")
	before := strings.Replace(string(raw), `version = "2026.2"`, `version = "2026.1"`, 1)
	before = strings.Replace(before, `id = "religious"
text = { fi = "Uskonnollinen yhteisö"`, `id = "parish"
text = { fi = "Seurakunta"`, 1)
	before = strings.Replace(before, `id = "anything_else"`, `id = "greetings"`, 1)
	old, err := survey.Parse("old.toml", []byte(before))
	must(t, err)
	q := barometer(t)
	w := &world{editions: []survey.Edition{old.Edition("2026-11-02"), q.Edition("2026-11-09")}}
	random := rand.New(rand.NewPCG(8, 8))
	w.respondents(old, random, 900, "2026-11-05")
	w.respondents(q, random, 900, "2026-11-10")
	out, err := w.reporter(q, closes.Add(48*time.Hour)).Results(t.Context())
	must(t, err)
	item, ok := out.item("org_type", "")
	at := item.category("parish")
	if !ok || at < 0 || item.Categories[at].Text[i18n.Fi] != "Seurakunta" {
		t.Errorf("the removed option: %+v", item.Categories)
	}
	if question, ok := out.Question("greetings"); !ok || !question.Removed || question.Open == nil {
		t.Errorf("the removed question: %+v", question)
	}
	if version := out.Version; version != "2026.2" {
		t.Errorf("version %s", version)
	}
	w.editions = nil // of before editions were kept: what is not known any more has no words of its own
	w.releases = nil
	out, err = w.reporter(q, closes.Add(48*time.Hour)).Results(t.Context())
	must(t, err)
	if item, _ := out.item("org_type", ""); item.category(goneID) < 0 {
		t.Errorf("the option that nobody knows any more: %+v", item.Categories)
	}
}
