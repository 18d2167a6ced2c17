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

func outboxTests() []test {
	return []test{
		{"a message is put once", putOnce},
		{"a change moves the message and records its event", changeRecords},
		{"a change without an event records none", changeSilent},
		{"a post to a channel has no contact", channelPost},
		{"a change to what is not there is left out", changeNothing},
		{"the result of one who was erased meanwhile", resultAfterErasure},
		{"the next message due", nextDue},
		{"a pause is kept", pause},
		{"a paused network holds up nobody else", pauseNetwork},
	}
}

func putOnce(t *testing.T, s Store) {
	ctx := context.Background()
	m := invitation("x", "a", noon)
	other := m
	other.Network, other.Due = "b", noon.Add(time.Hour)
	reminder := m
	reminder.Kind = outbox.Reminder(1)
	put, err := s.Enqueue(ctx, []outbox.Message{m, other, reminder})
	must(t, err)
	same(t, "put", put, []bool{true, false, true})
	put, err = s.Enqueue(ctx, []outbox.Message{m, reminder})
	must(t, err)
	same(t, "put again", put, []bool{false, false})
	same(t, "message", message(t, s, m.Key), m)
	same(t, "counts", counts(t, s), map[outbox.Cell]int64{m.Cell(): 1, reminder.Cell(): 1})
}

// result is a change that gives a message a state.
func result(k outbox.Key, state outbox.State, e contacts.Event) outbox.Change {
	return outbox.Change{Key: k, Day: day, Apply: func(m *outbox.Message) contacts.Event {
		m.State, m.Settled = state, noon
		return e
	}}
}

// change makes changes and claims nothing.
func change(t *testing.T, s Store, list ...outbox.Change) {
	t.Helper()
	got, err := s.Exchange(context.Background(), list, outbox.Claim{Carrier: link.Mail, Now: noon})
	must(t, err)
	same(t, "deliveries with limit 0", len(got), 0)
}

func changeRecords(t *testing.T, s Store) {
	save(t, s, person(1, "home"))
	m := invitation(person(1).ID, "other", noon)
	queue(t, s, m)
	change(t, s, result(m.Key, outbox.Sent, contacts.Accepted))
	m.State, m.Settled = outbox.Sent, noon
	same(t, "message", message(t, s, m.Key), m)
	same(t, "counts", counts(t, s), map[outbox.Cell]int64{m.Cell(): 1})
	same(t, "reach", reaches(t, s), map[contacts.Disposition]int64{
		{Wave: wave, Network: "other", Lang: i18n.Sv, Day: day, Contacted: true}: 1,
	})
	same(t, "what is left to send", len(take(t, s, noon, 9)), 0)
}

func changeSilent(t *testing.T, s Store) {
	save(t, s, person(1, "a"))
	m := invitation(person(1).ID, "a", noon)
	queue(t, s, m)
	change(t, s, result(m.Key, outbox.Uncertain, ""))
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Uncertain: 1})
	same(t, "reach", len(reaches(t, s)), 0)
}

func channelPost(t *testing.T, s Store) {
	m := invitation(outbox.Channel("a"), "a", noon)
	m.Carrier = link.Slack
	queue(t, s, m)
	must(t, saveOne(s, contacts.Network{ID: "a", Name: i18n.Text{i18n.Fi: "Aa"}, SlackChannel: "C1"}))
	var who contacts.Known
	got, err := s.Exchange(context.Background(), nil, outbox.Claim{
		Carrier: link.Slack, Now: noon, Limit: 1,
		Decide: func(m *outbox.Message, k contacts.Known, _ contacts.Network) bool {
			who, m.State = k, outbox.Sending
			return true
		},
	})
	must(t, err)
	same(t, "who", who, contacts.Known{})
	if len(got) != 1 || got[0].Network.SlackChannel != "C1" {
		t.Errorf("deliveries %+v, want one to C1", got)
	}
	change(t, s, result(m.Key, outbox.Sent, contacts.Accepted))
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Sent: 1})
	same(t, "reach", len(reaches(t, s)), 0)
}

func saveOne(s Store, n contacts.Network) error {
	_, err := s.SaveNetworks(context.Background(), []contacts.Network{n})
	return err
}

