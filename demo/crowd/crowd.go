// Package crowd is the demonstration's simulated respondents. They do what people do, and only by
// what people have: they read a message, open its link, press start, fill in pages, change the
// language, lose patience, or press on to the thanks.
//
// They know neither the store nor the questionnaire, only HTTP and HTML; and they never open an
// address that is not the survey's.
package crowd

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"viesti/i18n"
)

// Inbox gives the message for the next person to read; ok is false when nobody has a new one.
type Inbox interface {
	Next() (m Message, ok bool)
}

// Message is what somebody has received.
type Message struct {
	Text string
	Lang i18n.Lang // of its reader; empty: any
}

// Crowd is the respondents. They do nothing until they are switched on.
type Crowd struct {
	Inbox Inbox
	Base  string        // the survey's address, no slash at the end: nothing else is opened
	Pace  time.Duration // between one person and the next
	Rand  *rand.Rand
	Log   *slog.Logger

	mu sync.Mutex
	on chan struct{} // closed while switched on
}

// atOnce is how many people may be answering at the same time.
const atOnce = 8

// Switch turns the crowd on or off. People who are answering go on.
func (c *Crowd) Switch(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if on == closed(c.gate()) {
		return
	}
	if on {
		close(c.on)
		return
	}
	c.on = make(chan struct{})
}

// On tells whether the crowd is switched on.
func (c *Crowd) On() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return closed(c.gate())
}

// gate is the channel that is closed while the crowd is on. The caller holds mu.
func (c *Crowd) gate() chan struct{} {
	if c.on == nil {
		c.on = make(chan struct{})
	}
	return c.on
}

func closed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// Run lets one person after another read their message, until ctx ends. It returns when the last
// of them has stopped.
func (c *Crowd) Run(ctx context.Context) error {
	var answering sync.WaitGroup
	defer answering.Wait()
	places := make(chan struct{}, atOnce)
	tick := time.NewTicker(c.Pace)
	defer tick.Stop()
	for {
		c.mu.Lock()
		on := c.gate()
		c.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-on:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		message, ok := c.Inbox.Next()
		if !ok {
			continue
		}
		url, ok := c.link(message.Text)
		if !ok {
			continue
		}
		person := c.person(url, message.Lang)
		places <- struct{}{}
		answering.Go(func() {
			defer func() { <-places }()
			if err := person.answer(ctx, url); err != nil && !errors.Is(err, context.Canceled) {
				c.Log.Warn("a simulated respondent got stuck", "err", err)
			}
		})
	}
}

// link is the survey's link in a message.
func (c *Crowd) link(text string) (url string, ok bool) {
	_, rest, ok := strings.Cut(text, c.Base+"/r/")
	if !ok {
		return "", false
	}
	token := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz0123456789"))]
	return c.Base + "/r/" + token, token != ""
}

// person draws somebody with habits of their own. Networks differ in how keen they are, so that
// their rates do.
func (c *Crowd) person(url string, lang i18n.Lang) *person {
	mood := rand.New(rand.NewPCG(c.Rand.Uint64(), c.Rand.Uint64()))
	if lang == "" {
		lang = i18n.Langs[mood.IntN(len(i18n.Langs))]
	}
	return &person{
		base: c.Base, rand: mood, lang: lang, keen: keenness(url), turns: mood.Float64() < 0.12,
		client: &http.Client{Jar: newJar(), Timeout: 15 * time.Second, CheckRedirect: c.atHome},
	}
}

// atHome refuses to be led away from the survey.
func (c *Crowd) atHome(r *http.Request, via []*http.Request) error {
	if !strings.HasPrefix(r.URL.String(), c.Base+"/") || len(via) > 5 {
		return errors.New("crowd: led away from the survey")
	}
	return nil
}

// keenness is a network's, between a third and nearly all, the same for the same link.
func keenness(url string) float64 {
	var sum uint32 = 2166136261 // FNV-1a
	for i := range len(url) {
		sum = (sum ^ uint32(url[i])) * 16777619
	}
	return 0.35 + 0.6*float64(sum%1000)/1000
}
