package mark

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// answer is a line of testdata/answers.txt.
type answer struct {
	lang, text string
	telling    []Span // what should be marked
}

func answers(t testing.TB, file string) []answer {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []answer
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		lang, rest, _ := strings.Cut(line, " ")
		a := answer{lang: lang}
		var b strings.Builder
		for _, r := range rest {
			switch r {
			case '{':
				a.telling = append(a.telling, Span{Start: b.Len()})
			case '}':
				a.telling[len(a.telling)-1].End = b.Len()
			default:
				b.WriteRune(r)
			}
		}
		a.text = b.String()
		list = append(list, a)
	}
	return list
}

func overlaps(a, b Span) bool { return a.Start < b.End && b.Start < a.End }

func shown(text string, list []Span) []string {
	var out []string
	for _, s := range list {
		out = append(out, text[s.Start:s.End]+" "+string(s.Kind))
	}
	return out
}

// TestAnswers reads made-up answers: nothing that tells of somebody is left unmarked, but for a
// few that are counted here, and few other things are marked.
func TestAnswers(t *testing.T) {
	for file, want := range map[string][2]int{"testdata/answers.txt": {0, 0}, "testdata/unseen.txt": {3, 1}, "testdata/third.txt": {3, 3}} {
		t.Run(file, func(t *testing.T) {
			if got := measure(t, file); got != want {
				t.Errorf("%d missed and %d needless, want %d and %d", got[0], got[1], want[0], want[1])
			}
		})
	}
}

// measure counts parts that should be marked and are not, and marks that should not be.
func measure(t *testing.T, file string) [2]int {
	t.Helper()
	telling, missed, marked, needless := 0, 0, 0, 0
	for _, a := range answers(t, file) {
		found := Find(a.text, nil)
		for _, want := range a.telling {
			telling++
			covered := slices.ContainsFunc(found, func(s Span) bool { return s.Start <= want.Start && s.End >= want.End })
			if !covered {
				missed++
				t.Logf("missed %q in %q: %q", a.text[want.Start:want.End], a.text, shown(a.text, found))
			}
		}
		for _, s := range found {
			marked++
			if !slices.ContainsFunc(a.telling, func(want Span) bool { return overlaps(s, want) }) {
				needless++
				t.Logf("needless %q in %q", a.text[s.Start:s.End], a.text)
			}
		}
	}
	t.Logf("%d telling parts, %d missed; %d marks, %d needless", telling, missed, marked, needless)
	return [2]int{missed, needless}
}

