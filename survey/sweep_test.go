package survey

import (
	"testing"
	"time"
)

func TestOutlived(t *testing.T) {
	f, _ := fieldwork(t)
	f.Keep = 30
	f.Period.Zone = time.FixedZone("EET", 2*60*60)
	f.Period.Closes, f.Period.Grace = time.Date(2027, 3, 20, 16, 0, 0, 0, time.UTC), 24*time.Hour
	for _, tt := range []struct {
		name, day, wave, now string
		want                 bool
	}{
		{"begun today", "2027-03-01", "2027", "2027-03-01T12:00:00Z", false},
		{"on its last day", "2027-01-30", "2027", "2027-03-01T21:59:59Z", false},
		{"a day later in the survey's zone", "2027-01-30", "2027", "2027-03-01T22:00:00Z", true},
		{"in the grace", "2027-03-01", "2027", "2027-03-21T15:00:00Z", false},
		{"closed too early, perhaps", "2027-03-01", "2027", "2027-03-28T15:59:59Z", false},
		{"long closed", "2027-03-01", "2027", "2027-03-28T16:00:00Z", true},
		{"of another wave", "2027-03-01", "2026", "2027-03-28T16:00:00Z", false},
		{"without a day", "", "2027", "2027-03-01T12:00:00Z", true},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		f.Now = func() time.Time { return now }
		if got := f.outlived()(Response{Day: tt.day, Wave: tt.wave}); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	for day, want := range map[string]string{"2027-02-01": "2027-03-03", "2027-03-01": "2027-03-21", "": "2027-03-21"} {
		if got := f.LastDay(Response{Day: day}).Format(time.DateOnly); got != want {
			t.Errorf("begun on %q, last day %s", day, got)
		}
	}
}
