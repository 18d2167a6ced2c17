package bounce

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// Reading is what a mail says, before anybody knows whom it is about.
type Reading struct {
	ID       string // the same for the same mail, however often and by whatever way it comes
	Class    Class
	Form     string
	Code     string
	Enhanced string
	Words    string

	MessageIDs  []string // of the letter that came back
	Unsubscribe string   // its List-Unsubscribe
	Forwarded   bool     // it is one that we passed on

	leaves   string // the opt-out token of who wants no more letters
	all      string // where names of letters may stand
	findings []finding
	around   string // what the mail says to people
}

// LoopField marks what we have forwarded.
const LoopField = "X-Viesti-Forwarded"

// maxHops is how many servers a mail may have passed before it is taken to go in circles.
const maxHops = 60

// Read reads a mail. ok is false when it is none.
func Read(raw []byte) (r Reading, ok bool) {
	l, ok := open(raw)
	if !ok {
		return Reading{}, false
	}
	if l.nested != nil && len(l.groups) == 0 && l.feedback == nil && (l.byMachine() || speaks(l.from(), daemons) || strings.TrimSpace(l.text) == "") {
		outer := l
		l = l.nested
		l.all += "\n" + outer.all
		l.header["message-id"] = outer.header["message-id"]
	}
	r = Reading{all: l.all, findings: l.findings(), around: l.text, ID: l.id(raw)}
	r.references(l)
	j, form := l.judge(&r)
	r.Form = form
	if l.cut && (j.class == Dead || j.class == Complaint) { // what is missing may say otherwise
		j.class, r.findings = Unclear, nil
	}
	r.take(j)
	return r, true
}

func (r *Reading) take(j judgement) {
	r.Class, r.Code, r.Enhanced, r.Words = j.class, j.said.code, j.said.best(), j.words
}

// For is the reading when the mail is about a letter to an address: a report may speak of several.
func (r Reading) For(email string) Reading {
	if j, ok := judgeReport(about(r.findings, email), r.around); ok && r.Form == "dsn" {
		r.take(j)
	}
	return r
}

// id is made of the mail's own Message-ID; without one, of all of it.
func (l *letter) id(raw []byte) string {
	name := strings.TrimSpace(l.header.get("message-id"))
	sum := sha256.Sum256([]byte(name))
	if name == "" {
		sum = sha256.Sum256(raw)
	}
	return hex.EncodeToString(sum[:8])
}

var messageID = regexp.MustCompile(`<[^<>\s@]{1,200}@[^<>\s@]{1,200}>`)

// references finds what says which letter came back. What a person quotes proves nothing: only the
// header of a returned letter counts.
func (r *Reading) references(l *letter) {
	r.Forwarded = l.header.has(strings.ToLower(LoopField)) || l.original.has(strings.ToLower(LoopField)) || len(l.header["received"]) > maxHops
	original := l.original
	if original == nil {
		original = trailing(l.text)
	}
	r.MessageIDs = messageID.FindAllString(original.get("message-id"), 1)
	r.Unsubscribe = original.get("list-unsubscribe")
}

// trailing is the header of a letter that stands in the text of a bounce.
func trailing(text string) fields {
	from := len(region(text))
	if from >= len(text) {
		return nil
	}
	rest := text[from:]
	if at := headerLine.FindStringIndex(rest); at != nil {
		f, _ := readFields([]byte(strings.TrimLeft(rest[at[0]:], " \t>")))
		return f
	}
	return nil
}

// judge tells reports, complaints, automatic replies and people apart, in the order in which one
// may be mistaken for another.
func (l *letter) judge(r *Reading) (j judgement, form string) {
	if l.feedback != nil || l.kind == "feedback-report" {
		return l.complaint(), "arf"
	}
	if j, ok := judgeReport(r.findings, l.text); ok {
		return j, "dsn"
	}
	if l.reported() {
		return judgement{class: Complaint, words: "Subject: complaint about message"}, "jmrp"
	}
	if r.leaves = l.leaves(); r.leaves != "" {
		return judgement{class: Leaving, words: "Subject: unsubscribe"}, "unsubscribe"
	}
	if form, ok := l.bounced(); ok {
		return l.heuristic(), form
	}
	if words, ok := l.challenged(); ok {
		return judgement{class: Challenge, words: words}, "challenge"
	}
	if words, ok := l.automatic(); ok {
		return judgement{class: AutoReply, words: words}, "auto-reply"
	}
	return judgement{class: Human}, "mail"
}

// heuristic judges a bounce that follows no standard by what it says to people.
func (l *letter) heuristic() judgement {
	text := region(l.text)
	words := plain(text)
	delayed := spoken(words, delaying)
	if delayed < 0 && strings.HasPrefix(plain(l.header.text("subject")), "warning: message") {
		delayed = 0
	}
	if delayed >= 0 && !speaks(words, givingUp) {
		return judgement{class: Delayed, words: quoteAt(words, delayed)}
	}
	return judge(hear(text))
}

// complaint reads a feedback report (RFC 5965).
func (l *letter) complaint() judgement {
	kind := strings.ToLower(firstWord(l.feedback.get("feedback-type")))
	words := "Feedback-Type: " + kind
	switch kind {
	case "not-spam":
		return judgement{class: Delivered, words: words}
	case "":
		return judgement{class: Unclear}
	case "auth-failure", "virus", "dmarc":
		return judgement{class: Policy, words: words}
	default: // abuse, fraud, opt-out, other: somebody does not want our letters
		return judgement{class: Complaint, words: words}
	}
}

// reported is a complaint in the form of Microsoft's programme, which is older than the standard.
func (l *letter) reported() bool {
	return strings.HasPrefix(plain(l.header.text("subject")), "complaint about message from") || l.original.has("x-hmxmroriginalrecipient")
}
