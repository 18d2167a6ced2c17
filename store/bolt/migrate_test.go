package bolt

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/report/reading"
	"viesti/survey"
)

var update = flag.Bool("update", false, "write the file of the latest version anew")

// TestVersion9 reads a store that was written when version 9 was the latest. The file is not to
// be written anew once that version was released.
func TestVersion9(t *testing.T) {
	if *update {
		s := openChecked(t, t.TempDir())
		fill(t, s)
		raw, err := os.ReadFile(backup(t, s))
		must(t, err)
		must(t, os.WriteFile("testdata/v9.db", raw, 0o644)) //nolint:gosec // made-up people
	}
	s := openCopy(t, "testdata/v9.db")
	decided, err := s.Decisions(context.Background(), "2027")
	must(t, err)
	if len(decided) != 1 || decided[0].Verdict != reading.Release || !slices.Equal(decided[0].Cuts, []reading.Cut{{Start: 3, End: 8}}) {
		t.Errorf("decisions %+v", decided)
	}
}

// TestVersion8 reads a store of before open answers were read: nothing is decided, and now can be.
func TestVersion8(t *testing.T) {
	ctx := context.Background()
	s := openCopy(t, "testdata/v8.db")
	released, err := s.Releases(ctx, "2027")
	must(t, err)
	if len(released) != 1 || string(released[0]) != `{"wave":"2027"}` {
		t.Errorf("releases %q", released)
	}
	decided, err := s.Decisions(ctx, "2027")
	must(t, err)
	must(t, s.Decide(ctx, "2027", []reading.Decision{{Question: "else", Hash: "h", Verdict: reading.Withhold}}))
	again, err := s.Decisions(ctx, "2027")
	must(t, err)
	if len(decided) != 0 || len(again) != 1 {
		t.Errorf("decisions %+v, then %+v", decided, again)
	}
	if got, want := strings.Count(dump(t, s), "\n"), 67; got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

// TestVersion7 reads a store of before results were released, and of before it was kept what was asked.
func TestVersion7(t *testing.T) {
	s := openCopy(t, "testdata/v7.db")
	n, err := s.ForgetEntries(context.Background(), march)
	must(t, err)
	must(t, s.AddRelease(context.Background(), "2027", 0, []byte("{}")))
	if got, want := strings.Count(dump(t, s), "\n"), 65; got != want || n != 0 {
		t.Errorf("%d pairs, want %d; %d entries forgotten", got, want, n)
	}
}

// TestVersion6 reads a store of before the book of what was done with people's data, and purges it:
// the counts stay.
func TestVersion6(t *testing.T) {
	s := openCopy(t, "testdata/v6.db")
	digestsOfFill(t, s)
	purgesWell(t, s)
}

// TestVersion5 reads a store of before there were digests of recipients.
func TestVersion5(t *testing.T) {
	s := openCopy(t, "testdata/v5.db")
	left, err := s.Departures(context.Background(), "2027")
	must(t, err)
	if len(left) != 1 || left[0].N != 1 || !left[0].Hour.Equal(march) {
		t.Errorf("departures %+v", left)
	}
	digestsOfFill(t, s)
	if got, want := strings.Count(dump(t, s), "\n"), 63; got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

// digestsOfFill looks at what is kept ready of the contacts in a filled store: the first was sent
// their invitation, the second is erased, the others wait.
func digestsOfFill(t *testing.T, s *Store) {
	t.Helper()
	got := ""
	must(t, s.Recipients(context.Background(), func(some []outbox.Recipient) error {
		for _, r := range some {
			got += fmt.Sprintln(r.ID, r.Email, r.Home())
			for _, m := range r.Traces {
				got += fmt.Sprintln(" ", m.Wave, m.Kind, m.Carrier, m.State, m.At.Sub(march))
			}
		}
		return nil
	}))
	want := `contact-0 contact-0@example.org pomako
  2027 invitation mail sent 0s
contact-2 contact-2@example.org pomako
  2027 invitation mail pending 2h0m0s
contact-3 contact-3@example.org pomako
  2027 invitation mail pending 3h0m0s
contact-4 contact-4@example.org pomako
  2027 invitation mail pending 4h0m0s
contact-5 contact-5@example.org pomako
  2027 invitation mail pending 5h0m0s
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestVersion4 reads a store of before the course of a wave was counted: of an answer that was begun
// it is not known how far it had come.
func TestVersion4(t *testing.T) {
	s := openCopy(t, "testdata/v4.db")
	if got, err := s.PausedNetworks(context.Background()); err != nil || !slices.Equal(got, []string{"pomako"}) {
		t.Errorf("paused: %q, %v", got, err)
	}
	stopsOfBefore(t, s)
	if got, want := strings.Count(dump(t, s), "\n"), 62; got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

// TestVersion3 reads a store of before networks could be paused: all that waits is still due.
func TestVersion3(t *testing.T) {
	ctx := context.Background()
	s := openCopy(t, "testdata/v3.db")
	p, err := s.Person(ctx, "U0AINO")
	must(t, err)
	if p.Lang != i18n.Sv {
		t.Errorf("person %+v", p)
	}
	must(t, s.PauseNetworks(ctx, []string{"pomako"}, true))
	if _, waiting, err := s.NextDue(ctx, link.Mail); waiting || err != nil {
		t.Errorf("a paused network has something due: %v", err)
	}
	must(t, s.PauseNetworks(ctx, []string{"pomako"}, false))
	if at, _, err := s.NextDue(ctx, link.Mail); err != nil || !at.Equal(march) {
		t.Errorf("due at %v, %v", at, err)
	}
	if got, want := strings.Count(dump(t, s), "\n"), 61; got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

// TestVersion2 reads a store of before the people who run the survey had roles.
func TestVersion2(t *testing.T) {
	s := openCopy(t, "testdata/v2.db")
	list, err := s.Grants(context.Background())
	must(t, err)
	if len(list) != 0 {
		t.Errorf("roles %+v", list)
	}
	fillStaff(t, s)
	if _, err := s.Draft(context.Background(), survey.KeyOf("old")); !errors.Is(err, survey.ErrRemoved) {
		t.Errorf("the removed answer: %v", err)
	}
	if got, want := strings.Count(dump(t, s), "\n"), 60; got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

// TestVersion1 reads a store of before unfinished answers were removed.
func TestVersion1(t *testing.T) {
	ctx := context.Background()
	s := openCopy(t, "testdata/v1.db")
	n, err := s.RemoveDrafts(ctx, func(r survey.Response) bool { return r.State == survey.Started })
	must(t, err)
	if n != 1 {
		t.Errorf("%d drafts removed", n)
	}
	known, err := s.ContactByEmail(ctx, "CONTACT-0@example.org")
	must(t, err)
	if known.ID != "contact-0" {
		t.Errorf("contact %+v", known)
	}
	saved, err := s.SaveContacts(ctx, []contacts.Contact{{ID: "new", Token: "new", Email: "contact-1@example.org"}})
	must(t, err)
	if saved[0].Outcome != contacts.Barred || !saved[0].Standing.Erased {
		t.Errorf("the erased contact: %+v", saved[0])
	}
	draft, err := s.Draft(ctx, survey.KeyOf("1"))
	must(t, err)
	if draft.Answers["trust"].Value != "7" {
		t.Errorf("draft %+v", draft)
	}
	_, err = s.Draft(ctx, survey.KeyOf("2"))
	if !errors.Is(err, survey.ErrSubmitted) {
		t.Errorf("the answer sent: %v", err)
	}
	if got, want := strings.Count(dump(t, s), "\n"), 53; got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

func openCopy(t *testing.T, path string) *Store {
	t.Helper()
	raw, err := os.ReadFile(path)
	must(t, err)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "viesti.db"), raw, 0o600))
	return openChecked(t, dir)
}

func TestMigrate(t *testing.T) {
	path := rawDatabase(t, func(*bbolt.Tx) error { return nil })
	db, err := bbolt.Open(path, 0o600, nil)
	must(t, err)
	defer db.Close() //nolint:errcheck // only a test's
	var ran []int
	step := func(v int, fail error) migration {
		return migration{v, func(t *tx) error {
			ran = append(ran, v)
			if err := t.put(meta, []byte{byte(v)}, []byte{}); err != nil {
				return err
			}
			return fail
		}}
	}
	must(t, migrate(db, path, []migration{step(1, nil)}))
	if err := migrate(db, path, []migration{step(1, nil), step(2, nil), step(3, errRefused)}); !errors.Is(err, errRefused) {
		t.Errorf("error %v", err)
	}
	must(t, db.View(func(btx *bbolt.Tx) error {
		version, err := knownVersion(btx, path, 9)
		top := &tx{root: btx.Bucket([]byte(root))}
		if version != 2 || !top.has(meta, []byte{2}) || top.has(meta, []byte{3}) {
			t.Errorf("version %d after a failure in 3", version)
		}
		return err
	}))
	must(t, migrate(db, path, []migration{step(1, nil), step(2, nil), step(3, nil)}))
	if want := []int{1, 2, 3, 3}; !slices.Equal(ran, want) {
		t.Errorf("ran %v, want %v", ran, want)
	}
}

func TestMigrationsAreInOrder(t *testing.T) {
	list := migrations(nil)
	for i, m := range list {
		if m.version != i+1 {
			t.Errorf("migration %d is for version %d", i+1, m.version)
		}
	}
	if list[len(list)-1].version != latest {
		t.Errorf("latest is %d, the last migration's version %d", latest, list[len(list)-1].version)
	}
}
