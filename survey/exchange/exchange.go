// Package exchange carries questionnaires to and from the files of other tools: XLSForm
// workbooks (ODK, KoboToolbox and others) both ways, LimeSurvey's structure files in.
//
// It drops nothing in silence: what a format cannot hold, or we cannot, is listed with its place
// and the next step. It does not check questionnaires (survey does) and never sees an answer.
package exchange

import (
	"bytes"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// Form is a questionnaire out of another tool's file, and what of the file is not in it.
type Form struct {
	Questionnaire *survey.Questionnaire // not checked
	Losses        fault.List
}

// Read reads a file by what is in it: a workbook is an XLSForm, XML a LimeSurvey structure.
// lang is the language of an XLSForm's texts in columns without one, if the form itself does not
// say; it may be empty.
func Read(file string, data []byte, lang i18n.Lang) (Form, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return ReadXLSForm(file, data, lang)
	case bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff"))), []byte("<")):
		return ReadLSS(file, bytes.TrimPrefix(data, []byte("\ufeff")))
	default:
		return Form{}, fault.New(fault.Invalid, "exchange.format", i18n.Args{"file": file})
	}
}

// Source is the questionnaire as a file. Its head keeps the list of what was lost, for those who
// go on with it.
func (f Form) Source(file string, lang i18n.Lang) []byte {
	var b bytes.Buffer
	line := func(s string) {
		b.WriteString("# " + strings.Map(func(r rune) rune {
			if r < ' ' || r == '\x7f' { // which would end the comment, or spoil the file
				return ' '
			}
			return r
		}, strings.ToValidUTF8(s, "\uFFFD")) + "\n")
	}
	b.WriteString("#:schema ./" + survey.SchemaFile + "\n\n") // for the author's editor
	line(i18n.T(lang, "exchange.imported", i18n.Args{"file": file}))
	if len(f.Losses) > 0 {
		line(i18n.T(lang, "exchange.lost", nil))
	}
	for _, l := range f.Losses {
		line("- " + l.Say(lang))
	}
	b.WriteString("\n")
	b.Write(survey.Encode(f.Questionnaire))
	return b.Bytes()
}
