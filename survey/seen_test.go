package survey

import (
	"context"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/code"
)

// one is a store of one draft.
type oneDraft struct {
	Store
	r Response
}

func (s *oneDraft) CreateDraft(_ context.Context, _ DraftKey, r Response) error {
	s.r = r
	return nil
}

func (s *oneDraft) Draft(context.Context, DraftKey) (Response, error) { return s.r, nil }

func (s *oneDraft) UpdateDraft(_ context.Context, _ DraftKey, change func(*Response) error) error {
	return change(&s.r)
}

func fieldwork(t *testing.T) (*Fieldwork, *oneDraft) {
	t.Helper()
	q, err := Load("../server/respond/testdata/kinds")
	if err != nil {
		t.Fatal(err)
	}
	now, store := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC), &oneDraft{}
	return &Fieldwork{
		Questionnaire: q, Store: store, Now: func() time.Time { return now }, Rand: rand.NewChaCha8([32]byte{}),
		Period: Period{Wave: "2027", Opens: now.Add(-time.Hour), Closes: now.Add(time.Hour), Zone: time.UTC},
	}, store
}

func TestStartGivesACode(t *testing.T) {
	f, _ := fieldwork(t)
	token, err := f.Start(t.Context(), "", i18n.Fi)
	if read, ok := code.Parse(code.Show(token), code.Length); err != nil || !ok || read != token {
		t.Errorf("%q %v", token, err)
	}
}

// Two devices have the same page before them. What one of them left alone is not touched by it.
func TestTwoDevices(t *testing.T) {
	f, store := fieldwork(t)
	save := func(form url.Values) {
		t.Helper()
		if _, _, err := f.Save(t.Context(), "t", 0, form, ""); err != nil {
			t.Fatal(err)
		}
	}
	seen := func() string { return Seen(f.Questionnaire.Items(0, nil), store.r.Answers) }

	save(url.Values{"q.role": {"teacher"}})
	save(url.Values{"q.tools": {"mail"}}) // from a page that was empty when it was opened
	if store.r.Answers["role"].Empty() || !store.r.Answers["tools"].Has("mail") {
		t.Fatalf("an empty page undid an answer: %+v", store.r.Answers)
	}
	both := seen()
	save(url.Values{"q.role": {"teacher"}, "q.tools": {"mail", "chat"}, SeenField: {both}})
	save(url.Values{"q.role": {"adviser"}, "q.tools": {"mail"}, SeenField: {both}})
	if a := store.r.Answers; !a["role"].Has("adviser") || !a["tools"].Has("chat") {
		t.Errorf("an old page undid an answer: %+v", a)
	}
	save(url.Values{SeenField: {seen()}}) // taken back by who saw it
	if len(store.r.Answers) != 0 || store.r.State != Started {
		t.Errorf("what was taken back is there: %+v", store.r)
	}
}

func FuzzSeen(f *testing.F) {
	f.Add("role=abc tools=", "teacher")
	f.Fuzz(func(t *testing.T, seen, role string) {
		fw, _ := fieldwork(t)
		_, _, err := fw.Save(t.Context(), "t", 0, url.Values{"q.role": {role}, SeenField: {seen}}, "")
		if err != nil {
			t.Error(err)
		}
	})
}

// How far somebody has come is the furthest page that was kept, whichever they look at then; of what
// was sent it is forgotten.
func TestFurthestPage(t *testing.T) {
	f, store := fieldwork(t)
	for _, step := range []struct{ page, want int }{{0, 1}, {1, 2}, {0, 2}} {
		if _, _, err := f.Save(t.Context(), "t", step.page, url.Values{}, ""); err != nil {
			t.Fatal(err)
		}
		if at, ok := store.r.Stop(); !ok || at.Page != step.want {
			t.Errorf("after page %d: %+v, want page %d", step.page, at, step.want)
		}
	}
	sent, err := f.Send(t.Context(), "t", "")
	if _, stopped := sent.Stop(); err != nil || stopped || sent.Page != 0 {
		t.Errorf("sent: page %d, stopped %v, %v", sent.Page, stopped, err)
	}
}

func (s *oneDraft) Submit(_ context.Context, _ DraftKey, _ string, change func(*Response) error) error {
	return change(&s.r)
}
