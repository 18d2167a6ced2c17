package cli_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"viesti/internal/smtptest"
	"viesti/outbox"
	"viesti/store/bolt"
)

// moody is a relay that puts many recipients off once, takes a while, and after one letter in a
// hundred cuts the line without a word, having taken it or not.
type moody struct {
	mu   sync.Mutex
	seen map[string]bool
	cuts int
}

func (m *moody) answer(c smtptest.Call) smtptest.Answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case c.Step == smtptest.Rcpt && strings.ContainsAny(c.To, "47") && !m.seen[c.To]:
		m.seen[c.To] = true
		return smtptest.Answer{Reply: "450 4.2.0 greylisted"}
	case c.Step == smtptest.Dot && rand.IntN(100) == 0:
		m.cuts++
		if m.cuts%3 == 0 {
			return smtptest.Answer{Reply: "451 4.3.0 not taken", Silent: true, Cut: true}
		}
		return smtptest.Answer{Silent: true, Cut: true}
	case c.Step == smtptest.Dot:
		return smtptest.Answer{Delay: time.Duration(rand.IntN(20)) * time.Millisecond}
	}
	return smtptest.Answer{}
}

// series is a campaign whose program is killed over and over.
type series struct {
	*installation
	relay *smtptest.Relay
	mood  *moody
	kills int
}

// TestKillWhileSending: nobody gets a letter twice and nobody is lost, whenever the program is
// killed or stopped, while its relay is down at first, puts many off once, and cuts lines; with
// pauses, and with commands that invite at the same time. Who got none is listed as uncertain, at
// most one for each connection and kill and one for each cut; a person then settles these.
func TestKillWhileSending(t *testing.T) {
	n := rounds(6, 200)
	people := rounds(300, 2000)
	port, err := strconv.Atoi(freePort(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &series{installation: installFor(t, port, ""), mood: &moody{seen: map[string]bool{}}}
	list, csv := addresses(people)
	s.write("contacts.csv", csv)
	s.run("contacts", "import", "contacts.csv")
	s.run("invite")
	for round := range n {
		if round == n/20+1 { // until now there was none
			s.relay = smtptest.New(t, smtptest.On(port), smtptest.Offers("PIPELINING"), smtptest.Script(s.mood.answer))
		}
		s.round(round)
	}
	cmd := s.serve()
	s.wait(2*time.Minute, func(states map[outbox.State]int64) bool {
		return states[outbox.Pending]+states[outbox.Sending]+states[outbox.Retrying] == 0
	})
	s.stop(cmd)
	s.judge(list)
	s.settleAll(list)
}

// round starts the program and ends it in the middle of its work.
func (s *series) round(i int) {
	cmd := s.serve()
	switch i % 10 {
	case 4: // two commands at once, while it sends
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { _ = s.command("invite").Run() })
		}
		both.Wait()
	case 9:
		s.run("pause")
		defer s.run("resume")
	}
	<-time.After(time.Duration(rand.IntN(150)) * time.Millisecond)
	if i%10 == 7 {
		s.stop(cmd)
		return
	}
	s.kill(cmd)
	s.kills++
}

func (in *installation) wait(most time.Duration, done func(map[outbox.State]int64) bool) {
	in.t.Helper()
	deadline := time.Now().Add(most)
	for s := in.states(); !done(s); s = in.states() {
		if time.Now().After(deadline) {
			in.t.Fatalf("the queue stays as it is: %v", s)
		}
		<-time.After(200 * time.Millisecond)
	}
}

// letters are the messages by address.
func (in *installation) letters(list []string) map[string]outbox.Message {
	in.t.Helper()
	ctx := context.Background()
	store, err := bolt.Open(ctx, bolt.Options{Path: filepath.Join(in.dir, "data", "viesti.db")})
	if err != nil {
		in.t.Fatal(err)
	}
	defer store.Close()
	if err := store.Check(ctx); err != nil {
		in.t.Errorf("the store is damaged: %v", err)
	}
	found := map[string]outbox.Message{}
	for _, email := range list {
		known, err := store.ContactByEmail(ctx, email)
		if err != nil {
			in.t.Fatal(err)
		}
		err = store.Messages(ctx, outbox.Query{Recipients: []string{known.ID}}, func(m outbox.Message) error {
			found[email] = m
			return nil
		})
		if err != nil {
			in.t.Fatal(err)
		}
	}
	return found
}

// judge holds what the relay took against what the program believes.
func (s *series) judge(list []string) {
	t, got := s.t, s.relay.Counts()
	uncertain, sent, nothing := 0, 0, 0
	for email, m := range s.letters(list) {
		switch n := got[email]; {
		case n > 1:
			t.Errorf("%s got %d letters", email, n)
		case m.State == outbox.Uncertain:
			uncertain++
			if n == 0 {
				nothing++
			}
			if m.Reply.Relay != s.relay.Addr() || m.Claimed.IsZero() {
				t.Errorf("the uncertain letter to %s is listed without its relay or time", email)
			}
		case m.State == outbox.Sent && n == 0:
			t.Errorf("%s is counted as sent and got nothing", email)
		case m.State != outbox.Sent:
			t.Errorf("%s is left %s", email, m.State)
		default:
			sent++
		}
	}
	if sent+uncertain-nothing != len(got) {
		t.Errorf("the program counts %d sent and %d uncertain that arrived, the relay %d", sent, uncertain-nothing, len(got))
	}
	if uncertain > 3*s.kills+s.mood.cuts {
		t.Errorf("%d letters are uncertain after %d kills of 3 connections and %d cuts", uncertain, s.kills, s.mood.cuts)
	}
	t.Logf("%d recipients, %d kills, %d cuts: %d sent, %d uncertain (of which %d had arrived), none twice",
		len(list), s.kills, s.mood.cuts, sent, uncertain, uncertain-nothing)
}

// settleAll decides as a person does who reads the relay's log: then everybody has one letter.
func (s *series) settleAll(list []string) {
	got := s.relay.Counts()
	s.mood.mu.Lock()
	s.mood.cuts = 0
	s.mood.mu.Unlock()
	cmd := s.serve()
	verdicts := map[string][]string{}
	for _, m := range s.troubles("--state", "uncertain") {
		v := "sent"
		if got[m.Contact] == 0 {
			v = "resend"
		}
		verdicts[v] = append(verdicts[v], m.Key)
	}
	for v, keys := range verdicts {
		s.settle(append([]string{v}, keys...)...)
	}
	s.wait(2*time.Minute, func(states map[outbox.State]int64) bool {
		return states[outbox.Sent]+states[outbox.Uncertain] == int64(len(list))
	})
	s.stop(cmd)
	if counts := s.relay.Counts(); len(counts)+s.mood.cuts < len(list) {
		s.t.Errorf("%d of %d have a letter", len(counts), len(list))
	}
	for email, n := range s.relay.Counts() {
		if n > 1 {
			s.t.Errorf("%s got %d letters", email, n)
		}
	}
}
