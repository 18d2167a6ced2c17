package demo

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"viesti/demo/frame"
	"viesti/i18n"
	"viesti/internal/respondents"
	"viesti/server/control"
	"viesti/survey"
)

// answered is how many made-up people answered in the past wave: as many as make results worth
// reading.
const answered = 420

// pastAnswers puts the answers of the past wave into the store, as if they had been sent then.
func (d *demo) pastAnswers(ctx context.Context, q *survey.Questionnaire) error {
	c, err := d.config.In(pastWave(time.Now()))
	if err != nil {
		return err
	}
	chance := mathrand.New(mathrand.NewPCG(2020, 2022))
	group, ctx := errgroup.WithContext(ctx)
	for range answered {
		day := c.Survey.Opens.AddDate(0, 0, chance.IntN(28)).Format(time.DateOnly)
		lang, answers, key := i18n.Langs[chance.IntN(len(i18n.Langs))], respondents.Answers(q, chance), survey.KeyOf("past "+rand.Text())
		group.Go(func() error { // side by side, so that they share a write to disk
			r := survey.Response{Wave: c.Survey.Wave, Lang: lang, Day: day, State: survey.Started, Version: q.Version}
			if err := d.app.Store.CreateDraft(ctx, key, r); err != nil {
				return err
			}
			var id [16]byte
			_, _ = rand.Read(id[:])
			return d.app.Store.Submit(ctx, key, hex.EncodeToString(id[:]), func(r *survey.Response) error {
				r.State, r.Answers = survey.Complete, answers
				return nil
			})
		})
	}
	return group.Wait()
}

// report serves the report of the past wave, which is written when somebody first asks for it.
func (d *demo) report() http.Handler {
	folder := filepath.Join(d.folder, "report")
	write := sync.OnceValue(func() error {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		in := control.ReportRequest{Wave: pastWave(time.Now())}
		return d.app.Report(context.Background(), in, func(name string) (io.WriteCloser, error) {
			return os.OpenFile(filepath.Join(folder, filepath.Base(name)), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		})
	})
	files := http.StripPrefix(frame.Report, http.FileServer(http.Dir(folder)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := write(); err != nil {
			d.failed(w, r, err)
			return
		}
		files.ServeHTTP(w, r)
	})
}
