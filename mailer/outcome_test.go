package mailer

import (
	"strings"
	"testing"

	"viesti/outbox"
)

// verdict is a reply at a phase and what follows from it.
type verdict struct {
	at    phase
	code  int
	text  string
	state outbox.State
	class outbox.Class
	hold  bool
}

func checkVerdicts(t *testing.T, verdicts []verdict) {
	t.Helper()
	for _, v := range verdicts {
		got := classify(v.at, readReply(v.code, v.text))
		if got.State != v.state || got.Reply.Class != v.class || got.Hold != v.hold {
			t.Errorf("%v: %d %s: %s %s hold=%v, want %s %s hold=%v", v.at, v.code, v.text,
				got.State, got.Reply.Class, got.Hold, v.state, v.class, v.hold)
		}
	}
}

// TestRefusedEarly: before any recipient is named.
func TestRefusedEarly(t *testing.T) {
	checkVerdicts(t, []verdict{
		{atConnect, 421, "4.3.2 try later", outbox.Retrying, outbox.RelayDown, true},
		{atConnect, 554, "5.7.1 your IP is blocked", outbox.Retrying, outbox.Policy, true},
		{atConnect, 554, "no SMTP service here", outbox.Retrying, outbox.BadSetup, true},
		{atLogin, 535, "5.7.8 authentication failed", outbox.Retrying, outbox.BadSetup, true},
		{atLogin, 454, "4.7.0 temporary authentication failure", outbox.Retrying, outbox.RelayDown, true},
		{atMail, 530, "5.7.0 Must issue a STARTTLS command first", outbox.Retrying, outbox.BadSetup, true},
		{atMail, 530, "5.7.0 Authentication required", outbox.Retrying, outbox.BadSetup, true},
		{atMail, 550, "5.7.1 not authorised to send as this user", outbox.Retrying, outbox.Policy, true},
		{atMail, 501, "5.1.7 bad sender address", outbox.Retrying, outbox.BadSetup, true},
		{atMail, 451, "4.3.0 later", outbox.Retrying, outbox.RelayDown, true},
		{atMail, 354, "what", outbox.Retrying, outbox.RelayDown, true},
	})
}

