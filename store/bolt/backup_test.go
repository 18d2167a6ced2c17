package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"viesti/internal/fault"
	"viesti/survey"
)

func backup(t *testing.T, s *Store) (path string) {
	t.Helper()
	var b bytes.Buffer
	must(t, s.Backup(context.Background(), &b))
	path = filepath.Join(t.TempDir(), "viesti.db")
	must(t, os.WriteFile(path, b.Bytes(), 0o600))
	return path
}

func TestBackupIsTheStore(t *testing.T) {
	s := openChecked(t, t.TempDir())
	fill(t, s)
	path := backup(t, s)
	must(t, Verify(path))
	must(t, s.Compact(context.Background(), "")) // a backup is compact
	if got, want := dump(t, openChecked(t, filepath.Dir(path))), dump(t, s); got != want {
		t.Errorf("the backup holds:\n%s\nwant:\n%s", got, want)
	}
}

func TestBackupWhileWriting(t *testing.T) {
	s := openChecked(t, t.TempDir())
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if err := s.CreateDraft(context.Background(), survey.KeyOf(fmt.Sprint(i)), benchDraft()); err != nil {
				t.Error(err)
			}
		})
	}
	for range 5 {
		must(t, Verify(backup(t, s)))
	}
	wg.Wait()
}

func TestBackupStops(t *testing.T) {
	s := openChecked(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Backup(ctx, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	s := openChecked(t, t.TempDir())
	fill(t, s)
	whole, err := os.ReadFile(backup(t, s))
	must(t, err)
	empty := filepath.Join(t.TempDir(), "none")
	wantFault(t, Verify(empty), fault.NotFound, "store.missing")

	cut := filepath.Join(t.TempDir(), "cut")
	must(t, os.WriteFile(cut, whole[:len(whole)*3/4], 0o600))
	wantFault(t, Verify(cut), fault.Internal, "store.damaged")
	_, err = Open(context.Background(), Options{Path: cut})
	wantFault(t, err, fault.Internal, "store.damaged")

	spoilt := filepath.Join(t.TempDir(), "spoilt")
	must(t, os.WriteFile(spoilt, bytes.ReplaceAll(whole, []byte(`"Aino"`), []byte(`"Aino{`)), 0o600))
	wantFault(t, Verify(spoilt), fault.Internal, "store.damaged")
}
