package mailer

import (
	"bytes"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/outbox"
)

func TestHeaders(t *testing.T) {
	letter, err := newComposer(t).Compose(t.Context(), delivery(i18n.Sv, outbox.Invitation), now)
	if err != nil {
		t.Fatal(err)
	}
	h := parse(t, letter).header
	for field, want := range map[string]string{
		"From": `"Kumppanuusbarometri" <barometri@example.org>`, "Reply-To": "<kysymykset@example.org>",
		"Date": "Wed, 24 Feb 2027 09:30:00 +0200", "Message-Id": "<0123456789abcdef@example.org>",
		"List-Unsubscribe": "<https://barometri.example.org/u/" + testToken + ">," +
			" <mailto:palautukset@example.org?subject=unsubscribe-" + testToken + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Auto-Submitted": "auto-generated",
		"Content-Language": "sv", "Mime-Version": "1.0", "Feedback-Id": "invitation:pomako:2027:viesti",
		"Subject": "Inbjudan till enkäten: Partnerskapsbarometern",
		"List-Id": "POMAKO, Österbottens integrationsnätverk <pomako.barometri.example.org>",
	} {
		got, err := new(mime.WordDecoder).DecodeHeader(h.Get(field))
		if err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", field, got, want, err)
		}
	}
	checkFields(t, h)
}

// Nobody is told to write to an address whose mail is not read here.
func TestNoMailtoUnread(t *testing.T) {
	config := testConfig()
	config.Bounces.Verp = false
	c, err := NewComposer(testFacts(), config)
	if err != nil {
		t.Fatal(err)
	}
	letter, err := c.Compose(t.Context(), delivery(i18n.Sv, outbox.Invitation), now)
	if err != nil {
		t.Fatal(err)
	}
	if got := parse(t, letter).header.Get("List-Unsubscribe"); got != "<https://barometri.example.org/u/"+testToken+">" {
		t.Errorf("List-Unsubscribe is %q", got)
	}
}

func TestReminderFollowsInvitation(t *testing.T) {
	d := delivery(i18n.Sv, outbox.Reminder(1))
	d.Follows = "<first@example.org>"
	letter, err := newComposer(t).Compose(t.Context(), d, now)
	if err != nil {
		t.Fatal(err)
	}
	h := parse(t, letter).header
	if h.Get("In-Reply-To") != d.Follows || h.Get("References") != d.Follows {
		t.Errorf("In-Reply-To %q, References %q", h.Get("In-Reply-To"), h.Get("References"))
	}
}

// fields are the header fields of every letter.
var fields = []string{
	"Auto-Submitted", "Content-Language", "Content-Type", "Date", "Feedback-Id", "From", "List-Id", "List-Unsubscribe",
	"List-Unsubscribe-Post", "Message-Id", "Mime-Version", "Reply-To", "Subject", "To",
}

func checkFields(t *testing.T, h netmail.Header) {
	t.Helper()
	var got []string
	for field, values := range h {
		got = append(got, field)
		if len(values) != 1 {
			t.Errorf("%s comes %d times: %q", field, len(values), values)
		}
	}
	if slices.Sort(got); !slices.Equal(got, fields) {
		t.Errorf("header fields are %q, want %q", got, fields)
	}
}

func TestNastyNames(t *testing.T) {
	c := newComposer(t)
	for _, name := range []string{
		"", "Plain Name", "Bcc\r\nBcc: all@example.org", "a\nb\rc\x00d", `"quoted" \ back`, "Virtanen, Matti <x@y>",
		"👩‍👩‍👧 Väinö", "\u202egnp.exe", "مرحبا بالعالم", strings.Repeat("x", 500), strings.Repeat("å", 500),
		strings.Repeat("word ", 100), "\xff\xfe", "=?utf-8?q?Bcc:_x?=", "a@b.example", "name\t\u00a0tab", "; , : ()", "'",
	} {
		d := delivery(i18n.Fi, outbox.Invitation)
		d.Contact.Name, d.Contact.Organisation = name, name
		d.Network.Name = i18n.Text{"fi": "N" + name}
		d.Network.Coordinator, d.Network.PersonalWord = name, i18n.Text{"fi": name}
		checkNamed(t, c, d)
	}
}

// checkNamed composes a letter and finds the header as it should be.
func checkNamed(t *testing.T, c *Composer, d outbox.Delivery) {
	t.Helper()
	letter, err := c.Compose(t.Context(), d, now)
	if err != nil {
		t.Fatalf("%q: %v", d.Contact.Name, err)
	}
	checkLines(t, bytes.SplitAfterN(letter, []byte("\r\n\r\n"), 2)[1])
	p := parse(t, letter)
	checkFields(t, p.header)
	to, err := p.header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != d.Contact.Email {
		t.Errorf("%q: To is %q (%v)", d.Contact.Name, p.header.Get("To"), err)
	} else if want := display(d.Contact.Name); to[0].Name != want {
		t.Errorf("name is %q, want %q", to[0].Name, want)
	}
	if id := p.header.Get("List-Id"); !strings.HasSuffix(id, "<pomako.barometri.example.org>") {
		t.Errorf("%q: List-Id is %q", d.Contact.Name, id)
	}
}

func FuzzHeader(f *testing.F) {
	for _, name := range []string{"Maija", "x\r\nBcc: a@b", `a"b\`, "=?utf-8?q?x?=", "ä, <b>", "--viesti-0\r\n", "\u2028"} {
		f.Add(name, name)
	}
	c := newComposer(f)
	f.Fuzz(func(t *testing.T, name, network string) {
		d := delivery(i18n.Fi, outbox.Invitation)
		d.Contact.Name = name
		d.Network.Name = i18n.Text{"fi": "N" + network}
		d.Network.Coordinator, d.Network.PersonalWord = network, i18n.Text{"fi": name}
		checkNamed(t, c, d)
	})
}

func TestAddresses(t *testing.T) {
	c := newComposer(t)
	for _, test := range []struct {
		email, wire string
		utf8        bool
	}{
		{"a@example.org", "a@example.org", false},
		{"a@ministeriö.example.fi", "a@xn--ministeri-87a.example.fi", false},
		{"mäki@ministeriö.example.fi", "mäki@xn--ministeri-87a.example.fi", true},
	} {
		d := delivery(i18n.Fi, outbox.Invitation)
		d.Contact.Email = test.email
		letter, err := c.Compose(t.Context(), d, now)
		if err != nil {
			t.Fatal(err)
		}
		to, err := parse(t, letter).header.AddressList("To")
		if err != nil || to[0].Address != test.wire {
			t.Errorf("To of %s is %v (%v)", test.email, to, err)
		}
		from, rcpt, utf8 := c.envelope(d)
		if from != "palautukset@example.org" || rcpt != test.wire || utf8 != test.utf8 {
			t.Errorf("envelope of %s is %s, %s, %v", test.email, from, rcpt, utf8)
		}
	}
}
