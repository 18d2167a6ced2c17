package bench

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// TestBenchAnswers measures acknowledged pages: whole responses from start to thank-you, each page
// durable, against a handler that does nothing but store 2 kB in bbolt with a group commit.
func TestBenchAnswers(t *testing.T) {
	enabled(t)
	a := program(t, "")
	ours := httptest.NewServer(a.Web())
	defer ours.Close()
	script := record(t, ours.URL, token(t, a))
	web := client()
	post := answering(web, ours.URL, script)
	bare := httptest.NewServer(groupCommit(t))
	defer bare.Close()
	page := url.Values{"a": {strings.Repeat("x", 2000)}}.Encode()
	pair(t, fmt.Sprintf("answer pages, %d clients (%d durable writes a response)", clients, len(script)), "/s", 0.5,
		func() (float64, time.Duration, error) { return load(clients, post) },
		func() (float64, time.Duration, error) {
			return load(clients, func(int) error { return fetch(web, bare.URL, page) })
		})
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
