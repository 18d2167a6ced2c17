package link

import (
	"context"
	"io"
	"strings"
	"sync"
)

// Links makes and finds tracking links. Links never change, so it remembers those it has seen:
// a landing page costs no read of the store.
type Links struct {
	Store   Store
	Rand    io.Reader // cryptographic
	BaseURL string    // https://barometer.example.org, no slash at the end

	mu     sync.RWMutex
	tokens map[string]Link
	keys   map[Key]Link
}

// Ensure gives the link for a key, made now if there was none.
func (l *Links) Ensure(ctx context.Context, key Key) (Link, error) {
	l.mu.RLock()
	known, ok := l.keys[key]
	l.mu.RUnlock()
	if ok {
		return known, nil
	}
	token, err := NewToken(l.Rand)
	if err != nil {
		return Link{}, err
	}
	put, err := l.Store.PutLinks(ctx, []Link{{Token: token, Network: key.Network, Channel: key.Channel, Parent: key.Parent, Place: key.Place}})
	if err != nil {
		return Link{}, err
	}
	l.remember(put[0])
	return put[0], nil
}

// Find gives the link with a token: ErrNoLink.
func (l *Links) Find(ctx context.Context, token string) (Link, error) {
	l.mu.RLock()
	known, ok := l.tokens[token]
	l.mu.RUnlock()
	if ok {
		return known, nil
	}
	found, err := l.Store.Link(ctx, token)
	if err != nil {
		return Link{}, err
	}
	l.remember(found)
	return found, nil
}

func (l *Links) remember(link Link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tokens == nil {
		l.tokens, l.keys = map[string]Link{}, map[Key]Link{}
	}
	l.tokens[link.Token] = link
	l.keys[link.Key()] = link
}

// URL is the address to send people to.
func (l *Links) URL(link Link) string { return Survey(l.BaseURL, link.Token) }

// Survey is the address of a survey link.
func Survey(base, token string) string { return strings.TrimSuffix(base, "/") + "/r/" + token }

// OptOut is the address of a personal opt-out link. It has a path and a token of its own, which
// no page of the survey knows.
func OptOut(base, token string) string { return strings.TrimSuffix(base, "/") + "/u/" + token }
