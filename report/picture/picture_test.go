package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/report/picture"
)

var update = flag.Bool("update", false, "write the golden files anew")

func share(n, of int64) *float64 {
	if of == 0 {
		return nil
	}
	x := float64(n) / float64(of)
	return &x
}

// wave is a wave on its twelfth day, with figures made up so that every form of a picture occurs.
func wave(by report.By) report.Rates {
	r := report.Rates{
		Wave: "2026", AsOf: time.Date(2026, 11, 13, 12, 0, 0, 0, time.UTC), Open: true, Opens: "2026-11-02", Closes: "2026-11-30",
		Letters: []report.Letter{
			{Day: "2026-11-02", Kinds: []outbox.Kind{outbox.Invitation}, Messages: 600, Answers: new(int64(94))},
			{Day: "2026-11-09", Kinds: []outbox.Kind{outbox.Invitation, outbox.Reminder(1)}, Messages: 480, Answers: new(int64(61))},
			{Day: "2026-11-16", Kinds: []outbox.Kind{outbox.Reminder(2)}, Planned: true, Answers: new(int64(20))},
			{Day: "2026-11-27", Kinds: []outbox.Kind{outbox.LastCall}, Planned: true, Answers: new(int64(15))},
		},
		Forecast: &report.Forecast{Complete: 214, Low: 190, High: 246, Level: 0.9},
		Spread: []report.Branch{
			{Channel: link.Mail, Links: 24, Counts: report.Counts{Visits: 180, Partial: 22, Complete: 120}},
			{Channel: link.Mail, Depth: 1, Links: 11, Counts: report.Counts{Visits: 30, Complete: 17}},
			{Channel: link.Mail, Depth: 2, Links: 1, Counts: report.Counts{Visits: 2}},
			{Channel: link.Slack, Links: 14, Counts: report.Counts{Visits: 14, Complete: 9}},
			{Channel: link.Web, Links: 1, Counts: report.Counts{Visits: 12, Complete: 9}},
		},
	}
	so := int64(0)
	for i, n := range []int64{31, 22, 14, 11, 9, 3, 4, 26, 14, 10, 8, 3} {
		so += n
		r.Course = append(r.Course, report.Day{Day: time.Date(2026, 11, 2+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Complete: n, SoFar: so})
	}
	for i := range 18 {
		k := int64(i)
		r.Forecast.Path = append(r.Forecast.Path, report.Step{
			Day: time.Date(2026, 11, 13+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Complete: so + 59*k/17, Low: so + 35*k/17, High: so + 91*k/17,
		})
	}
	r.Total = report.Row{Contacted: 600, Undelivered: 12, Counts: report.Counts{Visits: 200, Partial: 20, Complete: 129}, Target: 300}
	r.Total.Rate = share(129, 588)
	r.Total.SameDay = &report.SameDay{Wave: "2022", Days: 11, Now: 152, Then: 101}
	r.Rows = rows(by)
	return r
}

func rows(by report.By) (list []report.Row) {
	values := []string{"pomako", "luckan", "move", "sote"}
	switch by {
	case report.ByRegion:
		values = contacts.Regions
	case report.ByCentre:
		values = contacts.CentresFrom2026.Centres()
	case report.ByCentre2025:
		values = contacts.CentresUntil2025.Centres()
	default:
	}
	for i, v := range values {
		n := int64(3 + 7*i%23)
		row := report.Row{Contacted: 41, Counts: report.Counts{Visits: n + 4, Complete: n}, Target: int64(5 * (i % 5))}
		switch by {
		case report.ByRegion:
			row.Region = v
		case report.ByCentre, report.ByCentre2025:
			row.Centre = v
		default:
			row.Network, row.Name = v, "Kansainvälinen kohtaamo, Pohjois-Savon verkosto ja ystävät nro "+v
		}
		if i == 2 {
			row.Contacted = 0
		}
		row.Rate = share(row.Complete, row.Contacted)
		if row.Rate != nil {
			win := report.StillToWin(41, *row.Rate, 0.3)
			row.StillToWin = &win
		}
		list = append(list, row)
	}
	return list
}

var drawn = []report.By{report.ByNetwork, report.ByRegion, report.ByCentre, report.ByCentre2025, report.ByChannel, report.ByDay}

// TestPictures holds every picture against the file of what somebody has looked at.
func TestPictures(t *testing.T) {
	for _, by := range drawn {
		for _, l := range i18n.Langs {
			name := fmt.Sprintf("%s.%s.svg", by, l)
			p := picture.Of(wave(by), by, l)
			got := p.SVG()
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil { //nolint:gosec // a golden file
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not as it was looked at; see go test ./report/picture -update (%v)", name, err)
			}
			wellFormed(t, name, got, p)
			tableMatches(t, name, p)
		}
	}
}

// wellFormed makes sure that a picture is XML, and that it says what it is to who does not see it.
func wellFormed(t *testing.T, name string, raw []byte, p picture.Picture) {
	t.Helper()
	said := map[string]string{}
	var in, labelled string
	for dec := xml.NewDecoder(bytes.NewReader(raw)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			in = x.Name.Local
			for _, a := range x.Attr {
				switch a.Name.Local {
				case "style", "onload", "href":
					t.Errorf("%s has %s=%q", name, a.Name.Local, a.Value)
				case "id":
					said["#"+a.Value] = ""
					in = "#" + a.Value
				case "aria-labelledby":
					labelled = a.Value
				}
			}
		case xml.CharData:
			said[in] += string(x)
		case xml.EndElement:
			in = ""
		}
	}
	var read []string
	for id := range strings.FieldsSeq(labelled) {
		read = append(read, said["#"+id])
	}
	if want := []string{p.Title, p.Text}; strings.Join(read, "|") != strings.Join(want, "|") || p.Text == "" {
		t.Errorf("%s is read as %q, want %q", name, read, want)
	}
}

func tableMatches(t *testing.T, name string, p picture.Picture) {
	t.Helper()
	if len(p.Rows) == 0 {
		t.Errorf("%s has no table", name)
	}
	for _, row := range p.Rows {
		if len(row) != len(p.Head) {
			t.Errorf("%s: %d cells under %d heads", name, len(row), len(p.Head))
		}
	}
}

// TestPNG compares the picture and not its bytes, which another version of Go may pack otherwise.
func TestPNG(t *testing.T) {
	for _, by := range []report.By{report.ByDay, report.ByRegion} {
		raw, err := picture.Of(wave(by), by, i18n.Sv).PNG()
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", string(by)+".sv.png")
		if *update {
			if err := os.WriteFile(golden, raw, 0o644); err != nil { //nolint:gosec // a golden file
				t.Fatal(err)
			}
		}
		looked, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if off := different(t, raw, looked); off > 0.001 {
			t.Errorf("%s: %.2f %% of the picture is not as it was looked at", golden, 100*off)
		}
	}
}

// different is the share of points that differ so that one could see it.
func different(t *testing.T, a, b []byte) float64 {
	t.Helper()
	x, y := decode(t, a), decode(t, b)
	if x.Bounds() != y.Bounds() {
		return 1
	}
	n, size := 0, x.Bounds()
	for i := size.Min.X; i < size.Max.X; i++ {
		for j := size.Min.Y; j < size.Max.Y; j++ {
			r1, g1, b1, _ := x.At(i, j).RGBA()
			r2, g2, b2, _ := y.At(i, j).RGBA()
			if far(r1, r2) || far(g1, g2) || far(b1, b2) {
				n++
			}
		}
	}
	return float64(n) / float64(size.Dx()*size.Dy())
}

func decode(t *testing.T, raw []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x1800 }

// TestPicturesOfNothing: a wave that has not begun, and one of which hardly anything is known, are
// drawn as well.
func TestPicturesOfNothing(t *testing.T) {
	for name, r := range map[string]report.Rates{
		"nothing":             {Wave: "2026"},
		"not begun":           {Wave: "2026", Opens: "2026-11-02", Closes: "2026-11-30"},
		"one day":             {Wave: "2026", Opens: "2026-11-02", Closes: "2026-11-02", Course: []report.Day{{Day: "2026-11-02", Complete: 1, SoFar: 1}}},
		"names that are tags": {Wave: `<script>"&`, Rows: []report.Row{{Network: "x", Name: `<b>&"</b>`, Kind: "mixed", Region: "lappi", Channel: "mail"}}},
	} {
		for _, by := range report.Divisions {
			p := picture.Of(r, by, i18n.En)
			wellFormed(t, name, p.SVG(), p)
			if _, err := p.PNG(); err != nil {
				t.Errorf("%s by %s: %v", name, by, err)
			}
		}
	}
}

// TestManyRows: of many rows those are drawn in which answers are to be won.
func TestManyRows(t *testing.T) {
	r := report.Rates{Wave: "2026"}
	for i := range 200 {
		win := int64(i % 7)
		r.Rows = append(r.Rows, report.Row{Network: fmt.Sprint("n", i), Name: fmt.Sprint("Network ", i), Outcome: report.Outcome{}, StillToWin: &win})
	}
	p := picture.Of(r, report.ByNetwork, i18n.En)
	if len(p.Rows) != 40 || !strings.Contains(p.Text, "40 of 200") {
		t.Errorf("%d rows: %s", len(p.Rows), p.Text)
	}
	for _, row := range p.Rows {
		if row[4] < "5" {
			t.Errorf("drawn is %v", row)
		}
	}
}
