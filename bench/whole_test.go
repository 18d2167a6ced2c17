package bench

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestBenchWhole measures complete answers: the first page, start, every page read and sent, the
// review, the thank-you page. The bare side reads as many pages of the same size and writes as
// often.
func TestBenchWhole(t *testing.T) {
	enabled(t)
	a := program(t, "")
	ours := httptest.NewServer(a.Web())
	defer ours.Close()
	script := record(t, ours.URL, token(t, a))
	web := client()
	var size int
	if err := whole(web, ours.URL, script, &size); err != nil {
		t.Fatal(err)
	}
	page := strings.Repeat("x", size/(len(script)+1))
	commit := groupCommit(t)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			commit.ServeHTTP(w, r)
			return
		}
		_, _ = io.WriteString(w, page)
	}))
	defer bare.Close()
	form := url.Values{"a": {strings.Repeat("x", 2000)}}.Encode()
	pair(t, fmt.Sprintf("complete answers, %d clients (%d pages read, %d forms sent)", clients, len(script)+1, len(script)), "/s", 0.3,
		func() (float64, time.Duration, error) {
			return load(clients, func(int) error { return whole(web, ours.URL, script, new(int)) })
		},
		func() (float64, time.Duration, error) {
			return load(clients, func(int) error {
				err := fetch(web, bare.URL, "")
				for range script {
					err = cmp.Or(err, fetch(web, bare.URL, form), fetch(web, bare.URL, ""))
				}
				return err
			})
		})
}

// whole is one respondent from the first page to the last; size is how much they were shown.
func whole(web *http.Client, base string, script []sent, size *int) error {
	cookie, path := "", script[0].path
	ask := func(method, body string) (*http.Response, error) {
		req, err := http.NewRequest(method, base+path, strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		req.Header.Set("Cookie", cookie)
		res, err := web.Do(req)
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		n, err := io.Copy(io.Discard, res.Body)
		*size += int(n)
		return res, err
	}
	if _, err := ask(http.MethodGet, ""); err != nil {
		return err
	}
	for _, step := range script {
		path = step.path
		res, err := ask(http.MethodPost, step.body)
		if err != nil {
			return err
		}
		if res.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("%s answered %d", path, res.StatusCode)
		}
		if set := res.Header.Get("Set-Cookie"); set != "" {
			cookie, _, _ = strings.Cut(set, ";")
		}
		path = res.Header.Get("Location")
		if res, err = ask(http.MethodGet, ""); err != nil || res.StatusCode != http.StatusOK {
			return cmp.Or(err, fmt.Errorf("%s answered %v", path, res))
		}
	}
	if !strings.Contains(path, "/thanks") {
		return fmt.Errorf("ended at %s", path)
	}
	return nil
}
