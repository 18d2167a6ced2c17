package staff

import (
	"fmt"
	"testing"
)

func TestNearest(t *testing.T) {
	admins := []Grant{{Who: "UADMIN", Role: Admin}, {Who: "SADMINS", Role: Admin}}
	all := append(admins, Grant{Who: "UALL", Role: Coordinator}, Grant{Who: "UVIEWER", Network: "a", Role: Viewer})
	own := append(all, Grant{Who: "U2", Network: "a", Role: Coordinator}, Grant{Who: "U1", Network: "a", Role: Coordinator})
	for _, c := range []struct {
		grants  []Grant
		network string
		want    string
	}{
		{nil, "a", "[]"},
		{admins, "a", "[SADMINS UADMIN]"},
		{all, "a", "[UALL]"},
		{own, "a", "[U1 U2]"},
		{own, "b", "[UALL]"},
		{own, "", "[SADMINS UADMIN]"},
	} {
		if got := fmt.Sprint(Nearest(c.grants, c.network)); got != c.want {
			t.Errorf("of %q: %s, want %s", c.network, got, c.want)
		}
	}
	if got := fmt.Sprint(Coordinators(own, "a"), Coordinators(own, "b")); got != "[U1 U2] []" {
		t.Errorf("coordinators %s", got)
	}
}
