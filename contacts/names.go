package contacts

import (
	"maps"
	"slices"
	"strings"

	"viesti/i18n"
)

// RegionName is a region's name in a language, for one of Regions; any other id is its own name.
func RegionName(l i18n.Lang, id string) string {
	if !slices.Contains(Regions, id) {
		return id
	}
	return i18n.T(l, "contacts.region."+id, nil)
}

// KindName is a kind's name in a language; a kind that is none of Kinds is its own name.
func KindName(l i18n.Lang, k Kind) string {
	if !slices.Contains(Kinds, k) {
		return string(k)
	}
	return i18n.T(l, "contacts.kind."+string(k), nil)
}

// parseRegion finds a region by its id or by its name in any language.
func parseRegion(s string) (string, bool) {
	for _, id := range Regions {
		if strings.EqualFold(s, id) || slices.ContainsFunc(i18n.Langs, func(l i18n.Lang) bool { return strings.EqualFold(s, RegionName(l, id)) }) {
			return id, true
		}
	}
	return "", false
}

// parseKind finds a kind by its id or by its name in any language.
func parseKind(s string) (Kind, bool) {
	for _, k := range Kinds {
		if strings.EqualFold(s, string(k)) || slices.ContainsFunc(i18n.Langs, func(l i18n.Lang) bool { return strings.EqualFold(s, KindName(l, k)) }) {
			return k, true
		}
	}
	return "", false
}

// Equal tells whether two networks say the same.
func (n Network) Equal(m Network) bool {
	return n.ID == m.ID && n.Kind == m.Kind && n.Region == m.Region && n.Target == m.Target &&
		n.SlackChannel == m.SlackChannel && n.Parent == m.Parent && maps.Equal(n.Name, m.Name) &&
		n.Coordinator == m.Coordinator && n.CoordinatorEmail == m.CoordinatorEmail && maps.Equal(n.PersonalWord, m.PersonalWord) &&
		n.Sender == m.Sender && n.Opens == m.Opens && n.Closes == m.Closes
}
