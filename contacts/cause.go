package contacts

// Ground is what a stop rests on.
type Ground string

// The grounds.
const (
	Wish        Ground = "opt_out"      // the person's own word
	Complaint   Ground = "complaint"    // they reported a letter as unwanted
	DeadAddress Ground = "address_dead" // a server said that nobody is there
	Unreachable Ground = "unreachable"  // letter after letter came back, for weeks
	Operator    Ground = "operator"     // a command or an imported list
)

// Cause is why nothing more is sent to an address: what a person needs to judge it, and to undo it.
type Cause struct {
	Ground Ground `json:"ground,omitempty"`
	Day    string `json:"day,omitempty"`
	Words  string `json:"words,omitempty"` // that led to it; never an address
}

// With is the standing after a happening. The person's own word stays the cause of an opt-out
// whatever comes later, because it is the one that only they can take back.
func (s Standing) With(h Happening) Standing {
	was := s
	s = s.After(h.Event, h.Wave)
	if h.Cause.Ground == "" {
		return s
	}
	cause := h.Cause
	cause.Day = h.Day
	switch {
	case h.Event == OptOut && (!was.OptedOut || was.Opted.Ground != Wish && cause.Ground == Wish):
		s.Opted = cause
	case h.Event == HardBounce && !was.Bounced:
		s.Dead = cause
	}
	return s
}
