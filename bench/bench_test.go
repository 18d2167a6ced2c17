package bench

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"viesti/app"
	"viesti/campaign"
	"viesti/config"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/smtptest"
	"viesti/internal/walk"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/survey"
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
	os.Exit(m.Run())
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
	fmt.Printf("| %s | %.0f %s | %.0f %s | %.2f | ≥ %.2f | %.1f / %.1f ms |\n", name, a, unit, b, unit, a/b, goal, median(ourP99), median(theirP99))
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

// script is the forms of one whole response, recorded by walking through the pages once.
type sent struct {
	path string
	body string
}

func record(t *testing.T, base, token string) []sent {
	t.Helper()
	r := walk.New(nil)
	if err := r.Open(base + "/r/" + token); err != nil {
		t.Fatal(err)
	}
	script := []sent{{"/r/" + token, "go=start"}}
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
		Transport:     &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// TestBenchAnswers measures acknowledged pages: whole responses from start to thank-you, each page
// durable, against a handler that does nothing but store 2 kB in bbolt with a group commit.
func TestBenchAnswers(t *testing.T) {
	enabled(t)
	a := program(t, "")
	ours := httptest.NewServer(a.Web())
	defer ours.Close()
	script := record(t, ours.URL, token(t, a))
	web := client()
	type browser struct {
		cookie string
		at     int
	}
	browsers := make([]browser, clients)
	post := func(c int) error {
		b := &browsers[c]
		step := script[b.at]
		req, err := http.NewRequest(http.MethodPost, ours.URL+step.path, strings.NewReader(step.body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if b.cookie != "" && b.at > 0 {
			req.Header.Set("Cookie", b.cookie)
		}
		res, err := web.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return err
		}
		if res.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("%s answered %d", step.path, res.StatusCode)
		}
		if set := res.Header.Get("Set-Cookie"); b.at == 0 {
			b.cookie, _, _ = strings.Cut(set, ";")
		}
		b.at = (b.at + 1) % len(script)
		return nil
	}
	bare := httptest.NewServer(groupCommit(t))
	defer bare.Close()
	page := url.Values{"a": {strings.Repeat("x", 2000)}}.Encode()
	header()
	pair(t, fmt.Sprintf("answer pages, %d clients (%d durable writes a response)", clients, len(script)), "/s", 0.5,
		func() (float64, time.Duration, error) { return load(clients, post) },
		func() (float64, time.Duration, error) {
			return load(clients, func(int) error { return fetch(web, bare.URL, page) })
		})
}

func header() {
	fmt.Printf("\n%s, %d cores, %s\n\n| measurement | Viesti | bare loop | ratio | goal | p99 Viesti / bare |\n|---|---|---|---|---|---|\n",
		runtime.Version(), runtime.NumCPU(), time.Now().Format(time.DateOnly))
}

// fetch posts body, or gets when it is empty.
func fetch(c *http.Client, address, body string) error {
	var res *http.Response
	var err error
	if body == "" {
		res, err = c.Get(address)
	} else {
		res, err = c.Post(address, "application/x-www-form-urlencoded", strings.NewReader(body))
	}
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode >= 400 {
		return fmt.Errorf("%s answered %d", address, res.StatusCode)
	}
	return nil
}

// groupCommit is the bare side: net/http, bbolt, and a committer that takes whatever waits.
func groupCommit(t *testing.T) http.Handler {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "bare.db"), 0o600, &bbolt.Options{NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	type write struct {
		value []byte
		done  chan error
	}
	queue := make(chan write, 1024)
	t.Cleanup(func() { close(queue) })
	go func() {
		var n uint64
		for first := range queue {
			group := []write{first}
			for more := true; more; {
				select {
				case w := <-queue:
					group = append(group, w)
				default:
					more = false
				}
			}
			err := db.Update(func(tx *bbolt.Tx) error {
				b, err := tx.CreateBucketIfNotExists([]byte("b"))
				for _, w := range group {
					n++
					var key [8]byte
					binary.BigEndian.PutUint64(key[:], n*0x9E3779B97F4A7C15) // scattered, as random ids are
					err = cmp.Or(err, b.Put(key[:], w.value))
				}
				return err
			})
			for _, w := range group {
				w.done <- err
			}
		}
	}()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		done := make(chan error, 1)
		queue <- write{body, done}
		if err = cmp.Or(err, <-done); err != nil {
			http.Error(w, "x", http.StatusInternalServerError)
		}
	})
}

// TestBenchFirstPage measures the landing page against a handler that sends the same bytes.
func TestBenchFirstPage(t *testing.T) {
	enabled(t)
	a := program(t, "")
	ours := httptest.NewServer(a.Web())
	defer ours.Close()
	address := ours.URL + "/r/" + token(t, a)
	web := client()
	res, err := web.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) }))
	defer bare.Close()
	pair(t, fmt.Sprintf("first page, %d clients", clients), "/s", 0.5,
		func() (float64, time.Duration, error) {
			return load(clients, func(int) error { return fetch(web, address, "") })
		},
		func() (float64, time.Duration, error) {
			return load(clients, func(int) error { return fetch(web, bare.URL, "") })
		})
}

