package export

import (
	"context"
	"encoding/xml"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"viesti/i18n"
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

// answered is a random answer; the first options are chosen more often.
func answered(q *survey.Questionnaire, question *survey.Question, random *rand.Rand) (a survey.Answer) {
	options, rows := q.Choices(question)
	pick := func(n int) int { return int(float64(n) * random.Float64() * random.Float64()) }
	switch question.Type {
	case survey.Single:
		a.Value = options[pick(len(options))].ID
	case survey.Grade:
		a.Value = strconv.Itoa(question.Max - pick(question.Max-question.Min+1))
	case survey.Matrix:
		a.Rows = map[string]string{}
		for _, row := range rows {
			a.Rows[row.ID] = options[pick(len(options))].ID
		}
	case survey.Multiple, survey.Rank:
		a.Choices = []string{options[pick(len(options)-1)].ID}
	case survey.OpenText:
		a.Text = nasty[random.IntN(len(nasty))]
	}
	return a
}

// barometer is the sample survey after its close, with so many respondents.
func barometer(t *testing.T, n int, full bool) (results.Microdata, results.Results) {
	t.Helper()
	q, err := survey.Load("partnership-barometer")
	if err != nil {
		t.Fatal(err)
	}
	random, f := rand.New(rand.NewPCG(5, 6)), &fielded{}
	for range n {
		answers := survey.Answers{}
		for i := range q.Pages {
			for j := range q.Pages[i].Questions {
				question := &q.Pages[i].Questions[j]
				if a := answered(q, question, random); !a.Empty() && random.IntN(10) > 0 {
					answers[question.ID] = a
				}
			}
		}
		f.responses = append(f.responses, survey.Response{
			Wave: "2026", Lang: i18n.Fi, Day: "2026-11-10", State: survey.Complete, Version: q.Version, Answers: q.Relevant(answers),
		})
	}
	closes := time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC)
	r := &results.Reporter{
		Source: f, Questionnaire: q, Minimum: 5, Organiser: small().Organiser, Now: func() time.Time { return closes.Add(48 * time.Hour) },
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
		m, published := barometer(t, 400, full)
		dir := t.TempDir()
		for _, format := range Formats {
			write(t, format, m, published, i18n.Fi).save(t, dir)
		}
		raw, err := os.ReadFile(filepath.Join(dir, "answers.csv"))
		if err != nil {
			t.Fatal(err)
		}
		cases := parsed(t, raw)
		if len(cases) != 401 || len(cases[0]) < 30 {
			t.Fatalf("full %t: %d rows of %d variables", full, len(cases), len(cases[0]))
		}
		workbook, err := os.ReadFile(filepath.Join(dir, "answers.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		agree(t, "XLSX", cases, sheets(t, workbook)[i18n.T(i18n.Fi, "export.sheet.data", nil)])
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

// The frequencies of a description are those of the data that it describes.
func TestFrequenciesAreThoseOfTheData(t *testing.T) {
	m, published := barometer(t, 400, false)
	var described struct {
		Variables []struct {
			Name       string `xml:"name,attr"`
			Categories []struct {
				Value string `xml:"catValu"`
				Count *int   `xml:"catStat"`
			} `xml:"catgry"`
		} `xml:"dataDscr>var"`
	}
	if err := xml.Unmarshal(write(t, DDI, m, published, i18n.Sv)["answers.ddi"].Bytes(), &described); err != nil {
		t.Fatal(err)
	}
	cases := parsed(t, write(t, CSV, m, published, i18n.Sv)["answers.csv"].Bytes())
	compared := 0
	for i, v := range described.Variables {
		if cases[0][i] != v.Name {
			t.Fatalf("variable %d is %s and is described as %s", i, cases[0][i], v.Name)
		}
		counts := map[string]int{}
		for _, row := range cases[1:] {
			counts[row[i]]++
		}
		for _, c := range v.Categories {
			if c.Count == nil {
				continue
			}
			compared++
			if counts[c.Value] != *c.Count {
				t.Errorf("%s: %d have the value %s, and are described as %d", v.Name, counts[c.Value], c.Value, *c.Count)
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d frequencies are described", compared)
	}
}
