package survey

// Edition is a version of a wave's questionnaire that people were asked, kept beside their answers:
// what was taken out of the questionnaire later can then still be reported in its own words.
type Edition struct {
	Version string `json:"version"`
	Day     string `json:"day"`    // on which it was first asked
	Source  string `json:"source"` // the file
}

// Edition is the questionnaire as it is kept.
func (q *Questionnaire) Edition(day string) Edition {
	return Edition{Version: q.Version, Day: day, Source: string(Encode(q))}
}

// Questionnaire is what the edition asked.
func (e Edition) Questionnaire() (*Questionnaire, error) { return Parse(FileName, []byte(e.Source)) }
