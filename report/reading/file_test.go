package reading

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// FuzzCuts takes parts out of a text by chance, and finds out of what is left what was taken out.
func FuzzCuts(f *testing.F) {
	f.Add("Kiitos Matti Virtaselle, kiitos!", uint64(1))
	f.Add("[…] a [...] [nimi] b", uint64(2))
	f.Add("aaaa\u202e\x00\xff aaaa", uint64(3))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		text = Clean(text)
		if Clean(text) != text {
			t.Fatalf("not clean: %q", text)
		}
		r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test's
		var cuts []Cut
		at := 0
		for i := range text {
			if i > at && r.IntN(4) == 0 {
				if r.IntN(2) == 0 {
					cuts = append(cuts, Cut{at, i})
				}
				at = i
			}
		}
		if d := (Decision{Verdict: Release, Cuts: cuts}); !d.Fits(text) {
			t.Fatalf("%v do not fit %q", cuts, text)
		}
		left := Published(text, cuts)
		found, ok := Cuts(text, left)
		if d := (Decision{Verdict: Release, Cuts: found}); !ok || !d.Fits(text) {
			if !gaps.MatchString(text) {
				t.Fatalf("%q left of %q: %v %v", left, text, found, ok)
			}
			return
		}
		if again := Published(text, found); again != left && !gaps.MatchString(text) {
			t.Fatalf("%q, then %q of %q", left, again, text)
		}
		typed, _ := Typed(text, left)
		if d := (Decision{Verdict: Release, Cuts: typed}); !d.Fits(text) {
			t.Fatalf("typed %v do not fit %q", typed, text)
		}
	})
}

func TestReworded(t *testing.T) {
	text := "Kiitos Matti Virtaselle, hän auttoi. Matti on hyvä."
	for left, want := range map[string]bool{
		text: true, "Kiitos […], hän auttoi. […] on hyvä.": true, "Kiitos [...], hän auttoi. [nimi] on hyvä.": true,
		"[…] hän auttoi. […]": true, "[…]": true, "Kiitos […]": true, "[…]hyvä.": true,
		"Kiitos Matille": false, "Kiitos […], hän ei auttanut. […] on hyvä.": false, "": false, "[…] Kiitos […]": false,
		text + "[…]": true, "Kiitos […] Matti": false, "Moi! " + text: false,
	} {
		if _, ok := Cuts(text, left); ok != want {
			t.Errorf("%q: %v", left, ok)
		}
	}
}

// TestSpreadsheet takes all answers to a file, decides there, and brings them back.
func TestSpreadsheet(t *testing.T) {
	for _, l := range i18n.Langs {
		for _, format := range []Format{CSV, XLSX} {
			t.Run(string(l)+" "+string(format), func(t *testing.T) {
				r, s := begin(t, given)
				long := strings.Repeat("pitkä ", 17_000)
				s.responses = append(s.responses, survey.Response{Answers: survey.Answers{"good": {Text: long}}})
				rows := exported(t, r, s, format, l)
				raw := file(t, format, decided(rows, l))
				if got := imported(t, r, raw, true, l); got != "8 0 0 [decision verdict id unknown publish empty publish reworded]" || len(s.decisions) > 0 {
					t.Errorf("without keeping it: %s, %d kept", got, len(s.decisions))
				}
				if got := imported(t, r, raw, false, l); got != "8 0 0 [decision verdict id unknown publish empty publish reworded]" {
					t.Errorf("first: %s", got)
				}
				if got := imported(t, r, raw, false, l); got != "0 0 8 [decision verdict id unknown publish empty publish reworded]" {
					t.Errorf("again: %s", got)
				}
				open, err := r.Released(t.Context(), nil)
				must(t, err)
				if got := slices.Sorted(slices.Values(open["bad"].Answers)); !slices.Equal(got, []string{"=[…](\"[…]\")", "rahat loppuivat"}) {
					t.Errorf("published %q", got)
				}
			})
		}
	}
}

