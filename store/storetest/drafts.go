package storetest

import (
	"context"
	"testing"

	"viesti/survey"
)

func draftTests() []test {
	return []test{
		{"from the start to the answer sent", draftToResponse},
		{"what was never begun", noDraft},
		{"beginning again loses nothing", beginAgain},
		{"what was sent stays sent", sentStaysSent},
		{"a change that fails leaves nothing behind", changeFails},
		{"waves are apart", wavesApart},
		{"what is removed stays counted", removedStaysCounted},
		{"how far an unfinished answer has come is counted", stopsCounted},
	}
}

func draftToResponse(t *testing.T, s Store) {
	ctx, k := context.Background(), key(1)
	must(t, s.CreateDraft(ctx, k, begun("pomako")))
	must(t, s.UpdateDraft(ctx, k, answer("trust", 7)))
	want := begun("pomako")
	want.State, want.Answers = survey.Partial, survey.Answers{"trust": {Value: "7"}}
	got, err := s.Draft(ctx, k)
	must(t, err)
	same(t, "draft", got, want)
	same(t, "tally of a draft", tallies(t, s), map[survey.Cell]int64{want.Cell(): 1})

	must(t, s.Submit(ctx, k, "r1", send))
	want.State, want.ID = survey.Complete, "r1"
	same(t, "responses", sent(t, s, wave), []survey.Response{want})
	same(t, "tally of a response", tallies(t, s), map[survey.Cell]int64{want.Cell(): 1})
}

func noDraft(t *testing.T, s Store) {
	ctx := context.Background()
	_, err := s.Draft(ctx, key(1))
	wantErr(t, err, survey.ErrNoDraft)
	wantErr(t, s.UpdateDraft(ctx, key(1), send), survey.ErrNoDraft)
	wantErr(t, s.Submit(ctx, key(1), "r1", send), survey.ErrNoDraft)
	same(t, "responses", len(sent(t, s, wave)), 0)
}

func beginAgain(t *testing.T, s Store) {
	ctx, k := context.Background(), key(1)
	must(t, s.CreateDraft(ctx, k, begun("pomako")))
	must(t, s.UpdateDraft(ctx, k, answer("trust", 7)))
	must(t, s.CreateDraft(ctx, k, begun("elsewhere")))
	got, err := s.Draft(ctx, k)
	must(t, err)
	same(t, "draft", got.Answers, survey.Answers{"trust": {Value: "7"}})
	same(t, "tally", tallies(t, s), map[survey.Cell]int64{got.Cell(): 1})
}

func sentStaysSent(t *testing.T, s Store) {
	ctx, k := context.Background(), key(1)
	must(t, s.CreateDraft(ctx, k, begun("pomako")))
	must(t, s.Submit(ctx, k, "r1", send))
	_, err := s.Draft(ctx, k)
	wantErr(t, err, survey.ErrSubmitted)
	wantErr(t, s.UpdateDraft(ctx, k, answer("trust", 1)), survey.ErrSubmitted)
	wantErr(t, s.Submit(ctx, k, "r2", send), survey.ErrSubmitted)
	wantErr(t, s.CreateDraft(ctx, k, begun("pomako")), survey.ErrSubmitted)
	same(t, "responses", len(sent(t, s, wave)), 1)
}

func changeFails(t *testing.T, s Store) {
	ctx, k := context.Background(), key(1)
	must(t, s.CreateDraft(ctx, k, begun("pomako")))
	fails := func(r *survey.Response) error {
		r.State, r.Link, r.Answers = survey.Complete, "elsewhere", survey.Answers{"trust": {Value: "1"}}
		return errMoody
	}
	wantErr(t, s.UpdateDraft(ctx, k, fails), errMoody)
	wantErr(t, s.Submit(ctx, k, "r1", fails), errMoody)
	got, err := s.Draft(ctx, k)
	must(t, err)
	same(t, "draft", got, begun("pomako"))
	same(t, "tally", tallies(t, s), map[survey.Cell]int64{begun("pomako").Cell(): 1})
	same(t, "responses", len(sent(t, s, wave)), 0)
}

func wavesApart(t *testing.T, s Store) {
	ctx := context.Background()
	for i, w := range []string{"202", wave, "20270"} {
		r := begun("pomako")
		r.Wave = w
		must(t, s.CreateDraft(ctx, key(i), r))
		must(t, s.Submit(ctx, key(i), "r", send))
	}
	same(t, "responses of a wave", len(sent(t, s, wave)), 1)
	same(t, "cells of a wave", len(tallies(t, s)), 1)
	same(t, "responses of no wave", len(sent(t, s, "2")), 0)
}

func removedStaysCounted(t *testing.T, s Store) {
	ctx := context.Background()
	for i, on := range []string{"2027-02-01", day, "2027-02-01"} {
		r := begun("pomako")
		r.Day = on
		must(t, s.CreateDraft(ctx, key(i), r))
	}
	must(t, s.UpdateDraft(ctx, key(2), answer("trust", 7)))
	before := tallies(t, s)
	old := func(r survey.Response) bool { return r.Day < day }
	for _, want := range []int{2, 0} {
		n, err := s.RemoveDrafts(ctx, old)
		must(t, err)
		same(t, "removed", n, want)
	}
	same(t, "tally", tallies(t, s), before)
	for _, i := range []int{0, 2} {
		_, err := s.Draft(ctx, key(i))
		wantErr(t, err, survey.ErrRemoved)
		wantErr(t, s.UpdateDraft(ctx, key(i), answer("trust", 1)), survey.ErrRemoved)
		wantErr(t, s.Submit(ctx, key(i), "r1", send), survey.ErrRemoved)
		wantErr(t, s.CreateDraft(ctx, key(i), begun("pomako")), survey.ErrRemoved)
	}
	_, err := s.Draft(ctx, key(1))
	must(t, err)
	same(t, "responses", len(sent(t, s, wave)), 0)
}

func stopsCounted(t *testing.T, s Store) {
	ctx := context.Background()
	for i := range 3 {
		must(t, s.CreateDraft(ctx, key(i), begun("pomako")))
	}
	reach := func(page int) func(*survey.Response) error {
		return func(r *survey.Response) error {
			r.Page = page
			return answer("trust", 7)(r)
		}
	}
	must(t, s.UpdateDraft(ctx, key(1), reach(2)))
	must(t, s.UpdateDraft(ctx, key(2), reach(1)))
	none, _ := begun("pomako").Stop()
	one, two := none, none
	one.State, one.Page, two.State, two.Page = survey.Partial, 1, survey.Partial, 2
	same(t, "stops", stops(t, s), map[survey.Stop]int64{none: 1, one: 1, two: 1})
	must(t, s.Submit(ctx, key(1), "r1", send))
	_, err := s.RemoveDrafts(ctx, func(r survey.Response) bool { return r.State == survey.Partial })
	must(t, err)
	same(t, "stops, when one was sent and one removed", stops(t, s), map[survey.Stop]int64{none: 1, one: 1})
	same(t, "stops of another wave", waveStops(t, s, "202"), 0)
}

func waveStops(t *testing.T, s Store, wave string) int {
	t.Helper()
	list, err := s.Stops(context.Background(), wave)
	must(t, err)
	return len(list)
}

func sent(t *testing.T, s Store, wave string) (list []survey.Response) {
	t.Helper()
	must(t, s.Responses(context.Background(), wave, func(r survey.Response) error {
		list = append(list, r)
		return nil
	}))
	return list
}
