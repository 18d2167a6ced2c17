package exchange

import (
	"os"
	"testing"

	"viesti/survey"
)

// Surveys as LimeSurvey 6 and LimeSurvey 2 export them; the content is ours.
func TestLimeSurvey(t *testing.T) {
	for _, name := range []string{"lime", "lime-old"} {
		raw, err := os.ReadFile("testdata/" + name + ".lss")
		if err != nil {
			t.Fatal(err)
		}
		form, err := Read(name+".lss", raw, "")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/"+name+".toml", string(survey.Encode(form.Questionnaire)))
		golden(t, "testdata/"+name+".losses", said(form))
	}
}

func FuzzLSS(f *testing.F) {
	for _, name := range []string{"lime", "lime-old"} {
		raw, err := os.ReadFile("testdata/" + name + ".lss")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		if form, err := ReadLSS("f.lss", data); err == nil {
			said(form)
			survey.Encode(form.Questionnaire)
		}
	})
}
