package link

import (
	"crypto/rand"
	"errors"
	"testing"
)

func TestOnward(t *testing.T) {
	store := &shelf{links: map[Key]Link{}}
	links := &Links{Store: store, Rand: rand.Reader}
	first, err := links.Ensure(t.Context(), Key{Network: "pomako", Channel: Mail})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := links.PassedOn(t.Context(), first.Token); !errors.Is(err, ErrNoLink) || len(store.links) != 1 {
		t.Errorf("%v, %d links: one was made by looking", err, len(store.links))
	}
	at := first
	for depth := 1; depth <= MaxDepth+2; depth++ {
		next, err := links.PassOn(t.Context(), at.Token)
		if err != nil {
			t.Fatal(err)
		}
		again, err := links.PassOn(t.Context(), at.Token)
		fresh := &Links{Store: store, Rand: rand.Reader} // as after a restart
		found, foundErr := fresh.PassedOn(t.Context(), at.Token)
		if again != next || err != nil || found != next || foundErr != nil {
			t.Errorf("depth %d: %+v, then %+v, found %+v: %v %v", depth, next, again, found, err, foundErr)
		}
		if depth > MaxDepth {
			if next != at {
				t.Errorf("depth %d has a link of its own", depth)
			}
			continue
		}
		if next.Network != "pomako" || next.Channel != Onward || next.Parent != at.Token {
			t.Errorf("depth %d: %+v", depth, next)
		}
		got, err := Depth(next, func(token string) (Link, error) { return fresh.Find(t.Context(), token) })
		if got != depth || err != nil {
			t.Errorf("depth %d is said to be %d: %v", depth, got, err)
		}
		at = next
	}
	if len(store.links) != MaxDepth+1 {
		t.Errorf("%d links", len(store.links))
	}
	if _, err := links.PassOn(t.Context(), "nothing"); !errors.Is(err, ErrNoLink) {
		t.Error(err)
	}
}

func TestDepthOfBrokenChains(t *testing.T) {
	loop := Link{Token: "a", Channel: Onward, Parent: "a"}
	if d, err := Depth(loop, func(string) (Link, error) { return loop, nil }); d != MaxDepth || err != nil {
		t.Errorf("%d %v", d, err)
	}
	if d, err := Depth(loop, func(string) (Link, error) { return Link{}, ErrNoLink }); d != 1 || err != nil {
		t.Errorf("%d %v", d, err)
	}
}

func TestShare(t *testing.T) {
	store := &shelf{links: map[Key]Link{}}
	links := &Links{Store: store, Rand: rand.Reader}
	c1, err := links.Share(t.Context(), "pomako", "C1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := links.Share(t.Context(), "pomako", "C1")
	c2, err2 := links.Share(t.Context(), "pomako", "C2")
	other, err3 := links.Share(t.Context(), "etno", "C1")
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	own, err := store.LinkFor(t.Context(), Key{Network: "pomako", Channel: Slack})
	if err != nil || again != c1 || c2.Token == c1.Token || other.Token == c1.Token || c1.Parent != own.Token || c1.Channel != Onward {
		t.Errorf("own %+v, shared %+v, %+v, %+v, %+v: %v", own, c1, again, c2, other, err)
	}
	depth, err := Depth(c1, func(token string) (Link, error) { return links.Find(t.Context(), token) })
	if depth != 1 || err != nil {
		t.Errorf("depth %d, %v", depth, err)
	}
	shared, err := links.Shared(t.Context())
	if len(shared) != 3 || err != nil {
		t.Errorf("shared: %+v, %v", shared, err)
	}
}
