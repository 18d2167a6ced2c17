package report

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/pelletier/go-toml/v2"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/tomlfile"
	"viesti/survey"
)

// Known is what is known of an earlier wave: often no more than what was published.
type Known struct {
	Wave     string `json:"wave"`
	Opens    string `json:"opens,omitempty"` // 2022-11-04; empty: not known
	Closes   string `json:"closes,omitempty"`
	Complete int64  `json:"complete"`        // responses, by any link
	About    bool   `json:"about,omitempty"` // Complete is not exact
	Means    []Mean `json:"means,omitempty"` // published
	// SameDay compares with the wave's course; nil where no course is known.
	SameDay *SameDay `json:"same_day,omitempty"`
}

// Mean is a published mean of a question's answers. Without standard deviations it says how things
// stood, and of no change whether it is more than chance.
type Mean struct {
	Question string  `json:"question"`
	Value    float64 `json:"value"`
}

// SameDay is the number of complete responses, by any link, by the end of the last whole day since
// the opening: of this wave and of an earlier one.
type SameDay struct {
	Wave string `json:"wave"` // the earlier one
	Days int    `json:"days"` // whole days since the opening
	Now  int64  `json:"now"`
	Then int64  `json:"then"`
}

// EarlierFile is the file in which earlier waves are usually kept.
const EarlierFile = "earlier-waves.toml"

// earlierFile is its form.
type earlierFile struct {
	Waves []struct {
		ID       string          `toml:"id"`
		Opens    *toml.LocalDate `toml:"opens"`
		Closes   *toml.LocalDate `toml:"closes"`
		Complete int64           `toml:"complete"`
		About    bool            `toml:"about"`
		Means    []struct {
			Question string  `toml:"question"`
			Value    float64 `toml:"value"`
		} `toml:"mean"`
	} `toml:"wave"`
}

// ParseEarlier reads what is known of earlier waves, the oldest first. name is what faults call the
// file; q has the questions that a mean may be of. The error lists every fault with its line.
func ParseEarlier(name string, raw []byte, q *survey.Questionnaire) ([]Known, error) {
	var content earlierFile
	file, err := tomlfile.Decode(name, raw, &content)
	list := fault.All(err)
	wrong := func(field, key string, args i18n.Args) {
		list = append(list, fault.New(fault.Invalid, key, args).At(file.Place(field)))
	}
	var waves []Known
	for i, w := range content.Waves {
		at := "wave." + i18n.Number(i18n.En, int64(i))
		k := Known{Wave: w.ID, Opens: date(w.Opens), Closes: date(w.Closes), Complete: w.Complete, About: w.About}
		if w.ID == "" || slices.ContainsFunc(waves, func(other Known) bool { return other.Wave == w.ID }) {
			wrong(at+".id", "report.earlier_id", nil)
		}
		if k.Opens != "" && k.Closes != "" && k.Opens > k.Closes {
			wrong(at+".closes", "report.earlier_dates", nil)
		}
		if w.Complete < 0 {
			wrong(at+".complete", "report.earlier_count", nil)
		}
		for j, m := range w.Means {
			question, ok := q.Question(m.Question)
			if !ok || question.Type != survey.Grade && question.Type != survey.Number || math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
				wrong(at+".mean."+i18n.Number(i18n.En, int64(j))+".question", "report.earlier_mean", i18n.Args{"question": m.Question})
			}
			k.Means = append(k.Means, Mean(m))
		}
		waves = append(waves, k)
	}
	InOrder(waves)
	return waves, list.Err()
}

// InOrder puts the oldest wave first.
func InOrder(waves []Known) {
	slices.SortStableFunc(waves, func(a, b Known) int { return cmp.Or(cmp.Compare(a.Opens, b.Opens), cmp.Compare(a.Wave, b.Wave)) })
}

func date(d *toml.LocalDate) string {
	if d == nil {
		return ""
	}
	return d.AsTime(time.UTC).Format(time.DateOnly)
}
