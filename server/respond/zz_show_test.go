package respond_test

import (
	"context"
	"io"
	"net/http"
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
			r.Body = io.NopCloser(strings.NewReader(b))
			r.ContentLength = int64(len(b))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		p.handler.ServeHTTP(w, r)
	})))
}