// TestAddressDead: nobody there: only when that is said clearly.
func TestAddressDead(t *testing.T) {
	checkVerdicts(t, []verdict{
		{atRcpt, 550, "5.1.1 <a@b>: Recipient address rejected: User unknown", outbox.Failed, outbox.AddressDead, false},
		{atRcpt, 550, "#5.1.1 no such user", outbox.Failed, outbox.AddressDead, false},
		{atRcpt, 550, "5.1.2 bad destination system", outbox.Failed, outbox.AddressDead, false},
		{atRcpt, 556, "5.1.10 domain accepts no mail", outbox.Failed, outbox.AddressDead, false},
		{atRcpt, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", outbox.Failed, outbox.AddressDead, false},
		{atDot, 550, "5.1.1 mailbox does not exist", outbox.Failed, outbox.AddressDead, false},
		{atRcpt, 550, "User unknown", outbox.Failed, outbox.AddressDead, false},
		{atRcpt, 550, "no such user here", outbox.Failed, outbox.AddressDead, false},
		{atDot, 550, "no such user here", outbox.Failed, outbox.Policy, false},
		{atRcpt, 550, "Requested action not taken: mailbox unavailable", outbox.Failed, outbox.Policy, false},
		{atRcpt, 550, "5.1.1 rejected as spam", outbox.Retrying, outbox.Policy, false},
		{atRcpt, 550, "sender verify failed: no such user", outbox.Retrying, outbox.Policy, false},
		{atRcpt, 550, "5.2.1 the account is disabled", outbox.Failed, outbox.Policy, false},
		{atRcpt, 550, "4.1.1 the code belies the reply: user unknown", outbox.Failed, outbox.AddressDead, false},
	})
}

// TestMailboxFull: full mailboxes.
func TestMailboxFull(t *testing.T) {
	checkVerdicts(t, []verdict{
		{atRcpt, 452, "4.2.2 mailbox full", outbox.Retrying, outbox.MailboxFull, false},
		{atRcpt, 552, "5.2.2 over quota", outbox.Failed, outbox.MailboxFull, false},
		{atRcpt, 552, "exceeded storage allocation", outbox.Failed, outbox.MailboxFull, false},
		{atDot, 552, "mailbox is full", outbox.Failed, outbox.MailboxFull, false},
		{atRcpt, 452, "4.3.1 insufficient system storage", outbox.Retrying, outbox.Transient, false},
	})
}

// TestLater: later.
func TestLater(t *testing.T) {
	checkVerdicts(t, []verdict{
		{atRcpt, 450, "4.2.0 greylisted", outbox.Retrying, outbox.Transient, false},
		{atRcpt, 421, "4.7.0 too many connections", outbox.Retrying, outbox.Transient, false},
		{atData, 451, "later", outbox.Retrying, outbox.Transient, false},
		{atDot, 454, "Throttling failure: maximum sending rate exceeded", outbox.Retrying, outbox.Transient, false},
		{atRcpt, 503, "5.5.1 need MAIL command", outbox.Retrying, outbox.Transient, false},
		{atData, 250, "go on?", outbox.Retrying, outbox.Transient, false},
		{atRcpt, 354, "go on?", outbox.Retrying, outbox.Transient, false},
	})
}

// TestOurFault: ours to mend: refused for what we are, or for what the letter is.
func TestOurFault(t *testing.T) {
	checkVerdicts(t, []verdict{
		{atRcpt, 554, "5.7.1 <a@b>: Relay access denied", outbox.Retrying, outbox.Policy, true},
		{atRcpt, 530, "5.7.0 authentication required", outbox.Retrying, outbox.Policy, true},
		{atRcpt, 550, "5.7.26 unauthenticated mail", outbox.Retrying, outbox.Policy, false},
		{atDot, 550, "5.7.515 access denied", outbox.Retrying, outbox.Policy, false},
		{atDot, 554, "message blocked", outbox.Retrying, outbox.Policy, false},
		{atDot, 552, "5.3.4 message size exceeds fixed limit", outbox.Failed, outbox.BadMessage, false},
		{atDot, 552, "message too large", outbox.Failed, outbox.BadMessage, false},
		{atRcpt, 501, "5.1.3 bad address syntax", outbox.Failed, outbox.BadMessage, false},
		{atRcpt, 553, "5.6.7 SMTPUTF8 required", outbox.Failed, outbox.BadMessage, false},
		{atRcpt, 555, "parameters not recognized", outbox.Failed, outbox.BadMessage, false},
		{atDot, 554, "transaction failed", outbox.Failed, outbox.Policy, false},
	})
}

// TestTaken: taken, or who knows.
func TestTaken(t *testing.T) {
	checkVerdicts(t, []verdict{
		{atDot, 250, "2.0.0 Ok: queued as 4XyZ", outbox.Sent, "", false},
		{atDot, 251, "will forward", outbox.Sent, "", false},
		{atDot, 354, "go on?", outbox.Uncertain, outbox.Transient, false},
		{atDot, 199, "?", outbox.Uncertain, outbox.Transient, false},
	})
}

func TestLost(t *testing.T) {
	for at, want := range map[phase]outbox.State{
		atConnect: outbox.Retrying, atLogin: outbox.Retrying, atMail: outbox.Retrying, atRcpt: outbox.Retrying,
		atData: outbox.Retrying, atBody: outbox.Retrying, atDot: outbox.Uncertain,
	} {
		got := lost(at)
		if got.State != want || got.Hold != (at <= atMail) {
			t.Errorf("lost at %v: %+v", at, got)
		}
	}
}

func TestReadReply(t *testing.T) {
	r := readReply(550, "5.1.1 The account\n5.1.1 does not\x00 exist \xff")
	if r.Code != "550" || r.Enhanced != "5.1.1" || r.Text != "The account does not exist \ufffd" {
		t.Errorf("reply is %+v", r)
	}
	if r := readReply(250, "5.1.1 mixed"); r.Enhanced != "" || r.Text != "5.1.1 mixed" {
		t.Errorf("reply is %+v", r)
	}
	if r := readReply(250, strings.Repeat("long ", 1000)); len(r.Text) > maxReply+3 {
		t.Errorf("%d bytes are kept", len(r.Text))
	}
}

func TestRef(t *testing.T) {
	for text, want := range map[string]string{
		"Ok: queued as 4XyZ12":                           "4XyZ12",
		"OK id=1abcDE-0007kX-2f":                         "1abcDE-0007kX-2f",
		"<x@y> [InternalId=1234, Hostname=h] Queued":     "1234",
		"x1A2b3 Message accepted for delivery":           "x1A2b3",
		"OK 1700000000 abc-123.45 - gsmtp":               "abc-123.45",
		"thank you":                                      "",
		"Ok 0102018f-aaaa-bbbb-cccc-0123456789ab-000000": "",
	} {
		if got := ref(text); got != want {
			t.Errorf("ref of %q is %q, want %q", text, got, want)
		}
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"<maija@kunta.fi>: User unknown":                "<recipient>: User unknown",
		"Maija@KUNTA.FI is unknown":                     "<recipient> is unknown",
		"no mailbox here by the name maija.":            "no mailbox here by the name <recipient>.",
		"sent by barometri@example.org, for list":       "sent by <address>, for list",
		"user=maija; try later":                         "user=<recipient>; try later",
		"alias of <it@kunta.fi>: maija@kunta.fi.":       "alias of <address>: <recipient>.",
		"see https://example.org/?p=NoSuchUser - gsmtp": "see https://example.org/?p=NoSuchUser - gsmtp",
		"maijastiina is someone else":                   "maijastiina is someone else",
	} {
		if got := redact(text, "maija@kunta.fi"); got != want {
			t.Errorf("redacted %q to %q, want %q", text, got, want)
		}
	}
}

// TestWholeDomain: what is said of us, or of a server, is said to all letters for the domain.
func TestWholeDomain(t *testing.T) {
	for _, test := range []struct {
		at    phase
		code  int
		text  string
		class outbox.Class
		want  bool
	}{
		{atRcpt, 550, "5.7.1 not from you", outbox.Policy, true},
		{atDot, 550, "5.7.26 unauthenticated", outbox.Policy, true},
		{atDot, 421, "4.7.28 unusual rate of unsolicited mail", outbox.Policy, true},
		{atRcpt, 451, "4.7.32 no alignment", outbox.Policy, true},
		{atRcpt, 554, "blocked by our blocklist", outbox.Policy, true},
		{atRcpt, 554, "5.7.1 Relay access denied", outbox.Policy, true},
		{atRcpt, 421, "4.7.0 too many connections", outbox.Transient, true},
		{atRcpt, 451, "4.3.2 system not accepting messages", outbox.Transient, true},
		{atRcpt, 450, "4.4.1 no answer from host", outbox.Transient, true},
		{atRcpt, 450, "4.7.1 Greylisted", outbox.Transient, false},
		{atRcpt, 451, "4.7.1 please try again later", outbox.Transient, false},
		{atRcpt, 450, "4.2.0 greylisted", outbox.Transient, false},
		{atRcpt, 450, "try later", outbox.Transient, false},
		{atRcpt, 452, "4.2.2 mailbox full", outbox.MailboxFull, false},
		{atRcpt, 550, "5.1.1 user unknown", outbox.AddressDead, false},
	} {
		got := classify(test.at, readReply(test.code, test.text))
		if got.Domain != test.want || got.Reply.Class != test.class {
			t.Errorf("%v: %d %s: %s domain=%v, want %s %v", test.at, test.code, test.text, got.Reply.Class, got.Domain, test.class, test.want)
		}
	}
}
