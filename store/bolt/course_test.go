package bolt

import (
	"context"
	"testing"

	"viesti/i18n"
	"viesti/survey"
)

// TestVersion5 counts, in a store of before, how far its unfinished responses had come: of those that
// were answered that is not known, and of removed ones no more than that they are counted.
func TestVersion5(t *testing.T) {
	s := openCopy(t, "testdata/v2.db")
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
