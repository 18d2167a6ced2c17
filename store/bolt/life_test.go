package bolt

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viesti/audit"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/privacy"
	"viesti/staff"
	"viesti/survey"
)

// figures are all counts of a wave, as text.
func figures(t *testing.T, s *Store) string {
	t.Helper()
	ctx := context.Background()
	var b strings.Builder
	put := func(v any, err error) {
		must(t, err)
		fmt.Fprintf(&b, "%+v\n", v)
	}
	tallies, err := s.Tallies(ctx, "2027")
	put(tallies, err)
	stops, err := s.Stops(ctx, "2027")
	put(stops, err)
	reaches, err := s.Reaches(ctx, "2027")
	put(reaches, err)
	departures, err := s.Departures(ctx, "2027")
	put(departures, err)
	return b.String()
}

// purgesWell purges a filled store twice: every figure stays, and the store is whole.
func purgesWell(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	before := figures(t, s)
	for range 2 {
		_, err := s.Purge(ctx, privacy.Order{Wave: "2027", At: march, Drafts: true})
		must(t, err)
		if after := figures(t, s); after != before {
			t.Errorf("the figures after a purge:\n%s\nbefore:\n%s", after, before)
		}
		must(t, s.Check(ctx))
		must(t, s.Compact(ctx, "2027-04-01"))
		must(t, s.Check(ctx))
	}
}

func TestPurge(t *testing.T) {
	ctx := context.Background()
	s := openChecked(t, t.TempDir())
	fill(t, s)
	holds, err := s.Holds(ctx)
	must(t, err)
	done, err := s.Purge(ctx, privacy.Order{Wave: "2027", At: march, Drafts: true})
	must(t, err)
	want := privacy.Purged{Wave: "2027", At: march, Contacts: 5, Messages: 6, Drafts: 2, Wishes: 1}
	if done != want {
		t.Errorf("purged %+v, want %+v", done, want)
	}
	if holds.Contacts != want.Contacts || holds.Messages != want.Messages || holds.Drafts != want.Drafts {
		t.Errorf("foretold %+v", holds)
	}
	if last, err := s.LastPurge(ctx); err != nil || last != want {
		t.Errorf("the last purge %+v, %v", last, err)
	}
	left := dump(t, s)
	for _, gone := range []string{"@example.org", "Aino", "token-", "contact-", string(survey.KeyOf("0")), string(survey.KeyOf("2")), string(survey.KeyOf("old"))} {
		if strings.Contains(left, gone) {
			t.Errorf("%q is still there:\n%s", gone, left)
		}
	}
	saved, err := s.SaveContacts(ctx, []contacts.Contact{{ID: "new", Token: "new", Email: "contact-1@example.org"}})
	must(t, err)
	if saved[0].Outcome != contacts.Barred {
		t.Errorf("who was erased came back: %+v", saved)
	}
	counts, err := s.Counts(ctx, "2027")
	must(t, err)
	for _, c := range counts {
		if c.State != outbox.Sent && c.State != outbox.Cancelled {
			t.Errorf("a message that is gone counts as %s", c.State)
		}
	}
	purgesWell(t, s)
}

// TestPurgeInTime leaves alone what may still be finished.
func TestPurgeInTime(t *testing.T) {
	ctx := context.Background()
	s := openChecked(t, t.TempDir())
	fill(t, s)
	done, err := s.Purge(ctx, privacy.Order{Wave: "2027", At: march})
	must(t, err)
	if done.Drafts != 0 {
		t.Errorf("purged %+v", done)
	}
	must(t, s.Submit(ctx, survey.KeyOf("1"), "another-id", func(r *survey.Response) error {
		r.State = survey.Complete
		return nil
	}))
	purgesWell(t, s)
}

// raw is all bytes of a store's folder.
func rawFiles(t *testing.T, dir string) []byte {
	t.Helper()
	list, err := os.ReadDir(dir)
	must(t, err)
	var all []byte
	for _, f := range list {
		one, err := os.ReadFile(filepath.Join(dir, f.Name()))
		must(t, err)
		all = append(all, one...)
	}
	return all
}

func lacks(t *testing.T, what string, raw []byte, secrets ...string) {
	t.Helper()
	for _, x := range secrets {
		if n := bytes.Count(raw, []byte(x)); n > 0 {
			t.Errorf("%s: %q stands there %d times", what, x, n)
		}
	}
}

