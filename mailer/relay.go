package mailer

import (
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"viesti/outbox"
)

// relay is a server that letters may go through, and how it fares.
type relay struct {
	host string
	addr string

	fails        int // in a row
	since, until time.Time
	reply        outbox.Reply
}

// relays are those of the configuration, in the order in which they are wanted. One that is ill
// rests, longer each time, while the next ones do the work; after its rest one connection finds
// out whether it is well again, and then all return to it.
type relays struct {
	log *slog.Logger

	mu   sync.Mutex
	list []*relay
}

// firstRest is how long a relay rests after its first fault; the rest doubles up to lastRest.
const (
	firstRest = 10 * time.Second
	lastRest  = 5 * time.Minute
)

// RelayHealth is how a relay fares, as status shows it.
type RelayHealth struct {
	Relay string       `json:"relay"`
	OK    bool         `json:"ok"`
	Since time.Time    `json:"since,omitzero"` // of the fault
	Until time.Time    `json:"until,omitzero"` // when it is tried again
	Reply outbox.Reply `json:"reply,omitzero"` // what it said, if it did
}

func newRelays(c Config, log *slog.Logger) *relays {
	all := &relays{log: log}
	for _, addr := range c.Addrs() {
		host, _, _ := net.SplitHostPort(addr)
		all.list = append(all.list, &relay{host: host, addr: addr})
	}
	return all
}

// Addrs are the relays' hosts and ports, in the order in which they are wanted.
func (c Config) Addrs() []string {
	list := []string{c.Addr()}
	for _, r := range c.Relays {
		if _, _, err := net.SplitHostPort(r); err != nil {
			r = net.JoinHostPort(r, strconv.Itoa(c.port()))
		}
		list = append(list, r)
	}
	return list
}

// choose gives the relays to try, in order: those that do not rest; all when all do. One that has
// rested is given to a single caller, and to others only once it is well.
func (a *relays) choose(now time.Time, probe time.Duration) (list []*relay) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.list {
		if now.Before(r.until) {
			continue
		}
		if r.fails > 0 {
			r.until = now.Add(probe)
		}
		list = append(list, r)
	}
	if list == nil {
		return slices.Clone(a.list)
	}
	return list
}

// better tells whether a relay that is wanted more than this one can be tried.
func (a *relays) better(than *relay, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.list {
		if r == than {
			return false
		}
		if !now.Before(r.until) {
			return true
		}
	}
	return false
}

// other tells whether there is another relay that does not rest.
func (a *relays) other(than *relay, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.ContainsFunc(a.list, func(r *relay) bool { return r != than && !now.Before(r.until) })
}

func (a *relays) ill(r *relay, reply outbox.Reply, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.fails == 0 {
		r.since = now
		a.log.Warn("mail relay rests", "relay", r.addr, "class", reply.Class, "code", reply.Code, "text", reply.Text)
	}
	r.until = now.Add(min(firstRest<<min(r.fails, 10), lastRest))
	r.fails++
	r.reply = reply
}

func (a *relays) well(r *relay) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.fails > 0 {
		a.log.Info("mail relay is well again", "relay", r.addr)
	}
	r.fails, r.since, r.until, r.reply = 0, time.Time{}, time.Time{}, outbox.Reply{}
}

func (a *relays) health() []RelayHealth {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := make([]RelayHealth, len(a.list))
	for i, r := range a.list {
		list[i] = RelayHealth{Relay: r.addr, OK: r.fails == 0, Since: r.since, Until: r.until, Reply: r.reply}
	}
	return list
}
