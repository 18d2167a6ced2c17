package respond

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"viesti/survey"
)

func answered(text string) survey.Response {
	return survey.Response{Day: "2027-03-01", Answers: survey.Answers{"more": {Text: text}}}
}

func TestCopiesAreBounded(t *testing.T) {
	now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	c := copies{now: func() time.Time { return now }}
	long := strings.Repeat("x", mostCopied/4)
	for i := range 6 {
		c.put(survey.DraftKey(fmt.Sprint(i)), answered(long))
	}
	if c.bytes > mostCopied || len(c.held) != 3 {
		t.Errorf("%d copies of %d bytes", len(c.held), c.bytes)
	}
	if _, ok := c.get("2"); ok {
		t.Error("an old one is there")
	}
	if r, ok := c.get("5"); !ok || r.Answers["more"].Text != long {
		t.Error("the newest is not there")
	}
	c.put("huge", answered(strings.Repeat("x", mostCopied)))
	if _, ok := c.get("huge"); ok || c.bytes != 0 {
		t.Errorf("more is held than may be: %d bytes", c.bytes)
	}
	for range 2 {
		c.put("a", answered("again"))
	}
	if len(c.held) != 1 {
		t.Errorf("%d copies for one key", len(c.held))
	}
	c.forget("a")
	c.forget("a")
	if _, ok := c.get("a"); ok || c.bytes != 0 {
		t.Error("not forgotten")
	}
}

// They go in time, also when nobody comes any more.
func TestCopiesGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := copies{now: time.Now}
		c.put("a", answered("first"))
		time.Sleep(copyLife - time.Minute)
		c.put("b", answered("second"))
		if _, ok := c.get("a"); !ok {
			t.Error("gone too early")
		}
		held := func() int {
			synctest.Wait()
			c.mu.Lock()
			defer c.mu.Unlock()
			return len(c.held)
		}
		time.Sleep(time.Minute)
		if n := held(); n != 1 {
			t.Errorf("%d are held", n)
		}
		time.Sleep(copyLife)
		if n := held(); n != 0 || c.bytes != 0 || c.timer != nil {
			t.Errorf("%d are held", n)
		}
	})
}
