package respond_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"viesti/survey"
)

func TestShow(t *testing.T) {
	addr := os.Getenv("SHOW")
	if addr == "" {
		t.Skip()
	}
	p := newPlace(t, "partnership-barometer")
	p.base = "http://192.0.2.2:8977"
	p.build(t, links{})
	_ = p.store.CreateDraft(context.Background(), survey.KeyOf("x"), survey.Response{Wave: "2026", Link: token, Lang: "fi", State: survey.Started, Answers: survey.Answers{
		"took_national": {Choice: "yes"}, "national_activities": {Choices: []string{"training", "events"}},
		"grade_regional": {Grade: 7},
	}})
	p.store.used[survey.KeyOf("sent")] = true
	t.Log(http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if c := q.Get("cookie"); c != "" {
			r.Header.Set("Cookie", "viesti="+c)
		}
		if b := q.Get("post"); b != "" {
			r.Method = "POST"
			r.Header.Del("Sec-Fetch-Site")
			r.Body = io.NopCloser(strings.NewReader(b))
			r.ContentLength = int64(len(b))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		p.handler.ServeHTTP(bare{w}, r)
	})))
}

type bare struct{ http.ResponseWriter }

func (b bare) WriteHeader(n int) {
	b.Header().Del("Content-Security-Policy")
	b.ResponseWriter.WriteHeader(n)
}

func BenchmarkPlace(b *testing.B) {
	for b.Loop() {
		newPlace(b, "partnership-barometer")
	}
}

type sink struct{ h http.Header }

func (s sink) Header() http.Header       { return s.h }
func (sink) Write(b []byte) (int, error) { return len(b), nil }
func (sink) WriteHeader(int)             {}

func BenchmarkLanding(b *testing.B) {
	p := newPlace(b, "partnership-barometer")
	r := httptest.NewRequest("GET", "/r/"+token, nil)
	r.Header.Set("Accept-Language", "fi")
	b.ReportAllocs()
	for b.Loop() {
		p.handler.ServeHTTP(sink{http.Header{}}, r)
	}
}

func BenchmarkBlank(b *testing.B) { benchPage(b, "/page/2", survey.Answers{}) }
func BenchmarkFilled(b *testing.B) {
	benchPage(b, "/page/2", survey.Answers{"grade_regional": {Grade: 7}})
}

func benchPage(b *testing.B, path string, a survey.Answers) {
	p := newPlace(b, "partnership-barometer")
	_ = p.store.CreateDraft(context.Background(), survey.KeyOf("x"), survey.Response{Wave: "2026", Lang: "fi", Answers: a})
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Cookie", "viesti=x")
	b.ReportAllocs()
	for b.Loop() {
		p.handler.ServeHTTP(sink{http.Header{}}, r)
	}
}

func BenchmarkSave(b *testing.B) {
	p := newPlace(b, "partnership-barometer")
	_ = p.store.CreateDraft(context.Background(), survey.KeyOf("x"), survey.Response{Wave: "2026", Lang: "fi"})
	body := "go=next&lang=fi&q.grade_municipal=7&q.grade_regional=6&q.conditions.trust=4&q.conditions.goals=3&q.conditions.roles=2"
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/page/2", strings.NewReader(body))
		r.Header.Set("Cookie", "viesti=x")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		p.handler.ServeHTTP(sink{http.Header{}}, r)
	}
}
