package link

import (
	"context"
	"errors"
	"slices"
)

// MaxDepth is how often a link can be passed on and get a link of its own each time. What is
// passed on further carries the last of them.
const MaxDepth = 8

// PassOn gives the link to be passed on by those who came through the link with a token, made now
// if there was none. There is one for all of them, so it tells of nobody who passed it on.
func (l *Links) PassOn(ctx context.Context, token string) (Link, error) {
	from, end, err := l.end(ctx, token)
	if err != nil || end {
		return from, err
	}
	return l.Ensure(ctx, from.onward())
}

// PassedOn is PassOn for who may make nothing: ErrNoLink if it has not been made.
func (l *Links) PassedOn(ctx context.Context, token string) (Link, error) {
	from, end, err := l.end(ctx, token)
	if err != nil || end {
		return from, err
	}
	l.mu.RLock()
	known, ok := l.keys[from.onward()]
	l.mu.RUnlock()
	if ok {
		return known, nil
	}
	found, err := l.Store.LinkFor(ctx, from.onward())
	if err == nil {
		l.remember(found)
	}
	return found, err
}

// Share gives the link with which a network's survey is passed on to a further Slack channel, made
// now if there was none. It was made from the network's own Slack link, so its answers count as
// passed on, once, and of the channel it is known how many came from there.
func (l *Links) Share(ctx context.Context, network, place string) (Link, error) {
	own, err := l.Ensure(ctx, Key{Network: network, Channel: Slack})
	if err != nil {
		return Link{}, err
	}
	return l.Ensure(ctx, Key{Network: network, Channel: Onward, Parent: own.Token, Place: place})
}

// Forward gives the link with which people pass on a network's own link of a channel, made now if
// there was none: what a text that is ready to be pasted leads to.
func (l *Links) Forward(ctx context.Context, network string, channel Channel) (Link, error) {
	own, err := l.Ensure(ctx, Key{Network: network, Channel: channel})
	if err != nil {
		return Link{}, err
	}
	return l.PassOn(ctx, own.Token)
}

// Shared are the links of all further channels.
func (l *Links) Shared(ctx context.Context) ([]Link, error) {
	all, err := l.Store.Links(ctx)
	return slices.DeleteFunc(all, func(l Link) bool { return l.Place == "" }), err
}

// onward is the key of the link that a link is passed on as.
func (l Link) onward() Key { return Key{Network: l.Network, Channel: Onward, Parent: l.Token} }

// end finds a link, and tells whether it is one that is passed on as it is.
func (l *Links) end(ctx context.Context, token string) (from Link, end bool, err error) {
	if from, err = l.Find(ctx, token); err != nil {
		return from, false, err
	}
	depth, err := Depth(from, func(token string) (Link, error) { return l.Find(ctx, token) })
	return from, depth >= MaxDepth, err
}

// Depth is how often a link was passed on: 0 for those that a network hands out itself. find gives
// a link by its token; one that is missing ends the chain.
func Depth(l Link, find func(token string) (Link, error)) (int, error) {
	depth := 0
	for l.Channel == Onward && depth < MaxDepth { // which also ends a chain that bites its tail
		depth++
		parent, err := find(l.Parent)
		if errors.Is(err, ErrNoLink) {
			return depth, nil
		}
		if err != nil {
			return depth, err
		}
		l = parent
	}
	return depth, nil
}
