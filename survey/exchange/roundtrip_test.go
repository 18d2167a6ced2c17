package exchange

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"viesti/survey"
)

func parsed(t *testing.T, raw []byte) *survey.Questionnaire {
	t.Helper()
	q, err := survey.Parse("questionnaire.toml", raw)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// known are the questionnaires that everything must come back for.
func known(t *testing.T) []*survey.Questionnaire {
	t.Helper()
	baro, _ := survey.Builtin("partnership-barometer")
	list := []*survey.Questionnaire{parsed(t, baro)}
	for _, name := range []string{"../../server/respond/testdata/types/questionnaire.toml", "testdata/all.toml"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parsed(t, raw))
	}
	return list
}

// back is a questionnaire after its way through a workbook, as the import writes it.
func back(t *testing.T, q *survey.Questionnaire) *survey.Questionnaire {
	t.Helper()
	xlsx, _, err := Write(q)
	if err != nil {
		t.Fatal(err)
	}
	form, err := Read("form.xlsx", xlsx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range form.Losses {
		t.Errorf("%s: %s", q.ID, l)
	}
	return parsed(t, survey.Encode(form.Questionnaire))
}

func TestEverythingComesBack(t *testing.T) {
	for _, q := range known(t) {
		got := back(t, q)
		if !bytes.Equal(survey.Encode(got), survey.Encode(q)) {
			t.Errorf("%s did not come back as it was:\n%s", q.ID, difference(survey.Encode(q), survey.Encode(got)))
		}
		if q.ID != "all" && !reflect.DeepEqual(got, q) { // a function in a condition equals nothing
			t.Errorf("%s differs from itself", q.ID)
		}
	}
}

// difference are the first lines that differ.
func difference(want, got []byte) string {
	a, b := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return "want " + strings.Join(a[i:min(i+5, len(a))], "\n     ") + "\ngot  " + strings.Join(b[min(i, len(b)):min(i+5, len(b))], "\n     ")
		}
	}
	return "nothing that is written"
}

// What other tools will do in another way is said, each thing once.
func TestWhatOtherToolsLose(t *testing.T) {
	want := []string{
		"exchange.option_out picked", "exchange.option_out unsaid", "exchange.random_rows ways",
		"exchange.rank_max ranked", "exchange.condition_out read",
	}
	_, losses, err := Write(known(t)[2])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range losses {
		got = append(got, fmt.Sprint(l.Key, " ", l.Args["name"]))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("said are\n%q, not\n%q", got, want)
	}
}
