package export

import (
	"encoding/xml"
	"io"
	"strconv"
	"time"

	"viesti/i18n"
	"viesti/report/results"
)

// writeDDI writes DDI-Codebook 2.5: the study in all languages, the files of that stem and their
// variables. It has no cases. Its frequencies are those that were published, and no others.
func (a *answers) writeDDI(w io.Writer, stem string) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	err := out.Encode(codeBook{
		Namespace: "ddi:codebook:2_5", XSI: "http://www.w3.org/2001/XMLSchema-instance",
		Location: "ddi:codebook:2_5 http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd",
		Version:  "2.5", Lang: a.lang,
		Document: a.document(), Study: a.study(), Files: a.files(stem), Variables: a.ddiVariables(), Notes: a.notes(),
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// langs are the languages, the file's own first.
func (a *answers) langs() []i18n.Lang {
	list := []i18n.Lang{a.lang}
	for _, l := range i18n.Langs {
		if l != a.lang {
			list = append(list, l)
		}
	}
	return list
}

// each is an element for each language that has words.
func (a *answers) each(words func(i18n.Lang) string) []text {
	var list []text
	for _, l := range a.langs() {
		if s := line(words(l)); s != "" {
			list = append(list, text{Lang: l, Text: s})
		}
	}
	return list
}

// of is what an organiser wrote, in the languages they wrote it in.
func of(t i18n.Text) func(i18n.Lang) string {
	return func(l i18n.Lang) string { return t[l] }
}

// said are our own words.
func said(key string, args i18n.Args) func(i18n.Lang) string {
	return func(l i18n.Lang) string { return i18n.T(l, key, args) }
}

// title is the title in the file's language, and beside it the others.
func (a *answers) title(words func(i18n.Lang) string) titles {
	all := a.each(words)
	if len(all) == 0 {
		return titles{Title: text{Lang: a.lang, Text: a.of.Questionnaire}}
	}
	return titles{Title: all[0], Parallel: all[1:]}
}

func (a *answers) document() document {
	called := func(l i18n.Lang) string {
		return i18n.T(l, "export.ddi.document", i18n.Args{"title": a.of.Title.In(l)})
	}
	return document{Citation: citation{
		Titles: a.title(called), Authors: a.each(of(a.of.Organiser)),
		Producer: producer{Names: a.each(of(a.of.Organiser)), Date: a.date(a.of.Day), Software: "Viesti"},
	}}
}

func (a *answers) study() study {
	s := study{Citation: citation{
		Titles:   a.title(of(a.of.Title)),
		Authors:  a.each(of(a.of.Organiser)),
		Producer: producer{Names: a.each(of(a.of.Organiser)), Date: a.date(a.of.Day)},
		Version:  &version{Version: text{Lang: a.lang, Text: line(a.of.Wave)}},
	}}
	s.Abstract = a.each(func(l i18n.Lang) string {
		return i18n.T(l, "export.ddi.abstract", i18n.Args{
			"title": a.of.Title.In(l), "organiser": a.of.Organiser.In(l), "wave": a.of.Wave,
			"opens": day(l, a.of.Opens), "closes": day(l, a.of.Closes), "cases": i18n.Number(l, int64(a.of.N)),
		})
	})
	for _, d := range []struct{ event, day string }{{"start", a.of.Opens}, {"end", a.of.Closes}} {
		if date := a.date(d.day); date != nil {
			date.Event = d.event
			s.Summary.Collected = append(s.Summary.Collected, *date)
		}
	}
	s.Summary.Unit = a.each(said("export.ddi.unit", nil))
	s.Summary.Universe = a.each(said("export.ddi.universe", nil))
	s.Summary.Kind = a.each(said("export.ddi.kind", nil))
	s.Method = method{
		Time: a.each(said("export.ddi.time", nil)), Collector: a.each(of(a.of.Organiser)),
		Sampling: a.each(said("export.ddi.sampling", nil)), Mode: a.each(said("export.ddi.mode", nil)),
	}
	for _, l := range a.langs() {
		for _, rule := range a.rule(l) {
			s.Method.Cleaning = append(s.Method.Cleaning, text{Lang: l, Text: rule})
		}
		u := use{Conditions: text{Lang: l, Text: i18n.T(l, "export.ddi.conditions", nil)}}
		if a.of.Full {
			u.Restriction = &text{Lang: l, Text: i18n.T(l, "export.full", nil)}
		}
		s.Use = append(s.Use, u)
	}
	return s
}

// date is a day as DDI has it, nil for one that is none.
func (a *answers) date(s string) *date {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return nil
	}
	return &date{Date: s, Text: s}
}

// files are the files that the other formats write under the same stem.
func (a *answers) files(stem string) []dataFile {
	size := dimensions{Cases: a.of.N, Variables: len(a.variables)}
	return []dataFile{
		{ID: "F1", Name: stem + ".sav", Size: size, Kind: fileType{Charset: "UTF-8", Text: "SPSS system file"}},
		{ID: "F2", Name: stem + ".csv", Size: size, Kind: fileType{Charset: "UTF-8", Text: "CSV (RFC 4180)"}},
	}
}

// notes say whose the frequencies are, where the files have not all of those people.
func (a *answers) notes() []text {
	all, n, sampled := a.sampled()
	if !sampled || a.of.Full {
		return nil
	}
	return a.each(said("export.ddi.frequencies", i18n.Args{"n": n, "all": all}))
}

// natures are the levels of measurement as DDI names them.
var natures = map[results.Measure]string{
	results.Nominal: "nominal", results.Ordinal: "ordinal", results.Metric: "interval", results.Text: "other",
}

func (a *answers) ddiVariables() []ddiVariable {
	published := newFrequencies(a.figures)
	var list []ddiVariable
	for i, v := range a.variables {
		d := ddiVariable{
			ID: "V" + strconv.Itoa(i+1), Name: v.Name, Files: "F1 F2", Interval: "discrete", Nature: natures[v.Measure],
			Labels: a.each(of(v.Label)), Universe: a.each(of(published.when[v.Question])),
			Answered: published.answered(v),
		}
		if texts := a.each(of(published.asked[v.Question])); len(texts) > 0 {
			for _, t := range texts {
				d.Questions = append(d.Questions, question(t))
			}
		}
		d.Format = format{Type: "numeric", Schema: "SPSS", Name: "F" + strconv.Itoa(v.spss().Digits) + "." + strconv.Itoa(v.Decimals)}
		switch v.Measure {
		case results.Text:
			d.Format = format{Type: "character", Schema: "SPSS", Name: "A" + strconv.Itoa(v.spss().Width)}
		case results.Metric:
			d.Interval, d.Decimals = "contin", strconv.Itoa(v.Decimals)
			if limits := published.limits[v.Question]; limits != nil {
				d.Valid = &ranges{Range: limits}
			}
			d.Statistics = published.measured(v)
		}
		a.categories(&d, v, published)
		list = append(list, d)
	}
	return list
}

// categories adds the values, which of them are missing, and how many people chose each where that
// was published.
func (a *answers) categories(d *ddiVariable, v variable, published frequencies) {
	valid, missing := &ranges{}, &ranges{}
	for _, l := range v.values {
		c := category{Value: l.Code, Missing: "N", Labels: a.each(of(l.Text))}
		if len(c.Labels) == 0 {
			c.Labels = []text{{Lang: a.lang, Text: l.text}}
		}
		in := valid
		if l.Missing {
			in, c.Missing = missing, "Y"
		}
		in.Items = append(in.Items, item{l.Code})
		if n, ok := published.of(v, l); ok {
			c.Statistics = append(c.Statistics, statistic{Type: "freq", Count: n})
		}
		d.Categories = append(d.Categories, c)
	}
	if len(valid.Items) > 0 && d.Valid == nil {
		d.Valid = valid
	}
	if len(missing.Items) > 0 {
		d.Invalid = missing
	}
}
