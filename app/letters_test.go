package app

import (
	"testing"

	"viesti/i18n"
	"viesti/survey"
)

func TestOpening(t *testing.T) {
	for text, want := range map[string]string{
		"Kysely selvittää mm. Helsingin ja esim. Porin oloja. Mihinkään ei ole pakko vastata.": "Kysely selvittää mm. Helsingin ja esim. Porin oloja.",
		"Hur fungerar\nsamarbetet?  Enkäten vänder sig till alla.":                             "Hur fungerar samarbetet?",
		"One sentence alone.": "One sentence alone.",
		"No end":              "",
		"":                    "",
	} {
		if got := opening(i18n.Text{i18n.Fi: text})[i18n.Fi]; got != want {
			t.Errorf("%q opens with %q, want %q", text, got, want)
		}
	}
	q, err := survey.Load("partnership-barometer")
	if err != nil {
		t.Fatal(err)
	}
	if !opening(q.Intro).Complete() {
		t.Errorf("the sample opens with %v", opening(q.Intro))
	}
}
