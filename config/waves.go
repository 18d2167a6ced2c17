package config

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Wave is a table of [waves]: one that is to come, or has been. What is empty is as in [survey]
// and [mail].
type Wave struct {
	Opens         time.Time `toml:"opens"`
	Closes        time.Time `toml:"closes"`
	Questionnaire string    `toml:"questionnaire"`
	Letters       string    `toml:"letters"`
	ResultsURL    string    `toml:"results_url"`
	// Targets are complete responses aimed for, by network, in place of the lists'.
	Targets map[string]int `toml:"targets"`
}

// In is the configuration with another wave in the field: the one of survey.wave, or one of [waves].
func (c Config) In(wave string) (Config, error) {
	if wave == "" || wave == c.Survey.Wave {
		return c, nil
	}
	w, ok := c.Waves[wave]
	if !ok {
		return c, fault.New(fault.NotFound, "config.unknown_wave", i18n.Args{"wave": wave, "waves": strings.Join(c.WaveIDs(), ", ")})
	}
	c.Survey.Wave = wave
	c.field(w)
	return c, nil
}

// field puts a wave in the field.
func (c *Config) field(w Wave) {
	s := &c.Survey
	s.Opens, s.Closes, s.Targets = w.Opens, w.Closes, w.Targets
	s.Questionnaire, s.ResultsURL = cmp.Or(w.Questionnaire, c.common.Questionnaire), cmp.Or(w.ResultsURL, c.common.ResultsURL)
	c.Mail.Letters = cmp.Or(w.Letters, c.common.Letters)
}

// WaveIDs are all waves that are known, the earliest first.
func (c Config) WaveIDs() []string {
	opens := map[string]time.Time{c.Survey.Wave: c.Survey.Opens}
	for id, w := range c.Waves {
		if id != c.Survey.Wave {
			opens[id] = w.Opens
		}
	}
	return slices.SortedFunc(maps.Keys(opens), func(a, b string) int { return cmp.Or(opens[a].Compare(opens[b]), cmp.Compare(a, b)) })
}

// present takes what [waves] has of the wave in the field. Dates in both places have to agree:
// nobody should have to know which of two goes first.
func (r *reader) present() {
	c := r.c
	c.common = Wave{Questionnaire: c.Survey.Questionnaire, ResultsURL: c.Survey.ResultsURL, Letters: c.Mail.Letters}
	w, ok := c.Waves[c.Survey.Wave]
	if !ok {
		return
	}
	s := c.Survey
	if !s.Opens.IsZero() && !s.Opens.Equal(w.Opens) || !s.Closes.IsZero() && !s.Closes.Equal(w.Closes) {
		r.add("survey.wave", "config.wave_twice", i18n.Args{"wave": s.Wave})
	}
	c.field(w)
}

// letters makes the folders of letters begin at the configuration's.
func (r *reader) letters() {
	for id, w := range r.c.Waves {
		if w.Letters != "" && !filepath.IsAbs(w.Letters) {
			w.Letters = filepath.Join(r.c.Dir, w.Letters)
		}
		r.c.Waves[id] = w
	}
}

// moment refuses a time without an offset: which moment it is would depend on the machine's clock. What
// it gives is what people at the survey's place most likely meant, in a gap of their clocks the hour after.
func (r *reader) moment(field string, t time.Time) time.Time {
	if !r.file.Local(field) {
		return t
	}
	meant := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, r.c.Survey.Zone)
	r.add(field, "config.no_offset", i18n.Args{"value": meant.Format(time.RFC3339)})
	return meant
}

// waves judges the dates of all waves. No two may be in the field at a time: a person would get
// letters of both, and a link can lead to one of them only.
func (r *reader) waves() {
	c := r.c
	for id, w := range c.Waves {
		at := "waves." + id
		w.Opens, w.Closes = r.moment(at+".opens", w.Opens), r.moment(at+".closes", w.Closes)
		w.Opens, w.Closes = w.Opens.In(c.Survey.Zone), w.Closes.In(c.Survey.Zone)
		c.Waves[id] = w
		switch {
		case w.Opens.IsZero() || w.Closes.IsZero():
			r.add(at, "config.date_missing", nil)
		case !w.Opens.Before(w.Closes):
			r.add(at+".closes", "config.dates_cross", nil)
		}
		for network, target := range w.Targets {
			if target < 0 {
				r.add(at+".targets."+network, "config.target", nil)
			}
		}
	}
	ids := c.WaveIDs()
	for i, id := range ids[1:] {
		before, _ := c.In(ids[i])
		after, _ := c.In(id)
		if !before.Survey.Opens.IsZero() && after.Survey.Opens.Before(before.Survey.Closes) {
			r.add("waves."+id+".opens", "config.waves_overlap", i18n.Args{"wave": id, "other": ids[i]})
		}
	}
}
