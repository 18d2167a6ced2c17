package bolt

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"viesti/audit"
	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/report/reading"
	"viesti/staff"
	"viesti/survey"
)

var march = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

// fill puts at least one of everything into a store, so that every bucket has something in it.
func fill(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	_, err := s.SaveNetworks(ctx, []contacts.Network{{ID: "pomako", Name: i18n.Text{i18n.Fi: "Pohjanmaa", i18n.Sv: "Österbotten"}, Kind: contacts.Public, Region: "pohjanmaa", Target: 20, SlackChannel: "C1"}})
	must(t, err)
	var people []contacts.Contact
	var list []outbox.Message
	for i := range 6 {
		id := fmt.Sprint("contact-", i)
		people = append(people, contacts.Contact{ID: id, Token: "token-" + id, Email: id + "@example.org", Name: "Aino", Language: i18n.Fi, Networks: []string{"pomako"}})
		list = append(list, outbox.Message{
			Key: outbox.Key{Recipient: id, Wave: "2027", Kind: outbox.Invitation}, Network: "pomako",
			Carrier: link.Mail, State: outbox.Pending, Due: march.Add(time.Duration(i) * time.Hour), Queued: march,
		})
	}
	_, err = s.SaveContacts(ctx, people)
	must(t, err)
	_, err = s.Enqueue(ctx, list)
	must(t, err)
	_, err = s.PutLinks(ctx, []link.Link{{Token: "abcdefghjkmnp", Network: "pomako", Channel: link.Mail}})
	must(t, err)
	_, err = s.Exchange(ctx, []outbox.Change{{Key: list[0].Key, Day: "2027-03-01", Apply: func(m *outbox.Message) contacts.Event {
		m.State, m.Settled = outbox.Sent, march
		return ""
	}}}, outbox.Claim{Carrier: link.Mail})
	must(t, err)
	must(t, s.Record(ctx, contacts.Happening{Contact: "contact-0", Event: contacts.Accepted, Wave: "2027", Day: "2027-03-01"}))
	must(t, s.Record(ctx, contacts.Happening{Contact: "contact-1", Event: contacts.Erase, Wave: "2027", Day: "2027-03-01"}))
	must(t, s.ChangeBounces(ctx, "contact-2", func([]bounce.Record, contacts.Known) bounce.Decision {
		return bounce.Decision{Put: []bounce.Record{{ID: "b1", Recipient: "contact-2", At: march, Class: bounce.Full, Effect: bounce.Counted}}}
	}))
	must(t, s.SetPaused(ctx, true))
	must(t, s.PauseNetworks(ctx, []string{"pomako"}, true))
	fillStaff(t, s)
	must(t, s.AddEntry(ctx, audit.Entry{At: march, Who: "os:anna", Act: audit.Erased, About: s.Fingerprint("contact-1@example.org")}))
	must(t, s.Decide(ctx, "2027", []reading.Decision{{Question: "else", Hash: "hash", Verdict: reading.Release, Cuts: []reading.Cut{{Start: 3, End: 8}}}}))
	must(t, s.KeepEdition(ctx, "2027", survey.Edition{Version: "1", Day: "2027-03-01", Source: "id = \"x\""}))
	must(t, s.AddRelease(ctx, "2027", 0, []byte(`{"wave":"2027"}`)))
	for i := range 3 {
		k := survey.KeyOf(fmt.Sprint(i))
		must(t, s.CreateDraft(ctx, k, survey.Response{Wave: "2027", Link: "abcdefghjkmnp", Lang: i18n.Sv, Day: "2027-03-01", State: survey.Started, Version: "1"}))
		if i > 0 {
			must(t, s.UpdateDraft(ctx, k, func(r *survey.Response) error {
				r.State, r.Answers = survey.Partial, survey.Answers{"trust": {Value: "7"}}
				return nil
			}))
		}
	}
	must(t, s.CreateDraft(ctx, survey.KeyOf("old"), survey.Response{Wave: "2027", Lang: i18n.Fi, Day: "2027-02-01", State: survey.Started, Version: "1"}))
	n, err := s.RemoveDrafts(ctx, func(r survey.Response) bool { return r.Day < "2027-03-01" })
	must(t, err)
	if n != 1 {
		t.Errorf("%d drafts removed", n)
	}
	must(t, s.Submit(ctx, survey.KeyOf("2"), "random-id", func(r *survey.Response) error {
		r.State = survey.Complete
		return nil
	}))
}

