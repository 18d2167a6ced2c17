// Package mailbox is the demonstration's mail server and the page on which its letters are read:
// a real SMTP conversation at one end, a letter as a person would see it at the other.
//
// It delivers nothing anywhere. It takes every letter for every address, keeps the newest ones in
// memory and loses them all when it ends.
package mailbox

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Keep is how many letters are kept when Options do not say.
const Keep = 20_000

// Options are what a Mailbox is made of.
type Options struct {
	Keep int // letters; the oldest go first. 0: Keep
	Now  func() time.Time
	Log  *slog.Logger
}

// Mailbox keeps letters. It is safe for use by many.
type Mailbox struct {
	options Options
	smtp    server
	pages   http.Handler
	answers atomic.Value // host and port of the server that mail to senders goes to

	mu      sync.RWMutex
	letters []Letter // in order of arrival; number n stands at n - first
	first   int      // number of letters[0]
	people  map[string]int
}

// New makes a Mailbox.
func New(o Options) *Mailbox {
	if o.Keep <= 0 {
		o.Keep = Keep
	}
	m := &Mailbox{options: o, first: 1, people: map[string]int{}}
	m.smtp = newServer(m)
	m.pages = m.routes()
	return m
}

// add keeps a letter and gives it its number.
func (m *Mailbox) add(l Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l.Number = m.first + len(m.letters)
	m.letters = append(m.letters, l)
	m.people[l.Mailbox()]++
	if len(m.letters) > m.options.Keep {
		m.drop()
	}
}

// drop forgets the oldest letter. The caller holds mu.
func (m *Mailbox) drop() {
	who := m.letters[0].Mailbox()
	if m.people[who]--; m.people[who] == 0 {
		delete(m.people, who)
	}
	m.letters[0] = Letter{} // its text is not to live on in the array
	m.letters, m.first = m.letters[1:], m.first+1
}

// Letter finds a letter by its number.
func (m *Mailbox) Letter(number int) (Letter, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if i := number - m.first; i >= 0 && i < len(m.letters) {
		return m.letters[i], true
	}
	return Letter{}, false
}

// Since gives the letters numbered from and above, oldest first.
func (m *Mailbox) Since(from int) []Letter {
	m.mu.RLock()
	defer m.mu.RUnlock()
	i := min(max(from-m.first, 0), len(m.letters))
	return append([]Letter(nil), m.letters[i:]...)
}

// Count is how many letters are kept, and for how many addresses.
func (m *Mailbox) Count() (letters, people int) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.letters), len(m.people)
}

// find gives a page of the letters whose address or subject has the words, newest first, and how
// many there are in all.
func (m *Mailbox) find(words string, skip, most int) (page []Letter, all int) {
	words = strings.ToLower(strings.TrimSpace(words))
	m.mu.RLock()
	defer m.mu.RUnlock()
	for i := len(m.letters) - 1; i >= 0; i-- {
		if !m.letters[i].matches(words) {
			continue
		}
		if all++; all > skip && len(page) < most {
			page = append(page, m.letters[i])
		}
	}
	return page, all
}