// TestBenchLetters measures a whole campaign, every state durable, against a loop of net/smtp that
// sends the same bytes over as many connections to the same sink.
func TestBenchLetters(t *testing.T) {
	enabled(t)
	for _, connections := range []int{10, 50} {
		const people = 20000
		pair(t, fmt.Sprintf("letters, %d connections", connections), "/s", 0.4,
			func() (float64, time.Duration, error) { return campaignRate(t, connections, people) },
			func() (float64, time.Duration, error) { return bareRate(t, connections, people) })
	}
}

func campaignRate(t *testing.T, connections, people int) (float64, time.Duration, error) {
	relay := smtptest.New(t, smtptest.Sink())
	defer relay.Close()
	a := program(t, fmt.Sprintf("[mail]\nhost = %q\nport = %d\ntls = \"none\"\nfrom = \"a@example.org\"\nconnections = %d\n", relay.Host, relay.Port, connections))
	defer a.Close(context.Background()) //nolint:errcheck // measured
	var csv strings.Builder
	csv.WriteString("email,name,organisation,language,network,slack_user\n")
	for i := range people {
		fmt.Fprintf(&csv, "p%d@example.org,Person %d,Org,fi,net,\n", i, i)
	}
	ctx := context.Background()
	if _, err := a.Lists.ImportContacts(ctx, contacts.Source{Name: "c.csv", Data: []byte(csv.String())}, contacts.ImportOptions{}); err != nil {
		return 0, 0, err
	}
	if _, err := a.Campaign.Invite(ctx, campaign.Selection{}); err != nil {
		return 0, 0, err
	}
	sending, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	begun := time.Now()
	go func() { done <- a.Send(sending) }()
	for sentOf(a) < int64(people) {
		time.Sleep(5 * time.Millisecond)
	}
	elapsed := time.Since(begun)
	stop()
	return float64(people) / elapsed.Seconds(), 0, <-done
}

func sentOf(a *app.App) (n int64) {
	counts, _ := a.Store.Counts(context.Background(), "bench")
	for _, c := range counts {
		if c.State == outbox.Sent {
			n += c.N
		}
	}
	return n
}

func bareRate(t *testing.T, connections, people int) (float64, time.Duration, error) {
	relay := smtptest.New(t, smtptest.Sink())
	defer relay.Close()
	letter := []byte("Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 105)) // 8 kB, as ours
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, connections)
	begun := time.Now()
	for range connections {
		wg.Go(func() {
			c, err := smtp.Dial(net.JoinHostPort(relay.Host, fmt.Sprint(relay.Port)))
			for err == nil && next.Add(1) <= int64(people) {
				err = cmp.Or(c.Mail("a@example.org"), c.Rcpt("b@example.org"))
				if err != nil {
					break
				}
				var w io.WriteCloser
				if w, err = c.Data(); err == nil {
					_, err = w.Write(letter)
					err = cmp.Or(err, w.Close())
				}
			}
			if err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return 0, 0, err
	default:
		return float64(people) / time.Since(begun).Seconds(), 0, nil
	}
}

// TestBenchRates measures rates over stores with 100,000 and with ten times as many answers.
func TestBenchRates(t *testing.T) {
	enabled(t)
	a := program(t, "")
	ctx := context.Background()
	code := token(t, a)
	have := 0
	for _, answers := range []int{100_000, 1_000_000} {
		fill(t, a, code, have, answers)
		have = answers
		var took []float64
		for range 50 {
			begun := time.Now()
			if _, err := a.Reporter.Rates(ctx, report.Query{}); err != nil {
				t.Fatal(err)
			}
			took = append(took, float64(time.Since(begun))/1e6)
		}
		fmt.Printf("| rates with %d answers | %.2f ms | | | < 50 ms | |\n", answers, median(took))
	}
}

// fill puts responses into the store: each through a draft, as respondents do.
func fill(t *testing.T, a *app.App, code string, from, to int) {
	t.Helper()
	var wg sync.WaitGroup
	next := atomic.Int64{}
	next.Store(int64(from))
	for range 256 {
		wg.Go(func() {
			ctx := context.Background()
			for i := next.Add(1); i <= int64(to); i = next.Add(1) {
				key := survey.KeyOf(fmt.Sprint(i))
				r := survey.Response{
					Wave: "bench", Link: code, Lang: i18n.Langs[i%3], Day: fmt.Sprintf("2026-11-%02d", 1+i%28), State: survey.Started,
					Answers: survey.Answers{"org_type": {Choice: "ngo"}},
				}
				err := a.Store.CreateDraft(ctx, key, r)
				if err == nil {
					err = a.Store.Submit(ctx, key, fmt.Sprintf("%032x", i*2654435761), func(r *survey.Response) error {
						r.State = survey.Complete
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
