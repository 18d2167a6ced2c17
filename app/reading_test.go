package app_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"viesti/report/reading"
)

// TestWordsToMark makes sure that what the reading of answers gets of the lists is bare words: each once, in
// the order of the alphabet, and nothing of a person.
func TestWordsToMark(t *testing.T) {
	p := start(t)
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", "email,name,organisation,language,network\n"+
		"zoe@example.org,Zoe Nimi,Öljymäen apu,fi,pomako\naino@example.org,Aino Nimi,Apuseura,fi,pomako\nberit@example.org,Berit Nimi,Apuseura,sv,pomako\n"))
	r, err := p.app.Answers("")
	must(t, err)
	words, err := r.Names(t.Context())
	must(t, err)
	if !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Errorf("an order or a number that tells something: %q", words)
	}
	for _, want := range []string{"Apuseura", "Öljymäen apu", "pomako"} {
		if !slices.Contains(words, want) {
			t.Errorf("%q is not to be marked: %q", want, words)
		}
	}
	if all := strings.Join(words, " "); strings.Contains(all, "@") || strings.Contains(all, "Nimi") {
		t.Errorf("people among the words: %q", words)
	}
	var progress reading.Progress
	must(t, json.Unmarshal([]byte(p.command("answers", "--json")), &progress))
	if progress.Begun || len(progress.Questions) > 0 {
		t.Errorf("read before the close: %+v", progress)
	}
}
