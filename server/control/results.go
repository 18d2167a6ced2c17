package control

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path/filepath"
	"regexp"

	"github.com/gin-gonic/gin"

	"viesti/audit"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/results"
)

// Results is what commands want of the answers.
type Results interface {
	// Results are those of a wave, or of one question of it.
	Results(ctx context.Context, wave, question string) (results.Results, error)
	// Counted is how far the counting has come that began last.
	Counted(ctx context.Context) (Counted, error)
	// Report and Export write files, which create makes one after another.
	Report(ctx context.Context, in ReportRequest, create func(name string) (io.WriteCloser, error)) error
	Export(ctx context.Context, in ExportRequest, create func(name string) (io.WriteCloser, error)) error
}

// ResultsFile is the file of a report that has its results for programs. A folder with one is a
// report.
const ResultsFile = "results.json"

// Counted is how many of the answers were read.
type Counted struct {
	Done int64 `json:"done"`
	All  int64 `json:"all"`
}

// ReportRequest is the body of /report.
type ReportRequest struct {
	Wave string    `json:"wave,omitempty"`
	Lang i18n.Lang `json:"lang,omitempty"` // empty: all languages
}

// ExportRequest is the body of /export.
type ExportRequest struct {
	Wave   string    `json:"wave,omitempty"`
	Lang   i18n.Lang `json:"lang"`
	Format string    `json:"format"`
	Name   string    `json:"name"` // of the file, without a folder
	Full   bool      `json:"full,omitempty"`
	Tables bool      `json:"tables,omitempty"` // no answers one by one
}

func (a *API) resultRoutes(r *gin.Engine) {
	r.GET("/results", a.results)
	r.GET("/counted", a.counted)
	r.POST("/report", a.report)
	r.POST("/export", a.exportAnswers)
}

func (a *API) results(c *gin.Context) {
	out, err := a.Answers.Results(c, c.Query("wave"), c.Query("question"))
	a.answer(c, out, err)
}

func (a *API) counted(c *gin.Context) {
	out, err := a.Answers.Counted(c)
	a.answer(c, out, err)
}

func (a *API) report(c *gin.Context) {
	var in ReportRequest
	if !a.body(c, &in) || !a.inLanguage(c, in.Lang) || !a.noted(c, audit.Reported, "", string(in.Lang)) {
		return
	}
	a.stream(c, func(create func(string) (io.WriteCloser, error)) error { return a.Answers.Report(c, in, create) })
}

func (a *API) exportAnswers(c *gin.Context) {
	var in ExportRequest
	if !a.body(c, &in) || !a.inLanguage(c, in.Lang) {
		return
	}
	if in.Name == "" || in.Name != filepath.Base(in.Name) || !filepath.IsLocal(in.Name) {
		a.fail(c, fault.New(fault.Invalid, "control.bad_request", nil))
		return
	}
	detail := "unknown"
	if formats.MatchString(in.Format) {
		detail = in.Format
	}
	if in.Full {
		detail += " full"
	}
	if !a.noted(c, audit.ExportedResults, "", detail) {
		return
	}
	a.stream(c, func(create func(string) (io.WriteCloser, error)) error { return a.Answers.Export(c, in, create) })
}

// formats are names of formats as the book may have them; whether there is one is export's to say.
var formats = regexp.MustCompile(`^[a-z]{1,9}$`)

// inLanguage refuses what is no language of ours; none is.
func (a *API) inLanguage(c *gin.Context, l i18n.Lang) bool {
	if known, ok := i18n.ParseLang(string(l)); l != "" && (!ok || known != l) {
		a.fail(c, fault.New(fault.Invalid, "control.unknown_language", i18n.Args{"lang": string(l)}))
		return false
	}
	return true
}

// stream answers with files, as the parts of one body. What goes wrong before the first is answered
// as a fault; after it the answer breaks off, so that nobody takes half for the whole.
func (a *API) stream(c *gin.Context, write func(create func(string) (io.WriteCloser, error)) error) {
	parts := multipart.NewWriter(c.Writer)
	begun := false
	err := write(func(name string) (io.WriteCloser, error) {
		if !begun {
			begun = true
			c.Header("Content-Type", "multipart/mixed; boundary="+parts.Boundary())
			c.Status(http.StatusOK)
		}
		w, err := parts.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`attachment; filename="` + filepath.ToSlash(name) + `"`}})
		return unclosed{w}, err
	})
	if err == nil {
		err = parts.Close()
	}
	switch {
	case err == nil:
	case !begun:
		a.fail(c, err)
	default:
		if !errors.Is(err, context.Canceled) {
			a.Log.Error("files broke off", "route", c.FullPath(), "err", err)
		}
		c.Abort()
		panic(http.ErrAbortHandler) // so that the reader sees a broken answer, not a short one
	}
}

// unclosed is a part of a body, which ends where the next begins.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
