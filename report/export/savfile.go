package export

import (
	"io"
	"slices"
	"time"

	"viesti/i18n"
	"viesti/internal/sav"
	"viesti/report/results"
)

// measures are the levels as SPSS names them.
var measures = map[results.Measure]sav.Measure{
	results.Nominal: sav.Nominal, results.Ordinal: sav.Ordinal, results.Metric: sav.Scale, results.Text: sav.Nominal,
}

// writeSAV writes an SPSS system file. What is said about the file stands in its documents.
func (a *answers) writeSAV(w io.Writer) error {
	d := sav.Dictionary{Title: line(a.of.Title.In(a.lang)), Product: "Viesti", Cases: a.of.N}
	d.Created, _ = time.Parse(time.DateOnly, a.of.Day) // the year 1 where no day is known
	for _, s := range a.about() {
		d.Documents = append(d.Documents, s.said())
	}
	for _, v := range a.variables {
		d.Variables = append(d.Variables, v.spss())
		if v.Width > sav.MaxText {
			d.Documents = append(d.Documents, i18n.T(a.lang, "export.cut_sav", i18n.Args{"variable": v.Name, "max": sav.MaxText}))
		}
	}
	out, err := sav.NewWriter(w, d)
	if err != nil {
		return err
	}
	err = a.rows(func(row []cell) error {
		for _, c := range row {
			var err error
			switch c.kind {
			case aNumber:
				err = out.Number(c.number)
			case aText:
				err = out.Text(c.text)
			default:
				err = out.Missing()
			}
			if err != nil {
				return err
			}
		}
		return out.End()
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// number tells of a value that it is its own meaning: one of a grade's numbers, which needs no words.
func (v variable) number(l value) bool {
	return v.Measure == results.Metric && l.text == digits(float64(l.Code))
}

// spss is the variable as the file's dictionary has it.
func (v variable) spss() sav.Variable {
	s := sav.Variable{Name: v.Name, Label: v.label, Measure: measures[v.Measure], Decimals: v.Decimals}
	if v.Measure == results.Text {
		s.Width = min(max(v.Width, 1), sav.MaxText)
		return s
	}
	s.Digits = 8 + v.Decimals
	if len(v.values) > 0 {
		codes := make([]string, len(v.values))
		for i, l := range v.values {
			codes[i] = digits(float64(l.Code))
			if !v.number(l) {
				s.Values = append(s.Values, sav.Label{Value: float64(l.Code), Text: l.text})
			}
			if l.Missing {
				s.Missing = append(s.Missing, float64(l.Code))
			}
		}
		s.Digits = len(slices.MaxFunc(codes, func(a, b string) int { return len(a) - len(b) }))
	}
	return s
}
