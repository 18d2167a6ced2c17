package staff_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viesti/internal/fault"
	"viesti/staff"
	"viesti/store/bolt"
)

// roster is a roster with a store and a clock that stands still until it is moved.
func roster(t *testing.T) (*staff.Roster, *time.Time) {
	t.Helper()
	s, err := bolt.Open(t.Context(), bolt.Options{Path: filepath.Join(t.TempDir(), "viesti.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	return &staff.Roster{
		Store: s, Now: func() time.Time { return now }, Rand: strings.NewReader(strings.Repeat("a code from chance ", 10)),
		Day: func() string { return "2027-03-01" },
	}, &now
}

func TestClaim(t *testing.T) {
	r, now := roster(t)
	claim := func(user, code string) bool {
		t.Helper()
		ok, err := r.Claim(t.Context(), user, code)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	fresh := func() string {
		t.Helper()
		code, until, err := r.NewClaim(t.Context())
		if err != nil || until.Sub(*now) != 30*time.Minute {
			t.Fatalf("%v, until %s", err, until)
		}
		return code
	}
	if claim("U0MALLORY", "") || claim("U0MALLORY", "abcd-efgh-jkmn2") {
		t.Error("claimed without a code")
	}
	code := fresh()
	for range 4 {
		if claim("U0MALLORY", "abcd-efgh-jkmn2") {
			t.Error("claimed by a wrong code")
		}
	}
	if !claim("U0AINO", " „"+strings.ToUpper(code)+"” ") {
		t.Error("the right code, as a phone writes it, is not taken")
	}
	if claim("U0MALLORY", code) {
		t.Error("claimed twice")
	}

	code = fresh()
	for range 5 {
		claim("U0MALLORY", "wrong")
	}
	if claim("U0MALLORY", code) {
		t.Error("claimed at the sixth try")
	}
	code = fresh()
	*now = now.Add(30 * time.Minute)
	if claim("U0MALLORY", code) {
		t.Error("claimed too late")
	}
	code = fresh()
	fresh()
	if claim("U0MALLORY", code) {
		t.Error("claimed by a code that another followed")
	}

	list, err := r.Store.Grants(t.Context())
	want := staff.Grant{Who: "U0AINO", Role: staff.Admin, By: "U0AINO", Day: "2027-03-01"}
	if err != nil || len(list) != 1 || list[0] != want {
		t.Errorf("%v, roles %+v", err, list)
	}
}

func TestRosterGives(t *testing.T) {
	r, _ := roster(t)
	if _, err := r.Give(t.Context(), staff.Grant{Who: "aino", Role: staff.Admin}); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
	has, err := r.Give(t.Context(), staff.Grant{Who: "S0TEAM", Network: "pomako", Role: staff.Viewer, By: "U0AINO"})
	want := staff.Grant{Who: "S0TEAM", Network: "pomako", Role: staff.Viewer, By: "U0AINO", Day: "2027-03-01"}
	if err != nil || len(has) != 1 || has[0] != want {
		t.Errorf("%v, %+v", err, has)
	}
	if has, err = r.Give(t.Context(), staff.Grant{Who: "S0TEAM", Role: staff.None}); err != nil || has != nil {
		t.Errorf("%v, %+v", err, has)
	}
}
