package bot

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"viesti/outbox"
)

// State is how commands reach us.
type State string

// The states.
const (
	StateOff        State = "off"
	StateReady      State = "ready"      // mode = "http": Slack calls us
	StateConnecting State = "connecting" // mode = "socket", not connected
	StateConnected  State = "connected"
)

// Health is how the bot fares.
type Health struct {
	Mode     Mode      `json:"mode"`
	State    State     `json:"state"`
	Since    time.Time `json:"since,omitzero"` // of the state
	Heard    time.Time `json:"heard,omitzero"` // when Slack last sent something
	Problems []Problem `json:"problems,omitempty"`
}

// Problem is what only a person can mend: a method of Slack's Web API that refuses us, a
// connection that does not hold, a channel that is gone.
type Problem struct {
	Method  string `json:"method,omitempty"`
	Channel string `json:"channel,omitempty"`
	Code    string `json:"code"`             // Slack's word, or one of ours
	Needed  string `json:"needed,omitempty"` // scopes; a channel's new id
}

// What is asked of Slack by no method of the Web API.
const (
	methodSocket  = "websocket"    // a connection that Slack gave us the address of
	methodRequest = "request"      // what comes in by HTTP
	methodInstall = "installation" // what Slack told us of it
)

// health gathers Health from whatever the bot meets.
type health struct {
	mode Mode
	now  func() time.Time

	mu       sync.Mutex
	state    State
	since    time.Time
	heard    time.Time
	problems map[string]Problem
}

func newHealth(mode Mode, now func() time.Time) *health {
	states := map[Mode]State{Socket: StateConnecting, HTTP: StateReady}
	h := &health{mode: mode, now: now, state: StateOff, problems: map[string]Problem{}}
	if s, ok := states[mode]; ok {
		h.state = s
	}
	return h
}

// Health tells how the bot fares. It does not speak to Slack.
func (b *Bot) Health() Health {
	h := b.health
	h.mu.Lock()
	defer h.mu.Unlock()
	out := Health{Mode: h.mode, State: h.state, Since: h.since, Heard: h.heard}
	for _, p := range h.problems {
		out.Problems = append(out.Problems, p)
	}
	slices.SortFunc(out.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Method, b.Method), cmp.Compare(a.Channel, b.Channel))
	})
	return out
}

// become tells whether the state is another than before.
func (h *health) become(s State) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state == s {
		return false
	}
	h.state, h.since = s, h.now()
	return true
}

// hear notes that something came in from Slack.
func (h *health) hear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = h.now()
	delete(h.problems, methodRequest)
}

// forged notes a request whose signature does not match. It is a problem only as long as none has
// matched: after that it is somebody else's.
func (h *health) forged() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.heard.IsZero() {
		h.problems[methodRequest] = Problem{Method: methodRequest, Code: codeSignature}
	}
}

// about names what a problem is about; there is one for each.
func (p Problem) about() string { return cmp.Or(p.Method, p.Channel) }

func (h *health) put(p Problem) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.problems[p.about()] = p
}

func (h *health) mend(about string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.problems, about)
}

func (h *health) problem(about string) (Problem, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, ok := h.problems[about]
	return p, ok
}

// channelIs notes what a channel's events tell.
func (h *health) channelIs(channel, code string) {
	if code == "" {
		h.mend(channel)
		return
	}
	h.put(Problem{Channel: channel, Code: code})
}

// lose notes that Slack told us that the installation is gone.
func (h *health) lose(event string) { h.put(Problem{Method: methodInstall, Code: event}) }

// lost is what Slack told us of our installation, if it is gone.
func (h *health) lost() (code string, lost bool) {
	p, lost := h.problem(methodInstall)
	return p.Code, lost
}

// note keeps what an exchange tells of our installation: a refusal stays until the same method
// works again. Of opening a connection every failure is kept, since slack-go tries again for ever.
func (h *health) note(x *exchange) {
	class, known := x.class()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case known && class == outbox.BadSetup:
		h.problems[x.method] = Problem{Method: x.method, Code: x.code(), Needed: x.answer.Needed}
	case x.ok():
		delete(h.problems, x.method)
		if x.method != methodOpen { // which is asked with the app's own token
			delete(h.problems, methodInstall) // the bot's token works, whatever we were told
		}
		if channel, _, ok := x.posted(); ok {
			delete(h.problems, channel)
		}
	case x.method == methodOpen && x.status == 0:
		h.problems[x.method] = Problem{Method: x.method, Code: codeUnreachable}
	case x.method == methodOpen:
		h.problems[x.method] = Problem{Method: x.method, Code: x.code()}
	}
}

// observe takes note of every call of the Web API.
func (b *Bot) observe(x *exchange, took time.Duration) {
	b.health.note(x)
	b.metrics.called(x, took)
}

// isSetup tells whether a code is of our installation, which only a person can mend.
func isSetup(code string) bool {
	if class, known := classOf(code); known {
		return class == outbox.BadSetup
	}
	return strings.HasPrefix(code, "http_3") || code == "http_404"
}