// exported is the file as rows. Imported as it is, it decides nothing.
func exported(t *testing.T, r *Reader, s *shelf, format Format, l i18n.Lang) []numbered {
	t.Helper()
	raw, err := r.Export(t.Context(), format, l)
	must(t, err)
	rows, err := File{Data: raw}.rows()
	must(t, err)
	if len(rows) != 1+9 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, x := range rows {
		for _, cell := range x.cells {
			if format == CSV && cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
	if got := imported(t, r, raw, false, l); got != "0 0 9 []" || len(s.decisions) > 0 {
		t.Errorf("nothing was decided: %s", got)
	}
	return rows
}

// decided releases all rows but "ei", which it withholds, and has three rows more that are wrong.
func decided(rows []numbered, l i18n.Lang) [][]string {
	list := [][]string{rows[0].cells}
	for _, x := range rows[1:] {
		cells := slices.Concat(x.cells, make([]string, 6))[:6]
		cells[4] = i18n.T(l, "reading.decision.release", nil)
		if cells[2] == "ei" {
			cells[4] = strings.ToUpper(i18n.T(l, "reading.decision.withhold", nil))
		}
		list = append(list, cells)
	}
	return append(list, []string{"nosuchid", "", "", "", "release", "x"}, []string{rows[2].cells[0], "", "", "", "perhaps"},
		[]string{rows[3].cells[0], "", "", "", "release", "something else"})
}

// imported is what became of a file, in short.
func imported(t *testing.T, r *Reader, raw []byte, dry bool, l i18n.Lang) string {
	t.Helper()
	imp, err := r.Import(t.Context(), File{Name: "a", Data: raw}, dry)
	must(t, err)
	why := []string{}
	for _, x := range imp.Rejected {
		why = append(why, x.Field+" "+x.Reason)
		if said := x.Say(l); !strings.Contains(said, column(x.Field).heading(l)) || strings.Contains(said, "{") {
			t.Errorf("%q", said)
		}
	}
	slices.Sort(why)
	return fmt.Sprint(imp.Added, imp.Updated, imp.Unchanged, why)
}

func file(t *testing.T, f Format, rows [][]string) []byte {
	t.Helper()
	if f == XLSX {
		raw, err := workbook(rows)
		must(t, err)
		return raw
	}
	var b bytes.Buffer
	must(t, csv.NewWriter(&b).WriteAll(rows)) // as a spreadsheet saves what it has read
	return b.Bytes()
}

func TestFilesNobodyCanRead(t *testing.T) {
	r, _ := begin(t, given)
	for data, want := range map[string]string{
		"": "reading.no_heading", "a,b\nc,d": "reading.no_heading", "id;decision;publish\n\"x": "reading.csv", "PK\x03\x04xx": "reading.workbook",
	} {
		_, err := r.Import(context.Background(), File{Name: "a.csv", Data: []byte(data)}, false)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Key != want || f.Place.File != "a.csv" {
			t.Errorf("%q: %v", data, err)
		}
	}
	imp, err := r.Import(context.Background(), File{Data: []byte("tunnus\tp\xe4\xe4t\xf6s\tjulkaistava teksti\r\nx\tjulkaise\ty\r\n")}, false)
	if err != nil || len(imp.Rejected) != 1 || imp.Rejected[0].Line != 2 {
		t.Errorf("as Excel saves it: %+v %v", imp, err)
	}
}

func FuzzImport(f *testing.F) {
	r, s := begin(f, given)
	raw, err := r.Export(context.Background(), CSV, i18n.Fi)
	must(f, err)
	f.Add(raw)
	f.Add(bytes.ReplaceAll(raw, []byte(",,"), []byte(",julkaise,")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		clear(s.decisions)
		if _, err := r.Import(context.Background(), File{Name: "f", Data: raw}, false); err != nil {
			return
		}
		must(t, r.texts(context.Background(), nil, func(w written, d Decision) {
			if d.Verdict != Unread && !d.Fits(w.text) {
				t.Errorf("%+v does not fit %q", d, w.text)
			}
		}))
	})
}
