package contacts

import (
	"strings"
	"testing"

	"viesti/i18n"
)

var reasons = []Reason{
	missingAddress, notAnAddress, unknownLanguage, missingNetwork, unknownNetwork, badSlackUser, optedOut, erased,
	missingID, badID, twice, missingName, unknownKind, unknownRegion, badTarget, badSlackChannel,
	quote, tooManyCells, tooLong,
}

func TestEveryReasonHasItsSentence(t *testing.T) {
	for _, why := range reasons {
		for _, l := range i18n.Langs {
			said := Rejected{Line: 1234, Field: "f", Value: "v", Reason: why, Hint: "h"}.Say(l)
			if strings.ContainsAny(said, "{}") || !strings.Contains(said, " 1234, f: ") || !strings.Contains(said, " h?") {
				t.Errorf("%s: %s", why, said)
			}
		}
	}
}

func TestSay(t *testing.T) {
	tests := []struct {
		row  Rejected
		want map[i18n.Lang]string
	}{
		{Rejected{Line: 373, Field: "network", Value: "pomakoo", Reason: unknownNetwork, Hint: "pomako"}, map[i18n.Lang]string{
			i18n.Fi: "Rivi 373, network: tuntematon verkosto: pomakoo. Korjaa tunnus, tai tuo verkosto ensin. Tarkoititko: pomako?",
			i18n.Sv: "Rad 373, network: det finns inget nätverk med id pomakoo. Rätta det, eller importera nätverket först. Menade du pomako?",
			i18n.En: "Line 373, network: there is no network with the id pomakoo. Correct the id, or import the network first. Did you mean pomako?",
		}},
		{Rejected{Line: 7, Field: "email", Value: "a@example.org", Reason: optedOut}, map[i18n.Lang]string{
			i18n.Fi: "Rivi 7, email: a@example.org on kieltäytynyt viesteistä, eikä tuonti koskaan kumoa sitä. Poista rivi luettelostasi.",
			i18n.Sv: "Rad 7, email: a@example.org har avböjt meddelanden, och det ändras aldrig av en import. Ta bort raden från din lista.",
			i18n.En: "Line 7, email: a@example.org has opted out of messages, and an import never undoes that. Remove the row from your list.",
		}},
		{Rejected{Line: 3, Reason: quote}, map[i18n.Lang]string{
			i18n.Fi: `Rivi 3: lainausmerkki on väärässä paikassa. Pane koko solu lainausmerkkeihin ja kirjoita solun sisällä oleva lainausmerkki kahdesti: "".`,
			i18n.Sv: `Rad 3: ett citattecken är på fel plats. Sätt hela cellen inom citattecken och skriv ett citattecken i cellen dubbelt: "".`,
			i18n.En: `Line 3: a quotation mark is out of place. Put the whole cell in quotation marks, and write a quotation mark inside it twice: "".`,
		}},
	}
	for _, tt := range tests {
		for l, want := range tt.want {
			if got := tt.row.Say(l); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	}
}

func TestNear(t *testing.T) {
	words := []string{"pomako", "move", "etno-east", "etno-west", "talent-hubs", "x1"}
	tests := map[string]string{
		"pomakoo": "pomako", "opmako": "pomako", "pmkao": "", "moev": "move", "mvoee": "", "love": "move",
		"etno-wast": "", "etno-wesst": "etno-west", "talenthub": "talent-hubs", "x2": "", "": "", "newsletter": "",
	}
	for s, want := range tests {
		if got := near(s, words); got != want {
			t.Errorf("near(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestNamesOfRegionsAndKinds(t *testing.T) {
	for _, l := range i18n.Langs {
		seen := map[string]bool{}
		for _, id := range Regions {
			name := RegionName(l, id)
			if back, ok := parseRegion(strings.ToUpper(name)); !ok || back != id || seen[name] {
				t.Errorf("%s: %s is called %q, which is %q", l, id, name, back)
			}
			seen[name] = true
		}
		for _, k := range Kinds {
			if back, ok := parseKind(KindName(l, k)); !ok || back != k {
				t.Errorf("%s: %s is called %q", l, k, KindName(l, k))
			}
		}
	}
	if got := RegionName(i18n.Sv, "etela-pohjanmaa") + RegionName(i18n.Sv, "x") + KindName(i18n.Sv, "y"); got != "Södra Österbottenxy" {
		t.Error(got)
	}
}
