package bounce

import (
	"regexp"
	"strings"
)

// said is what a server said of a letter it did not take.
type said struct {
	code     string // SMTP reply: 550
	enhanced string // in the reply: 5.1.1
	status   string // of the report, which may be of another server
	text     string
}

// judgement is a class and what led to it.
type judgement struct {
	class Class
	said  said
	words string
}

var (
	status = regexp.MustCompile(`[245]\.\d{1,3}\.\d{1,3}`)
	// A code of RFC 3463 in running text, and not a piece of an address or a version.
	enhancedIn = regexp.MustCompile(`(?:^|[\s(#"'<\[:-])([45]\.\d{1,3}\.\d{1,3})(?:[\s)\],;:"'>-]|\.?$|\.\s)`)
	// A reply code where one may stand: at the start of a line, or after words that announce it.
	codeIn = regexp.MustCompile(`(?im)(?:^|said:|smtp;|error:?|code:?|replied:?|responded:?|response:?|returned:?|status:?|:|>)[\s<"'(\[]*([45][0-5]\d)(?:[ \-:#;)"'>]|$)`)
)

// hear reads a server's words.
func hear(text string) said {
	s := said{text: text}
	if m := codeIn.FindStringSubmatch(text); m != nil {
		s.code = m[1]
	}
	if m := enhancedIn.FindStringSubmatch(text); m != nil {
		s.enhanced = m[1]
	}
	return s
}

// best is the enhanced code that says most: a server's own before the report's, and any before one
// that says "undefined".
func (s said) best() string {
	for _, c := range []string{s.enhanced, s.status} {
		if c != "" && c[0] != '2' && !strings.HasSuffix(c, ".0.0") {
			return c
		}
	}
	if s.enhanced != "" {
		return s.enhanced
	}
	return s.status
}

// passing tells whether the reply was one of those that may be otherwise next time.
func (s said) passing() bool {
	if s.code != "" {
		return s.code[0] == '4'
	}
	return strings.HasPrefix(s.best(), "4")
}

// judge classifies a server's words. What may be a fault of ours is policy before it is anything
// else; an address is dead only when the code or the words say so and nothing speaks against it.
func judge(s said) judgement {
	text := plain(s.text)
	code, detail := s.best(), ""
	if len(code) > 2 {
		detail = code[2:]
	}
	verdict := func(c Class, list ...[]string) judgement {
		j := judgement{class: c, said: s}
		j.words = quote(s.text, text, list...)
		return j
	}
	ours, full, dead := speaks(text, policyWords), speaks(text, fullWords), speaks(text, deadWords)
	passes := speaks(text, passingWords)
	switch {
	case full && !ours || detail == "2.2":
		return verdict(Full, fullWords)
	case s.passing():
		if security := strings.HasPrefix(detail, "7."); ours && (!passes || security && !speaks(text, greylisting)) || security && !passes {
			return verdict(Policy, policyWords)
		}
		return verdict(Transient, passingWords)
	case isDead[detail] && (dead || !ours):
		return verdict(Dead, deadWords)
	case rejectsAddress(detail, text) && !ours:
		return verdict(Dead, addressRejected)
	case ours || strings.HasPrefix(detail, "7.") && !dead || isOurs[detail]:
		return verdict(Policy, policyWords)
	case dead:
		return verdict(Dead, deadWords)
	case detail == "2.1" && !passes && text != "": // also said of one who gets too much mail
		return verdict(Dead)
	case passes || isPassing[detail]:
		return verdict(Transient, passingWords)
	case s.refuses(text):
		return verdict(Policy, refusalWords)
	default:
		return verdict(Unclear)
	}
}

// greylisting has a policy's code and passes by itself.
var greylisting = []string{"greylist", "graylist", "grey list"}

// rejectsAddress: Exchange Online says 5.4.1 of an address it does not have, Cisco's gateways 5.1.0.
func rejectsAddress(detail, text string) bool {
	return (detail == "4.1" || detail == "1.0") && speaks(text, addressRejected)
}

var addressRejected = []string{"recipient address rejected", "address rejected"}

// refuses finds words that refuse without saying whose fault it is: then it is ours.
func (s said) refuses(text string) bool {
	return speaks(text, refusalWords) || strings.HasPrefix(s.best(), "5.6.") || strings.HasPrefix(s.best(), "5.5.")
}

// Enhanced codes without their class that leave no doubt (RFC 3463 and IANA's list).
var (
	isDead = map[string]bool{
		"1.1": true, "1.2": true, "1.3": true, "1.6": true, "1.10": true,
		"7.13":  true, // the account is disabled (RFC 5248)
		"7.17":  true, // the mailbox has another owner (RFC 7293)
		"4.310": true, // Exchange Online: the domain does not exist
	}
	isOurs = map[string]bool{
		"1.7": true, "1.8": true, "2.3": true, "3.4": true, "3.5": true, "5.4": true,
		"6.0": true, "6.1": true, "6.2": true, "6.3": true, "6.6": true,
	}
	isPassing = map[string]bool{
		"3.1": true, "3.2": true, "3.3": true, "3.0": true,
		"4.0": true, "4.1": true, "4.2": true, "4.3": true, "4.4": true, "4.5": true, "4.6": true, "4.7": true,
		"4.14": true, "4.300": true, "4.312": true, "4.316": true, "4.317": true,
	}
)

func speaks(text string, list []string) bool { return spoken(text, list) >= 0 }

// spoken is where the first of some words stand in a text made plain; -1 when none do.
func spoken(text string, list []string) int {
	for _, words := range list {
		if i := strings.Index(text, words); i >= 0 {
			return i
		}
	}
	return -1
}

var blanks = regexp.MustCompile(`[\s\x{a0}]+`)

var likeness = strings.NewReplacer("’", "'", "‘", "'", "´", "'", "`", "'", "“", `"`, "”", `"`, "ё", "е", "\u00ad", "")

// plain is a text as the lists of words have it: lower case, single blanks, plain quotes. Reply
// codes repeated on the lines of one reply are taken out, so that they do not part words, and so are
// addresses, which may be made of any.
func plain(text string) string {
	text = continued.ReplaceAllString(anyAddress.ReplaceAllString(text, "<>"), "$1")
	return strings.TrimSpace(blanks.ReplaceAllString(likeness.Replace(strings.ToLower(text)), " "))
}

var continued = regexp.MustCompile(`(^|[\s>"'])[45]\d\d(?:[- ]#?[45]\.\d{1,3}\.\d{1,3}\b[ :]*|-)`)

// maxWords is how many characters of a server's words are kept.
const maxWords = 300

// quote is the part of a text that led to a class: the words of the lists with what stands around
// them, or the beginning.
func quote(text, plainText string, lists ...[]string) string {
	text = strings.TrimSpace(blanks.ReplaceAllString(text, " "))
	if len(text) <= maxWords {
		return text
	}
	for _, list := range lists {
		if i := spoken(plainText, list); i >= 0 {
			from := max(0, i-maxWords/3)
			return strings.TrimSpace(strings.ToValidUTF8(plainText[from:min(len(plainText), from+maxWords)], ""))
		}
	}
	return strings.TrimSpace(strings.ToValidUTF8(text[:maxWords], ""))
}
