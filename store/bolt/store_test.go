package bolt

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/store/storetest"
	"viesti/survey"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { return openChecked(t, t.TempDir()) })
}

// openChecked opens a store in a folder; when the test ends, the store is checked and closed.
func openChecked(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), Options{Path: filepath.Join(dir, "viesti.db"), Rand: rand.NewChaCha8([32]byte{7})})
	must(t, err)
	t.Cleanup(func() {
		if err := s.Check(context.Background()); err != nil && fault.Of(err).Key != "store.closed" {
			t.Error(err)
		}
		must(t, s.Close())
	})
	return s
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != kind || f.Key != key {
		t.Fatalf("error %v, want %s %s", err, kind, key)
	}
	for _, l := range i18n.Langs {
		if f.Say(l) == "" {
			t.Errorf("%s has no words in %s", key, l)
		}
	}
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	openChecked(t, dir)
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "viesti.db"): 0o600} {
		info, err := os.Stat(path)
		must(t, err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestReopenKeepsEverything(t *testing.T) {
	dir := t.TempDir()
	s := openChecked(t, dir)
	fill(t, s)
	must(t, s.Compact(context.Background(), "")) // which else the opening does
	before := dump(t, s)
	must(t, s.Close())
	after := dump(t, openChecked(t, dir))
	if before != after {
		t.Errorf("after opening again:\n%s\nwant:\n%s", after, before)
	}
}

func TestOpenInUse(t *testing.T) {
	dir := t.TempDir()
	openChecked(t, dir)
	_, err := Open(context.Background(), Options{Path: filepath.Join(dir, "viesti.db")})
	wantFault(t, err, fault.Conflict, "store.in_use")
}

func TestOpenWhatIsNoStore(t *testing.T) {
	random := make([]byte, 50_000)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(random)
	for name, content := range map[string][]byte{"text": []byte("email,name\n"), "random": random} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			must(t, os.WriteFile(path, content, 0o600))
			_, err := Open(context.Background(), Options{Path: path})
			wantFault(t, err, fault.Invalid, "store.not_a_store")
			wantFault(t, Verify(path), fault.Invalid, "store.not_a_store")
			now, err := os.ReadFile(path)
			must(t, err)
			if string(now) != string(content) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpenAnothersDatabase(t *testing.T) {
	for bucket, want := range map[string]fault.Kind{"widgets": fault.Invalid, "v2": fault.Conflict} {
		path := rawDatabase(t, func(btx *bbolt.Tx) error {
			_, err := btx.CreateBucket([]byte(bucket))
			return err
		})
		_, err := Open(context.Background(), Options{Path: path})
		if fault.KindOf(err) != want {
			t.Errorf("bucket %s: %v, want %s", bucket, err, want)
		}
	}
}

func TestOpenNewer(t *testing.T) {
	dir := t.TempDir()
	s := openChecked(t, dir)
	must(t, s.update(context.Background(), func(t *tx) error { return t.put(meta, metaVersion, []byte("99")) }))
	must(t, s.Close())
	path := filepath.Join(dir, "viesti.db")
	_, err := Open(context.Background(), Options{Path: path})
	wantFault(t, err, fault.Conflict, "store.newer")
	wantFault(t, Verify(path), fault.Conflict, "store.newer")
}

func TestOpenWhereItCannot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	_, err := Open(context.Background(), Options{Path: filepath.Join(file, "viesti.db")})
	wantFault(t, err, fault.Unavailable, "store.cannot_open")
}

// An empty file is what a process leaves that was killed before it wrote anything.
func TestOpenEmptyFile(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "viesti.db"), nil, 0o600))
	fill(t, openChecked(t, dir))
}

func TestClosedStoreSaysSo(t *testing.T) {
	s := openChecked(t, t.TempDir())
	must(t, s.Close())
	must(t, s.Close())
	wantFault(t, s.CreateDraft(context.Background(), "k", survey.Response{}), fault.Unavailable, "store.closed")
	_, err := s.Draft(context.Background(), "k")
	wantFault(t, err, fault.Unavailable, "store.closed")
}

// rawDatabase makes a bbolt file that is not ours.
func rawDatabase(t *testing.T, do func(*bbolt.Tx) error) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "raw.db")
	db, err := bbolt.Open(path, 0o600, nil)
	must(t, err)
	must(t, db.Update(do))
	must(t, db.Close())
	return path
}
