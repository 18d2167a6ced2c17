package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
)

func claimTests() []test {
	return []test{
		{"what is due is claimed in order", claimInOrder},
		{"a delivery has all a carrier needs", deliveryWhole},
		{"a reminder knows the invitation it follows", reminderFollows},
		{"the standing is that of the moment", standingNow},
		{"a recipient who was erased", erasedRecipient},
		{"what is put off is looked at once and comes back", putOff},
		{"what is cancelled is gone", cancelled},
		{"what is tried again comes back", triedAgain},
		{"a result frees the claim in one go", resultAndClaim},
		{"a message without a time is due at once", noTime},
	}
}

func recipients(list []outbox.Delivery) (ids []string) {
	for _, d := range list {
		ids = append(ids, d.Recipient)
	}
	return ids
}

func claimInOrder(t *testing.T, s Store) {
	slack := invitation("slack", "a", noon)
	slack.Carrier = link.Slack
	queue(t, s, invitation("late", "a", noon.Add(time.Nanosecond)), invitation("third", "a", noon),
		invitation("first", "a", noon.Add(-48*time.Hour)), invitation("second", "a", noon.Add(-time.Nanosecond)), slack)
	same(t, "limit", recipients(take(t, s, noon, 2)), []string{"first", "second"})
	same(t, "rest", recipients(take(t, s, noon, 9)), []string{"third"})
	same(t, "nothing more", len(take(t, s, noon, 9)), 0)
	same(t, "later", recipients(take(t, s, noon.Add(time.Minute), 9)), []string{"late"})
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Sending: 4, outbox.Pending: 1})
}

func deliveryWhole(t *testing.T, s Store) {
	c, n := person(1, "a"), contacts.Network{ID: "a", Name: i18n.Text{i18n.Sv: "Åå"}, Kind: contacts.Company, Region: "lappi", Target: 3}
	save(t, s, c)
	must(t, saveOne(s, n))
	m := invitation(c.ID, "a", noon)
	queue(t, s, m)
	got := take(t, s, noon, 1)
	m.State, m.Claimed, m.Attempt = outbox.Sending, noon, 1
	same(t, "deliveries", got, []outbox.Delivery{{Message: m, Contact: c, Network: n}})
	same(t, "kept", message(t, s, m.Key), m)
}

func reminderFollows(t *testing.T, s Store) {
	for _, c := range []struct {
		recipient, id string
		carrier       link.Channel
		state         outbox.State
	}{
		{"got it", "<1@a>", link.Mail, outbox.Sent},
		{"may not have got it", "<2@a>", link.Mail, outbox.Uncertain},
		{"got it elsewhere", "<3@a>", link.Slack, outbox.Sent},
	} {
		m := invitation(c.recipient, "a", noon)
		m.Carrier, m.State, m.MessageID = c.carrier, c.state, c.id
		queue(t, s, m)
	}
	for _, recipient := range []string{"got it", "may not have got it", "got it elsewhere", "got none"} {
		m := invitation(recipient, "a", noon)
		m.Kind = outbox.Reminder(1)
		queue(t, s, m)
	}
	follows := map[string]string{}
	for _, d := range take(t, s, noon, 9) {
		follows[d.Recipient] = d.Follows
	}
	same(t, "follows", follows, map[string]string{"got it": "<1@a>", "may not have got it": "", "got it elsewhere": "", "got none": ""})
}

// ask is what Decide was told of each message; it puts all off by an hour.
func ask(t *testing.T, s Store) (told []contacts.Known) {
	t.Helper()
	_, err := s.Exchange(context.Background(), nil, outbox.Claim{
		Carrier: link.Mail, Now: noon, Limit: 9,
		Decide: func(m *outbox.Message, who contacts.Known, _ contacts.Network) bool {
			m.Due = noon.Add(time.Hour)
			told = append(told, who)
			return false
		},
	})
	must(t, err)
	return told
}