func changeNothing(t *testing.T, s Store) {
	m := invitation("x", "a", noon)
	queue(t, s, m)
	nothing := outbox.Key{Recipient: "y", Wave: wave, Kind: outbox.Invitation}
	change(t, s, result(nothing, outbox.Sent, contacts.Accepted), result(m.Key, outbox.Failed, ""))
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Failed: 1})
}

func resultAfterErasure(t *testing.T, s Store) {
	save(t, s, person(1, "a"))
	m := invitation(person(1).ID, "a", noon)
	queue(t, s, m)
	same(t, "claimed", len(take(t, s, noon, 1)), 1)
	must(t, s.Record(context.Background(), contacts.Happening{Contact: person(1).ID, Event: contacts.Erase}))
	same(t, "in flight", states(t, s), map[outbox.State]int64{outbox.Sending: 1})
	change(t, s, result(m.Key, outbox.Sent, contacts.Accepted))
	same(t, "settled", states(t, s), map[outbox.State]int64{outbox.Sent: 1})
	same(t, "reach", len(reaches(t, s)), 0)
}

func nextDue(t *testing.T, s Store) {
	ctx := context.Background()
	_, ok, err := s.NextDue(ctx, link.Mail)
	must(t, err)
	same(t, "due in an empty outbox", ok, false)
	later, sooner := invitation("x", "a", noon.Add(time.Hour)), invitation("y", "a", noon.Add(1234567*time.Nanosecond))
	slack := invitation("z", "a", noon.Add(-time.Hour))
	slack.Carrier = link.Slack
	queue(t, s, later, sooner, slack)
	at, ok, err := s.NextDue(ctx, link.Mail)
	must(t, err)
	if !ok || !at.Equal(sooner.Due) {
		t.Errorf("due %v, %v; want %v", at, ok, sooner.Due)
	}
	change(t, s, result(sooner.Key, outbox.Failed, ""))
	at, ok, err = s.NextDue(ctx, link.Mail)
	must(t, err)
	if !ok || !at.Equal(later.Due) {
		t.Errorf("due %v, %v; want %v", at, ok, later.Due)
	}
}

func pause(t *testing.T, s Store) {
	ctx := context.Background()
	for _, want := range []bool{false, true, true, false} {
		must(t, s.SetPaused(ctx, want))
		got, err := s.Paused(ctx)
		must(t, err)
		same(t, "paused", got, want)
	}
}

func pauseNetwork(t *testing.T, s Store) {
	ctx := context.Background()
	for i := range 30 {
		queue(t, s, invitation(fmt.Sprintf("a%02d", i), "a", noon.Add(-time.Hour)), invitation(fmt.Sprintf("b%02d", i), "b", noon.Add(-time.Duration(i)*time.Minute)))
	}
	must(t, s.PauseNetworks(ctx, []string{"a", "never seen"}, true))
	must(t, s.PauseNetworks(ctx, []string{"a"}, true))
	paused, err := s.PausedNetworks(ctx)
	must(t, err)
	same(t, "paused", paused, []string{"a", "never seen"})
	got := take(t, s, noon, 3)
	same(t, "the longest due of the others", recipients(got), []string{"b29", "b28", "b27"})
	same(t, "all others", len(take(t, s, noon, 99)), 27)
	_, ok, err := s.NextDue(ctx, link.Mail)
	must(t, err)
	same(t, "anything due", ok, false)
	queue(t, s, invitation("a99", "a", noon.Add(-2*time.Hour)))
	must(t, s.PauseNetworks(ctx, []string{"a", "never seen", "b"}, false))
	paused, err = s.PausedNetworks(ctx)
	must(t, err)
	same(t, "paused in the end", len(paused), 0)
	at, ok, err := s.NextDue(ctx, link.Mail)
	must(t, err)
	if !ok || !at.Equal(noon.Add(-2*time.Hour)) {
		t.Errorf("due %v, %v after the pause", at, ok)
	}
	got = take(t, s, noon, 99)
	same(t, "goes on with", len(got), 31)
	same(t, "first", got[0].Recipient, "a99")
}
