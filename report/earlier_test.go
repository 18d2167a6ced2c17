package report_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	"viesti/internal/fault"
	"viesti/report"
	"viesti/survey"
)

func barometer(t *testing.T) *survey.Questionnaire {
	t.Helper()
	q, err := survey.Load("partnership-barometer")
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// What ships is what was published, and no more.
func TestPublishedWaves(t *testing.T) {
	raw, err := os.ReadFile("../sample/" + report.EarlierFile)
	if err != nil {
		t.Fatal(err)
	}
	got, err := report.ParseEarlier(report.EarlierFile, raw, barometer(t))
	want := []report.Known{
		{Wave: "2020", Complete: 800, About: true, Means: []report.Mean{{"grade_municipal", 6.8}, {"grade_regional", 6.1}, {"grade_national", 5.5}}},
		{Wave: "2022", Opens: "2022-11-04", Closes: "2023-02-24", Complete: 375},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v %v\nwant %+v", got, err, want)
	}
}

func TestFaultsOfEarlierWaves(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want []string // key:line
	}{
		"no id, dates that cross, a count below zero": {
			"[[wave]]\nopens = 2023-02-24\ncloses = 2022-11-04\ncomplete = -1\n",
			[]string{"report.earlier_id:1", "report.earlier_dates:3", "report.earlier_count:4"},
		},
		"the same wave twice":              {"[[wave]]\nid = \"a\"\n[[wave]]\nid = \"a\"\n", []string{"report.earlier_id:4"}},
		"a mean of nothing, and of a text": {"[[wave]]\nid = \"a\"\n[[wave.mean]]\nquestion = \"zzz\"\nvalue = 1.0\n[[wave.mean]]\nquestion = \"org_type\"\nvalue = 1.0\n", []string{"report.earlier_mean:4", "report.earlier_mean:7"}},
		"an unknown key":                   {"[[wave]]\nid = \"a\"\nanswers = 3\n", []string{"fault.unknown_key:3"}},
		"no date":                          {"[[wave]]\nid = \"a\"\nopens = 2022-13-04\n", []string{"fault.toml:3"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := report.ParseEarlier("w.toml", []byte(c.raw), barometer(t))
			var got []string
			for _, f := range fault.All(err) {
				got = append(got, fmt.Sprint(f.Key, ":", f.Place.Line))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("faults %v, want %v", got, c.want)
			}
		})
	}
}

func FuzzEarlier(f *testing.F) {
	f.Add("[[wave]]\nid = \"2022\"\nopens = 2022-11-04\ncomplete = 375\n[[wave.mean]]\nquestion = \"grade_national\"\nvalue = 5.5\n")
	q, err := survey.Load("partnership-barometer")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		waves, err := report.ParseEarlier("w.toml", []byte(raw), q)
		for _, w := range waves {
			if err == nil && (w.Wave == "" || w.Complete < 0) {
				t.Errorf("accepted %+v", w)
			}
		}
	})
}

func TestStillToWin(t *testing.T) {
	for _, c := range []struct {
		size         int64
		rate, median float64
		want         int64
	}{{100, 0.2, 0.35, 15}, {40, 0.35, 0.35, 0}, {40, 0.5, 0.35, 0}, {0, 0, 0.35, 0}, {7, 0, 0.5, 4}} {
		if got := report.StillToWin(c.size, c.rate, c.median); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if report.Median([]float64{0.1}) != nil {
		t.Error("one network has a median")
	}
	if m := report.Median([]float64{0.9, 0.1, 0.2, 0.4}); m == nil || *m < 0.299 || *m > 0.301 {
		t.Errorf("median %v", m)
	}
}
