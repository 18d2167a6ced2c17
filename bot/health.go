package bot

import (
	"slices"
	"strings"
	"sync"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
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
	Problems []Problem `json:"problems,omitempty"`
}

// Problem is a method of Slack's Web API that refuses us for a reason that only a person can
// mend: a revoked token, a scope that is missing.
type Problem struct {
	Method string `json:"method"`
	Code   string `json:"code"`
	Needed string `json:"needed,omitempty"` // scopes
}

// Fault is the problem for people.
func (p Problem) Fault() *fault.Fault {
	if p.Needed != "" {
		return fault.New(fault.Unavailable, "bot.problem.scope", i18n.Args{"method": p.Method, "needed": p.Needed})
	}
	return fault.New(fault.Unavailable, "bot.problem.setup", i18n.Args{"method": p.Method, "code": p.Code})
}

// health gathers Health from whatever the port meets.
type health struct {
	mode Mode
	now  func() time.Time

	mu       sync.Mutex
	state    State
	since    time.Time
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
	out := Health{Mode: h.mode, State: h.state, Since: h.since}
	for _, p := range h.problems {
		out.Problems = append(out.Problems, p)
	}
	slices.SortFunc(out.Problems, func(a, b Problem) int { return strings.Compare(a.Method, b.Method) })
	return out
}

func (h *health) become(s State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state != s {
		h.state, h.since = s, h.now()
	}
}

// note keeps what an exchange tells of our installation: a refusal stays until the same method
// works again.
func (h *health) note(x *exchange) {
	class, known := x.class()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case known && class == outbox.BadSetup:
		h.problems[x.method] = Problem{Method: x.method, Code: x.code(), Needed: x.answer.Needed}
	case x.ok():
		delete(h.problems, x.method)
	}
}
