package app

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"time"

	"viesti/config"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report"
	"viesti/report/export"
	"viesti/report/publication"
	"viesti/report/results"
	"viesti/server/control"
	"viesti/survey"
)

// resultsOf makes the results of a wave; an empty one is that in the field. The questionnaire of one
// that has been may be gone: then what was kept of it counts.
func (a *App) resultsOf(wave string) (*results.Reporter, config.Config, error) {
	c, err := a.Config.In(wave)
	if err != nil {
		return nil, c, err
	}
	rates, err := a.reporter(c)
	if err != nil {
		return nil, c, err
	}
	var known []report.Known // what was published, beside which this is to be
	if rates.Questionnaire != nil {
		if known, err = EarlierWaves(c, rates.Questionnaire); err != nil {
			return nil, c, err
		}
	}
	r := &results.Reporter{
		Source: a.Store, Questionnaire: rates.Questionnaire, Period: rates.Period, Organiser: c.Survey.Organiser,
		Minimum: int64(c.Privacy.MinimumGroup), By: c.Report.By, Share: c.Report.Sample, Earlier: known, Now: a.options.Now,
		Ahead: &a.prepared,
	}
	a.counting.Store(r)
	return r, c, nil
}

// prepareResults counts the answers of whole days before anybody asks, until ctx ends.
func (a *App) prepareResults(ctx context.Context) error {
	for {
		r, _, err := a.resultsOf("")
		if err == nil {
			err = r.Prepare(ctx)
		}
		if err != nil && ctx.Err() == nil {
			a.log("results").Error("answers could not be counted ahead", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(sweepEvery):
		}
	}
}

// CheckReport makes sure that results can be divided as the configuration says.
func CheckReport(c config.Config, q *survey.Questionnaire) error {
	return results.CheckBy(q, c.Report.By, c.Report.Place)
}

// published are the results of a wave as they may be read by anybody.
func (a *App) published(ctx context.Context, wave string) (results.Results, config.Config, error) {
	r, c, err := a.resultsOf(wave)
	if err != nil {
		return results.Results{}, c, err
	}
	out, err := r.Results(ctx)
	if err == nil {
		err = a.speak(ctx, wave, "", &out)
	}
	return out, c, err
}

// results are those of a wave, or of one question of it.
func (a *App) results(ctx context.Context, wave, question string) (results.Results, error) {
	if question == "" {
		out, _, err := a.published(ctx, wave)
		return out, err
	}
	r, _, err := a.resultsOf(wave)
	if err != nil {
		return results.Results{}, err
	}
	out, q, err := r.Question(ctx, question)
	if err != nil {
		return out, err
	}
	if out.Pages = []results.Page{}; q.ID != "" {
		out.Pages = []results.Page{{Questions: []results.Question{q}}}
	}
	return out, a.speak(ctx, wave, question, &out)
}

// counted is how far the counting has come that began last.
func (a *App) counted(ctx context.Context) (out control.Counted, err error) {
	r := a.counting.Load()
	if r == nil {
		return out, nil
	}
	tallies, err := a.Store.Tallies(ctx, r.Period.Wave)
	for _, t := range tallies {
		if t.State == survey.Complete {
			out.All += t.N
		}
	}
	out.Done = min(r.Progress(), out.All)
	return out, err
}

// Report writes the pages of the report, with the results themselves beside them.
func (a *App) Report(ctx context.Context, in control.ReportRequest, create func(string) (io.WriteCloser, error)) error {
	put := func(name string, body []byte) error {
		w, err := create(name)
		if err != nil {
			return err
		}
		if _, err := w.Write(body); err != nil {
			return err
		}
		return w.Close()
	}
	out, c, err := a.published(ctx, in.Wave)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return err
	}
	var langs []i18n.Lang
	if in.Lang != "" {
		langs = []i18n.Lang{in.Lang}
	}
	if err := put(control.ResultsFile, append(raw, '\n')); err != nil {
		return err
	}
	return a.publish(ctx, c, out, langs, put)
}

// reportPages are the pages of the report of the wave in the field.
func (a *App) reportPages(ctx context.Context, put func(name string, body []byte) error) error {
	out, c, err := a.published(ctx, "")
	if err != nil {
		return err
	}
	return a.publish(ctx, c, out, nil, put)
}

func (a *App) publish(ctx context.Context, c config.Config, out results.Results, langs []i18n.Lang, put func(string, []byte) error) error {
	s := c.Survey
	rates, err := a.ratesOf(ctx, s.Wave, report.Query{Lang: i18n.Fi})
	if err != nil {
		return err
	}
	return publication.Write(out, rates, publication.Options{
		Langs: langs, Site: c.Web.BaseURL,
		Contact: publication.Contact{Name: s.Contact.Name, Organisation: s.Contact.Organisation, Email: s.Contact.Email, Phone: s.Contact.Phone},
	}, put)
}

// export writes answers for analysis. Before the close there are none to be had one by one, but the
// tables of the report are.
func (a *App) export(ctx context.Context, in control.ExportRequest, create func(string) (io.WriteCloser, error)) error {
	format := export.Format(in.Format)
	if !format.Known() {
		_, err := export.Export{}.Write(format, in.Name)
		return err
	}
	r, c, err := a.resultsOf(in.Wave)
	if err != nil {
		return err
	}
	if in.Full && !c.Privacy.FullExport {
		return fault.New(fault.Denied, "control.full_export", nil)
	}
	e := export.Export{Lang: in.Lang, Create: create, Tables: in.Tables, Scratch: filepath.Dir(c.Store.Path)}
	if e.Results, _, err = a.published(ctx, in.Wave); err != nil {
		return err
	}
	if e.Microdata, err = r.Microdata(ctx, in.Full); err != nil {
		early := fault.KindOf(err) == fault.Closed && (format == export.CSV || format == export.XLSX)
		if !early && !in.Tables {
			return err
		}
		e.Tables = true
	}
	_, err = e.Write(format, in.Name)
	return err
}

// commands' view of the results.
type answersOf struct{ a *App }

func (x answersOf) Results(ctx context.Context, wave, question string) (results.Results, error) {
	return x.a.results(ctx, wave, question)
}

func (x answersOf) Counted(ctx context.Context) (control.Counted, error) { return x.a.counted(ctx) }

func (x answersOf) Report(ctx context.Context, in control.ReportRequest, create func(string) (io.WriteCloser, error)) error {
	return x.a.Report(ctx, in, create)
}

func (x answersOf) Export(ctx context.Context, in control.ExportRequest, create func(string) (io.WriteCloser, error)) error {
	return x.a.export(ctx, in, create)
}
