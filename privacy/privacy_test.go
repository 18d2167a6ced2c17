package privacy_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"viesti/audit"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/privacy"
	"viesti/store/bolt"
	"viesti/store/journal"
)

const hour = time.Hour

// clock is a keeper whose time a test sets.
type clock struct {
	privacy.Keeper
	now time.Time
	dir string
}

func keeper(t *testing.T, keep time.Duration) *clock {
	t.Helper()
	c := &clock{now: noon, dir: t.TempDir()}
	path := filepath.Join(c.dir, "viesti.db")
	s, err := bolt.Open(context.Background(), bolt.Options{Path: path, Rand: rand.NewChaCha8([32]byte{7})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.Check(context.Background()), s.Close()); err != nil {
			t.Error(err)
		}
	})
	now := func() time.Time { return c.now }
	c.Keeper = privacy.Keeper{
		Store: s, Journal: journal.New(journal.Path(path)), Book: &audit.Book{Store: s, Now: now}, Wave: "2027",
		Closes: noon.Add(24 * hour), Ends: noon.Add(48 * hour), Keep: keep, Now: now,
		Day: func() string { return c.now.Format(time.DateOnly) },
	}
	_, err = s.SaveContacts(context.Background(), []contacts.Contact{
		{ID: "aino", Token: "token-a", Email: "aino@example.org"}, {ID: "bo", Token: "token-b", Email: "bo@example.org"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *clock) holds(t *testing.T) int64 {
	t.Helper()
	n, err := c.Store.Holds(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n.Contacts
}

func (c *clock) acts(t *testing.T) string {
	t.Helper()
	list, err := c.Book.List(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range list {
		acts = append(acts, e.Who+" "+string(e.Act))
	}
	return strings.Join(acts, ", ")
}

func TestNothingIsPurgedBeforeTheClose(t *testing.T) {
	c := keeper(t, 0)
	_, err := c.Purge(context.Background(), "os:anna")
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != fault.Conflict || !strings.Contains(f.Say(i18n.Fi), "15.3.2027 klo 12.00") {
		t.Errorf("error %v", err)
	}
	if c.holds(t) != 2 || c.acts(t) != "" {
		t.Errorf("%d contacts, %s", c.holds(t), c.acts(t))
	}
	c.now = c.Closes
	done, err := c.Purge(context.Background(), "os:anna")
	if err != nil || done.Contacts != 2 || c.holds(t) != 0 || c.acts(t) != "os:anna purged" {
		t.Errorf("%+v, %v, %s", done, err, c.acts(t))
	}
}

// TestRetention lets time pass: people are told a week before and not before the close, the purge
// comes once, and what is imported later stays.
func TestRetention(t *testing.T) {
	ctx := context.Background()
	for keep, told := range map[time.Duration]time.Duration{30 * 24 * hour: 24 * 24 * hour, 2 * hour: 24 * hour} {
		c := keeper(t, keep)
		if want := noon.Add(told); !c.Announced().Equal(want) {
			t.Errorf("kept for %s: told from %s, want %s", keep, c.Announced(), want)
		}
		for c.now.Before(c.Due()) {
			if done, err := c.Expire(ctx); done || err != nil {
				t.Fatalf("purged at %s, %v", c.now, err)
			}
			if _, coming, err := c.Coming(ctx); !coming || err != nil {
				t.Fatalf("at %s nothing is coming, %v", c.now, err)
			}
			c.now = c.now.Add(hour)
		}
		if done, err := c.Expire(ctx); !done || err != nil || c.holds(t) != 0 || c.acts(t) != "program purged" {
			t.Errorf("purged %v, %v, %s", done, err, c.acts(t))
		}
		s := c.Store.(*bolt.Store)
		if _, err := s.SaveContacts(ctx, []contacts.Contact{{ID: "new", Token: "token-n", Email: "new@example.org"}}); err != nil {
			t.Fatal(err)
		}
		c.now = c.now.AddDate(1, 0, 0)
		if done, err := c.Expire(ctx); done || err != nil || c.holds(t) != 1 {
			t.Errorf("the next wave's contacts were purged: %v, %v", done, err)
		}
		c.Wave, c.Closes, c.Ends = "2028", c.now.Add(-400*24*hour), c.now.Add(-399*24*hour)
		if done, err := c.Expire(ctx); !done || err != nil {
			t.Errorf("the next wave's time has come: %v, %v", done, err)
		}
	}
	c := keeper(t, 0)
	c.now = c.now.AddDate(10, 0, 0)
	if done, err := c.Expire(ctx); done || err != nil || c.holds(t) != 2 {
		t.Errorf("purged without a retention: %v, %v", done, err)
	}
}

func TestErase(t *testing.T) {
	ctx := context.Background()
	c := keeper(t, 0)
	if err := c.Erase(ctx, "os:anna", "nobody@example.org"); !errors.Is(err, contacts.ErrNoContact) || c.acts(t) != "" {
		t.Errorf("error %v, %s", err, c.acts(t))
	}
	if err := c.Erase(ctx, "os:anna", "AINO@example.org"); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(c.dir, "viesti.db"))
	if err != nil || strings.Contains(string(raw), "aino") || !strings.Contains(string(raw), "bo@example.org") {
		t.Errorf("what is left in the file of who was erased and who was not: %v", err)
	}
	h, err := c.Disclose(ctx, "os:anna", "aino@example.org")
	if err != nil || h.Contact != nil || !h.Standing.Erased || len(h.Uses) != 2 || h.Uses[1].Act != audit.Erased {
		t.Errorf("held %+v, %v", h, err)
	}
}

func TestTidyOnceADay(t *testing.T) {
	ctx := context.Background()
	c := keeper(t, 0)
	inode := func() os.FileInfo {
		info, err := os.Stat(filepath.Join(c.dir, "viesti.db"))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	for range 2 {
		before := inode()
		if err := c.Tidy(ctx); err != nil || os.SameFile(before, inode()) {
			t.Errorf("not compacted: %v", err)
		}
		before = inode()
		if err := c.Tidy(ctx); err != nil || !os.SameFile(before, inode()) {
			t.Errorf("compacted twice a day: %v", err)
		}
		c.now = c.now.AddDate(0, 0, 1)
	}
}

// TestEveryFieldIsDecided makes who adds a field to a contact's standing or to a network decide
// whether it outlives a purge.
func TestEveryFieldIsDecided(t *testing.T) {
	for _, x := range []struct {
		of   reflect.Type
		kept string
		gone string
	}{
		{reflect.TypeFor[contacts.Standing](), "OptedOut Erased NoSlack Opted", "Bounced Dead Paused Answered Results"},
		{reflect.TypeFor[contacts.Network](), "ID Name Kind Region Target SlackChannel Parent Opens Closes", "Coordinator CoordinatorEmail PersonalWord Sender"},
	} {
		decided := strings.Fields(x.kept + " " + x.gone)
		full := reflect.New(x.of).Elem()
		for i := range x.of.NumField() {
			fill(full.Field(i))
		}
		var left reflect.Value
		if s, ok := full.Interface().(contacts.Standing); ok {
			left = reflect.ValueOf(s.Lasting())
		} else {
			left = reflect.ValueOf(full.Interface().(contacts.Network).Impersonal())
		}
		for i := range x.of.NumField() {
			name := x.of.Field(i).Name
			if !slices.Contains(decided, name) {
				t.Errorf("%s.%s: does it outlive a purge?", x.of, name)
			}
			if stays := !left.Field(i).IsZero(); stays != slices.Contains(strings.Fields(x.kept), name) {
				t.Errorf("%s.%s outlives a purge: %v", x.of, name, stays)
			}
		}
	}
}

// fill puts something into a field.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(1)
	case reflect.String:
		v.SetString("x")
	case reflect.Map:
		v.Set(reflect.ValueOf(i18n.Text{i18n.Fi: "x"}))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}
