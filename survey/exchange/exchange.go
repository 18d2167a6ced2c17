// Package exchange carries questionnaires to and from the files of other tools: XLSForm
// workbooks (ODK, KoboToolbox and others) both ways, LimeSurvey's structure files in.
//
// It drops nothing in silence: what a format cannot hold, or we cannot, is listed with its place
// and the next step. It does not check questionnaires (survey does) and never sees an answer.
package exchange

import (
	"bytes"

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
