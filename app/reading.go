package app

import (
	"context"
	"runtime"
	"slices"

	"viesti/config"
	"viesti/report/reading"
	"viesti/report/results"
	"viesti/server"
	pages "viesti/server/reading"
	"viesti/survey"
)

// Answers reads the open answers of a wave; an empty one is that in the field. The questionnaire of one
// that has been may be gone: then its questions have no titles.
func (a *App) Answers(wave string) (*reading.Reader, error) {
	c, err := a.Config.In(wave)
	if err != nil {
		return nil, err
	}
	q, err := a.asked(c)
	if err != nil {
		return nil, err
	}
	return &reading.Reader{
		Period: period(c.Survey), Questionnaire: q, Source: a.Store, Store: a.Store, Secret: a.Store.Secret("texts of open answers"),
		Minimum: int64(a.Config.Privacy.MinimumGroup), Names: a.organisations, Now: a.options.Now,
	}, nil
}

// asked is the questionnaire of a wave, nil where that of one that has been is gone.
func (a *App) asked(c config.Config) (*survey.Questionnaire, error) {
	if c.Survey.Wave == a.Config.Survey.Wave {
		return a.fieldwork.Questionnaire, nil
	}
	q, err := survey.Load(c.QuestionnaireName())
	if err != nil && a.options.Now().After(c.Survey.Closes) {
		return nil, nil //nolint:nilnil // it is gone, and nothing is wrong
	}
	return q, err
}

// organisations are the names and ids of networks and the names of organisations that contacts are in, each once and
// in the order of the alphabet: words to be marked in answers, and all that the side of the answers
// ever gets of the lists.
func (a *App) organisations(ctx context.Context) ([]string, error) {
	var names []string
	networks, err := a.Store.Networks(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range networks {
		names = append(names, n.ID) // as people in it call it
		for _, name := range n.Name {
			names = append(names, name)
		}
	}
	list, err := a.Lists.ListContacts(ctx, "")
	for _, k := range list {
		if k.Organisation != "" {
			names = append(names, k.Organisation)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// speak puts into final results what was released of the open answers that count in them.
func (a *App) speak(ctx context.Context, wave, only string, out *results.Results) error {
	if !out.Final || !slices.ContainsFunc(out.Pages, func(p results.Page) bool {
		return slices.ContainsFunc(p.Questions, func(q results.Question) bool { return q.Open != nil })
	}) {
		return nil
	}
	r, err := a.Answers(wave)
	if err != nil {
		return err
	}
	if r.Period.Phase(r.Now()) != survey.Over {
		return nil // the survey goes on again, after its final results
	}
	gathering, err := r.Gather(ctx, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	free := slices.Clone(gathering)
	err = a.Store.ScanResponses(ctx, r.Period.Wave, only, func() func(survey.Response) error {
		g := free[0]
		free = free[1:]
		return func(sent survey.Response) error {
			for id, answer := range sent.Answers {
				if answer.Text != "" && out.CountsDay(sent.Day) {
					g.Add(id, answer.Text)
				}
			}
			return nil
		}
	})
	if err != nil {
		return err
	}
	for _, other := range gathering[1:] {
		gathering[0].Merge(other)
	}
	released := gathering[0].Open()
	out.Speak(func(question string) ([]string, bool) {
		return released[question].Answers, released[question].Unread > 0
	})
	return nil
}

// readingPages are the pages on which coordinators read open answers.
func (a *App) readingPages(signedIn server.Guard) pages.Pages {
	return pages.Pages{
		Desk: func(wave string) (pages.Desk, error) { return a.Answers(wave) },
		Past: a.pastWaves, SignedIn: signedIn, Title: a.fieldwork.Questionnaire.Title, Look: a.theme,
	}
}

// pastWaves are those that have closed, the earliest first.
func (a *App) pastWaves() []string {
	return slices.DeleteFunc(a.Config.WaveIDs(), func(id string) bool {
		c, err := a.Config.In(id)
		return err != nil || a.options.Now().Before(c.Survey.Closes)
	})
}