func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		"aino.virtanen+x@mail.example.fi, kiitos":    "aino.virtanen+x@mail.example.fi email",
		"åsa@exämple.fi":                             "åsa@exämple.fi email",
		"aino [ät] example.fi":                       "aino [ät] example.fi email",
		"write aino at example dot org":              "aino at example dot org email",
		"ks. HTTPS://example.org/a?b=c":              "HTTPS://example.org/a?b=c web",
		"kiitos @aino_v!":                            "@aino_v web",
		"puh. 0500-123 456, Voitto – Väinö":          "0500-123 456 phone|Voitto name|Väinö name",
		"- Yksi asia\n * Toinen asia\n– kolmas":      "",
		"soita 0401234567":                           "0401234567 phone",
		"ring (09) 123 4567":                         "(09) 123 4567 phone",
		"+46 70-123 45 67":                           "+46 70-123 45 67 phone",
		"+358(0)40/1234567":                          "+358(0)40/1234567 phone",
		"klo 08-16, 12-18":                           "",
		"01-02-2027":                                 "",
		"vuosina 2020-2025, 1 500 000 euroa":         "",
		"asiakas 12345678":                           "12345678 number",
		"010203A123B":                                "010203A123B identity",
		"131052-308T":                                "131052-308T identity",
		"131052-308X":                                "131052-308X identity", // the check character is wrong, the person is the same
		"synt. 3.12.1988":                            "3.12.1988 identity",
		"kokous 3.12.2026":                           "",
		"DE89 3704 0044 0532 0130 00":                "DE89 3704 0044 0532 0130 00 account",
		"fi2112345600000785":                         "fi2112345600000785 account",
		"Itäkadulla 3 on kahvila":                    "Itäkadulla 3 address",
		"PL 55":                                      "PL 55 address",
		"12 Oxford Street":                           "12 Oxford Street address",
		"jo hra Äijälä tietää":                       "Äijälä name",
		"soitin J. R. Ewingille":                     "J. R. Ewingille name",
		"Ludwig van Beethovenin tapaan":              "Ludwig van Beethovenin name",
		"kiitos Pekalle, Antin ja Heikin avulla":     "Pekalle name|Antin name|Heikin name",
		"Matille ja Matin":                           "Matille name|Matin name",
		"sanoi Tuomaksen isä Markukselle":            "Tuomaksen name|Markukselle name",
		"Uudessakaupungissa, Tampereella":            "Tampereella place",
		"Varkaudesta, Lahden kautta Kauhajoelle":     "Varkaudesta place|Lahden place|Kauhajoelle place",
		"yhdistys Apu r.y. auttoi":                   "Apu r.y organisation",
		"kiitos Matti Virtaselle Vaasan kaupungista": "Matti Virtaselle name|Vaasan kaupungista organisation",
		"auttajat ry":                                "auttajat ry organisation",
		"Nuorisosäätiöltä saa tukea":                 "Nuorisosäätiöltä organisation",
		"HALOO KUULEEKO KUKAAN TÄÄLLÄ MATTI":         "MATTI name",
		"я знаю Светлану":                            "Светлану name",
		"😀😀 مرحبا 你好":                                "",
		"":                                           "",
	} {
		if got := strings.Join(shown(text, Find(text, nil)), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestOwnWords(t *testing.T) {
	own := NewWords([]string{"pomako", "Kansainvälinen kohtaamo", "Startup Refugees", "Kunta", "EU", "", "!!", "x"})
	for text, want := range map[string]string{
		"kiitos pomakolle, pomakon väki":          "pomakolle|pomakon",
		"Kansainvälinen kohtaamo ja sen":          "Kansainvälinen kohtaamo",
		"oli kansainvälinen kohtaamossakin":       "kansainvälinen kohtaamossakin",
		"oli kansainvälinen. kohtaamo":            "",
		"kunta on tärkeä, eu myös":                "",
		"we like startup refugees' work":          "startup refugees",
		strings.Repeat("pomako ", 3) + "pomaakko": "pomako|pomako|pomako",
	} {
		var got []string
		for _, s := range Find(text, own) {
			got = append(got, text[s.Start:s.End])
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestJoined(t *testing.T) {
	got := Joined([]Span{{5, 9, Web}, {0, 6, Email}, {9, 9, Name}, {9, 12, Name}, {20, 21, Phone}, {20, 25, Name}})
	want := []Span{{0, 9, Web}, {9, 12, Name}, {20, 25, Phone}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// sound tells what is wrong with marks of a text, whatever they mark.
func sound(text string, list []Span) string {
	end := 0
	for _, s := range list {
		switch {
		case s.Start < end || s.End <= s.Start || s.End > len(text):
			return "out of order or out of bounds"
		case utf8.ValidString(text) && !utf8.ValidString(text[s.Start:s.End]):
			return "a character is cut"
		case !slices.Contains(Kinds, s.Kind):
			return "no kind"
		}
		end = s.End
	}
	return ""
}

func FuzzFind(f *testing.F) {
	for _, a := range answers(f, "testdata/answers.txt") {
		f.Add(a.text, a.lang)
	}
	f.Add("@@@@....+++00000 FI00 (at)", "İ\u0130ǅ's")
	f.Fuzz(func(t *testing.T, text, own string) {
		list := Find(text, NewWords([]string{own}))
		if wrong := sound(text, list); wrong != "" {
			t.Errorf("%s: %v in %q", wrong, list, text)
		}
	})
}

// TestLongTexts reads what would be slow if any rule looked again and again at the same bytes: each
// would then take minutes.
func TestLongTexts(t *testing.T) {
	own := NewWords([]string{"a a a a a a b", "Matti ja Matti ry"})
	for _, piece := range []string{"a", "A ", "a@", "@", ".", "0", "0 ", "+0(", "FI00 ", "Matti ", "ry ", "r.", "t. ", "😀", "א", "katu 1", "1.1.", "ei-", "nimeni on ", "\xff", "van A "} {
		text := strings.Repeat(piece, 100_000/len(piece))
		if wrong := sound(text, Find(text, own)); wrong != "" {
			t.Errorf("%q: %s", piece, wrong)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	var all strings.Builder
	for _, a := range answers(b, "testdata/answers.txt") {
		all.WriteString(a.text + "\n")
	}
	for _, size := range []int{1_000, 10_000, 100_000} {
		text := strings.Repeat(all.String(), 1+size/all.Len())[:size]
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				Find(text, nil)
			}
		})
	}
}
