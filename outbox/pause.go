package outbox

import (
	"context"
	"slices"
)

// pauses are what people have stopped: everything, or some networks. The store claims nothing of a
// paused network; this is for what was claimed before and has not begun.
type pauses struct {
	all      bool
	networks []string
}

// hold tells whether a message must not begin now.
func (p *pauses) hold(m Message) bool {
	return p != nil && (p.all || slices.Contains(p.networks, m.Network))
}

func (l *loop) readPauses(ctx context.Context) (*pauses, error) {
	p := &pauses{}
	var err error
	if p.all, err = l.w.Store.Paused(ctx); err != nil {
		return p, err
	}
	if p.networks, err = l.w.Store.PausedNetworks(ctx); err != nil {
		return p, err
	}
	l.pauses.Store(p)
	return p, nil
}
