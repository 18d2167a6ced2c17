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
	"slices"
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
	Text   string
	Lang   i18n.Lang // of its reader; empty: any
	Reader string    // who reads it; empty: somebody who has read none before
}

// Behaviour is who answers. It is asked by one person at a time.
type Behaviour interface {
	// Answers tells whether somebody who has answered none before answers the nth message, counted from
	// 0. Of a network it is told the link that its people have in common.
	Answers(network string, nth int) bool
	// PassesOn tells how many others answer because somebody who answered passed the survey on.
	PassesOn() int
}

// Crowd is the respondents. They do nothing until they are switched on.
type Crowd struct {
	Inbox Inbox
	Base  string        // the survey's address, no slash at the end: nothing else is opened
	Pace  time.Duration // between one person and the next
	Rand  *rand.Rand
	Log   *slog.Logger

	Behaviour Behaviour

	mu sync.Mutex
	on chan struct{} // closed while switched on

	read map[string]int  // messages, by reader
	done map[string]bool // readers who have answered, or begun to
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
	c.read, c.done = map[string]int{}, map[string]bool{}
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
		for _, url := range c.moved(message) {
			person := c.person(message.Lang)
			places <- struct{}{}
			answering.Go(func() {
				defer func() { <-places }()
				if err := person.answer(ctx, url); err != nil && !errors.Is(err, context.Canceled) {
					c.Log.Warn("a simulated respondent got stuck", "err", err)
				}
			})
		}
	}
}

// moved are the links that are followed because somebody read a message: their own, and by those whom
// they pass the survey on to the one that the message has for that.
func (c *Crowd) moved(m Message) (urls []string) {
	links := c.links(m.Text)
	nth := c.read[m.Reader]
	if m.Reader == "" {
		nth = 0
	} else {
		c.read[m.Reader]++
	}
	if len(links) == 0 || c.done[m.Reader] || !c.Behaviour.Answers(links[0], nth) {
		return nil
	}
	if m.Reader != "" {
		c.done[m.Reader] = true
	}
	urls = links[:1]
	if len(links) > 1 {
		for range c.Behaviour.PassesOn() {
			urls = append(urls, links[1])
		}
	}
	return urls
}

// links are the survey's links in a message, each once: the first is to be answered by, the second to be
// passed on.
func (c *Crowd) links(text string) (urls []string) {
	for {
		_, rest, ok := strings.Cut(text, c.Base+"/r/")
		if !ok {
			return urls
		}
		text = strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz0123456789")
		url := c.Base + "/r/" + rest[:len(rest)-len(text)]
		if url != c.Base+"/r/" && !slices.Contains(urls, url) {
			urls = append(urls, url)
		}
	}
}

// person draws somebody with habits of their own.
func (c *Crowd) person(lang i18n.Lang) *person {
	mood := rand.New(rand.NewPCG(c.Rand.Uint64(), c.Rand.Uint64()))
	if lang == "" {
		lang = i18n.Langs[mood.IntN(len(i18n.Langs))]
	}
	return &person{
		base: c.Base, rand: mood, lang: lang, turns: mood.Float64() < 0.12,
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
