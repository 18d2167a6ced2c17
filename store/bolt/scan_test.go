package bolt

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"sync"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// nasty are answers whose texts look like the record they lie in.
func nasty(i int) survey.Answers {
	return survey.Answers{
		"trust":   {Value: fmt.Sprint(i % 10)},
		"rows":    {Rows: map[string]string{"trust": "5", "rows": "1"}},
		"answers": {Choices: []string{"trust", "rows"}, Text: `"trust":{"value":"9"}`},
		"open":    {Text: `x","answers":{"trust":{"value":"9"},"rows":{"text":"<script>"}` + "\u2028\\"},
		"value":   {Text: `\"trust\":{`},
	}
}

// TestScan reads answers in shares: each once, whatever their keys are, and of one question what the
// whole record has.
func TestScan(t *testing.T) {
	ctx := context.Background()
	s := openIn(t, t.TempDir())
	const n = 1300
	must(t, s.update(ctx, func(tx *tx) error {
		for i := range n {
			id := benchKey(i)
			switch {
			case i%50 == 0:
				id = survey.DraftKey(fmt.Sprintf("zz-%d", i))
			case i < 700: // more than a page in one share
				id = survey.DraftKey(fmt.Sprintf("7f%06d", i))
			}
			r := survey.Response{Wave: "2027", Lang: i18n.Fi, Day: "2027-03-01", State: survey.Complete, Version: fmt.Sprint(i), Answers: nasty(i)}
			if i%7 == 0 {
				r.Answers = nil
			}
			if err := tx.save(responses("2027"), []byte(id), r); err != nil {
				return err
			}
		}
		return nil
	}))
	scanned := func(only string) map[string]survey.Response {
		var lock sync.Mutex
		all := map[string]survey.Response{}
		must(t, s.ScanResponses(ctx, "2027", only, func() func(survey.Response) error {
			return func(r survey.Response) error {
				lock.Lock()
				defer lock.Unlock()
				if _, twice := all[r.Version]; twice {
					t.Errorf("%s came twice", r.Version)
				}
				r.Answers = maps.Clone(r.Answers) // it is given for now alone
				all[r.Version] = r
				return nil
			}
		}))
		return all
	}
	want := scanned("")
	if len(want) != n {
		t.Fatalf("%d responses, want %d", len(want), n)
	}
	for _, only := range []string{"trust", "rows", "answers", "open", "value", "nothing"} {
		got := scanned(only)
		for id, r := range want {
			if !reflect.DeepEqual(got[id].Answers[only], r.Answers[only]) || got[id].Day != r.Day || got[id].Wave != r.Wave {
				t.Fatalf("%s of response %s: %+v, want %+v", only, id, got[id], r)
			}
		}
	}
	if len(scannedWave(t, s, "1999")) != 0 {
		t.Error("a wave without answers")
	}
}

func scannedWave(t *testing.T, s *Store, wave string) (list []survey.Response) {
	t.Helper()
	var lock sync.Mutex
	must(t, s.ScanResponses(context.Background(), wave, "", func() func(survey.Response) error {
		return func(r survey.Response) error {
			lock.Lock()
			defer lock.Unlock()
			list = append(list, r)
			return nil
		}
	}))
	return list
}

// A reader's error and the end of the context stop all of them.
func TestScanStops(t *testing.T) {
	s := openIn(t, t.TempDir())
	fill(t, s)
	err := s.ScanResponses(context.Background(), "2027", "", func() func(survey.Response) error {
		return func(survey.Response) error { return errRefused }
	})
	if err != errRefused { //nolint:errorlint // this very one
		t.Errorf("error %v", err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if err := s.ScanResponses(ended, "2027", "", func() func(survey.Response) error {
		return func(survey.Response) error { return nil }
	}); err == nil {
		t.Error("no error after the end of the context")
	}
}

// FuzzDecoder makes sure that a response is read as it was written, whatever is in its texts.
func FuzzDecoder(f *testing.F) {
	f.Add(`"trust":{"value":"9"}`, "7", "1")
	f.Add(`\","answers":{"trust":{`, "", `\`)
	f.Add("}{", "\u2028", `"day":"`)
	f.Fuzz(func(t *testing.T, text, value, version string) {
		r := survey.Response{Wave: "2027", Day: "2027-03-01", Version: version, Answers: nasty(3)}
		r.Answers["more"], r.Answers["trust"] = survey.Answer{Text: text}, survey.Answer{Value: value, Text: text}
		raw, err := json.Marshal(r)
		must(t, err)
		want, err := decode[survey.Response](raw)
		must(t, err)
		for _, only := range []string{"", "open", "trust", "more", "rows", "answers", "text", "nobody"} {
			d := newDecoder("2027", only)
			for range 2 { // anew, and of what is known
				got, err := d.response(raw)
				must(t, err)
				if got.Day != want.Day || got.Version != want.Version || got.Wave != want.Wave {
					t.Fatalf("%+v, want %+v", got, want)
				}
				for id, a := range want.Answers {
					if (only == "" || only == id) && !reflect.DeepEqual(got.Answers[id], a) {
						t.Fatalf("only %q, %s: %+v, want %+v", only, id, got.Answers[id], a)
					}
				}
				if only == "" && len(got.Answers) != len(want.Answers) {
					t.Fatalf("%d answers, want %d", len(got.Answers), len(want.Answers))
				}
			}
		}
	})
}

// What was released stays, and nobody makes the same release twice. What is asked is kept once.
func TestReleases(t *testing.T) {
	ctx := context.Background()
	s := openChecked(t, t.TempDir())
	must(t, s.AddRelease(ctx, "2027", 0, []byte(`{"n":0}`)))
	wantFault(t, s.AddRelease(ctx, "2027", 0, []byte(`{"n":9}`)), fault.Conflict, "store.released")
	wantFault(t, s.AddRelease(ctx, "2027", 2, []byte(`{"n":9}`)), fault.Conflict, "store.released")
	for i := 1; i < 12; i++ {
		must(t, s.AddRelease(ctx, "2027", i, fmt.Appendf(nil, `{"n":%d}`, i)))
	}
	must(t, s.AddRelease(ctx, "20270", 0, []byte(`{"n":"other"}`)))
	list, err := s.Releases(ctx, "2027")
	must(t, err)
	for i, raw := range list {
		if string(raw) != fmt.Sprintf(`{"n":%d}`, i) {
			t.Errorf("release %d is %s", i, raw)
		}
	}
	if len(list) != 12 {
		t.Errorf("%d releases", len(list))
	}
	first := survey.Edition{Version: "1", Day: "2027-03-01", Source: "a"}
	for _, e := range []survey.Edition{first, {Version: "1", Day: "2027-03-05", Source: "a"}, {Version: "1", Day: "2027-03-06", Source: "b"}, {Version: "2", Day: "2027-03-07", Source: "b"}} {
		must(t, s.KeepEdition(ctx, "2027", e))
	}
	kept, err := s.Editions(ctx, "2027")
	must(t, err)
	if len(kept) != 3 {
		t.Errorf("editions %+v", kept)
	}
	days := map[string]bool{}
	for _, e := range kept {
		days[e.Day] = true
	}
	if !days["2027-03-01"] || days["2027-03-05"] {
		t.Errorf("an edition has the day on which it was first asked: %+v", kept)
	}
}
