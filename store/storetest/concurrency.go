package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

func concurrencyTests() []test {
	return []test{
		{"changes to one draft all count", oneDraft},
		{"many respondents at once", manyDrafts},
		{"an answer is sent once", sentOnce},
		{"links of one key are one link", oneLink},
		{"a message is put by one", putByOne},
		{"a message is claimed by one", claimedByOne},
		{"events of one contact all count", oneContact},
	}
}

// together calls do(0) … do(n-1) at once and reports what failed.
func together(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := do(i); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

func oneDraft(t *testing.T, s Store) {
	ctx := context.Background()
	must(t, s.CreateDraft(ctx, key(0), begun("a")))
	together(t, 40, func(i int) error { return s.UpdateDraft(ctx, key(0), answer(fmt.Sprint(i), i+1)) })
	got, err := s.Draft(ctx, key(0))
	must(t, err)
	same(t, "answers", len(got.Answers), 40)
	same(t, "tally", tallies(t, s), map[survey.Cell]int64{got.Cell(): 1})
}

func manyDrafts(t *testing.T, s Store) {
	ctx := context.Background()
	together(t, 60, func(i int) error {
		if err := s.CreateDraft(ctx, key(i), begun("a")); err != nil {
			return err
		}
		if err := s.UpdateDraft(ctx, key(i), answer("trust", 3)); err != nil || i%3 == 0 {
			return err
		}
		return s.Submit(ctx, key(i), fmt.Sprint("r", i), send)
	})
	partial, complete := begun("a"), begun("a")
	partial.State, complete.State = survey.Partial, survey.Complete
	same(t, "tally", tallies(t, s), map[survey.Cell]int64{partial.Cell(): 20, complete.Cell(): 40})
	same(t, "responses", len(sent(t, s, wave)), 40)
}

// winners counts how often something succeeded.
type winners struct {
	mu sync.Mutex
	n  map[string]int
}

func (w *winners) add(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n == nil {
		w.n = map[string]int{}
	}
	w.n[what]++
}

func sentOnce(t *testing.T, s Store) {
	ctx := context.Background()
	must(t, s.CreateDraft(ctx, key(0), begun("a")))
	var won winners
	together(t, 20, func(i int) error {
		if s.Submit(ctx, key(0), fmt.Sprint("r", i), send) == nil {
			won.add("sent")
		}
		return nil
	})
	same(t, "sent", won.n["sent"], 1)
	same(t, "responses", len(sent(t, s, wave)), 1)
}

func oneLink(t *testing.T, s Store) {
	ctx := context.Background()
	var won winners
	together(t, 20, func(i int) error {
		got, err := s.PutLinks(ctx, []link.Link{{Token: fmt.Sprint("t", i), Network: "a", Channel: link.Mail}})
		if err == nil {
			won.add(got[0].Token)
		}
		return err
	})
	same(t, "different links", len(won.n), 1)
	list, err := s.Links(ctx)
	must(t, err)
	same(t, "links", len(list), 1)
}

func putByOne(t *testing.T, s Store) {
	var won winners
	together(t, 20, func(i int) error {
		put, err := s.Enqueue(context.Background(), []outbox.Message{invitation("x", fmt.Sprint("n", i), noon), invitation("y", "a", noon)})
		for j, ok := range put {
			if ok {
				won.add(fmt.Sprint(j))
			}
		}
		return err
	})
	same(t, "put", won.n, map[string]int{"0": 1, "1": 1})
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Pending: 2})
}

func claimedByOne(t *testing.T, s Store) {
	const many, workers = 300, 8
	var people []contacts.Contact
	var list []outbox.Message
	for i := range many {
		people = append(people, person(i, "a"))
		list = append(list, invitation(person(i).ID, "a", noon))
	}
	save(t, s, people...)
	queue(t, s, list...)
	var won winners
	together(t, workers, func(int) error {
		var results []outbox.Change
		for {
			got, err := s.Exchange(context.Background(), results, outbox.Claim{Carrier: link.Mail, Now: noon, Limit: 7, Decide: accept(noon)})
			if err != nil || len(got) == 0 {
				return err
			}
			results = results[:0]
			for _, d := range got {
				won.add(d.Recipient)
				results = append(results, result(d.Key, outbox.Sent, contacts.Accepted))
			}
		}
	})
	same(t, "claimed", len(won.n), many)
	for id, n := range won.n {
		if n != 1 {
			t.Errorf("message to %s was claimed %d times", id, n)
		}
	}
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Sent: many})
	for d, n := range reaches(t, s) {
		if !d.Contacted || n != many {
			t.Errorf("reach %+v: %d, want all %d contacted", d, n, many)
		}
	}
}

func oneContact(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"))
	events := []contacts.Event{contacts.Accepted, contacts.HardBounce, contacts.OptOut, contacts.SaidAnswered}
	together(t, 40, func(i int) error {
		return s.Record(ctx, contacts.Happening{Contact: person(1).ID, Event: events[i%4], Wave: wave, Day: day})
	})
	same(t, "standing", byEmail(t, s, person(1).Email).Standing, contacts.Standing{OptedOut: true, Bounced: true, Answered: wave})
	var total int64
	for d, n := range reaches(t, s) {
		total += n
		if !d.Contacted || !d.Undelivered || !d.OptedOut || !d.Answered {
			t.Errorf("reach %+v, want all four", d)
		}
	}
	same(t, "contacts counted", total, int64(1))
}
