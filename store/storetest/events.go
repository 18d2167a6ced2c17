package storetest

import (
	"context"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/outbox"
)

func eventTests() []test {
	return []test{
		{"events move one contact from cell to cell", eventsMove},
		{"without a wave only the standing changes", noWave},
		{"a disposition keeps the network it began in", homeStays},
		{"an event of nobody", nobody},
		{"an erasure cancels and forgets", erasure},
		{"an erasure stays counted", erasedStaysCounted},
	}
}

func eventsMove(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"))
	want := contacts.Known{Contact: person(1, "a")}
	d := contacts.Disposition{Wave: wave, Network: "a", Lang: i18n.Sv}
	for i, e := range []contacts.Event{contacts.SaidAnswered, contacts.Accepted, contacts.WantResults, contacts.NoResults, contacts.WantResults, contacts.Accepted, contacts.HardBounce, contacts.OptOut} {
		on := noon.AddDate(0, 0, i).Format(time.DateOnly)
		must(t, s.Record(ctx, contacts.Happening{Contact: want.ID, Event: e, Wave: wave, Day: on}))
		want.Standing, d = want.Standing.After(e, wave), d.After(e, on)
		same(t, string(e)+": contact", byEmail(t, s, want.Email), want)
		same(t, string(e)+": reach", reaches(t, s), map[contacts.Disposition]int64{d: 1})
	}
}

func noWave(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"))
	must(t, s.Record(ctx, contacts.Happening{Contact: person(1).ID, Event: contacts.OptOut}))
	same(t, "standing", byEmail(t, s, person(1).Email).Standing, contacts.Standing{OptedOut: true})
	same(t, "reach", len(reaches(t, s)), 0)
}

func homeStays(t *testing.T, s Store) {
	ctx := context.Background()
	c := person(1, "a")
	c.Language = ""
	save(t, s, c)
	must(t, s.Record(ctx, contacts.Happening{Contact: c.ID, Event: contacts.OptOut, Wave: wave, Day: day}))
	c.Language = i18n.En
	_, err := s.SaveContacts(ctx, []contacts.Contact{c})
	must(t, err)
	must(t, s.Record(ctx, contacts.Happening{Contact: c.ID, Event: contacts.SaidAnswered, Wave: wave, Day: day}))
	same(t, "reach", reaches(t, s), map[contacts.Disposition]int64{
		{Wave: wave, Network: "a", Lang: i18n.Fi, Day: day, OptedOut: true, Answered: true}: 1,
	})
}

func nobody(t *testing.T, s Store) {
	for _, id := range []string{"", "nobody"} {
		err := s.Record(context.Background(), contacts.Happening{Contact: id, Event: contacts.OptOut, Wave: wave, Day: day})
		wantErr(t, err, contacts.ErrNoContact)
	}
	same(t, "reach", len(reaches(t, s)), 0)
}

func erasure(t *testing.T, s Store) {
	ctx, id := context.Background(), person(1).ID
	save(t, s, person(1, "a"), person(10, "a"))
	done, waiting, other := invitation(id, "a", noon), invitation(id, "a", noon), invitation(person(10).ID, "a", noon)
	done.State, done.Reply = outbox.Sent, outbox.Reply{Code: "250", Text: "queued for person 1", Ref: "4bXyz"}
	waiting.Kind, waiting.State, waiting.Reply = outbox.Reminder(1), outbox.Retrying, outbox.Reply{Class: outbox.MailboxFull, Text: "full"}
	queue(t, s, done, waiting, other)
	must(t, s.Record(ctx, contacts.Happening{Contact: id, Event: contacts.Erase, Wave: wave, Day: day}))

	done.Reply.Text, done.Reply.Ref = "", ""
	same(t, "a message sent", message(t, s, done.Key), done)
	waiting.State, waiting.Reason, waiting.Reply.Text = outbox.Cancelled, outbox.ReasonErased, ""
	same(t, "a message waiting", message(t, s, waiting.Key), waiting)
	same(t, "another's message", message(t, s, other.Key), other)
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Sent: 1, outbox.Cancelled: 1, outbox.Pending: 1})
	got := take(t, s, noon, 10)
	if len(got) != 1 || got[0].Key != other.Key {
		t.Errorf("claimed %+v, want the other's alone", got)
	}
}

func erasedStaysCounted(t *testing.T, s Store) {
	ctx, id := context.Background(), person(1).ID
	save(t, s, person(1, "a"))
	must(t, s.Record(ctx, contacts.Happening{Contact: id, Event: contacts.Accepted, Wave: wave, Day: day}))
	before := reaches(t, s)
	must(t, s.Record(ctx, contacts.Happening{Contact: id, Event: contacts.Erase, Wave: wave, Day: "2027-03-09"}))
	same(t, "reach", reaches(t, s), before)
}
