// Package storetest is what every store must do: one suite, run by the tests of each.
//
// It knows stores only by the interfaces of the rooms that use them. What a store does beside
// these (opening, backups, migrations) is tested with the store.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"testing"
	"time"

	"viesti/audit"
	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/privacy"
	"viesti/report/reading"
	"viesti/staff"
	"viesti/survey"
)

// Store is everything the rooms ask of a store.
type Store interface {
	survey.Store
	reading.Store
	contacts.Store
	link.Store
	outbox.Store
	bounce.Store
	Departures(ctx context.Context, wave string) ([]outbox.Departed, error)
	staff.Store
	audit.Store
	privacy.Store
}

type test struct {
	name string
	run  func(t *testing.T, s Store)
}

// Run runs the suite. open gives an empty store, closes it when its test ends, and then makes
// sure that the counts it keeps are those of its records, if the store can tell.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	for _, part := range []struct {
		name  string
		tests []test
	}{
		{"drafts", draftTests()},
		{"readings", readingTests()},
		{"contacts", contactTests()},
		{"events", eventTests()},
		{"suppressions", suppressionTests()},
		{"bounces", bounceTests()},
		{"links", linkTests()},
		{"staff", staffTests()},
		{"life", lifeTests()},
		{"outbox", outboxTests()},
		{"claims", claimTests()},
		{"listings", listingTests()},
		{"concurrency", concurrencyTests()},
		{"recipients", recipientTests()},
		{"histories", historyTests()},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, test := range part.tests {
				t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
			}
		})
	}
}

const (
	wave = "2027"
	day  = "2027-03-01"
)

var (
	noon     = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	errMoody = errors.New("not today")
)

// must ends the test when something failed that is not what it is about. It is for the goroutine
// of the test alone.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func begun(network string) survey.Response {
	return survey.Response{Wave: wave, Link: network, Lang: i18n.Fi, Day: day, State: survey.Started, Version: "1"}
}

func answer(question string, grade int) func(*survey.Response) error {
	return func(r *survey.Response) error {
		if r.Answers == nil {
			r.Answers = survey.Answers{}
		}
		r.Answers[question] = survey.Answer{Value: strconv.Itoa(grade)}
		r.State = survey.Partial
		return nil
	}
}

func send(r *survey.Response) error {
	r.State = survey.Complete
	return nil
}

func key(i int) survey.DraftKey { return survey.KeyOf(fmt.Sprint("respondent ", i)) }

// person is the ith contact of a network.
func person(i int, nets ...string) contacts.Contact {
	id := fmt.Sprintf("c%05d", i)
	return contacts.Contact{
		ID: id, Token: "token-" + id, Email: fmt.Sprintf("Person.%d@Example.org", i), Name: fmt.Sprint("Person ", i),
		Language: i18n.Sv, Networks: nets,
	}
}

// save puts contacts that must be new.
func save(t *testing.T, s Store, list ...contacts.Contact) {
	t.Helper()
	saved, err := s.SaveContacts(context.Background(), list)
	must(t, err)
	for i, x := range saved {
		if x.Outcome != contacts.Added {
			t.Fatalf("contact %d: outcome %v, want Added", i, x.Outcome)
		}
	}
}

func invitation(recipient, network string, at time.Time) outbox.Message {
	return outbox.Message{
		Key:     outbox.Key{Recipient: recipient, Wave: wave, Kind: outbox.Invitation},
		Network: network, Carrier: link.Mail, State: outbox.Pending, Due: at, Queued: noon,
	}
}

// queue puts messages that must be new.
func queue(t *testing.T, s Store, list ...outbox.Message) {
	t.Helper()
	put, err := s.Enqueue(context.Background(), list)
	must(t, err)
	for i, ok := range put {
		if !ok {
			t.Fatalf("message %d was there already", i)
		}
	}
}

// take claims up to n mails that are due at a time.
func take(t *testing.T, s Store, at time.Time, n int) []outbox.Delivery {
	t.Helper()
	got, err := s.Exchange(context.Background(), nil, outbox.Claim{Carrier: link.Mail, Now: at, Limit: n, Decide: accept(at)})
	must(t, err)
	return got
}

// accept lets every message go.
func accept(at time.Time) func(*outbox.Message, contacts.Known, contacts.Network) bool {
	return func(m *outbox.Message, _ contacts.Known, _ contacts.Network) bool {
		m.State, m.Claimed, m.Attempt = outbox.Sending, at, m.Attempt+1
		return true
	}
}

// message finds one message.
func message(t *testing.T, s Store, k outbox.Key) outbox.Message {
	t.Helper()
	var found []outbox.Message
	must(t, s.Messages(context.Background(), outbox.Query{Recipients: []string{k.Recipient}}, func(m outbox.Message) error {
		if m.Key == k {
			found = append(found, m)
		}
		return nil
	}))
	if len(found) != 1 {
		t.Fatalf("message %v: found %d", k, len(found))
	}
	return found[0]
}

// The tallies as maps, for comparing.

func tallies(t *testing.T, s Store) map[survey.Cell]int64 {
	t.Helper()
	list, err := s.Tallies(context.Background(), wave)
	must(t, err)
	cells := map[survey.Cell]int64{}
	for _, x := range list {
		cells[x.Cell] += x.N
	}
	return cells
}

func reaches(t *testing.T, s Store) map[contacts.Disposition]int64 {
	t.Helper()
	list, err := s.Reaches(context.Background(), wave)
	must(t, err)
	cells := map[contacts.Disposition]int64{}
	for _, x := range list {
		cells[x.Disposition] += x.N
	}
	return cells
}

func counts(t *testing.T, s Store) map[outbox.Cell]int64 {
	t.Helper()
	list, err := s.Counts(context.Background(), wave)
	must(t, err)
	cells := map[outbox.Cell]int64{}
	for _, x := range list {
		cells[x.Cell] += x.N
	}
	return cells
}

func stops(t *testing.T, s Store) map[survey.Stop]int64 {
	t.Helper()
	list, err := s.Stops(context.Background(), wave)
	must(t, err)
	cells := map[survey.Stop]int64{}
	for _, x := range list {
		cells[x.Stop] += x.N
	}
	return cells
}

func departures(t *testing.T, s Store) map[outbox.Departure]int64 {
	t.Helper()
	list, err := s.Departures(context.Background(), wave)
	must(t, err)
	cells := map[outbox.Departure]int64{}
	for _, x := range list {
		cells[x.Departure] += x.N
	}
	return cells
}

// states are the numbers of messages by state.
func states(t *testing.T, s Store) map[outbox.State]int64 {
	t.Helper()
	n := map[outbox.State]int64{}
	for cell, k := range counts(t, s) {
		n[cell.State] += k
	}
	return n
}
