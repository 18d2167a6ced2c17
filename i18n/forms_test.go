package i18n

import (
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	at := time.Date(2027, time.March, 14, 9, 0, 0, 0, time.UTC)
	late := time.Date(2026, time.December, 1, 23, 5, 0, 0, time.UTC)
	for _, test := range []struct {
		lang           Lang
		date, dateTime string
		lateDateTime   string
		short          string
	}{
		{Fi, "14.3.2027", "14.3.2027 klo 9.00", "1.12.2026 klo 23.05", "14.3."},
		{Sv, "14 mars 2027", "14 mars 2027 kl. 9.00", "1 december 2026 kl. 23.05", "14.3."},
		{En, "14 March 2027", "14 March 2027, 09:00", "1 December 2026, 23:05", "14 Mar"},
	} {
		if got := Date(test.lang, at); got != test.date {
			t.Errorf("%s: %q, want %q", test.lang, got, test.date)
		}
		if got := ShortDate(test.lang, at); got != test.short {
			t.Errorf("%s: %q, want %q", test.lang, got, test.short)
		}
		if got := DateTime(test.lang, at); got != test.dateTime {
			t.Errorf("%s: %q, want %q", test.lang, got, test.dateTime)
		}
		if got := DateTime(test.lang, late); got != test.lateDateTime {
			t.Errorf("%s: %q, want %q", test.lang, got, test.lateDateTime)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		n          int64
		nordic, en string
	}{
		{0, "0", "0"},
		{7, "7", "7"},
		{999, "999", "999"},
		{1000, "1\u00a0000", "1,000"},
		{45014, "45\u00a0014", "45,014"},
		{1234567, "1\u00a0234\u00a0567", "1,234,567"},
		{-1234, "−1\u00a0234", "−1,234"},
		{-9223372036854775808, "−9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0808", "−9,223,372,036,854,775,808"},
	} {
		for l, want := range map[Lang]string{Fi: test.nordic, Sv: test.nordic, En: test.en} {
			if got := Number(l, test.n); got != want {
				t.Errorf("%s %d: %q, want %q", l, test.n, got, want)
			}
		}
	}
}

func TestSharesAndDecimals(t *testing.T) {
	for _, test := range []struct {
		share             float64
		nordic, en        string
		decimal, decimal1 string
	}{
		{0, "0\u00a0%", "0%", "0,0", "0.0"},
		{0.62, "62\u00a0%", "62%", "0,6", "0.6"},
		{0.005, "1\u00a0%", "1%", "0,0", "0.0"},
		{1, "100\u00a0%", "100%", "1,0", "1.0"},
		{12.5, "1\u00a0250\u00a0%", "1,250%", "12,5", "12.5"},
	} {
		for _, l := range Langs {
			share, decimal := test.nordic, test.decimal
			if l == En {
				share, decimal = test.en, test.decimal1
			}
			if got := Percent(l, test.share); got != share {
				t.Errorf("%s: %q, want %q", l, got, share)
			}
			if got := Decimal(l, test.share, 1); got != decimal {
				t.Errorf("%s: %q, want %q", l, got, decimal)
			}
		}
	}
}

func TestAccept(t *testing.T) {
	for header, want := range map[string]Lang{
		"":                                    Fi,
		"*":                                   Fi,
		"fi":                                  Fi,
		"sv-FI,sv;q=0.9,en;q=0.8":             Sv,
		"sv-SE":                               Sv,
		"en-GB,en;q=0.5":                      En,
		"de-DE,de;q=0.9":                      Fi,
		"de-DE,de;q=0.9,en;q=0.3":             En,
		"fi;q=0.2,sv;q=0.9":                   Sv,
		"ar,fi;q=0.4":                         Fi,
		"not a header":                        Fi,
		"en;q=nonsense":                       Fi,
		"FI-fi":                               Fi,
		"ru-RU,ru;q=0.9,sv;q=0.7,en;q=0.6":    Sv,
		"en-US,en;q=0.9,fi;q=0.8,sv;q=0.7":    En,
		"\x00\xff,,,;;;q=":                    Fi,
		"uk,ru;q=0.9,et;q=0.5,fi;q=0.1,*;q=0": Fi,
	} {
		if got := Accept(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestParseLang(t *testing.T) {
	for s, want := range map[string]Lang{
		"fi": Fi, " SV ": Sv, "sv-FI": Sv, "sv_FI.UTF-8": Sv, "EN": En, "en_GB": En,
		"": "", "de": "", "finnish": "", "C.UTF-8": "",
	} {
		if got, ok := ParseLang(s); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t, want %q", s, got, ok, want)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, test := range []struct {
		n    any
		want string
	}{{0, "0 points still need checking"}, {1, "One point still needs checking"}, {int64(1), "One point still needs checking"}, {1200, "1,200 points still need checking"}} {
		if got := T(En, "respond.faults", Args{"n": test.n}); got != test.want {
			t.Errorf("%v: %q, want %q", test.n, got, test.want)
		}
	}
	if got := fill(En, "{a} {b} {c", Args{"a": "{b}", "b": 2}); got != "{b} 2 {c" {
		t.Errorf("an argument is filled in once, as it is: %q", got)
	}
	if Has("no.such.key") {
		t.Error("a key that is not there")
	}
	defer func() {
		if recover() == nil {
			t.Error("a missing key has to be noticed")
		}
	}()
	T(En, "no.such.key", nil)
}

func TestText(t *testing.T) {
	text := Text{Sv: "nätverk"}
	if text.In(Fi) != "nätverk" || text.Complete() || (Text{}).In(En) != "" {
		t.Errorf("%v", text)
	}
	if !(Text{Fi: "a", Sv: "b", En: "c"}).Complete() || (Text{Fi: "a", Sv: " ", En: "c"}).Complete() {
		t.Error("complete is to have words in every language")
	}
}