// traces is what somebody leaves in a store who is written to, answers, runs a part of the survey
// and whose mail comes back.
func traces(t *testing.T, s *Store) (person, answering []string) {
	t.Helper()
	ctx := context.Background()
	fill(t, s)
	c := contacts.Contact{
		ID: "id-of-the-person", Token: "their-personal-link", Email: "Given.Family@somewhere.example", Name: "Given Family",
		Organisation: "Some Organisation", Language: i18n.En, Networks: []string{"pomako"}, SlackUser: "U0PERSON42",
	}
	_, err := s.SaveContacts(ctx, []contacts.Contact{c})
	must(t, err)
	m := outbox.Message{MessageID: "message-id-42", Key: outbox.Key{Recipient: c.ID, Wave: "2027", Kind: outbox.Invitation}, Network: "pomako", Carrier: link.Mail, State: outbox.Pending, Due: march, Queued: march}
	_, err = s.Enqueue(ctx, []outbox.Message{m})
	must(t, err)
	_, err = s.Exchange(ctx, []outbox.Change{{Key: m.Key, Day: "2027-03-01", Apply: func(m *outbox.Message) contacts.Event {
		m.State, m.Settled, m.Reply = outbox.Sent, march, outbox.Reply{Text: "queued for the person", Ref: "queue-id-42"}
		return contacts.Accepted
	}}}, outbox.Claim{Carrier: link.Mail})
	must(t, err)
	must(t, s.PutPerson(ctx, staff.Person{User: c.SlackUser, Lang: i18n.En}))
	_, err = s.Enqueue(ctx, []outbox.Message{
		{Key: outbox.Key{Recipient: outbox.Staff("pomako", c.SlackUser), Wave: "2027", Kind: outbox.AlertLow}, Network: "pomako", Carrier: link.Slack, State: outbox.Sent, Settled: march},
		{Key: outbox.Key{Recipient: outbox.Staff("", c.SlackUser), Wave: "2027", Kind: outbox.AlertLow}, Carrier: link.Slack, State: outbox.Pending, Due: march},
	})
	must(t, err)
	must(t, s.Record(ctx, contacts.Happening{Contact: c.ID, Event: contacts.OptOut, Wave: "2027", Day: "2027-03-02", Cause: contacts.Cause{Ground: contacts.Wish}}))
	for i := range 40 { // so that pages split and are freed
		key := survey.KeyOf(fmt.Sprint("respondent", i))
		must(t, s.CreateDraft(ctx, key, survey.Response{Wave: "2027", Link: "abcdefghjkmnp", Lang: i18n.Fi, Day: "2027-03-01", State: survey.Started, Version: "1"}))
		must(t, s.UpdateDraft(ctx, key, func(r *survey.Response) error {
			r.State, r.Answers = survey.Partial, survey.Answers{"open": {Text: fmt.Sprint("unfinished words ", i)}}
			return nil
		}))
		must(t, s.Submit(ctx, key, fmt.Sprintf("%032x", rand.Uint64()), func(r *survey.Response) error { //nolint:gosec // a test's
			r.State, r.Answers = survey.Complete, survey.Answers{"trust": {Value: "7"}}
			return nil
		}))
		answering = append(answering, string(key))
	}
	return []string{c.Email, strings.ToLower(c.Email), c.Token, c.Name, c.Organisation, c.SlackUser, "queued for the person", "queue-id-42", "message-id-42"}, answering
}

// TestNothingLeftInTheFile reads the files themselves, free pages and all.
func TestNothingLeftInTheFile(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openChecked(t, dir)
	person, answering := traces(t, s)
	if raw := rawFiles(t, dir); !bytes.Contains(raw, []byte("unfinished words")) || !bytes.Contains(raw, []byte(person[0])) {
		t.Fatal("there was nothing to find, so this test finds nothing")
	}
	path := backup(t, s)
	raw, err := os.ReadFile(path)
	must(t, err)
	lacks(t, "a backup", raw, "unfinished words")

	must(t, s.Record(ctx, contacts.Happening{Contact: "id-of-the-person", Event: contacts.Erase, Wave: "2027", Day: "2027-03-03"}))
	must(t, s.Compact(ctx, "2027-03-03"))
	lacks(t, "after an erasure", rawFiles(t, dir), append(person, "unfinished words")...)
	raw, err = os.ReadFile(backup(t, s))
	must(t, err)
	lacks(t, "a backup after an erasure", raw, person...)

	_, err = s.Purge(ctx, privacy.Order{Wave: "2027", At: march, Drafts: true})
	must(t, err)
	must(t, s.Compact(ctx, "2027-04-01"))
	all := slices.Concat(person, answering, []string{"id-of-the-person", "@example", "@somewhere", "Aino", "token-contact", "contact-"})
	lacks(t, "after a purge", rawFiles(t, dir), all...)
	raw, err = os.ReadFile(backup(t, s))
	must(t, err)
	lacks(t, "a backup after a purge", raw, all...)
}

