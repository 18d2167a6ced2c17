package bounce

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/internal/fault"
	"viesti/outbox"
)

// desk is an intake with a store in memory; what a real one does is tested with the store.
type desk struct {
	*Intake
	now       time.Time
	who       contacts.Known
	sent      []outbox.Message
	records   []Record
	happened  []contacts.Event
	forwarded [][]byte
	ill       error
}

const wave = "2027"

func newDesk(t *testing.T, verp bool) *desk {
	t.Helper()
	d := &desk{now: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)}
	d.who = contacts.Known{Contact: contacts.Contact{ID: "0123456789abcdef", Token: "tok", Email: "aino@kunta.example.fi"}}
	for i, kind := range []outbox.Kind{outbox.Invitation, outbox.Reminder(1), outbox.Reminder(2)} {
		d.sent = append(d.sent, outbox.Message{
			Key:       outbox.Key{Recipient: d.who.ID, Wave: wave, Kind: kind},
			MessageID: fmt.Sprintf("<m%d@example.org>", i), Claimed: d.now.AddDate(0, 0, 7*i),
		})
	}
	key := []byte("secret")
	if !verp {
		key = nil
	}
	d.Intake = &Intake{
		Store: d, People: d, Letters: d, Paths: NewPaths("bounces@example.org", key),
		Forward: func(_ context.Context, raw []byte) error {
			if d.ill != nil {
				return d.ill
			}
			d.forwarded = append(d.forwarded, raw)
			return nil
		},
		Day: func() string { return d.now.Format(time.DateOnly) }, Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler),
	}
	return d
}

func (d *desk) ContactByToken(_ context.Context, token string) (contacts.Known, error) {
	if token != d.who.Token {
		return contacts.Known{}, contacts.ErrNoContact
	}
	return d.who, nil
}

