package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"viesti/internal/fault"
	"viesti/survey"
)

var errRefused = errors.New("refused")

// hold makes the committer wait inside a change until free is called, so that a test can line
// others up behind it.
func hold(t *testing.T, s *Store) (free func()) {
	t.Helper()
	taken, release, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		_ = s.update(context.Background(), func(*tx) error {
			close(taken)
			<-release
			return nil
		})
	}()
	<-taken
	return func() { close(release); <-done }
}

func TestFailureHarmsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openChecked(t, t.TempDir())
		free := hold(t, s)
		var wg sync.WaitGroup
		errs := make([]error, 90)
		for i := range errs {
			wg.Go(func() { errs[i] = change(s, i) })
		}
		synctest.Wait() // all are in line, and so in one group
		free()
		wg.Wait()
		for i, err := range errs {
			key := survey.KeyOf(fmt.Sprint(i))
			_, found := s.Draft(context.Background(), key)
			if good := i%3 == 0; good != (err == nil) || good != (found == nil) {
				t.Errorf("change %d: answered %v, stored %v", i, err, found)
			}
		}
	})
}

// change puts a draft; of three, the second then fails and the third panics.
func change(s *Store, i int) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	key := []byte(survey.KeyOf(fmt.Sprint(i)))
	return s.update(context.Background(), func(t *tx) error {
		r := survey.Response{Wave: "2027", State: survey.Started}
		if err := t.save(drafts, key, r); err != nil {
			return err
		}
		t.count(cells{}, cellsOf(r))
		switch i % 3 {
		case 1:
			return errRefused
		case 2:
			panic("at the disco")
		}
		return nil
	})
}

func TestWaitersShareATransaction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openChecked(t, t.TempDir())
		free := hold(t, s)
		ids, wg := make([]int, groupSize), sync.WaitGroup{}
		for i := range ids {
			wg.Go(func() {
				err := s.update(context.Background(), func(tx *tx) error {
					ids[i] = tx.root.Tx().ID()
					return tx.put(meta, metaPaused, []byte{})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // all are in line
		free()
		wg.Wait()
		if groups := slices.Compact(slices.Sorted(slices.Values(ids))); len(groups) != 1 {
			t.Errorf("%d changes in line took the transactions %v", len(ids), groups)
		}
	})
}

func TestNothingWrittenIsNotCommitted(t *testing.T) {
	s := openChecked(t, t.TempDir())
	ids := make([]int, 2)
	for i := range ids {
		must(t, s.update(context.Background(), func(tx *tx) error { ids[i] = tx.root.Tx().ID(); return nil }))
	}
	if ids[0] != ids[1] {
		t.Errorf("transactions %v: the first was committed for nothing", ids)
	}
}

func TestContextEndsInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openChecked(t, t.TempDir())
		free := hold(t, s)
		ctx, cancel := context.WithCancel(context.Background())
		answer := make(chan error)
		go func() { answer <- s.CreateDraft(ctx, "k", survey.Response{Wave: "2027"}) }()
		synctest.Wait()
		cancel()
		if err := <-answer; !errors.Is(err, context.Canceled) {
			t.Errorf("answered %v", err)
		}
		free()
		if _, err := s.Draft(context.Background(), "k"); !errors.Is(err, survey.ErrNoDraft) {
			t.Errorf("a change given up was made: %v", err)
		}
	})
}

func TestContextEndsOnceTaken(t *testing.T) {
	s := openChecked(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	err := s.update(ctx, func(t *tx) error {
		cancel()
		return t.put(meta, metaPaused, []byte{})
	})
	must(t, err)
	if paused, err := s.Paused(context.Background()); err != nil || !paused {
		t.Errorf("paused %v, %v", paused, err)
	}
}

func TestCloseServesThoseInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openChecked(t, t.TempDir())
		free := hold(t, s)
		served := make(chan error, 50)
		for i := range cap(served) {
			go func() {
				served <- s.CreateDraft(context.Background(), survey.KeyOf(fmt.Sprint(i)), survey.Response{Wave: "2027", State: survey.Started})
			}()
		}
		synctest.Wait()
		closed := make(chan error)
		go func() { closed <- s.Close() }()
		synctest.Wait()
		wantFault(t, s.SetPaused(context.Background(), true), fault.Unavailable, "store.closed")
		free()
		for range cap(served) {
			must(t, <-served)
		}
		must(t, <-closed)
		again := openChecked(t, filepath.Dir(s.path))
		list, err := again.Tallies(context.Background(), "2027")
		must(t, err)
		if len(list) != 1 || list[0].N != int64(cap(served)) {
			t.Errorf("stored %+v", list)
		}
	})
}
