package mailer

import (
	"strings"

	"viesti/outbox"
)

// phase is how far the conversation about a letter has come.
type phase int

// The phases. Up to atMail no recipient has been named, so that nothing said is about one; from
// atDot on the relay may have taken the letter.
const (
	atConnect phase = iota
	atLogin
	atMail
	atRcpt
	atData
	atBody
	atDot
)

func (p phase) String() string {
	return [...]string{"connect", "login", "mail", "rcpt", "data", "body", "dot"}[p]
}

// lost is the outcome when no reply came that can be understood.
func lost(at phase) outbox.Outcome {
	switch {
	case at <= atMail:
		return held(outbox.Reply{}, outbox.RelayDown)
	case at < atDot:
		return again(outbox.Reply{}, outbox.Transient)
	default:
		return outbox.Outcome{State: outbox.Uncertain, Reply: outbox.Reply{Class: outbox.Transient}}
	}
}

// classify is the outcome that follows from a reply (RFC 5321, 4.2; RFC 3463). A reply that makes
// no sense at its phase counts as none.
func classify(at phase, r outbox.Reply) outbox.Outcome {
	switch {
	case at == atDot && r.Code[0] == '2':
		r.Ref = ref(r.Text)
		return outbox.Outcome{State: outbox.Sent, Reply: r}
	case r.Code[0] != '4' && r.Code[0] != '5':
		return lost(at)
	case at <= atMail:
		return early(at, r)
	case r.Code[0] == '4':
		return deferred(at, r)
	default:
		return refused(at, r)
	}
}

// deferred is a letter that is not taken for now. What is said of security or policy (x.7.x) is
// said of us, and 421, x.3.y and x.4.y of the server, not of one mailbox; all but greylisting,
// which goes by many codes and says "later" to each recipient once.
func deferred(at phase, r outbox.Reply) outbox.Outcome {
	switch {
	case full(at, r):
		return again(r, outbox.MailboxFull)
	case speaks(r, "greylist", "graylist", "grey-list", "gray-list", "grey list"):
		return again(r, outbox.Transient)
	case subject(r) == '7' && !speaks(r, "later", "again", "come back", "too many", "concurren", "busy"):
		return domain(again(r, outbox.Policy))
	case r.Code == "421", subject(r) == '3', subject(r) == '4':
		return domain(again(r, outbox.Transient))
	default:
		return again(r, outbox.Transient)
	}
}

// domain is an outcome that says something of the recipient's whole domain.
func domain(o outbox.Outcome) outbox.Outcome {
	o.Domain = true
	return o
}

// early is a refusal before any recipient was named: the fault is ours or the relay's, and no
// letter is to blame.
func early(at phase, r outbox.Reply) outbox.Outcome {
	switch {
	case r.Code[0] == '4':
		return held(r, outbox.RelayDown)
	case at != atLogin && subject(r) == '7' && !wantsLogin(r):
		return held(r, outbox.Policy)
	default:
		return held(r, outbox.BadSetup)
	}
}

// refused is a permanent refusal of one letter. Only what says clearly that nobody is there
// makes an address dead. What says that the fault is ours is nobody's else: the letter waits, and
// so do all to that domain.
func refused(at phase, r outbox.Reply) outbox.Outcome {
	switch {
	case r.Code == "503": // the relay has lost the thread
		return again(r, outbox.Transient)
	case noRelay(r): // someone has to mend the set-up; until then nobody is lost
		return domain(held(r, outbox.Policy))
	case subject(r) == '7':
		return domain(again(r, outbox.Policy))
	case full(at, r):
		return failed(r, outbox.MailboxFull)
	case blamesUs(r):
		return domain(again(r, outbox.Policy))
	case dead(at, r):
		return failed(r, outbox.AddressDead)
	case badMessage(at, r):
		return failed(r, outbox.BadMessage)
	default:
		return failed(r, outbox.Policy)
	}
}

func held(r outbox.Reply, class outbox.Class) outbox.Outcome {
	r.Class = class
	return outbox.Outcome{State: outbox.Retrying, Reply: r, Hold: true}
}

func again(r outbox.Reply, class outbox.Class) outbox.Outcome {
	r.Class = class
	return outbox.Outcome{State: outbox.Retrying, Reply: r}
}

func failed(r outbox.Reply, class outbox.Class) outbox.Outcome {
	r.Class = class
	return outbox.Outcome{State: outbox.Failed, Reply: r}
}

// subject is the second number of the enhanced code: 1 address, 2 mailbox, 3 system, 4 network,
// 5 protocol, 6 content, 7 security; 0 when there is none.
func subject(r outbox.Reply) byte {
	if r.Enhanced == "" {
		return 0
	}
	return r.Enhanced[2]
}

// is tells whether the enhanced code, without its class, is one of those given.
func is(r outbox.Reply, codes ...string) bool {
	for _, code := range codes {
		if len(r.Enhanced) > 2 && r.Enhanced[2:] == code {
			return true
		}
	}
	return false
}

func speaks(r outbox.Reply, of ...string) bool {
	text := strings.ToLower(r.Text)
	for _, words := range of {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

func wantsLogin(r outbox.Reply) bool {
	return r.Code == "530" || is(r, "7.8") ||
		speaks(r, "authentication required", "must authenticate", "authenticate first", "not authenticated", "log in first")
}

func noRelay(r outbox.Reply) bool {
	return wantsLogin(r) ||
		speaks(r, "relay access denied", "relaying denied", "relaying not", "relay not permitted", "not permitted to relay", "unable to relay")
}

// blamesUs finds what receivers say of senders they do not want, whatever code they give it.
func blamesUs(r outbox.Reply) bool {
	return speaks(r, "spam", "blocked", "blocklist", "block list", "blacklist", "black list", "denylist", "reputation",
		"policy", "sender", "spf", "dkim", "dmarc", "rbl", "reverse dns", "your ip")
}

// dead: 1.1 no such mailbox, 1.2 no such system, 1.10 a domain that takes no mail (RFC 7505); or,
// without an enhanced code, words that leave no doubt.
func dead(at phase, r outbox.Reply) bool {
	if r.Enhanced != "" {
		return is(r, "1.1", "1.2", "1.10")
	}
	return at == atRcpt && (r.Code == "550" || r.Code == "551" || r.Code == "553") &&
		speaks(r, "user unknown", "unknown user", "no such user", "user not found", "no such mailbox", "mailbox not found",
			"unknown mailbox", "unknown recipient", "recipient unknown", "recipient not found", "no such recipient",
			"does not exist", "doesn't exist", "no such address", "unknown address")
}

func full(at phase, r outbox.Reply) bool {
	if r.Enhanced != "" {
		return is(r, "2.2")
	}
	return r.Code == "552" && (at == atRcpt || !tooLarge(r)) || speaks(r, "mailbox full", "mailbox is full", "over quota", "quota exceeded")
}

func tooLarge(r outbox.Reply) bool { return speaks(r, "size", "too large", "too big") }

func badMessage(at phase, r outbox.Reply) bool {
	switch subject(r) {
	case '5', '6':
		return true
	case 0:
		return r.Code == "500" || r.Code == "501" || r.Code == "504" || r.Code == "555" || at > atRcpt && tooLarge(r)
	default:
		return is(r, "1.3", "2.3", "3.4")
	}
}
