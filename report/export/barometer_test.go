package export

import (
	"context"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/respondents"
	"viesti/report/results"
	"viesti/survey"
)

// fielded is a wave of the sample questionnaire, in memory: what was answered and what was released.
type fielded struct {
	responses []survey.Response
	releases  [][]byte
}

func (f *fielded) ScanResponses(_ context.Context, _, only string, reader func() func(survey.Response) error) error {
	read := reader()
	for _, r := range f.responses {
		if only != "" {
			r.Answers = survey.Answers{only: r.Answers[only]}
		}
		if err := read(r); err != nil {
			return err
		}
	}
	return nil
}

func (f *fielded) Responses(_ context.Context, _ string, each func(survey.Response) error) error {
	for _, r := range f.responses {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (f *fielded) Tallies(context.Context, string) (list []survey.Tally, err error) {
	for _, r := range f.responses {
		list = append(list, survey.Tally{Cell: r.Cell(), N: 1})
	}
	return list, nil
}

func (f *fielded) Editions(context.Context, string) ([]survey.Edition, error) { return nil, nil }

func (f *fielded) Releases(context.Context, string) ([][]byte, error) { return f.releases, nil }

func (f *fielded) AddRelease(_ context.Context, _ string, _ int, document []byte) error {
	f.releases = append(f.releases, document)
	return nil
}

// barometer is the sample survey after its close, with so many respondents, of whom a share is in the data.
func barometer(t *testing.T, n int, share float64, full bool) (results.Microdata, results.Results) {
	t.Helper()
	q, err := survey.Load("partnership-barometer")
	if err != nil {
		t.Fatal(err)
	}
	random, f := rand.New(rand.NewPCG(5, 6)), &fielded{}
	for range n {
		answers := respondents.Answers(q, random)
		for id, a := range answers {
			if a.Text != "" {
				a.Text = nasty[random.IntN(len(nasty))]
				answers[id] = a
			}
		}
		f.responses = append(f.responses, survey.Response{
			Wave: "2026", Lang: i18n.Fi, Day: "2026-11-10", State: survey.Complete, Version: q.Version, Answers: answers, ID: fmt.Sprintf("%032x", random.Uint64()),
		})
	}
	closes := time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC)
	r := &results.Reporter{
		Source: f, Questionnaire: q, Minimum: 5, Share: share, Organiser: small().Organiser, Now: func() time.Time { return closes.Add(48 * time.Hour) },
		Period: survey.Period{Wave: "2026", Opens: closes.AddDate(0, -1, 0), Closes: closes, Zone: time.UTC},
	}
	published, err := r.Results(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Microdata(t.Context(), full)
	if err != nil {
		t.Fatal(err)
	}
	return m, published
}

// The sample survey comes out in each format, protected and in full, and other programs find in each the
// cells of the CSV.
func TestBarometerInOtherPrograms(t *testing.T) {
	for _, full := range []bool{false, true} {
		m, published := barometer(t, 400, 0.5, full)
		dir := t.TempDir()
		for _, format := range Formats {
			write(t, format, m, published, i18n.Fi).save(t, dir)
		}
		raw, err := os.ReadFile(filepath.Join(dir, "answers.csv"))
		if err != nil {
			t.Fatal(err)
		}
		cases := parsed(t, raw)
		if full && len(cases) != 401 || !full && (len(cases) < 100 || len(cases) > 300) || len(cases[0]) < 30 {
			t.Fatalf("full %t: %d rows of %d variables", full, len(cases), len(cases[0]))
		}
		workbook, err := os.ReadFile(filepath.Join(dir, "answers.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		agree(t, "XLSX", cases, sheets(t, workbook, i18n.T(i18n.Fi, "export.sheet.data", nil))[i18n.T(i18n.Fi, "export.sheet.data", nil)])
		if _, err := exec.LookPath("pspp-convert"); err == nil {
			run(t, dir, "pspp-convert", "answers.sav", "pspp.csv")
			agree(t, "PSPP", cases, parsedFile(t, filepath.Join(dir, "pspp.csv")))
		}
		if _, err := exec.LookPath("Rscript"); err == nil {
			if csv, sav := run(t, dir, "Rscript", "answers.R", "csv"), run(t, dir, "Rscript", "answers.R", "sav"); csv != sav {
				t.Errorf("R shows of the CSV\n%s\nand of the system file\n%s", csv, sav)
			}
		}
		if _, err := exec.LookPath("xmllint"); err == nil {
			schema, err := filepath.Abs("testdata/ddi.rng")
			if err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("xmllint", "--noout", "--relaxng", schema, filepath.Join(dir, "answers.ddi")).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		}
	}
}

// The frequencies of a description are the published ones. Of data that have everybody they are those of
// the data; else it is said that they are not.
func TestFrequenciesAreThePublishedOnes(t *testing.T) {
	for _, share := range []float64{0.5, 1} {
		m, published := barometer(t, 400, share, false)
		var described struct {
			Variables []struct {
				Name       string `xml:"name,attr"`
				Answered   int    `xml:"TotlResp"`
				Categories []struct {
					Value string `xml:"catValu"`
					Count *int   `xml:"catStat"`
				} `xml:"catgry"`
			} `xml:"dataDscr>var"`
			Notes []string `xml:"dataDscr>notes"`
		}
		if err := xml.Unmarshal(write(t, DDI, m, published, i18n.Sv)["answers.ddi"].Bytes(), &described); err != nil {
			t.Fatal(err)
		}
		cases := parsed(t, write(t, CSV, m, published, i18n.Sv)["answers.csv"].Bytes())
		compared := 0
		for i, v := range described.Variables {
			counts, answered := map[string]int{}, 0
			for _, row := range cases[1:] {
				counts[row[i]]++
				if row[i] != "" {
					answered++
				}
			}
			for _, c := range v.Categories {
				if c.Count == nil {
					continue
				}
				compared++
				if n := counts[c.Value]; n > *c.Count || share == 1 && n < *c.Count || v.Answered < *c.Count {
					t.Errorf("%s: %d have the value %s, and are described as %d of %d", v.Name, n, c.Value, *c.Count, v.Answered)
				}
			}
			if share == 1 && v.Answered > 0 && answered != v.Answered {
				t.Errorf("%s: %d answered, and are described as %d", v.Name, answered, v.Answered)
			}
		}
		if compared < 100 || len(described.Notes) != map[float64]int{0.5: 3, 1: 0}[share] {
			t.Errorf("share %v: %d frequencies are described, with the notes %q", share, compared, described.Notes)
		}
	}
}
