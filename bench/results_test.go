package bench

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"viesti/app"
	"viesti/i18n"
	"viesti/internal/respondents"
	"viesti/report/results"
	"viesti/survey"
)

// TestBenchResults measures the results of a million answers to the Barometer beside a bare scan of
// the same bytes: what a report needs, and one question of a survey that is open.
func TestBenchResults(t *testing.T) {
	enabled(t)
	const n = 1_000_000
	a := program(t, "")
	ctx := context.Background()
	q, err := survey.Load("partnership-barometer")
	check(t, err)
	answered(t, a, q, n)
	size, bare := bareScan(t, a)
	fmt.Printf("| bare scan of %d answers, %.2f GB | | %.2f s of processor | | | |\n", n, float64(size)/1e9, bare.Seconds())

	now := time.Now()
	r := &results.Reporter{
		Source: a.Store, Questionnaire: q, Organiser: i18n.Text{}, Minimum: 5, By: []string{"org_type", "region"}, Share: 0.25,
		Period: survey.Period{Wave: "bench", Opens: now.Add(-time.Hour), Closes: now.Add(time.Hour), Zone: time.UTC},
		Now:    func() time.Time { return now },
	}
	r.Ahead = &results.Ahead{}
	cpu, began := worked(t), time.Now()
	check(t, r.Prepare(ctx))
	fmt.Printf("| all questions of %d answers, counted ahead once a day | %.1f s (%.1f s of processor) | %.2f s of processor | %.2f | | |\n",
		n, time.Since(began).Seconds(), (worked(t) - cpu).Seconds(), bare.Seconds(), (worked(t)-cpu).Seconds()/bare.Seconds())
	began = time.Now()
	_, _, err = r.Question(ctx, "needs")
	check(t, err)
	fmt.Printf("| one question of them, asked for the first time | %.1f ms | | | < 200 ms | |\n", float64(time.Since(began))/1e6)
	r.Ahead = nil
	cpu, began = worked(t), time.Now()
	_, _, err = r.Question(ctx, "partners")
	check(t, err)
	fmt.Printf("| one question that was not counted ahead, as on the first day | %.2f s (%.2f s of processor) | %.2f s of processor | %.2f | | |\n",
		time.Since(began).Seconds(), (worked(t) - cpu).Seconds(), bare.Seconds(), (worked(t)-cpu).Seconds()/bare.Seconds())

	now = now.Add(48 * time.Hour)
	stop := highest(t)
	cpu, began = worked(t), time.Now()
	_, err = r.Results(ctx)
	check(t, err)
	fmt.Printf("| the final results of %d answers, by two backgrounds | %.1f s (%.1f s of processor, heap: %d MiB) | %.2f s of processor | %.2f | < 60 s, < 500 MiB | |\n",
		n, time.Since(began).Seconds(), (worked(t) - cpu).Seconds(), stop()>>20, bare.Seconds(), (worked(t)-cpu).Seconds()/bare.Seconds())
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// highest watches the heap until it is stopped.
func highest(t *testing.T) (stop func() uint64) {
	t.Helper()
	runtime.GC()
	done, out := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for ticker := time.NewTicker(20 * time.Millisecond); ; {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-done:
				ticker.Stop()
				out <- most
				return
			case <-ticker.C:
			}
		}
	}()
	return func() uint64 { close(done); return <-out }
}

// answered puts sent answers into the store, those of a few thousand people over and over.
func answered(t *testing.T, a *app.App, q *survey.Questionnaire, n int) {
	t.Helper()
	people := make([]survey.Answers, 5000)
	random := rand.New(rand.NewPCG(1, 1))
	for i := range people {
		people[i] = respondents.Answers(q, random)
	}
	var wg sync.WaitGroup
	var next atomic.Int64
	for worker := range 256 {
		random := rand.New(rand.NewPCG(uint64(worker), 2)) //nolint:gosec // made-up people
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				var id [16]byte
				for j := range id {
					id[j] = byte(random.Uint32())
				}
				key := survey.KeyOf(fmt.Sprint(i))
				err := a.Store.CreateDraft(t.Context(), key, survey.Response{
					Wave: "bench", Link: "abcdefghjkmnp", Lang: i18n.Langs[i%3], Day: "2026-11-10", State: survey.Started, Version: q.Version,
				})
				if err == nil {
					err = a.Store.Submit(t.Context(), key, hex.EncodeToString(id[:]), func(r *survey.Response) error {
						r.State, r.Answers = survey.Complete, people[int(i)%len(people)]
						return nil
					})
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// bareScan reads the same records by bbolt alone, and looks at each byte.
func bareScan(t *testing.T, a *app.App) (size int64, took time.Duration) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(path) //nolint:gosec // in the test's own folder
	check(t, err)
	check(t, a.Store.Backup(t.Context(), f))
	check(t, f.Close())
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	check(t, err)
	defer db.Close() //nolint:errcheck // only read
	for range 2 {    // the first time brings the file into memory
		began := worked(t)
		var bytes, zeros atomic.Int64
		var wg sync.WaitGroup
		half := runtime.GOMAXPROCS(0)
		for part := range half {
			wg.Go(func() {
				_ = db.View(func(tx *bbolt.Tx) error {
					c := tx.Bucket([]byte("v1")).Bucket([]byte("responses")).Bucket([]byte("bench")).Cursor()
					from, until := fmt.Sprintf("%02x", part*256/half), fmt.Sprintf("%02x", (part+1)*256/half)
					var sum, none int64
					for k, v := c.Seek([]byte(from)); k != nil && (part == half-1 || string(k) < until); k, v = c.Next() {
						sum += int64(len(v))
						for _, b := range v {
							if b == 0 {
								none++
							}
						}
					}
					bytes.Add(sum)
					zeros.Add(none)
					return nil
				})
			})
		}
		wg.Wait()
		size, took = bytes.Load(), worked(t)-began
	}
	return size, took
}
