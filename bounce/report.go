package bounce

import (
	"regexp"
	"strconv"
	"strings"

	"viesti/contacts"
)

// groups are the paragraphs of fields in a delivery status (RFC 3464, 2.1) or feedback report.
func groups(text string) (list []fields) {
	for len(list) < maxParts {
		text = strings.TrimLeft(text, "\r\n \t")
		if text == "" {
			return list
		}
		f, rest := readFields([]byte(text))
		if len(f) > 0 {
			list = append(list, f)
		}
		text = string(rest)
	}
	return list
}

var statusBegins = regexp.MustCompile(`(?im)^[ \t>]*(?:reporting-mta|original-recipient|final-recipient|action|status)[ \t]*:`)

// statusIn finds a delivery status that stands in the text, because a gateway or a mailing list
// has taken the mail apart.
func statusIn(text string) []fields {
	at := statusBegins.FindStringIndex(text)
	if at == nil {
		return nil
	}
	var lines []string
	for line := range strings.Lines(text[at[0]:]) {
		lines = append(lines, strings.TrimLeft(strings.TrimRight(line, "\r\n"), ">"))
		if len(lines) > 100 {
			break
		}
	}
	return groups(strings.TrimLeft(strings.Join(lines, "\n"), " \t"))
}

// finding is what a report says of one recipient.
type finding struct {
	original, final string // addresses, as far as they are told
	action          string
	said            said
}

// findings are what a delivery status says of each recipient.
func (l *letter) findings() (list []finding) {
	for _, g := range l.groups {
		if !g.has("final-recipient") && !g.has("original-recipient") && !g.has("status") && !g.has("action") {
			continue
		}
		f := finding{
			original: typed(g.get("original-recipient")), final: typed(g.get("final-recipient")),
			action: strings.ToLower(firstWord(g.get("action"))),
		}
		f.said = hear(typed(g.text("diagnostic-code")))
		f.said.status = status.FindString(g.get("status"))
		if f.action == "" && f.said.status != "" {
			f.action = map[byte]string{'2': "delivered", '4': "delayed", '5': "failed"}[f.said.status[0]]
		}
		list = append(list, f)
	}
	return list
}

func firstWord(s string) string {
	if w := strings.Fields(s); len(w) > 0 {
		return strings.Trim(w[0], "(),;.")
	}
	return ""
}

// typed is a field's value without its type: "rfc822; a@example.org", "smtp; 550 no".
func typed(v string) string {
	before, after, ok := strings.Cut(v, ";")
	if ok && !strings.ContainsAny(strings.TrimSpace(before), " @") {
		v = after
	}
	return unescape(strings.Trim(strings.TrimSpace(v), "<>"))
}

var escaped = regexp.MustCompile(`\\x\{([0-9A-Fa-f]{2,6})\}`)

// unescape reads an internationalised address that was written in ASCII (RFC 6533, 3).
func unescape(s string) string {
	return escaped.ReplaceAllStringFunc(s, func(hex string) string {
		r, err := strconv.ParseUint(hex[3:len(hex)-1], 16, 31)
		if err != nil {
			return hex
		}
		return string(rune(r))
	})
}

// about are the findings about an address: those that name it, or all when none does, because
// mail to it was passed on to another.
func about(list []finding, email string) []finding {
	var named []finding
	key := contacts.AddressKey(email)
	for _, f := range list {
		if email != "" && (contacts.AddressKey(f.original) == key || contacts.AddressKey(f.final) == key) {
			named = append(named, f)
		}
	}
	if named != nil {
		return named
	}
	return list
}

// mildest is what a report with several recipients comes to: a letter that reached one of those
// behind an address has reached it.
var mildness = []Class{Delivered, Delayed, Transient, Full, Policy, Unclear, Dead}

// judgeReport is what the findings about an address come to; ok is false when there are none.
func judgeReport(list []finding, around string) (j judgement, ok bool) {
	best := len(mildness)
	for _, f := range list {
		one := f.judge(around)
		for i, c := range mildness {
			if c == one.class && i < best {
				best, j = i, one
			}
		}
	}
	return j, best < len(mildness)
}

// judge is what one finding comes to. around is what the mail says to people, asked where the
// report itself says nothing.
func (f finding) judge(around string) judgement {
	switch f.action {
	case "delivered", "relayed", "expanded":
		return judgement{class: Delivered, said: f.said, words: "Action: " + f.action}
	case "delayed":
		return judgement{class: Delayed, said: f.said, words: strings.TrimSpace("Action: delayed " + f.said.text)}
	}
	j := judge(f.said)
	if j.class == Unclear && strings.TrimSpace(around) != "" {
		if k := judge(said{code: f.said.code, status: f.said.status, enhanced: f.said.enhanced, text: region(around)}); k.class != Unclear {
			return k
		}
	}
	return j
}