func standingNow(t *testing.T, s Store) {
	save(t, s, person(1, "a"))
	queue(t, s, invitation(person(1).ID, "a", noon))
	must(t, s.Record(context.Background(), contacts.Happening{Contact: person(1).ID, Event: contacts.OptOut, Wave: wave, Day: day}))
	same(t, "told", ask(t, s), []contacts.Known{{Contact: person(1, "a"), Standing: contacts.Standing{OptedOut: true}}})
}

func erasedRecipient(t *testing.T, s Store) {
	queue(t, s, invitation("nobody", "a", noon))
	same(t, "told", ask(t, s), []contacts.Known{{Standing: contacts.Standing{Erased: true}}})
}

func putOff(t *testing.T, s Store) {
	var list []outbox.Message
	for i := range 30 {
		list = append(list, invitation(fmt.Sprintf("m%02d", i), "a", noon.Add(-time.Hour)))
	}
	queue(t, s, list...)
	looks := map[string]int{}
	claim := outbox.Claim{Carrier: link.Mail, Now: noon, Limit: 7, Decide: func(m *outbox.Message, _ contacts.Known, _ contacts.Network) bool {
		looks[m.Recipient]++
		m.Due = m.Due.Add(time.Minute) // still due, later in the line
		return false
	}}
	got, err := s.Exchange(context.Background(), nil, claim)
	must(t, err)
	same(t, "deliveries", len(got), 0)
	same(t, "messages looked at", len(looks), 30)
	for id, n := range looks {
		if n != 1 {
			t.Errorf("message %s was looked at %d times", id, n)
		}
	}
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Pending: 30})
	same(t, "afterwards", len(take(t, s, noon, 99)), 30)
}

func cancelled(t *testing.T, s Store) {
	queue(t, s, invitation("x", "a", noon), invitation("y", "a", noon))
	claim := outbox.Claim{Carrier: link.Mail, Now: noon, Limit: 1, Decide: func(m *outbox.Message, _ contacts.Known, _ contacts.Network) bool {
		if m.Recipient == "x" {
			m.State, m.Reason = outbox.Cancelled, outbox.ReasonClosed
			return false
		}
		m.State = outbox.Sending
		return true
	}}
	got, err := s.Exchange(context.Background(), nil, claim)
	must(t, err)
	same(t, "the limit counts deliveries", recipients(got), []string{"y"})
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Cancelled: 1, outbox.Sending: 1})
	_, ok, err := s.NextDue(context.Background(), link.Mail)
	must(t, err)
	same(t, "anything due", ok, false)
}

func triedAgain(t *testing.T, s Store) {
	m := invitation("x", "a", noon)
	queue(t, s, m)
	for i := range 3 {
		at := noon.Add(time.Duration(i) * time.Hour)
		got := take(t, s, at, 1)
		if len(got) != 1 || got[0].Attempt != i+1 {
			t.Fatalf("attempt %d: claimed %+v", i+1, got)
		}
		change(t, s, outbox.Change{Key: m.Key, Day: day, Apply: func(m *outbox.Message) contacts.Event {
			m.State, m.Due = outbox.Retrying, at.Add(time.Hour)
			return ""
		}})
		same(t, "claimed too early", len(take(t, s, at, 1)), 0)
	}
}

func resultAndClaim(t *testing.T, s Store) {
	x, y := invitation("x", "a", noon), invitation("y", "a", noon.Add(time.Minute))
	queue(t, s, x, y)
	take(t, s, noon, 1)
	got, err := s.Exchange(context.Background(), []outbox.Change{result(x.Key, outbox.Sent, "")},
		outbox.Claim{Carrier: link.Mail, Now: noon.Add(time.Hour), Limit: 5, Decide: accept(noon)})
	must(t, err)
	same(t, "claimed", recipients(got), []string{"y"})
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Sent: 1, outbox.Sending: 1})
}

func noTime(t *testing.T, s Store) {
	queue(t, s, invitation("x", "a", time.Time{}), invitation("y", "a", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)))
	same(t, "claimed", recipients(take(t, s, noon, 5)), []string{"x"})
}
