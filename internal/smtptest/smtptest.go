// Package smtptest is a mail relay for tests that does what a script tells it at every step of
// the conversation: answers anything, says nothing, hangs, or cuts the line, and that counts what
// it has taken for whom.
//
// It is not a mail server: it stores nothing, checks no address and knows only the commands that
// a sending client uses. Conversations with a real server are tested against go-smtp.
package smtptest

import (
	"bufio"
	"bytes"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Step is a moment of the conversation at which the relay answers.
type Step string

// The steps. Dot is the end of a letter's text.
const (
	Connect Step = "connect"
	Ehlo    Step = "ehlo"
	Auth    Step = "auth"
	Mail    Step = "mail"
	Rcpt    Step = "rcpt"
	Data    Step = "data"
	Dot     Step = "dot"
	Rset    Step = "rset"
	Noop    Step = "noop"
	Quit    Step = "quit"
	Other   Step = "other"
)

// Call is a step as a script sees it.
type Call struct {
	Conn int // of the connection, counted from 1
	Step Step
	Nth  int    // which time this step is reached, over all connections, counted from 1
	Line string // the client's line; at Dot the recipients, joined by a comma
	To   string // whom it is about: at Rcpt who is named, later the recipients so far
}

// Answer is what the relay does at a step. Its zero value is the usual reply.
type Answer struct {
	Reply  string        // "550 5.1.1 no such user"; lines are joined by \r\n
	Silent bool          // decide as Reply says, but do not say it
	Cut    bool          // close the connection afterwards
	Hang   bool          // decide as Reply says (nothing, if empty) and say nothing until the relay closes
	Delay  time.Duration // before the answer is decided
}

// Letter is a letter the relay has taken: it came to a 2xx at Dot, said aloud or not.
type Letter struct {
	From string   // the argument of MAIL, with its parameters
	To   []string // the addresses of RCPT
	Data []byte   // without dot-stuffing; nil in a Sink
}

// Relay is a scripted mail relay on the loopback interface.
type Relay struct {
	Host string
	Port int

	script  func(Call) Answer
	sink    bool
	offers  []string
	ln      net.Listener
	closing chan struct{}
	running sync.WaitGroup

	mu      sync.Mutex
	conns   map[net.Conn]bool
	opened  int
	nth     map[Step]int
	letters []Letter
	counts  map[string]int
	lines   []string
}

// Option changes a Relay before it starts.
type Option func(*Relay)

// Script decides the answers; it is called by one connection at a time.
func Script(script func(Call) Answer) Option { return func(r *Relay) { r.script = script } }

// Sink keeps no letters and no lines, only the counts, for loads and benchmarks.
func Sink() Option { return func(r *Relay) { r.sink = true } }

// Offers are the extensions named in the answer to EHLO: "8BITMIME", "AUTH PLAIN".
func Offers(list ...string) Option { return func(r *Relay) { r.offers = list } }

// On is the port to listen on, for a relay that comes up late or again.
func On(port int) Option { return func(r *Relay) { r.Port = port } }

// New starts a relay that ends with the test.
func New(t testing.TB, options ...Option) *Relay {
	t.Helper()
	r := &Relay{
		Host:    "127.0.0.1",
		closing: make(chan struct{}), conns: map[net.Conn]bool{},
		nth: map[Step]int{}, counts: map[string]int{},
		script: func(Call) Answer { return Answer{} },
	}
	for _, o := range options {
		o(r)
	}
	var err error
	if r.ln, err = net.Listen("tcp", net.JoinHostPort(r.Host, strconv.Itoa(r.Port))); err != nil {
		t.Fatal(err)
	}
	r.Port = r.ln.Addr().(*net.TCPAddr).Port
	r.running.Go(r.accept)
	t.Cleanup(r.Close)
	return r
}

// Addr is where the relay listens.
func (r *Relay) Addr() string { return r.ln.Addr().String() }

// Letters are the letters taken so far.
func (r *Relay) Letters() []Letter {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Letter(nil), r.letters...)
}

// Counts says how many letters were taken for each recipient's address.
func (r *Relay) Counts() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := make(map[string]int, len(r.counts))
	for to, n := range r.counts {
		counts[to] = n
	}
	return counts
}

// Lines are all commands received, in the order in which they came.
func (r *Relay) Lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.lines...)
}

// Times says how often a step was reached.
func (r *Relay) Times(s Step) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.nth[s]
}

// CutAll closes the connections there are; new ones are taken.
func (r *Relay) CutAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		_ = c.Close()
	}
}

// Close ends the relay and its connections.
func (r *Relay) Close() {
	r.mu.Lock()
	select {
	case <-r.closing:
		r.mu.Unlock()
		return
	default:
		close(r.closing)
	}
	r.mu.Unlock()
	_ = r.ln.Close()
	r.CutAll()
	r.running.Wait()
}

func (r *Relay) accept() {
	for {
		c, err := r.ln.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		r.opened++
		s := &session{relay: r, conn: c, number: r.opened, in: bufio.NewReaderSize(c, 32<<10), out: bufio.NewWriter(c)}
		r.conns[c] = true
		r.mu.Unlock()
		r.running.Go(func() {
			s.serve()
			_ = s.out.Flush()
			_ = c.Close()
			r.mu.Lock()
			delete(r.conns, c)
			r.mu.Unlock()
		})
	}
}

// ask counts a step and asks the script.
func (r *Relay) ask(c Call) Answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.nth[c.Step]++
	c.Nth = r.nth[c.Step]
	if !r.sink && c.Step != Connect && c.Step != Dot {
		r.lines = append(r.lines, c.Line)
	}
	return r.script(c)
}

func (r *Relay) take(l Letter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, to := range l.To {
		r.counts[to]++
	}
	if !r.sink {
		l.Data = bytes.Clone(l.Data)
		r.letters = append(r.letters, l)
	}
}

// address is the address in the argument of MAIL or RCPT.
func address(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	addr, _, _ := strings.Cut(rest, ">")
	return addr
}
