package tomlfile

import (
	"slices"
	"testing"

	"viesti/internal/fault"
)

const doc = `title = "x"
[survey]
wave = "2026"

[[page]]
id = "a"
[[page.question]]
id = "q1"
text.fi = "f"
[[page]]
id = "b"
[[page.question]]
id = "q2"
[[page.question]]
id = "q3"
text.sv = "s"
`

func TestPlaceNamesTheLine(t *testing.T) {
	f, err := Decode("q.toml", []byte(doc), &map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	for path, line := range map[string]int{
		"title": 1, "survey": 2, "survey.wave": 3, "page.0": 5, "page.0.id": 6,
		"page.0.question.0.text.fi": 9, "page.1.question.0.id": 13,
		"page.1.question.1.text.sv": 16, "page.1.question.1.missing": 14, "nowhere": 0,
	} {
		if got := f.Place(path).Line; got != line {
			t.Errorf("%s: line %d, want %d", path, got, line)
		}
	}
}

func TestTimesWithoutAnOffset(t *testing.T) {
	f, err := Decode("c.toml", []byte("[a]\nb = 2027-03-28T03:30:00\nc = 2027-03-28T03:30:00+02:00\nd = 2027-03-28\ne = 03:30:00\nf = \"2027-03-28T03:30:00\"\n"), &map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"a.b": true, "a.c": false, "a.d": true, "a.e": true, "a.f": false, "b": false} {
		if f.Local(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

func TestUnknownKeysAreAllReported(t *testing.T) {
	var dest struct{ Survey struct{ Wave string } }
	_, err := Decode("c.toml", []byte("[survey]\nwave = \"1\"\nwavf = 2\n[maill]\nhost = 1\n"), &dest)
	list := fault.All(err)
	if len(list) != 2 || list[0].Place.Line != 3 || list[1].Place.Line != 4 {
		t.Fatalf("got %v", err)
	}
}

func TestUnknownKeysAreCounted(t *testing.T) {
	type question struct {
		ID   string
		Text map[string]string
	}
	var dest struct {
		Title string
		Page  []struct {
			ID       string
			Question []question
		}
	}
	_, err := Decode("q.toml", []byte(doc+"colour = 1\n"), &dest)
	var fields []string
	for _, f := range fault.All(err) {
		fields = append(fields, f.Place.Field)
	}
	if !slices.Equal(fields, []string{"survey", "page.1.question.1.colour"}) {
		t.Errorf("%q", fields)
	}
}

func TestSyntaxErrorHasItsLine(t *testing.T) {
	_, err := Decode("c.toml", []byte("a = 1\nb = = 2\n"), &map[string]any{})
	if f := fault.Of(err); f.Place.Line != 2 || f.Kind != fault.Invalid {
		t.Fatalf("got %+v", f)
	}
}
