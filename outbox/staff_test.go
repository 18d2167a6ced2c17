package outbox

import (
	"testing"
	"time"

	"viesti/contacts"
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
		if got := m.unwanted(w, contacts.Known{}, noon.Add(time.Duration(after)*time.Minute)); got != want {
			t.Errorf("%d minutes after: %q, want %q", after, got, want)
		}
	}
}
