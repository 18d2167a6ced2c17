package bolt

import (
	"context"
	"testing"

	"viesti/i18n"
	"viesti/survey"
)

// stopsOfBefore looks at what is counted of unfinished responses in a file of before: of those that
// were answered no page is known, and removed ones are counted as well.
func stopsOfBefore(t *testing.T, s *Store) {
	t.Helper()
	stops, err := s.Stops(context.Background(), "2027")
	must(t, err)
	got := map[survey.Stop]int64{}
	for _, x := range stops {
		got[x.Stop] += x.N
	}
	want := map[survey.Stop]int64{
		{Wave: "2027", Link: "abcdefghjkmnp", Lang: i18n.Sv, State: survey.Started}: 1,
		{Wave: "2027", Link: "abcdefghjkmnp", Lang: i18n.Sv, State: survey.Partial}: 1,
		{Wave: "2027", Lang: i18n.Fi, State: survey.Started}:                        1, // removed
	}
	if len(got) != len(want) {
		t.Errorf("stops %v, want %v", got, want)
	}
	for at, n := range want {
		if got[at] != n {
			t.Errorf("%+v: %d, want %d", at, got[at], n)
		}
	}
	must(t, s.UpdateDraft(context.Background(), survey.KeyOf("1"), func(r *survey.Response) error {
		r.Page = 3
		return nil
	}))
	must(t, s.Check(context.Background()))
}

// TestCountDepartures counts anew what left, as the migration does of a file of before.
func TestCountDepartures(t *testing.T) {
	s := openChecked(t, t.TempDir())
	fill(t, s)
	before := dump(t, s)
	must(t, s.update(context.Background(), func(t *tx) error {
		if err := anyCell(t, departTally, -1); err != nil {
			return err
		}
		return t.countDepartures()
	}))
	if dump(t, s) != before {
		t.Error("counted anew it is something else")
	}
}
