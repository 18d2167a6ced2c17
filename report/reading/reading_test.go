package reading

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// shelf is a store and a source in memory.
type shelf struct {
	responses []survey.Response
	decisions map[string]Decision
}

func (s *shelf) Responses(_ context.Context, _ string, each func(survey.Response) error) error {
	for _, r := range s.responses {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) Decisions(context.Context, string) ([]Decision, error) {
	var list []Decision
	for _, d := range s.decisions {
		list = append(list, d)
	}
	return list, nil
}

func (s *shelf) Decide(_ context.Context, _ string, list []Decision) error {
	for _, d := range list {
		s.decisions[d.Hash] = d
	}
	return nil
}

var closes = time.Date(2027, 4, 1, 12, 0, 0, 0, time.UTC)

// begin is a survey that has closed, with answers to its questions.
func begin(t testing.TB, answers map[string][]string) (*Reader, *shelf) {
	t.Helper()
	s := &shelf{decisions: map[string]Decision{}}
	for question, texts := range answers {
		for _, text := range texts {
			s.responses = append(s.responses, survey.Response{Lang: i18n.Sv, Link: "link", Day: "2027-03-03", Answers: survey.Answers{question: {Text: text}}})
		}
	}
	return &Reader{
		Period: survey.Period{Wave: "2027", Opens: closes.AddDate(0, -1, 0), Closes: closes, Grace: time.Hour, Zone: time.UTC},
		Source: s, Store: s, Secret: []byte("secret"), Minimum: 3, Now: func() time.Time { return closes.Add(time.Hour) },
		Names: func(context.Context) ([]string, error) { return []string{"Kohtaamo Oyster"}, nil },
	}, s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var given = map[string][]string{
	"good": {"Kiitos Matti Virtaselle!", "hyvin toimii", "ei", "ei", " ei\r\n", "Tiedän: kohtaamo oysterissa autetaan"},
	"bad":  {"=HYPERLINK(\"http://x.example\")", "rahat loppuivat", "\u202eei\u0007", "+358 40 1234567"},
	"rare": {"vain minä", "ja minä"},
}

func TestNothingBeforeTheClose(t *testing.T) {
	ctx := context.Background()
	r, _ := begin(t, given)
	r.Now = func() time.Time { return closes.Add(time.Hour - 1) }
	for name, err := range map[string]error{
		"next":     second(r.Next(ctx, Place{})),
		"answer":   first(r.Answer(ctx, "x")),
		"decide":   r.Decide(ctx, "x", Withhold, nil),
		"export":   first(r.Export(ctx, CSV, i18n.Fi)),
		"import":   first(r.Import(ctx, File{}, false)),
		"released": first(r.Released(ctx, nil)),
	} {
		if fault.KindOf(err) != fault.Closed {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, err := r.Progress(ctx)
	must(t, err)
	if p.Begun || p.Texts != 0 || len(p.Questions) != 0 || !p.From.Equal(closes.Add(time.Hour)) {
		t.Errorf("progress before the close: %+v", p)
	}
}

func first[A any](_ A, err error) error          { return err }
func second[A, B any](_ A, _ B, err error) error { return err }

// TestReadThrough reads everything as the page does: each text once, in an order that is not that of
// the responses, and what is published is what was released.
func TestReadThrough(t *testing.T) {
	ctx := context.Background()
	r, s := begin(t, given)
	var met []string
	after := ""
	for range 20 {
		a, p, err := r.Next(ctx, Place{After: after})
		must(t, err)
		if a == nil {
			if p.Read != 8 || p.Texts != 8 {
				t.Errorf("at the end %d of %d", p.Read, p.Texts)
			}
			break
		}
		met = append(met, a.Question+": "+a.Text)
		after = a.Hash
		v := Release
		if a.Text == "rahat loppuivat" {
			v = Withhold
			a.Cuts = nil
		}
		must(t, r.Decide(ctx, a.Hash, v, a.Cuts))
	}
	if len(met) != 8 {
		t.Errorf("read %q", met)
	}
	open, err := r.Released(ctx, nil)
	must(t, err)
	for question, want := range map[string][]string{
		"good": {"Kiitos […]!", "Tiedän: […] autetaan", "ei", "hyvin toimii"},
		"bad":  {"=[…](\"[…]\")", "ei"}, // nothing was left of the number
		"rare": {},
	} {
		got := slices.Sorted(slices.Values(open[question].Answers))
		if !slices.Equal(got, want) || open[question].Given != int64(len(given[question])) || open[question].Unread != 0 {
			t.Errorf("%s: %q of %+v, want %q", question, got, open[question], want)
		}
	}
	if r.Minimum = 2; first(r.Released(ctx, nil)) != nil {
		t.Error("another minimum")
	}
	open, _ = r.Released(ctx, nil)
	if open["rare"].Unread != 2 || len(open["rare"].Answers) != 0 {
		t.Errorf("what nobody read: %+v", open["rare"])
	}
	for _, d := range s.decisions {
		for _, texts := range given {
			for _, text := range texts {
				if strings.Contains(fmt.Sprint(d), Clean(text)) {
					t.Errorf("a decision holds the answer: %+v", d)
				}
			}
		}
	}
}

// TestDaysThatCount leaves out what was written on days whose answers are not in the figures.
func TestDaysThatCount(t *testing.T) {
	ctx := context.Background()
	r, s := begin(t, map[string][]string{"q": {"a", "b", "c", "d"}})
	s.responses[3].Day = "2027-03-04"
	for _, x := range s.responses {
		must(t, r.Decide(ctx, r.hasher().of("q", x.Answers["q"].Text), Release, nil))
	}
	for last, want := range map[string]int{"2027-03-04": 4, "2027-03-03": 3, "2027-03-02": 0} {
		open, err := r.Released(ctx, func(day string) bool { return day <= last })
		must(t, err)
		if got := open["q"]; got.Given != int64(want) || len(got.Answers) != want {
			t.Errorf("through %s: %+v", last, got)
		}
	}
}

// TestOrderSaysNothing publishes the same answers however they lie in the store, whatever was cut out
// of them, and whoever wrote several.
func TestOrderSaysNothing(t *testing.T) {
	ctx := context.Background()
	var before []string
	for round := range 5 {
		r, s := begin(t, map[string][]string{"q": {"yksi Aino", "kaksi", "kolme", "neljä", "viisi", "kaksi"}})
		r.Secret = []byte{byte(round)}
		if round%2 == 1 {
			s.responses[0].Answers["q"] = survey.Answer{Text: "yksi Beata"} // the same when it is cut
		}
		rand.New(rand.NewPCG(1, uint64(round))).Shuffle(len(s.responses), func(i, j int) { //nolint:gosec // a test's
			s.responses[i], s.responses[j] = s.responses[j], s.responses[i]
		})
		for {
			a, _, err := r.Next(ctx, Place{})
			must(t, err)
			if a == nil {
				break
			}
			must(t, r.Decide(ctx, a.Hash, Release, a.Cuts))
		}
		open, err := r.Released(ctx, nil)
		must(t, err)
		if got := open["q"].Answers; before != nil && !slices.Equal(got, before) {
			t.Errorf("%q, before %q", got, before)
		}
		before = open["q"].Answers
	}
	if len(before) != 5 {
		t.Errorf("published %q", before)
	}
}

// TestChangedTextIsUnread is what the hash is for.
func TestChangedTextIsUnread(t *testing.T) {
	ctx := context.Background()
	r, s := begin(t, map[string][]string{"q": {"a", "b", "c"}})
	a, _, err := r.Next(ctx, Place{})
	must(t, err)
	must(t, r.Decide(ctx, a.Hash, Release, nil))
	for i, x := range s.responses {
		if x.Answers["q"].Text == a.Text {
			s.responses[i].Answers = survey.Answers{"q": {Text: a.Text + "!"}}
		}
	}
	p, err := r.Progress(ctx)
	must(t, err)
	if p.Read != 0 || p.Texts != 3 {
		t.Errorf("%+v", p)
	}
	if err := r.Decide(ctx, a.Hash, Release, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("decided on a text that is gone: %v", err)
	}
}

func TestBadDecisions(t *testing.T) {
	ctx := context.Background()
	r, _ := begin(t, map[string][]string{"q": {"häh", "häh", "häh"}, "few": {"x"}})
	a, _, err := r.Next(ctx, Place{})
	must(t, err)
	for _, d := range []Decision{
		{Verdict: Release, Cuts: []Cut{{0, 99}}},
		{Verdict: Release, Cuts: []Cut{{2, 3}}},
		{Verdict: Release, Cuts: []Cut{{0, 2}}},
		{Verdict: Release, Cuts: []Cut{{3, 4}, {0, 1}}},
		{Verdict: Release, Cuts: []Cut{{-1, 1}}},
		{Verdict: Release, Cuts: []Cut{{1, 1}}},
		{Verdict: Unread},
		{Verdict: "publish"},
	} {
		if err := r.Decide(ctx, a.Hash, d.Verdict, d.Cuts); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", d, err)
		}
	}
	few := r.hasher().of("few", "x")
	if err := r.Decide(ctx, few, Release, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an answer of too few: %v", err)
	}
	if _, err := r.Answer(ctx, few); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an answer of too few: %v", err)
	}
}

func TestTyped(t *testing.T) {
	for _, c := range []struct{ text, typed, left, missing string }{
		{"Kaisan ja kaisan tiimi", "KAISA", "[…] ja […] tiimi", ""},
		{"tiimin vetäjä, İpek Hanım", "ipek hanım, veljeni\nvetäjä", "tiimin […], […]", "veljeni"},
		{"a-b a", "a", "[…]-b […]", ""},
		{"aaaa", "aa", "[…]", ""},
		{"ei mitään", " , ;\n", "ei mitään", ""},
		{"\U0001F600 x", "\U0001F600", "[…] x", ""},
		{"אבג דה", "דה", "אבג […]", ""},
		{strings.Repeat("a", 100_000), "a", "[…]", ""},
	} {
		cuts, missing := Typed(c.text, c.typed)
		if got := Published(c.text, cuts); got != c.left || strings.Join(missing, "|") != c.missing {
			t.Errorf("%.40q without %q: %q, missing %q", c.text, c.typed, got, missing)
		}
	}
}

func TestPublished(t *testing.T) {
	for _, c := range []struct {
		text string
		cuts []Cut
		want string
	}{
		{"abc", nil, "abc"},
		{"abc", []Cut{{0, 3}}, "[…]"},
		{"a b c", []Cut{{0, 1}, {2, 3}}, "[…] c"},
		{"a, b c", []Cut{{0, 1}, {3, 4}}, "[…], […] c"},
		{"abc", []Cut{{0, 1}, {1, 2}}, "[…]c"},
	} {
		if got := Published(c.text, c.cuts); got != c.want {
			t.Errorf("%q %v: %q, want %q", c.text, c.cuts, got, c.want)
		}
	}
}
