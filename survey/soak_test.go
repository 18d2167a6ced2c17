package survey_test

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/store/bolt"
	"viesti/survey"
)

// What comes out of the store is what was last answered on relevant questions, no more and no
// less, whatever the questionnaire and whatever the respondent does. A seed that fails is tried
// alone with VIESTI_SEED.
func TestSoakRandomRespondents(t *testing.T) {
	first, rounds := uint64(1), uint64(200)
	if os.Getenv("VIESTI_SOAK") != "" {
		first, rounds = uint64(time.Now().UnixNano()), 100_000
		t.Logf("seeds from %d", first)
	}
	if seed := os.Getenv("VIESTI_SEED"); seed != "" {
		n, err := strconv.ParseUint(seed, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		first, rounds = n, 1
	}
	for seed := first; seed < first+rounds && !t.Failed(); seed++ {
		newRound(t, seed, newMemory()).run()
	}
}

// The same over a store on disk.
func TestRandomRespondentsOnDisk(t *testing.T) {
	store, err := bolt.Open(t.Context(), bolt.Options{Path: filepath.Join(t.TempDir(), "viesti.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for seed := uint64(1); seed <= 8 && !t.Failed(); seed++ {
		newRound(t, seed, store).run()
	}
}

// round is one questionnaire and one respondent.
type round struct {
	drawer
	t     *testing.T
	seed  uint64
	q     *drawn
	field *survey.Fieldwork
	token string
	last  survey.Answers // that were accepted, relevant or not
	lang  i18n.Lang
	views map[int]view // of pages, in another window perhaps
}

// view is a page as it was shown: with these answers, and a mark of them to send back.
type view struct {
	answers survey.Answers
	mark    string
}

// look is a page as it is shown now, or as it was when it was opened some time ago. Who writes
// their own forms has no mark.
func (r *round) look(page int, counts survey.Answers) view {
	before, open := r.views[page]
	r.views[page] = view{counts, survey.Seen(r.field.Questionnaire.Items(page, counts), counts)}
	switch {
	case r.oneIn(10):
		return view{}
	case open && r.oneIn(3):
		return before
	default:
		return r.views[page]
	}
}

func newRound(t *testing.T, seed uint64, store survey.Store) *round {
	r := &round{drawer: drawer{rand.New(rand.NewPCG(seed, 1))}, t: t, seed: seed, last: survey.Answers{}, lang: i18n.Sv, views: map[int]view{}}
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	r.field = &survey.Fieldwork{
		Store: store, Rand: rand.NewChaCha8(key),
		Now: func() time.Time { return time.Date(2027, 3, 14, 12, 0, 0, 0, time.UTC) },
		Period: survey.Period{
			Wave: "w" + hex.EncodeToString(key[:2]), Zone: time.UTC,
			Opens: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Closes: time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC),
		},
	}
	for r.field.Questionnaire == nil {
		r.q = r.questionnaire()
		q, err := survey.Parse("drawn.toml", []byte(r.q.source()))
		for _, f := range fault.All(err) {
			if f.Key != "survey.unreachable" { // chance may contradict itself
				r.fatal("%v in\n%s", err, r.q.source())
			}
		}
		r.field.Questionnaire = q
	}
	return r
}

func (r *round) fatal(format string, args ...any) {
	r.t.Helper()
	r.t.Fatalf("VIESTI_SEED=%d: "+format, append([]any{r.seed}, args...)...)
}

func (r *round) run() {
	token, err := r.field.Start(r.t.Context(), "link", r.lang)
	if err != nil {
		r.fatal("%v", err)
	}
	r.token = token
	for page := range r.q.pages {
		r.save(page)
	}
	for range r.IntN(3 * len(r.q.pages)) { // back and forth, and to pages that were never shown
		r.save(r.IntN(len(r.q.pages)+2) - 1)
	}
	for range 20 { // a required answer is tried for again
		due := r.q.due(r.last)
		var missing survey.Incomplete
		switch err := r.send(); {
		case due < 0 && err == nil:
			r.sent()
			return
		case due < 0 || !errors.As(err, &missing) || missing.Page != due:
			r.fatal("sent with page %d due: %v", due, err)
		}
		r.save(due)
	}
	r.unsent()
}

// send sends the answers, sometimes in another language than the last page was in.
func (r *round) send() error {
	lang := pick(r.drawer, "", i18n.Fi, i18n.Sv, i18n.En)
	_, err := r.field.Send(r.t.Context(), r.token, lang)
	if err == nil && lang != "" {
		r.lang = lang
	}
	return err
}

// save sends a page and compares what becomes of it, question by question.
func (r *round) save(page int) {
	form := url.Values{"go": {"next"}, "q.nobody": {"1"}}
	offers, counts := r.q.asked(r.last)
	shown := r.look(page, counts)
	form.Set(survey.SeenField, shown.mark)
	expected := map[string]submission{}
	for i, p := range r.q.pages {
		for _, question := range p.questions {
			o, asked := offers[question.id]
			if i != page && !r.oneIn(5) {
				continue
			}
			s := r.answer(question, r.whole(question, o, asked))
			maps.Copy(form, s.fields)
			if i == page && asked {
				expected[question.id] = s
			}
		}
	}
	lang := pick(r.drawer, "", i18n.Fi, i18n.Sv, i18n.En)
	if lang != "" {
		r.lang = lang
	}
	now, checked, err := r.field.Save(r.t.Context(), r.token, page, form, lang)
	if err != nil {
		r.fatal("page %d: %v", page, err)
	}
	for id, s := range expected {
		if (checked.Faults[id] != nil) != s.refused {
			r.fatal("page %d, %s: %q: refused %v, want %v", page, id, s.fields, checked.Faults[id], s.refused)
		}
		if s.refused || same(s.answer, shown.answers[id]) { // what comes back as it was shown was not answered
			continue
		}
		if delete(r.last, id); !s.answer.Empty() {
			r.last[id] = s.answer
		}
	}
	if len(checked.Faults)+len(checked.Asked) > len(expected) {
		r.fatal("page %d: asked %v, refused %v, want %v", page, checked.Asked, checked.Faults, expected)
	}
	r.same("after a page", now.Answers, r.last)
	r.shown(page)
}

// whole is what is offered, or everything of a question that is not asked.
func (r *round) whole(q *drawnQuestion, o offer, asked bool) offer {
	if asked {
		return o
	}
	o = offer{}
	for _, option := range q.all() {
		o.options = append(o.options, option.id)
	}
	for _, row := range q.allRows() {
		o.rows = append(o.rows, row.id)
	}
	return o
}

// shown compares what a page shows with what is to be asked on it.
func (r *round) shown(page int) {
	q := r.field.Questionnaire
	counts := q.Relevant(r.last)
	offers, want := r.q.asked(r.last)
	r.same("relevant", counts, want)
	if page < 0 || page >= len(r.q.pages) {
		return
	}
	items, i := q.Items(page, counts), 0
	for _, question := range r.q.pages[page].questions {
		o, asked := offers[question.id]
		if !asked {
			continue
		}
		if i == len(items) || items[i].ID != question.id {
			r.fatal("page %d does not ask %s", page, question.id)
		}
		mixed := items[i].In(survey.OrderOf(r.token))
		if got := ids(items[i].Columns); !slices.Equal(got, o.options) || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(ids(mixed.Columns)))) {
			r.fatal("%s offers %v, mixed %v, want %v", question.id, got, ids(mixed.Columns), o.options)
		}
		if got := ids(items[i].Rows); !slices.Equal(got, o.rows) {
			r.fatal("%s has the rows %v, want %v", question.id, got, o.rows)
		}
		i++
	}
	if i < len(items) {
		r.fatal("page %d also asks %s", page, items[i].ID)
	}
}

