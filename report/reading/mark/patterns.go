package mark

import (
	"regexp"
	"strings"
)

// What is known by its form alone. The expressions have no part that is repeated within a repeated
// part and could begin anew at each byte, so that a long text costs no more than its length.
var (
	email = regexp.MustCompile(`[\p{L}\p{N}!#$%&'*+/=?^_{|}~.-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*`)
	// spelled is an address that is hidden from machines: aino (at) example.org, aino at example dot org.
	spelled = regexp.MustCompile(`(?i)[\p{L}\p{N}._+-]+ ?[([{] ?(?:at|ät|ät-merkki|miukumauku|snabel-a) ?[)\]}] ?[\p{L}\p{N}.-]+|` +
		`[\p{L}\p{N}._+-]+ (?:at|ät) [\p{L}\p{N}-]+ (?:dot|piste|punkt) \p{L}+`)
	web    = regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s<>"]+`)
	domain = regexp.MustCompile(`[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:fi|com|org|net|se|eu|info|io|edu|gov|ax|ee|ru|uk|de|no|dk)\b(?:/[^\s<>"]*)?`)
	handle = regexp.MustCompile(`(?:^|[\s(,;:])(@[\p{L}\p{N}_.]+)`)

	identity = regexp.MustCompile(`\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d ?[-–+A-Fa-fU-Yu-y] ?\d{3}[0-9A-Za-z]\b`)
	born     = regexp.MustCompile(`\b\d{1,2}\. ?\d{1,2}\. ?(?:19\d\d|20[01]\d)\b`)
	account  = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?:[ \x{a0}]?[A-Z0-9]){11,30}\b|(?i)\bfi\d{2}(?:[ \x{a0}]?\d){14}`)
	street   = regexp.MustCompile(`\p{L}[\p{L}-]+(?:katu|kadu|tie|kuja|polku|polu|väylä|aukio|rinne|rintee|raitti|raiti|kaari|kaare|esplanadi|bulevardi|` +
		`gata|väg|gränd|stig|torg|esplanad)\p{L}{0,4} \d{1,4}(?: ?[A-Za-z]\b)?(?: ?\d{1,3}\b)?|` +
		`\b\d{1,4} \p{Lu}\p{L}+ (?:Street|St|Road|Rd|Avenue|Lane|Drive)\b`)
	postal = regexp.MustCompile(`\b(?:FI-)?\d{5}[ \x{a0}]+\p{Lu}[\p{L}-]+|\b(?:PL|PB|P\.?O\.? ?Box) ?\d{1,6}\b`)
	phone  = regexp.MustCompile(`(?:\+|\b00)[\d(][\d \x{a0}\x{2011}\x{2013}()./-]{5,20}\d|\(?\b0\d[\d \x{a0}\x{2011}\x{2013}()/-]{4,16}\d`)
	date   = regexp.MustCompile(`^\d\d[- /–]\d\d[- /–]\d{4}$`)
	long   = regexp.MustCompile(`\d{7,}`)
)

// patterns marks what is known by its form. What comes first in the list names the mark.
func patterns(text string) []Span {
	var list []Span
	mark := func(kind Kind, form *regexp.Regexp, sure func(found string) bool) {
		for _, at := range form.FindAllStringIndex(text, -1) {
			if sure == nil || sure(text[at[0]:at[1]]) {
				list = append(list, Span{at[0], at[1], kind})
			}
		}
	}
	if strings.Contains(text, "@") {
		mark(Email, email, nil)
		for _, at := range handle.FindAllStringSubmatchIndex(text, -1) {
			list = append(list, Span{at[2], at[3], Web})
		}
	}
	mark(Email, spelled, nil)
	if strings.Contains(text, ".") || strings.Contains(text, "://") {
		mark(Web, web, nil)
		mark(Web, domain, nil)
	}
	if strings.ContainsAny(text, "0123456789") {
		mark(Identity, identity, nil)
		mark(Identity, born, nil)
		mark(Account, account, hasDigits(10))
		mark(Address, street, nil)
		mark(Address, postal, nil)
		mark(Phone, phone, func(s string) bool { return !date.MatchString(s) && hasDigits(7)(s) })
		mark(Number, long, nil)
	}
	return list
}

func hasDigits(least int) func(string) bool {
	return func(s string) bool {
		n := 0
		for _, r := range s {
			if '0' <= r && r <= '9' {
				n++
			}
		}
		return n >= least
	}
}
