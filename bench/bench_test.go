package bench

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"

	"viesti/app"
	"viesti/config"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/walk"
	"viesti/link"
)

const (
	clients  = 32
	spell    = 4 * time.Second // of each measurement
	repeated = 3               // measurements of a pair, interleaved; the median counts
)

// enabled keeps measurements out of `make test`: a machine that does other things measures nothing.
func enabled(t *testing.T) {
	if os.Getenv("VIESTI_BENCH") == "" {
		t.Skip("make bench measures")
	}
}

// Both sides of every pair run under the garbage collector's pace of the program.
func TestMain(m *testing.M) {
	debug.SetGCPercent(app.GCPercent)
	if os.Getenv("VIESTI_BENCH") != "" {
		header()
	}
	os.Exit(m.Run())
}

func header() {
	fmt.Printf("\n%s, %d cores, %s\n\n| measurement | Viesti | bare loop | ratio | goal | p99 Viesti / bare |\n|---|---|---|---|---|---|\n",
		runtime.Version(), runtime.NumCPU(), time.Now().Format(time.DateOnly))
}

// load runs do from so many clients for a spell and gives the rate and the 99th percentile.
func load(n int, do func(client int) error) (perSecond float64, p99 time.Duration, err error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		took  []time.Duration
		first error
	)
	begun := time.Now()
	for c := range n {
		wg.Go(func() {
			var own []time.Duration
			for time.Since(begun) < spell {
				at := time.Now()
				if err := do(c); err != nil {
					mu.Lock()
					first = cmp.Or(first, err)
					mu.Unlock()
					return
				}
				own = append(own, time.Since(at))
			}
			mu.Lock()
			took = append(took, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	elapsed := time.Since(begun).Seconds()
	if first != nil || len(took) == 0 {
		return 0, 0, first
	}
	slices.Sort(took)
	return float64(len(took)) / elapsed, took[len(took)*99/100], nil
}

// pair measures ours and the bare loop in turn and prints the medians and their ratio.
func pair(t *testing.T, name, unit string, goal float64, ours, bare func() (float64, time.Duration, error)) {
	t.Helper()
	var our, their []float64
	var ourP99, theirP99 []float64
	for range repeated {
		for _, side := range []struct {
			run  func() (float64, time.Duration, error)
			rate *[]float64
			p99  *[]float64
		}{{bare, &their, &theirP99}, {ours, &our, &ourP99}} {
			rate, p99, err := side.run()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			*side.rate, *side.p99 = append(*side.rate, rate), append(*side.p99, float64(p99)/1e6)
		}
	}
	a, b := median(our), median(their)
	p99 := ""
	if ourP99[0] > 0 {
		p99 = fmt.Sprintf("%.1f / %.1f ms", median(ourP99), median(theirP99))
	}
	fmt.Printf("| %s | %.0f %s | %.0f %s | %.2f | ≥ %.2f | %s |\n", name, a, unit, b, unit, a/b, goal, p99)
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// program is Viesti with a questionnaire, a network and a relay.
func program(t *testing.T, mail string) *app.App {
	t.Helper()
	dir := t.TempDir()
	now := time.Now()
	text := fmt.Sprintf("[survey]\nwave = \"bench\"\nopens = %s\ncloses = %s\norganiser = \"Bench\"\ncontact.email = \"a@example.org\"\n%s",
		now.Add(-time.Hour).Format(time.RFC3339), now.Add(240*time.Hour).Format(time.RFC3339), mail)
	c, err := config.Parse(filepath.Join(dir, "config.toml"), []byte(text), func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), c, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close(context.Background()) })
	if _, err := a.Store.SaveNetworks(t.Context(), []contacts.Network{{ID: "net", Name: i18n.Text{i18n.Fi: "Verkko"}, Region: "national"}}); err != nil {
		t.Fatal(err)
	}
	return a
}

func token(t *testing.T, a *app.App) string {
	t.Helper()
	l, err := a.Links.Ensure(t.Context(), link.Key{Network: "net", Channel: link.Mail})
	if err != nil {
		t.Fatal(err)
	}
	return l.Token
}

// sent is one form of a response.
type sent struct {
	path string
	body string
}

// record walks once through the survey of a link, or of the front page without one.
func record(t *testing.T, base, token string) []sent {
	t.Helper()
	r := walk.New(nil)
	front := "/"
	if token != "" {
		front = "/r/" + token
	}
	if err := r.Open(base + front); err != nil {
		t.Fatal(err)
	}
	script := []sent{{front, "go=start"}}
	if err := r.Press("start", nil); err != nil {
		t.Fatal(err)
	}
	for !r.Done() {
		form, err := r.Form()
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range r.First() {
			form[k] = v
		}
		form.Set("go", "next")
		if r.Last() {
			form.Set("go", "send")
		}
		script = append(script, sent{r.At.Path, form.Encode()})
		if err := r.On(r.First()); err != nil {
			t.Fatal(err)
		}
	}
	return script
}

func client() *http.Client {
	return &http.Client{
		// Without compression both sides send the same bytes, and the client unpacks none.
		Transport:     &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
