package link

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"image/png"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"viesti/i18n"
)

// shelf is a Store in memory.
type shelf struct {
	mu    sync.Mutex
	links map[Key]Link
	reads int
}

func (s *shelf) PutLinks(_ context.Context, list []Link) ([]Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make([]Link, len(list))
	for i, l := range list {
		if _, ok := s.links[l.Key()]; !ok {
			s.links[l.Key()] = l
		}
		now[i] = s.links[l.Key()]
	}
	return now, nil
}

func (s *shelf) Link(_ context.Context, token string) (Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	for _, l := range s.links {
		if l.Token == token {
			return l, nil
		}
	}
	return Link{}, ErrNoLink
}

func (s *shelf) LinkFor(_ context.Context, key Key) (Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.links[key]; ok {
		return l, nil
	}
	return Link{}, ErrNoLink
}

func (s *shelf) Links(context.Context) ([]Link, error) {
	return slices.Collect(maps.Values(s.links)), nil
}

func TestOneLinkForEachKey(t *testing.T) {
	store := &shelf{links: map[Key]Link{}}
	links := &Links{Store: store, Rand: rand.Reader, BaseURL: "https://b.example.org/"}
	key := Key{Network: "pomako", Channel: Mail}
	var wg sync.WaitGroup
	tokens := make([]string, 20)
	for i := range tokens {
		wg.Go(func() {
			l, err := links.Ensure(t.Context(), key)
			if err != nil {
				t.Error(err)
			}
			tokens[i] = l.Token
		})
	}
	wg.Wait()
	for _, token := range tokens {
		if token != tokens[0] {
			t.Fatal("two links for one key")
		}
	}
	found, err := links.Find(t.Context(), tokens[0])
	if err != nil || found.Key() != key || store.reads != 0 {
		t.Errorf("%+v %v, %d reads", found, err, store.reads)
	}
	if _, err := links.Find(t.Context(), "nothing"); !errors.Is(err, ErrNoLink) {
		t.Error(err)
	}
	if url := links.URL(found); url != "https://b.example.org/r/"+tokens[0] {
		t.Error(url)
	}
}

func TestCodesAndPosters(t *testing.T) {
	const url = "https://barometer.example.org/r/abcdefghjkmn2"
	raw, err := PNG(url, 8)
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(raw)); err != nil || img.Bounds().Dx() < 200 {
		t.Errorf("%v", err)
	}
	svg, err := SVG(url, `A "label" & <more>`)
	if err != nil || xml.Unmarshal(svg, new(struct{ XMLName xml.Name })) != nil {
		t.Errorf("%v\n%s", err, svg)
	}
	for _, l := range i18n.Langs {
		pdf, err := Sheet{
			Title: "Åäö barometer", Network: "Österbotten – POMAKO", Organiser: "Ministeriö", Minutes: [2]int{10, 15},
			Closes: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC), URL: url, Lang: l,
		}.PDF()
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) || bytes.Count(pdf, []byte("/Type /Page\n")) != 1 {
			t.Errorf("%s: %v, %d bytes", l, err, len(pdf))
		}
		sheet := Sheet{Title: "Åäö", Organiser: "Ministeriö", Minutes: [2]int{10, 15}, Closes: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC), URL: url, Lang: l}
		for _, want := range []string{url, "Åäö", "Ministeriö", "10–15", i18n.Date(l, sheet.Closes)} {
			if !strings.Contains(sheet.Forward(), want) {
				t.Errorf("%s: the text to pass on lacks %q:\n%s", l, want, sheet.Forward())
			}
		}
		typed := sheet.Typed()
		_, token, _ := strings.Cut(typed, "/r/")
		if parsed, ok := Parse(token); typed != "barometer.example.org/r/abcd-efgh-jkmn2" || !ok || parsed != "abcdefghjkmn2" {
			t.Errorf("typed as %s, read as %s", typed, parsed)
		}
	}
	if _, err := PNG(strings.Repeat("x", 5000), 8); err == nil {
		t.Error("an address that fits no code was taken")
	}
}
