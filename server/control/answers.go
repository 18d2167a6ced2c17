package control

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"viesti/audit"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/reading"
)

// Reading is what commands want of the reading of open answers.
type Reading interface {
	Progress(ctx context.Context) (reading.Progress, error)
	Export(ctx context.Context, f reading.Format, l i18n.Lang) ([]byte, error)
	Import(ctx context.Context, f reading.File, dry bool) (reading.Import, error)
}

// AnswersImport is the body of /answers/import.
type AnswersImport struct {
	reading.File
	DryRun bool `json:"dry_run,omitempty"`
}

// reading is that of the wave that is asked for. Without one it answers the request itself.
func (a *API) reading(c *gin.Context) (Reading, bool) {
	r, err := a.Reading(c.Query("wave"))
	if err != nil {
		a.fail(c, err)
		return nil, false
	}
	return r, true
}

func (a *API) answers(c *gin.Context) {
	if r, ok := a.reading(c); ok {
		p, err := r.Progress(c)
		a.answer(c, p, err)
	}
}

func (a *API) exportOpen(c *gin.Context) {
	r, ok := a.reading(c)
	if !ok {
		return
	}
	format := reading.Format(c.Query("format"))
	if format != reading.CSV && format != reading.XLSX {
		a.fail(c, fault.New(fault.Invalid, "control.answers_format", nil))
		return
	}
	raw, err := r.Export(c, format, lang(c))
	if err != nil {
		a.fail(c, err)
		return
	}
	if !a.noted(c, audit.ExportedAnswers, "", string(format)) {
		return
	}
	c.Data(http.StatusOK, "application/octet-stream", raw)
}

func (a *API) importOpen(c *gin.Context) {
	r, ok := a.reading(c)
	if !ok {
		return
	}
	var in AnswersImport
	if a.body(c, &in) {
		out, err := r.Import(c, in.File, in.DryRun)
		a.answer(c, out, err)
	}
}