func ids(options []survey.Option) []string {
	var list []string
	for _, o := range options {
		list = append(list, o.ID)
	}
	return list
}

// same compares answers, not caring whether an empty list is nil.
func same(a, b survey.Answer) bool {
	return a.Value == b.Value && a.Text == b.Text && slices.Equal(a.Choices, b.Choices) && maps.Equal(a.Rows, b.Rows)
}

func (r *round) same(what string, got, want survey.Answers) {
	r.t.Helper()
	if !maps.EqualFunc(got, want, same) {
		r.fatal("%s: %+v, want %+v\n%s", what, got, want, r.q.source())
	}
}

// sent reads what was kept: what counts, and nothing else.
func (r *round) sent() {
	var all []survey.Response
	err := r.field.Store.Responses(r.t.Context(), r.field.Period.Wave, func(s survey.Response) error {
		all = append(all, s)
		return nil
	})
	if err != nil || len(all) != 1 {
		r.fatal("%d responses, %v", len(all), err)
	}
	_, counts := r.q.asked(r.last)
	r.same("sent", all[0].Answers, counts)
	all[0].Answers, all[0].ID = nil, ""
	want := survey.Response{
		Wave: r.field.Period.Wave, Link: "link", Lang: r.lang, Day: "2027-03-14", State: survey.Complete, Version: "7",
	}
	if !reflect.DeepEqual(all[0], want) {
		r.fatal("sent %+v, want %+v", all[0], want)
	}
	if _, err := r.field.Draft(r.t.Context(), r.token); !survey.Finished(err) {
		r.fatal("the draft is still there: %v", err)
	}
}

// unsent reads the draft of a respondent who gave up: all that was answered is still there.
func (r *round) unsent() {
	draft, err := r.field.Draft(r.t.Context(), r.token)
	if err != nil || draft.Lang != r.lang {
		r.fatal("%v, in %s", err, draft.Lang)
	}
	r.same("draft", draft.Answers, r.last)
}

// memory is a store that lasts as long as its round.
type memory struct {
	survey.Store // what a round has no use for
	draft        *survey.Response
	key          survey.DraftKey
	sent         map[string]survey.Response
}

func newMemory() *memory { return &memory{sent: map[string]survey.Response{}} }

func (m *memory) CreateDraft(_ context.Context, key survey.DraftKey, r survey.Response) error {
	m.key, m.draft = key, &r
	return nil
}

func (m *memory) Draft(_ context.Context, key survey.DraftKey) (survey.Response, error) {
	switch {
	case key != m.key:
		return survey.Response{}, survey.ErrNoDraft
	case m.draft == nil:
		return survey.Response{}, survey.ErrSubmitted
	}
	return *m.draft, nil
}

func (m *memory) UpdateDraft(ctx context.Context, key survey.DraftKey, change func(r *survey.Response) error) error {
	r, err := m.Draft(ctx, key)
	if err == nil {
		err = change(&r)
	}
	if err == nil {
		m.draft = &r
	}
	return err
}

func (m *memory) Submit(ctx context.Context, key survey.DraftKey, id string, change func(r *survey.Response) error) error {
	r, err := m.Draft(ctx, key)
	if err == nil {
		err = change(&r)
	}
	if err == nil {
		m.sent[id], m.draft = r, nil
	}
	return err
}

func (m *memory) Responses(_ context.Context, _ string, each func(survey.Response) error) error {
	for _, r := range m.sent {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}
