package contacts_test

import (
	"slices"
	"strings"
	"testing"

	"viesti/contacts"
	"viesti/i18n"
)

func TestCentres(t *testing.T) {
	for year, want := range map[int]struct {
		centres int
		alone   []string // regions without a centre
		of      map[string]string
	}{
		2025: {15, []string{contacts.National}, map[string]string{
			"ahvenanmaa": "ely-varsinais-suomi", "paijat-hame": "ely-hame", "keski-pohjanmaa": "ely-pohjanmaa", "kainuu": "ely-kainuu",
		}},
		2026: {10, []string{"ahvenanmaa", contacts.National}, map[string]string{
			"satakunta": "evk-lounais-suomi", "paijat-hame": "evk-kaakkois-suomi", "kanta-hame": "evk-sisa-suomi", "kainuu": "evk-pohjois-suomi",
		}},
	} {
		m := contacts.CentresIn(year)
		seen, alone := map[string]bool{}, []string(nil)
		for _, region := range contacts.Regions {
			if centre := m.Of(region); centre == region {
				alone = append(alone, region)
			} else {
				seen[centre] = true
			}
		}
		if len(m.Centres()) != want.centres || len(seen) != want.centres {
			t.Errorf("%d: %d centres listed, %d with regions, want %d", year, len(m.Centres()), len(seen), want.centres)
		}
		if !slices.Equal(alone, want.alone) {
			t.Errorf("%d: without a centre %v, want %v", year, alone, want.alone)
		}
		for region, centre := range want.of {
			if got := m.Of(region); got != centre {
				t.Errorf("%d: %s is in %s, want %s", year, region, got, centre)
			}
		}
		for _, centre := range m.Centres() {
			for _, l := range i18n.Langs {
				if name := contacts.CentreName(l, centre); name == "" || strings.Contains(name, centre) {
					t.Errorf("%s in %s: %q", centre, l, name)
				}
			}
		}
	}
}