// TestOpeningFinishes is a program that is killed between a removal and the compaction, and one
// that is killed while it copies.
func TestOpeningFinishes(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openChecked(t, dir)
	person, _ := traces(t, s)
	_, err := s.Purge(ctx, privacy.Order{Wave: "2027", At: march, Drafts: true})
	must(t, err)
	must(t, s.Close())
	must(t, os.WriteFile(filepath.Join(dir, scratch("viesti.db")+"123"), []byte(person[0]), 0o600))
	s = openChecked(t, dir)
	lacks(t, "after opening", rawFiles(t, dir), append(person, "unfinished words")...)
	must(t, s.Check(ctx))
}

// TestNoTraceOfHistory comes to the same store by two ways: people and answers in another order,
// with other things begun and undone between. The files are the same bytes, so nothing in either
// says in which order anything happened.
func TestNoTraceOfHistory(t *testing.T) {
	for seed := range uint64(3) {
		same := make([][]byte, 2)
		for i := range same {
			dir := t.TempDir()
			s := openChecked(t, dir)
			must(t, s.AddEntry(context.Background(), auditEntry))
			history(t, s, rand.New(rand.NewPCG(seed, uint64(i)))) //nolint:gosec // a test's
			must(t, s.Compact(context.Background(), "2027-03-01"))
			raw, err := os.ReadFile(backup(t, s))
			must(t, err)
			now, err := os.ReadFile(filepath.Join(dir, "viesti.db"))
			must(t, err)
			same[i] = append(now, raw...)
		}
		if !bytes.Equal(same[0], same[1]) {
			for i := range same[0] {
				if same[0][i] != same[1][i] {
					t.Errorf("at %d: %q\n%q", i, same[0][i-20:i+100], same[1][i-20:i+100])
					break
				}
			}
			t.Errorf("seed %d: two histories left different files", seed)
		}
	}
}

// history brings about one state of a store, on a way that chance chooses.
func history(t *testing.T, s *Store, chance *rand.Rand) {
	t.Helper()
	ctx := context.Background()
	for _, i := range chance.Perm(60) {
		key, id := survey.KeyOf(fmt.Sprint(i)), fmt.Sprintf("%032x", i*7919)
		must(t, s.CreateDraft(ctx, key, survey.Response{Wave: "2027", Lang: i18n.Fi, Day: "2027-03-01", State: survey.Started, Version: "1"}))
		for range chance.IntN(4) {
			must(t, s.UpdateDraft(ctx, key, func(r *survey.Response) error {
				r.Answers = survey.Answers{"open": {Text: strings.Repeat("x", chance.IntN(3000))}}
				return nil
			}))
		}
		must(t, s.Submit(ctx, key, id, func(r *survey.Response) error {
			r.State, r.Answers = survey.Complete, survey.Answers{"trust": {Text: strings.Repeat(fmt.Sprint(i%10), 50*i)}}
			return nil
		}))
		c := fmt.Sprint("contact-", i)
		_, err := s.SaveContacts(ctx, []contacts.Contact{{ID: c, Token: "token-" + c, Email: c + "@example.org", Language: i18n.Fi, Networks: []string{"pomako"}}})
		must(t, err)
		if i%3 == 0 {
			must(t, s.Record(ctx, contacts.Happening{Contact: c, Event: contacts.SaidAnswered, Wave: "2027", Day: "2027-03-01"}))
		}
	}
}

// TestReadersMeetACompaction reads and writes while the file is compacted again and again.
func TestReadersMeetACompaction(t *testing.T) {
	ctx := context.Background()
	s := openChecked(t, t.TempDir())
	fill(t, s)
	stop := make(chan struct{})
	done := make(chan error, 2)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if err := s.CreateDraft(ctx, survey.KeyOf(fmt.Sprint("more", i)), benchDraft()); err != nil {
				done <- err
				return
			}
		}
	}()
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			n := 0
			if err := s.Contacts(ctx, func(contacts.Known) error { n++; return nil }); err != nil || n != 5 {
				done <- fmt.Errorf("%d contacts, %w", n, err)
				return
			}
		}
	}()
	for range 20 {
		must(t, s.Compact(ctx, ""))
		must(t, Verify(backup(t, s)))
	}
	close(stop)
	for range 2 {
		must(t, <-done)
	}
}

func TestTidied(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openChecked(t, dir)
	must(t, s.Compact(ctx, "2027-03-01"))
	must(t, s.Compact(ctx, ""))
	if day, err := s.Tidied(ctx); err != nil || day != "2027-03-01" {
		t.Errorf("tidied %q, %v", day, err)
	}
	must(t, s.Close())
	wantFault(t, s.Compact(ctx, ""), "unavailable", "store.closed")
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	if len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
}

var auditEntry = audit.Entry{At: march, Who: "os:anna", Act: audit.ExportedContacts}
