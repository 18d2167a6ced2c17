package staff

import "slices"

// IsGroup tells whether an id is a user group's.
func IsGroup(who string) bool { return Grant{Who: who}.IsGroup() }

// Coordinators are the users and groups who coordinate this very network, in order. Without a
// network they are those who coordinate all of them.
func Coordinators(grants []Grant, network string) []string {
	return who(grants, func(g Grant) bool { return g.Role == Coordinator && g.Network == network })
}

// Nearest are the users and groups who hear of a network's troubles, in order: its coordinators,
// else those of all networks, else the administrators. Without a network, which is trouble with
// the installation, they are the administrators.
func Nearest(grants []Grant, network string) []string {
	if network != "" {
		for _, of := range []string{network, ""} {
			if list := Coordinators(grants, of); list != nil {
				return list
			}
		}
	}
	return who(grants, func(g Grant) bool { return g.Role == Admin })
}

func who(grants []Grant, is func(Grant) bool) (list []string) {
	for _, g := range grants {
		if is(g) {
			list = append(list, g.Who)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
