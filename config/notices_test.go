package config

import (
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
)

func TestNotices(t *testing.T) {
	base := strings.ReplaceAll(string(sample(t)), "[notices]", "[notices]\n#")
	with := func(lines string) (Config, error) {
		cut, _, _ := strings.Cut(base, "[notices]")
		return Parse("c.toml", []byte(cut+"[notices]\n"+lines), noEnv)
	}
	c, err := with("")
	if err != nil || len(c.Advice) != len(own) || c.Notices.Status != Mostly {
		t.Fatalf("%v, advice %v", err, c.Advice)
	}
	c, err = with("legal_basis.fi = \"laki\"\nlegal_basis.sv = \"lag\"\nlegal_basis.en = \"law\"\ndata_protection_officer = \" dpo@example.org \"\n")
	if err != nil || c.Notices.Words("legal_basis")[i18n.Sv] != "lag" || c.Notices.Words("data_protection_officer")[i18n.En] != "dpo@example.org" || c.Notices.Words("retention") != nil {
		t.Errorf("%v %+v", err, c.Notices)
	}
	if len(c.Advice) != len(own)-2 || slices.ContainsFunc(c.Advice, func(f *fault.Fault) bool { return strings.Contains(f.Place.Field, "legal_basis") }) {
		t.Errorf("advice: %v", c.Advice)
	}
	for name, lines := range map[string]string{
		"one language of three":      "legal_basis.fi = \"laki\"",
		"an unknown language":        "retention = {fi = \"a\", sv = \"b\", en = \"c\", de = \"d\"}",
		"a number":                   "recipients = 3",
		"no such status":             "accessibility_status = \"perhaps\"",
		"not accessible, and no why": "accessibility_status = \"not\"",
		"no such notice":             "officer = \"x\"",
	} {
		if _, err := with(lines); fault.KindOf(err) != fault.Invalid || len(fault.All(err)) != 1 || fault.All(err)[0].Place.Line == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	env := map[string]string{"VIESTI_NOTICES_RETENTION": "a year"}
	c, err = Parse("c.toml", sample(t), func(k string) (string, bool) { v, ok := env[k]; return v, ok })
	if err != nil || c.Notices.Words("retention")[i18n.Fi] != "a year" {
		t.Errorf("from the environment: %v", err)
	}
}
