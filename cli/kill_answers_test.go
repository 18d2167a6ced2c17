package cli_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"viesti/internal/smtptest"
	"viesti/internal/walk"
)

// sitting is one respondent, and what the server has acknowledged to them.
type sitting struct {
	*walk.Respondent
	acknowledged map[string]string // page to the choice kept there
	done         bool
}

// step does one thing; an error is the server's death.
func (s *sitting) step(base, token string) error {
	switch {
	case s.done:
		return nil
	case s.At == nil || !strings.Contains(s.At.Path, "/page/") && !strings.HasSuffix(s.At.Path, "/review"):
		if err := s.Open(base + "/r/" + token); err != nil {
			return err
		}
		button := "start"
		if strings.Contains(s.Body, `value="continue"`) {
			button = "continue"
		}
		return s.Press(button, nil)
	}
	page, fields := s.At.Path, s.First()
	if err := s.On(fields); err != nil {
		return err
	}
	for name := range fields {
		s.acknowledged[page] = name + "=" + fields.Get(name)
		break
	}
	s.done = s.Done()
	return nil
}

// kept opens an acknowledged page again and looks for the choice.
func (s *sitting) kept(t *testing.T, base string) {
	t.Helper()
	for page, choice := range s.acknowledged {
		if err := s.Open(base + page); err != nil {
			t.Fatal(err)
		}
		if s.Done() { // the last page was kept and sent, and the program died before it could say so
			return
		}
		form, err := s.Form()
		if err != nil {
			t.Fatal(err)
		}
		name, value, _ := strings.Cut(choice, "=")
		if form.Get(name) != value {
			t.Errorf("%s was acknowledged on %s and is %q now", choice, page, form.Get(name))
		}
	}
}

// Nothing that was acknowledged to a respondent is lost, whenever the program is killed.
func TestKillWhileAnswering(t *testing.T) {
	in := install(t, smtptest.New(t, smtptest.Sink()), "")
	var link struct{ Token string }
	if err := json.Unmarshal([]byte(in.run("link", "net", "--channel", "mail", "--json")), &link); err != nil {
		t.Fatal(err)
	}
	var sittings []*sitting
	complete, pages := 0, 0
	n := rounds(4, 30)
	for range n {
		for range 6 {
			sittings = append(sittings, &sitting{Respondent: walk.New(nil), acknowledged: map[string]string{}})
		}
		cmd := in.serve()
		var wg sync.WaitGroup
		for _, s := range sittings {
			wg.Go(func() {
				for !s.done && s.step(in.base, link.Token) == nil {
				}
			})
		}
		<-time.After(time.Duration(20+rand.IntN(250)) * time.Millisecond)
		in.kill(cmd)
		wg.Wait()
		cmd = in.serve()
		for _, s := range sittings {
			if !s.done {
				s.kept(t, in.base)
				pages += len(s.acknowledged)
				s.At = nil
			}
		}
		in.stop(cmd)
		for _, s := range sittings {
			if s.done {
				complete++
			}
		}
		sittings = sittings[:0]
		if got := in.complete(); got < complete {
			t.Fatalf("%d thank-you pages were shown and %d responses are kept", complete, got)
		}
	}
	t.Logf("%d kills: %d pages acknowledged and kept, %d responses sent and kept", n, pages, complete)
	if pages+complete == 0 {
		t.Error("nothing was acknowledged: the test shows nothing")
	}
}

func (in *installation) complete() int {
	in.t.Helper()
	var rates struct{ Total struct{ Complete int } }
	if err := json.Unmarshal([]byte(in.run("rates", "--json")), &rates); err != nil {
		in.t.Fatal(err)
	}
	return rates.Total.Complete
}
