package cli_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viesti/internal/smtptest"
	"viesti/store/bolt"
)

// TestKillWhilePurging kills the purge, or the server that does it, at any moment: afterwards it has
// happened or not, no rate has changed, and where it has happened no file holds an address.
func TestKillWhilePurging(t *testing.T) {
	in := install(t, smtptest.New(t, smtptest.Sink()), "")
	_, list := addresses(4000)
	in.write("contacts.csv", list)
	in.run("contacts", "import", "contacts.csv")
	in.run("invite")
	t.Setenv("VIESTI_SURVEY_OPENS", time.Now().Add(-10*24*time.Hour).Format(time.RFC3339))
	t.Setenv("VIESTI_SURVEY_CLOSES", time.Now().Add(-3*24*time.Hour).Format(time.RFC3339))
	store := filepath.Join(in.dir, "data", "viesti.db")
	whole, err := os.ReadFile(store)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	in.run("purge", "--dry-run")
	took := time.Since(begun)
	before := in.figures()

	purged, n := 0, rounds(6, 60)
	for i := range n {
		if err := os.WriteFile(store, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		victim := in.command("purge", "--yes")
		if i%2 == 0 {
			victim = in.serve()
			go in.command("purge", "--yes").Run() //nolint:errcheck // its server dies
		} else if err := victim.Start(); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Duration(rand.Int64N(int64(3 * took)))) //nolint:gosec // a test's
		in.kill(victim)
		var contacts []struct{ Email string }
		if err := json.Unmarshal([]byte(in.run("contacts", "list", "--json")), &contacts); err != nil {
			t.Fatal(err)
		}
		switch len(contacts) {
		case 4000:
		case 0:
			purged++
			in.holdsNothing()
		default:
			t.Fatalf("%d contacts are left", len(contacts))
		}
		if now := in.figures(); now != before {
			t.Fatalf("the rates were\n%s\nand are\n%s", before, now)
		}
		if err := bolt.Verify(store); err != nil { // counts everything again
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d of them after the purge; a purge that only looks takes %s", n, purged, took)
}

// figures are the rates without the time at which they were asked for.
func (in *installation) figures() string {
	in.t.Helper()
	var rates map[string]any
	if err := json.Unmarshal([]byte(in.run("rates", "--json")), &rates); err != nil {
		in.t.Fatal(err)
	}
	delete(rates, "as_of")
	raw, err := json.Marshal(rates)
	if err != nil {
		in.t.Fatal(err)
	}
	return string(raw)
}

// holdsNothing looks for addresses in all files of the store, its free pages and its journal.
func (in *installation) holdsNothing() {
	in.t.Helper()
	files, err := filepath.Glob(filepath.Join(in.dir, "data", "*"))
	if err != nil {
		in.t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, ".sock") {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			in.t.Fatal(err)
		}
		if n := bytes.Count(raw, []byte("@example.org")); n > 0 {
			in.t.Errorf("%s holds %d addresses after the purge", name, n)
		}
		if strings.Contains(name, ".tidy-") {
			in.t.Errorf("%s was left", name)
		}
	}
}
