// Package exchange carries questionnaires to and from the files of other tools: XLSForm
// workbooks (ODK, KoboToolbox and others) both ways, LimeSurvey's structure files in.
//
// It drops nothing in silence: what a format cannot hold, or we cannot, is listed with its place
// and the next step. It does not check questionnaires (survey does) and never sees an answer.
package exchange
