package outbox

import (
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
)

func TestKindsOfStaff(t *testing.T) {
	if k := Digest(2027, 1); k != "digest-2027-w01" {
		t.Errorf("got %s", k)
	}
	for k, want := range map[Kind][2]int{
		Digest(2026, 53): {2026, 53}, Digest(2027, 1): {2027, 1}, "digest-": {}, Card: {}, Invitation: {}, "digest-2027-x": {},
	} {
		year, week, ok := k.Week()
		if ok != (want != [2]int{}) || ok && [2]int{year, week} != want {
			t.Errorf("%s: %d %d %v", k, year, week, ok)
		}
	}
	for k, want := range map[Kind][2]string{
		Problem("not_in_channel", "C1"): {"not_in_channel", "C1"}, Problem("token_revoked", ""): {"token_revoked", ""}, Card: {}, Reminder(1): {},
	} {
		code, channel, ok := k.Problem()
		if ok != (want[0] != "") || code != want[0] || channel != want[1] {
			t.Errorf("%s: %s %s %v", k, code, channel, ok)
		}
	}
}

// TestLateIsNotSent claims a message before and after it expires.
func TestLateIsNotSent(t *testing.T) {
	noon := time.Date(2027, 3, 15, 12, 0, 0, 0, time.UTC)
	w := Wave{ID: "w", Closes: noon.AddDate(0, 0, 30)}
	m := Message{Key: Key{Recipient: Staff("a", "C1"), Wave: "w", Kind: Digest(2027, 11)}, Expires: noon}
	for after, want := range map[int]string{-1: "", 0: ReasonLate, 1: ReasonLate} {
		if got := m.unwanted(w, contacts.Known{}, contacts.Network{}, noon.Add(time.Duration(after)*time.Minute)); got != want {
			t.Errorf("%d minutes after: %q, want %q", after, got, want)
		}
	}
}

// Thanks that are for those who ask wait for nobody who took the wish back meanwhile.
func TestThanksForAskers(t *testing.T) {
	w := Wave{ID: "w", Closes: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Zone: time.UTC, ThankAskers: true}
	m := Message{Key: Key{Recipient: "c1", Wave: "w", Kind: ThankYou}, Carrier: link.Mail}
	who := contacts.Known{Contact: contacts.Contact{ID: "c1", Email: "c1@example.org"}}
	for _, c := range []struct {
		standing contacts.Standing
		askers   bool
		want     string
	}{
		{contacts.Standing{}, false, ""},
		{contacts.Standing{}, true, ReasonNotAsked},
		{contacts.Standing{Results: "v"}, true, ReasonNotAsked},
		{contacts.Standing{Results: "w"}, true, ""},
		{contacts.Standing{Results: "w", Answered: "w"}, true, ""},
		{contacts.Standing{Results: "w", OptedOut: true}, true, ReasonOptedOut},
	} {
		w.ThankAskers, who.Standing = c.askers, c.standing
		if got := m.unwanted(w, who, contacts.Network{}, w.Closes.Add(time.Hour)); got != c.want {
			t.Errorf("%+v, askers %t: %q, want %q", c.standing, c.askers, got, c.want)
		}
	}
}

// Who a network's list names as its coordinator when a message leaves gets it, and nobody if it names none.
func TestAddressee(t *testing.T) {
	n := contacts.Network{ID: "a", Name: i18n.Text{i18n.Sv: "A"}, Coordinator: "Aino", CoordinatorEmail: "aino@example.org"}
	someone := contacts.Contact{ID: "c1", Email: "c1@example.org"}
	message := func(recipient string, carrier link.Channel) Message {
		return Message{Key: Key{Recipient: recipient, Wave: "w", Kind: Digest(2027, 8)}, Carrier: carrier}
	}
	for _, c := range []struct {
		m    Message
		want string
	}{
		{message("c1", link.Mail), "c1@example.org"}, {message(Staff("a", ""), link.Mail), "aino@example.org"}, {message(Staff("a", "U1"), link.Slack), "c1@example.org"},
	} {
		if got := c.m.Addressee(someone, n).Email; got != c.want {
			t.Errorf("%s by %s goes to %s", c.m.Recipient, c.m.Carrier, got)
		}
	}
	m := message(Staff("a", ""), link.Mail)
	if d := (Delivery{Message: m, Contact: m.Addressee(contacts.Contact{}, n), Network: n}); d.Lang() != i18n.Sv {
		t.Errorf("written in %s", d.Lang())
	}
	w := Wave{ID: "w", Closes: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Zone: time.UTC}
	for want, n := range map[string]contacts.Network{"": n, ReasonNoAddress: {ID: "a"}} {
		if got := m.unwanted(w, contacts.Known{}, n, w.Closes.Add(-time.Hour)); got != want {
			t.Errorf("to %q: %q, want %q", n.CoordinatorEmail, got, want)
		}
	}
}