// fillStaff puts what is known of the people who run the survey.
func fillStaff(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	must(t, s.ChangeGrants(ctx, "U0AINO", func(have []staff.Grant) []staff.Grant {
		return append(have, staff.Grant{Who: "U0AINO", Network: "pomako", Role: staff.Coordinator, Day: "2027-03-01"})
	}))
	must(t, s.ChangeClaim(ctx, func(c *staff.Claim) *staff.Grant {
		*c = staff.Claim{Hash: "hash", Until: march, Tries: 5}
		return nil
	}))
	must(t, s.PutPerson(ctx, staff.Person{User: "U0AINO", Lang: i18n.Sv}))
	must(t, s.PutDigest(ctx, staff.NewDigest("pomako")))
	_, err := s.Spend(ctx, "confirmation", march.Add(time.Minute), march)
	must(t, err)
}

// dump is everything in a store, a line each.
func dump(t *testing.T, s *Store) string {
	t.Helper()
	var b strings.Builder
	must(t, s.view(context.Background(), func(tx *tx) error {
		return walk(tx.root, nil, func(path []string, k, v []byte) {
			fmt.Fprintf(&b, "%s %q %q\n", strings.Join(path, "/"), k, v)
		})
	}))
	return b.String()
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	key := []byte("k")
	for name, harm := range map[string]func(t *tx) error{
		"a tally that is too high": func(t *tx) error {
			t.add(responseTally, responseCell(survey.Cell{Wave: "2027"}), 1)
			return nil
		},
		"a tally that is too low": func(t *tx) error { return anyCell(t, messageTally, -1) },
		"a missing cell": func(t *tx) error {
			for cell := range t.pairs(reachTally, nil, nil) {
				return t.delete(reachTally, bytes.Clone(cell))
			}
			return nil
		},
		"a decision under another hash": func(t *tx) error {
			return t.save(readings("2027"), key, reading.Decision{Question: "else", Hash: "other", Verdict: reading.Withhold})
		},
		"a record nobody can read":   func(t *tx) error { return t.put(networks, key, []byte("{")) },
		"a message not waiting":      func(t *tx) error { return t.put(due(link.Mail, "pomako"), []byte("12345678k"), []byte{}) },
		"an address without contact": func(t *tx) error { return t.put(addresses, key, key) },
		"a waiting message in another queue": func(t *tx) error {
			for key := range t.pairs(due(link.Mail, "pomako"), nil, nil) {
				key = bytes.Clone(key)
				if err := t.delete(due(link.Mail, "pomako"), key); err != nil {
					return err
				}
				return t.put(due(link.Slack, "pomako"), key, []byte{})
			}
			return nil
		},
		"a lost link key":       func(t *tx) error { return t.delete(linkKeys, linkKey(link.Key{Network: "pomako", Channel: link.Mail})) },
		"a removal not counted": func(t *tx) error { return t.put(removed, key, []byte{}) },
		"a removal counted twice": func(t *tx) error {
			cell := removedCell(survey.Response{Wave: "2027", Lang: i18n.Fi, Day: "2027-02-01", State: survey.Started})
			t.add(removedTally, cell, 1)
			return nil
		},
		"a draft removed and there": func(t *tx) error {
			key := []byte(survey.KeyOf("0"))
			if err := t.put(removed, key, []byte{}); err != nil {
				return err
			}
			gone := survey.Response{Wave: "2027", Day: "2027-02-01"}
			t.add(removedTally, removedCell(gone), 1)
			t.count(cells{}, cellsOf(gone))
			return nil
		},
		"a stop not counted":        func(t *tx) error { return anyCell(t, stopTally, -1) },
		"a message that left twice": func(t *tx) error { return anyCell(t, departTally, 1) },
		"a draft sent and not sent": func(t *tx) error { return t.put(submitted, []byte(survey.KeyOf("0")), []byte{}) },
	} {
		t.Run(name, func(t *testing.T) { isFound(t, harm) })
	}
}

// isFound tells whether a check finds some harm.
func isFound(t *testing.T, harm func(*tx) error) {
	t.Helper()
	s := openIn(t, t.TempDir())
	fill(t, s)
	must(t, s.Check(context.Background()))
	must(t, s.update(context.Background(), harm))
	wantFault(t, s.Check(context.Background()), "internal", "store.damaged")
}

// anyCell adds n to one cell of a tally.
func anyCell(t *tx, tally bucket, n int64) error {
	for cell := range t.pairs(tally, nil, nil) {
		t.add(tally, cell, n)
		break
	}
	return nil
}
