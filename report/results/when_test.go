package results

import (
	"strings"
	"testing"

	"viesti/i18n"
)

func TestWhen(t *testing.T) {
	c := &catalog{last: barometer(t)}
	for id, want := range map[string]string{
		"grade_municipal":     "",
		"no_such_question":    "",
		"national_activities": "Have you taken part in national partnership work in the past two years?”) you chose: Yes.",
	} {
		if got := c.when(id)[i18n.En]; want == "" && got != "" || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q", id, got)
		}
	}
	if got := c.condition(`took_national == "yes"`, `took_regional == "yes"`)[i18n.Sv]; strings.Count(got, "Bara om") != 2 || strings.Contains(got, "  ") {
		t.Error(got)
	}
}
