package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"viesti/report/reading"
)

func readingTests() []test {
	return []test{{"a text is decided on once", decideOnce}, {"waves are apart", decideInAWave}}
}

// decided are the decisions of a wave in the order of their hashes.
func decided(t *testing.T, s Store, wave string) []reading.Decision {
	t.Helper()
	list, err := s.Decisions(context.Background(), wave)
	must(t, err)
	slices.SortFunc(list, func(a, b reading.Decision) int { return strings.Compare(a.Hash, b.Hash) })
	return list
}

func decideOnce(t *testing.T, s Store) {
	ctx := context.Background()
	same(t, "before", len(decided(t, s, wave)), 0)
	a := reading.Decision{Question: "else", Hash: "a", Verdict: reading.Release, Cuts: []reading.Cut{{Start: 0, End: 4}, {Start: 9, End: 11}}}
	b := reading.Decision{Question: "good", Hash: "b", Verdict: reading.Withhold}
	must(t, s.Decide(ctx, wave, []reading.Decision{b, a}))
	same(t, "decisions", decided(t, s, wave), []reading.Decision{a, b})
	a.Verdict, a.Cuts = reading.Withhold, nil
	must(t, s.Decide(ctx, wave, []reading.Decision{a}))
	must(t, s.Decide(ctx, wave, nil))
	same(t, "decided otherwise", decided(t, s, wave), []reading.Decision{a, b})
}

func decideInAWave(t *testing.T, s Store) {
	ctx := context.Background()
	d := reading.Decision{Question: "else", Hash: "a", Verdict: reading.Withhold}
	must(t, s.Decide(ctx, wave, []reading.Decision{d}))
	same(t, "another wave's", len(decided(t, s, "2030")), 0)
	must(t, s.Decide(ctx, "2030", []reading.Decision{{Question: "else", Hash: "a", Verdict: reading.Release}}))
	same(t, "this wave's", decided(t, s, wave), []reading.Decision{d})
}