func (d *desk) Messages(_ context.Context, q outbox.Query, each func(outbox.Message) error) error {
	for _, m := range d.sent {
		if m.Recipient == q.Recipients[0] {
			if err := each(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *desk) ChangeBounces(_ context.Context, recipient string, decide func([]Record, contacts.Known) Decision) error {
	var before []Record
	var who contacts.Known
	for _, r := range d.records {
		if r.Recipient == recipient {
			before = append(before, r)
		}
	}
	if recipient == d.who.ID {
		who = d.who
	}
	decide(before, who) // it may be asked more than once
	x := decide(before, who)
	for _, r := range x.Put {
		d.drop(r.ID)
		d.records = append(d.records, r)
	}
	for _, id := range x.Drop {
		d.drop(id)
	}
	for _, h := range x.Happened {
		d.who.Standing = d.who.Standing.With(h)
		d.happened = append(d.happened, h.Event)
	}
	return nil
}

func (d *desk) drop(id string) {
	for i, r := range d.records {
		if r.ID == id {
			d.records = append(d.records[:i:i], d.records[i+1:]...)
			return
		}
	}
}

func (d *desk) Bounces(_ context.Context, each func(Record) error) error {
	for _, r := range d.records {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) take(t *testing.T, to, raw string) Record {
	t.Helper()
	r, err := d.Take(t.Context(), Mail{To: to, Raw: []byte(raw)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// dsn is a report about a letter; what differs makes it another mail.
func dsn(differs, status, words string) string {
	return "From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered\r\nMessage-ID: <" + differs + "@mx>\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
		"Final-Recipient: rfc822; aino@kunta.example.fi\r\nAction: failed\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; " + words + "\r\n\r\n--b--\r\n"
}

func TestDeadStopsAndIsUndone(t *testing.T) {
	d := newDesk(t, true)
	to := d.Paths.Of(d.sent[1].Key)
	dead := dsn("1", "5.1.1", "550 5.1.1 <aino@kunta.example.fi>: user aino unknown user")
	for range 2 { // it comes twice and counts once
		r := d.take(t, strings.ToUpper(to), dead)
		if r.Class != Dead || r.Effect != Stopped || r.Kind != outbox.Reminder(1) || r.Wave != wave || strings.Contains(r.Words, "aino") || r.Words == "" {
			t.Errorf("%+v", r)
		}
	}
	if len(d.happened) != 1 || d.who.Standing.Dead.Ground != contacts.DeadAddress || len(d.records) != 1 {
		t.Fatalf("%v %+v", d.happened, d.who.Standing)
	}
	if _, err := d.Undo(t.Context(), d.records[0].ID); err != nil || d.who.Standing.Bounced {
		t.Errorf("undone: %v %+v", err, d.who.Standing)
	}
	if _, err := d.Undo(t.Context(), d.records[0].ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("undone twice: %v", err)
	}
}

func TestOneOfTwoIsUndone(t *testing.T) {
	d := newDesk(t, true)
	first := d.take(t, d.Paths.Of(d.sent[0].Key), dsn("1", "5.1.1", "550 unknown user"))
	d.take(t, d.Paths.Of(d.sent[1].Key), dsn("2", "5.1.1", "550 unknown user"))
	if _, err := d.Undo(t.Context(), first.ID); err != nil || !d.who.Standing.Bounced {
		t.Errorf("another bounce says the same, but: %v %+v", err, d.who.Standing)
	}
	if done, err := d.Restore(t.Context(), d.who.ID, wave); err != nil || !done || d.who.Standing.Bounced {
		t.Errorf("restored: %v %v %+v", done, err, d.who.Standing)
	}
	if done, err := d.Restore(t.Context(), d.who.ID, wave); err != nil || done {
		t.Errorf("restored again: %v %v", done, err)
	}
}

func TestThreeOverTwoWeeks(t *testing.T) {
	full := func(n int) string { return dsn(fmt.Sprint(n), "5.2.2", "552 5.2.2 mailbox full") }
	for name, test := range map[string]struct {
		days    []int // on which each letter comes back
		stopped bool
	}{
		"two":               {[]int{0, 14}, false},
		"three in a week":   {[]int{0, 3, 7}, false},
		"three over two":    {[]int{0, 7, 14}, true},
		"a reminder sooner": {[]int{0, 7, 13}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, true)
			begin := d.now
			for i, day := range test.days {
				d.now = begin.AddDate(0, 0, day)
				d.take(t, d.Paths.Of(d.sent[i].Key), full(i))
			}
			if d.who.Standing.Bounced != test.stopped || test.stopped && d.who.Standing.Dead.Ground != contacts.Unreachable {
				t.Errorf("%+v", d.who.Standing)
			}
		})
	}
	t.Run("one letter that comes back thrice", func(t *testing.T) {
		d := newDesk(t, true)
		for i := range 3 {
			d.take(t, d.Paths.Of(d.sent[0].Key), full(i))
			d.now = d.now.AddDate(0, 0, 10)
		}
		if d.who.Standing.Bounced {
			t.Error("stopped")
		}
	})
}

func TestComplaintOptsOut(t *testing.T) {
	d := newDesk(t, true)
	r := d.take(t, "", "From: fbl@provider.example\r\nSubject: Abuse\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\nOriginal-Mail-From: <"+d.Paths.Of(d.sent[0].Key)+">\r\n\r\n--b--\r\n")
	if r.Effect != OptedOut || !d.who.Standing.OptedOut || d.who.Standing.Opted.Ground != contacts.Complaint {
		t.Errorf("%+v %+v", r, d.who.Standing)
	}
	d.who.Standing = d.who.Standing.With(contacts.Happening{Event: contacts.OptOut, Cause: contacts.Cause{Ground: contacts.Wish}})
	if done, err := d.Restore(t.Context(), d.who.ID, wave); err != nil || done || !d.who.Standing.OptedOut {
		t.Errorf("their own wish was taken back: %v %v %+v", done, err, d.who.Standing)
	}
}

// A mail to the address of a List-Unsubscribe ends the messages, also one that a program wrote, and
// nothing takes that back.
func TestLeavingByMail(t *testing.T) {
	for name, mail := range map[string]string{
		"by hand":       "From: Aino <aino@home.example>\r\nSubject: unsubscribe-tok\r\nMessage-ID: <u@x>\r\n\r\n",
		"by a program":  "From: noreply@x.example\r\nReturn-Path: <>\r\nAuto-Submitted: auto-generated\r\nPrecedence: bulk\r\nSubject: Unsubscribe-TOK\r\nMessage-ID: <u@x>\r\n\r\nThis message was automatically generated.\r\n",
		"encoded":       "From: aino@home.example\r\nSubject: =?utf-8?Q?unsubscribe-tok?=\r\nMessage-ID: <u@x>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p></p>",
		"from a daemon": "From: MAILER-DAEMON@x.example\r\nSubject: unsubscribe-tok\r\nMessage-ID: <u@x>\r\n\r\n550 5.1.1 user unknown\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, true)
			for range 2 {
				r := d.take(t, "bounces@example.org", mail)
				if r.Class != Leaving || r.Effect != OptedOut || r.Recipient != d.who.ID || r.Wave != wave || strings.Contains(r.Words, "tok") {
					t.Errorf("%+v", r)
				}
			}
			if s := d.who.Standing; !s.OptedOut || s.Bounced || s.Opted.Ground != contacts.Wish || len(d.happened) != 1 || len(d.forwarded) != 0 {
				t.Errorf("%+v %v", s, d.happened)
			}
			if _, err := d.Undo(t.Context(), d.records[0].ID); fault.Of(err).Key != "bounce.nothing_to_undo" {
				t.Errorf("undone: %v", err)
			}
			if done, err := d.Restore(t.Context(), d.who.ID, wave); err != nil || done || !d.who.Standing.OptedOut || !d.records[0].Undone.IsZero() {
				t.Errorf("their own wish was taken back: %v %v", done, err)
			}
		})
	}
	d := newDesk(t, true)
	d.sent = nil // purged since
	if r := d.take(t, "", "From: a@b.example\r\nSubject: unsubscribe-tok\r\n\r\n"); r.Effect != OptedOut || !d.who.Standing.OptedOut {
		t.Errorf("without a letter: %+v", r)
	}
	for _, subject := range []string{"unsubscribe-other", "Re: unsubscribe-tok and more", "unsubscribe"} {
		d := newDesk(t, true)
		r := d.take(t, "", "From: Aino <a@b.example>\r\nSubject: "+subject+"\r\n\r\nPlease\r\n")
		if r.Class != Human || len(d.forwarded) != 1 || len(d.happened) != 0 {
			t.Errorf("%s: %+v", subject, r)
		}
	}
}

func TestLeave(t *testing.T) {
	for path, want := range map[string]string{
		"bounces@example.org":     "mailto:bounces@example.org?subject=unsubscribe-tok",
		"a?b%c+d@xn--p8j.example": "mailto:a%3Fb%25c+d@xn--p8j.example?subject=unsubscribe-tok",
	} {
		if got := Leave(path, "tok"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestNobodyIsBlamed(t *testing.T) {
	for _, raw := range []string{
		dsn("1", "5.7.26", "550 5.7.26 sender is unauthenticated"), dsn("2", "5.0.0", "something"),
		"From: a@b.example\r\nSubject: Automatic reply: x\r\n\r\nx",
	} {
		d := newDesk(t, true)
		d.take(t, d.Paths.Of(d.sent[0].Key), raw)
		if len(d.happened) != 0 || len(d.records) != 1 {
			t.Errorf("%v %+v", d.happened, d.records)
		}
	}
}

func TestOneAlertADay(t *testing.T) {
	d := newDesk(t, true)
	var heard []string
	d.Alert = func(domain string, r Record) { heard = append(heard, domain+" "+r.Enhanced) }
	for i := range 5 {
		d.take(t, d.Paths.Of(d.sent[0].Key), dsn(fmt.Sprint(i), "5.7.26", "550 5.7.26 sender is unauthenticated"))
		d.now = d.now.Add(6 * time.Hour)
	}
	if len(heard) != 2 || heard[0] != "kunta.example.fi 5.7.26" {
		t.Errorf("alerts: %q", heard)
	}
}

func TestForgedIsDropped(t *testing.T) {
	d := newDesk(t, true)
	genuine := d.Paths.Of(d.sent[0].Key)
	other := []byte(genuine)
	i := strings.IndexByte(genuine, '-') + 3
	other[i] = map[bool]byte{true: 'b', false: 'a'}[other[i] == 'a']
	for _, to := range []string{string(other), strings.Replace(genuine, d.who.ID, "fedcba9876543210", 1)} {
		r := d.take(t, to, dsn("1", "5.1.1", "550 unknown user"))
		if r.Class != Forged || len(d.records) != 0 || len(d.happened) != 0 {
			t.Errorf("%s: %+v", to, r)
		}
	}
	if r := d.take(t, "bounces@example.org", dsn("1", "5.1.1", "550 unknown user")); r.Effect != Unmatched || len(d.happened) != 0 {
		t.Errorf("without any name: %+v", r)
	}
}

// Without a name in the return path, the header of the letter that came back tells.
func TestFoundByTheReturnedLetter(t *testing.T) {
	returned := "\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <m1@example.org>\r\nList-Unsubscribe: <mailto:x@y>, <https://s.example/u/tok>\r\n\r\n--b--\r\n"
	for _, verp := range []bool{true, false} {
		d := newDesk(t, verp)
		r := d.take(t, "", strings.Replace(dsn("1", "5.1.1", "550 unknown user"), "\r\n--b--\r\n", returned, 1))
		if r.Effect != Stopped || r.Kind != outbox.Reminder(1) {
			t.Errorf("%+v", r)
		}
		d = newDesk(t, verp)
		r = d.take(t, "", "From: MAILER-DAEMON@q.example\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at q.example.\r\n\r\n<a@q.example>:\r\nno mailbox here by that name\r\n\r\n"+
			"--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <bounces@example.org>\r\nMessage-ID: <m0@example.org>\r\nList-Unsubscribe:\r\n <https://s.example/u/tok>\r\nSubject: Kutsu\r\n")
		if r.Effect != Stopped || r.Kind != outbox.Invitation {
			t.Errorf("qmail: %+v", r)
		}
	}
}

func TestAnswersAreForwarded(t *testing.T) {
	d := newDesk(t, true)
	const answer = "From: Aino <aino@kunta.example.fi>\r\nSubject: Re: survey\r\nMessage-ID: <x@y>\r\n\r\nWho are you? My opt-out is https://s.example/u/tok\r\n"
	d.ill = errors.New("the relay is down")
	if _, err := d.Take(t.Context(), Mail{Raw: []byte(answer)}); err == nil {
		t.Error("an answer that did not leave was taken")
	}
	d.ill = nil
	for range 2 {
		if r := d.take(t, d.Paths.Of(d.sent[0].Key), answer); r.Class != Human || r.Effect != Forwarded || r.Recipient != "" || r.Words != "" {
			t.Errorf("%+v", r)
		}
	}
	if len(d.forwarded) != 1 || string(d.forwarded[0]) != answer {
		t.Errorf("forwarded %d times", len(d.forwarded))
	}
	if r := d.take(t, "", LoopField+": yes\r\n"+strings.Replace(answer, "<x@y>", "<z@y>", 1)); r.Class != Looping || len(d.forwarded) != 1 {
		t.Errorf("came back and went out again: %+v", r)
	}
	loop := strings.Replace(dsn("9", "5.1.1", "550 unknown user"), "\r\n--b--\r\n", "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"+LoopField+": yes\r\nReferences: <m0@example.org>\r\nList-Unsubscribe: <https://s.example/u/tok>\r\n\r\nx\r\n--b--\r\n", 1)
	if r := d.take(t, "", loop); r.Class != Looping || len(d.happened) != 0 {
		t.Errorf("a bounce of what was forwarded: %+v %v", r, d.happened)
	}
	d.Forward = nil
	if _, err := d.Take(t.Context(), Mail{Raw: []byte(strings.Replace(answer, "<x@y>", "<q@y>", 1))}); !errors.Is(err, ErrNowhere) || fault.KindOf(err) != fault.Conflict {
		t.Errorf("nowhere to forward: %v", err)
	}
	if _, err := d.Take(t.Context(), Mail{Raw: []byte("\x00\x01")}); !errors.Is(err, ErrNoMail) {
		t.Errorf("no mail: %v", err)
	}
}

func TestErasedKeepsNothing(t *testing.T) {
	d := newDesk(t, true)
	to := d.Paths.Of(d.sent[0].Key)
	d.who = contacts.Known{}
	if r := d.take(t, to, dsn("1", "5.1.1", "550 unknown user, Aino has left")); r.Words != "" || r.Effect != Nothing || len(d.happened) != 0 {
		t.Errorf("%+v %v", r, d.happened)
	}
}

func TestUnmatchedAreFew(t *testing.T) {
	d := newDesk(t, true)
	for i := range mostUnmatched + 20 {
		d.now = d.now.Add(time.Second)
		d.take(t, "", dsn(fmt.Sprint(i), "5.1.1", "550 unknown user"))
	}
	if len(d.records) != mostUnmatched {
		t.Errorf("%d are kept", len(d.records))
	}
	d = newDesk(t, true)
	to := d.Paths.Of(d.sent[0].Key)
	d.take(t, to, dsn("dead", "5.1.1", "550 unknown user"))
	for i := range mostOfOne + 20 {
		d.now = d.now.Add(time.Second)
		d.take(t, to, fmt.Sprintf("From: a@b.example\r\nMessage-ID: <%d@b>\r\nSubject: Automatic reply: x\r\n\r\nx", i))
	}
	if len(d.records) != mostOfOne || d.records[0].Class != Dead {
		t.Errorf("%d are kept of one, the first %q", len(d.records), d.records[0].Class)
	}
}
