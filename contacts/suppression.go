package contacts

// Suppression is an address to which nothing is sent, in any wave. Of one that was erased, or was
// never listed, the hash alone is known.
type Suppression struct {
	Email    string // empty: not known
	Hash     string // of the address under the installation's secret, as the store writes it
	Standing Standing
}

// Stops tells whether nothing is sent to the address.
func (s Standing) Stops() bool { return s.Erased || s.OptedOut || s.Bounced }

// Apply is the standing with what a suppression adds to it: it only ever stops more.
func (s Suppression) Apply(to Standing) Standing {
	if s.Standing.Erased && !to.Erased {
		to = to.After(Erase, "")
	}
	if s.Standing.OptedOut && !to.OptedOut {
		to.OptedOut, to.Opted = true, s.Standing.Opted
	}
	if s.Standing.Bounced && !to.Bounced && !to.Erased {
		to.Bounced, to.Dead = true, s.Standing.Dead
	}
	return to
}
