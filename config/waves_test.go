package config

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"viesti/internal/fault"
)

const twoWaves = `[survey]
wave = "2026"
organiser = "x"
contact.email = "a@example.org"
questionnaire = "common"
[mail]
host = "localhost"
from = "a@example.org"
letters = "letters"
[waves.2026]
opens = 2026-11-02T08:00:00+02:00
closes = 2026-11-30T23:59:00+02:00
letters = "older"
[waves.2028]
opens = 2028-11-06T08:00:00+02:00
closes = 2028-12-04T23:59:00+02:00
questionnaire = "new"
targets.pomako = 40
`

// TestWaveInTheField: dates and texts are those of the table that survey.wave names, and another
// wave has none of them.
func TestWaveInTheField(t *testing.T) {
	c, err := Parse("/x/config.toml", []byte(twoWaves), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.In("2028")
	if err != nil {
		t.Fatal(err)
	}
	if c.Survey.Opens.Day() != 2 || c.Mail.Letters != "/x/older" || c.Survey.Questionnaire != "common" || len(c.Survey.Targets) != 0 {
		t.Errorf("in the field: %+v, letters %s", c.Survey, c.Mail.Letters)
	}
	if next.Survey.Opens.Day() != 6 || next.Mail.Letters != "/x/letters" || next.Survey.Questionnaire != "new" || next.Survey.Targets["pomako"] != 40 {
		t.Errorf("the next: %+v, letters %s", next.Survey, next.Mail.Letters)
	}
	if !slices.Equal(c.WaveIDs(), []string{"2026", "2028"}) {
		t.Errorf("waves %v", c.WaveIDs())
	}
	if _, err := c.In("2024"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown wave: %v", err)
	}
	env := func(name string) (string, bool) { return "2028", name == "VIESTI_SURVEY_WAVE" }
	if c, err = Parse("/x/config.toml", []byte(twoWaves), env); err != nil || c.Survey.Closes.Year() != 2028 {
		t.Errorf("put in the field: %+v, %v", c.Survey, err)
	}
}

func TestWavesThatCannotBe(t *testing.T) {
	for name, x := range map[string]struct{ old, now, key, field string }{
		"overlap":        {"opens = 2028-11-06", "opens = 2026-11-20", "config.waves_overlap", "waves.2028.opens"},
		"dates cross":    {"closes = 2028-12-04", "closes = 2027-12-04", "config.dates_cross", "waves.2028.closes"},
		"no offset":      {"closes = 2028-12-04T23:59:00+02:00", "closes = 2028-12-04T23:59:00", "config.no_offset", "waves.2028.closes"},
		"no time":        {"closes = 2028-12-04T23:59:00+02:00", "closes = 2028-12-04", "config.no_offset", "waves.2028.closes"},
		"no date":        {"opens = 2028-11-06T08:00:00+02:00", "", "config.date_missing", "waves.2028"},
		"two places":     {"[survey]", "[survey]\nopens = 2026-11-03T08:00:00+02:00", "config.wave_twice", "survey.wave"},
		"a bad target":   {"pomako = 40", "pomako = -1", "config.target", "waves.2028.targets.pomako"},
		"an unknown key": {"letters = \"older\"", "lettres = \"older\"", "fault.unknown_key", "waves.2026.lettres"},
	} {
		_, err := Parse("config.toml", []byte(strings.Replace(twoWaves, x.old, x.now, 1)), noEnv)
		var list fault.List
		if !errors.As(err, &list) || len(list) != 1 || list[0].Key != x.key || list[0].Place.Field != x.field || list[0].Place.Line == 0 {
			t.Errorf("%s: %v %+v", name, err, list)
		}
	}
}
