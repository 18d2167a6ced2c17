package contacts

import (
	"slices"

	"viesti/i18n"
)

// CentreMap is one division of the regions among the state's regional centres. Networks keep their
// region alone, so any map can be laid over any wave.
type CentreMap struct {
	// From is the first year in which the map was in force.
	From    int
	regions map[string][]string // of each centre
	order   []string
}

// The maps. The fifteen Centres for Economic Development, Transport and the Environment (ELY) looked
// after Åland from Southwest Finland; of the ten Economic Development Centres (elinvoimakeskus,
// livskraftscentral) that followed on 1 January 2026 none is known to, so it stands by itself there.
var (
	CentresUntil2025 = CentreMap{
		order: []string{
			"ely-uusimaa", "ely-varsinais-suomi", "ely-satakunta", "ely-hame", "ely-pirkanmaa", "ely-kaakkois-suomi",
			"ely-etela-savo", "ely-pohjois-savo", "ely-pohjois-karjala", "ely-keski-suomi", "ely-etela-pohjanmaa",
			"ely-pohjanmaa", "ely-pohjois-pohjanmaa", "ely-kainuu", "ely-lappi",
		},
		regions: map[string][]string{
			"ely-uusimaa": {"uusimaa"}, "ely-varsinais-suomi": {"varsinais-suomi", "ahvenanmaa"}, "ely-satakunta": {"satakunta"},
			"ely-hame": {"kanta-hame", "paijat-hame"}, "ely-pirkanmaa": {"pirkanmaa"},
			"ely-kaakkois-suomi": {"kymenlaakso", "etela-karjala"}, "ely-etela-savo": {"etela-savo"},
			"ely-pohjois-savo": {"pohjois-savo"}, "ely-pohjois-karjala": {"pohjois-karjala"}, "ely-keski-suomi": {"keski-suomi"},
			"ely-etela-pohjanmaa": {"etela-pohjanmaa"}, "ely-pohjanmaa": {"pohjanmaa", "keski-pohjanmaa"},
			"ely-pohjois-pohjanmaa": {"pohjois-pohjanmaa"}, "ely-kainuu": {"kainuu"}, "ely-lappi": {"lappi"},
		},
	}
	CentresFrom2026 = CentreMap{
		From: 2026,
		order: []string{
			"evk-uusimaa", "evk-lounais-suomi", "evk-kaakkois-suomi", "evk-sisa-suomi", "evk-keski-suomi", "evk-ita-suomi",
			"evk-etela-pohjanmaa", "evk-pohjanmaa", "evk-pohjois-suomi", "evk-lappi",
		},
		regions: map[string][]string{
			"evk-uusimaa": {"uusimaa"}, "evk-lounais-suomi": {"varsinais-suomi", "satakunta"},
			"evk-kaakkois-suomi": {"kymenlaakso", "etela-karjala", "paijat-hame"}, "evk-sisa-suomi": {"pirkanmaa", "kanta-hame"},
			"evk-keski-suomi": {"keski-suomi"}, "evk-ita-suomi": {"pohjois-karjala", "etela-savo", "pohjois-savo"},
			"evk-etela-pohjanmaa": {"etela-pohjanmaa"}, "evk-pohjanmaa": {"pohjanmaa", "keski-pohjanmaa"},
			"evk-pohjois-suomi": {"pohjois-pohjanmaa", "kainuu"}, "evk-lappi": {"lappi"},
		},
	}
)

// CentresIn is the map in force in a year.
func CentresIn(year int) CentreMap {
	if year >= CentresFrom2026.From {
		return CentresFrom2026
	}
	return CentresUntil2025
}

// Of is the centre of a region. A region that has none, and National, is its own.
func (m CentreMap) Of(region string) string {
	for centre, regions := range m.regions {
		if slices.Contains(regions, region) {
			return centre
		}
	}
	return region
}

// Centres are the centres in the order in which people know them.
func (m CentreMap) Centres() []string { return slices.Clone(m.order) }

// CentreName is what a centre is called, or the region that stands for itself (CentreMap.Of).
func CentreName(l i18n.Lang, centre string) string {
	if !slices.Contains(append(CentresUntil2025.Centres(), CentresFrom2026.order...), centre) {
		return RegionName(l, centre)
	}
	return i18n.T(l, "contacts.centre."+centre, nil)
}

// parts are the parts of the country, as regional statistics cut it (NUTS 2).
var parts = map[string][]string{
	"helsinki-uusimaa": {"uusimaa"},
	"south":            {"varsinais-suomi", "kanta-hame", "paijat-hame", "kymenlaakso", "etela-karjala"},
	"west":             {"satakunta", "pirkanmaa", "keski-suomi", "etela-pohjanmaa", "pohjanmaa"},
	"north-and-east":   {"etela-savo", "pohjois-savo", "pohjois-karjala", "keski-pohjanmaa", "pohjois-pohjanmaa", "kainuu", "lappi"},
}

// PartOf is the part of the country that a region lies in (NUTS 2); Åland, and National, are their own.
func PartOf(region string) string {
	for part, regions := range parts {
		if slices.Contains(regions, region) {
			return part
		}
	}
	return region
}
