package bolt

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// full is a recipient who has something of everything that a digest keeps.
func full() outbox.Recipient {
	return outbox.Recipient{
		Known: contacts.Known{
			Contact: contacts.Contact{
				ID: "id", Email: "aino@example.org", Networks: []string{"a", "b"}, SlackUser: "U1", SlackAsked: "2027-03-01",
			},
			Standing: contacts.Standing{OptedOut: true, Erased: true, Bounced: true, NoSlack: true, Paused: true, Answered: "2025", Results: "2024"},
		},
		Traces: []outbox.Trace{
			{Wave: "2025", Kind: outbox.Invitation, Carrier: link.Mail, State: outbox.Cancelled, Reason: outbox.ReasonClosed},
			{Wave: "2027", Kind: outbox.Invitation, Carrier: link.Slack, State: outbox.Sent, At: march.Add(time.Nanosecond)},
		},
	}
}

func TestDigests(t *testing.T) {
	for name, r := range map[string]outbox.Recipient{
		"full":  full(),
		"bare":  {Known: contacts.Known{Contact: contacts.Contact{ID: "id"}}},
		"alone": {Known: contacts.Known{Contact: contacts.Contact{ID: "id", Networks: []string{""}}}, Traces: []outbox.Trace{{}}},
	} {
		got, err := readRecipient([]byte("id"), appendRecipient(nil, r))
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%s: %+v, want %+v; %v", name, got, r, err)
		}
	}
}

func TestCheckFindsWrongDigests(t *testing.T) {
	for name, harm := range map[string]func(t *tx) error{
		"of nobody": func(t *tx) error { return t.put(recipients, []byte("k"), []byte{}) },
		"lost":      func(t *tx) error { return t.delete(recipients, []byte("contact-2")) },
		"of a message that was not sent": func(t *tx) error {
			return t.trace(outbox.Message{Key: outbox.Key{Recipient: "contact-2", Wave: "2027", Kind: outbox.Invitation}, State: outbox.Sent})
		},
		"of before an opt-out": func(t *tx) error {
			return t.save(standings, t.hash("contact-2@example.org"), contacts.Standing{OptedOut: true})
		},
	} {
		t.Run(name, func(t *testing.T) { isFound(t, harm) })
	}
}

// FuzzDigest: whatever lies there instead of a digest is told, and is not read past its end.
func FuzzDigest(f *testing.F) {
	whole := appendRecipient(nil, full())
	for n := range whole {
		f.Add(whole[:n])
	}
	f.Add(whole)
	f.Add(append(bytes.Clone(whole), 0))
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := readRecipient([]byte("id"), raw)
		if err != nil {
			if bytes.Equal(raw, whole) {
				t.Error(err)
			}
			return
		}
		again, err := readRecipient([]byte("id"), appendRecipient(nil, r))
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("%+v came back as %+v; %v", r, again, err)
		}
	})
}
