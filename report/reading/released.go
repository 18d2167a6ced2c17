package reading

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
)

// Open is what may be published of the open answers to a question.
type Open struct {
	// Given is how many people wrote something.
	Given int64
	// Answers are the released texts, each once however many wrote it, without the parts taken out.
	// Their order is a function of the texts themselves, so that it says nothing of anybody, and is
	// the same whenever it is asked for. There are none where fewer than the minimum wrote.
	Answers []string
	// Unread is how many different texts nobody has decided on.
	Unread int
}

// Gathering collects what may be published while somebody else goes through the responses. It is not
// for several goroutines; several are brought together by Merge.
type Gathering struct {
	minimum int64
	hash    hasher
	decided map[string]Decision // shared, read only
	piles   map[string]*gathered
}

type gathered struct {
	given    int64
	unread   map[string]bool
	released map[string]bool
}

// Gather begins a collection, one for each of n goroutines.
func (r *Reader) Gather(ctx context.Context, n int) ([]*Gathering, error) {
	if err := r.begun(); err != nil {
		return nil, err
	}
	decided, err := r.decisions(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]*Gathering, n)
	for i := range list {
		list[i] = &Gathering{r.Minimum, r.hasher(), decided, map[string]*gathered{}}
	}
	return list, nil
}

// Add takes a text that somebody wrote to a question.
func (g *Gathering) Add(question, text string) {
	if text = Clean(text); text == "" {
		return
	}
	p := g.pile(question)
	p.given++
	hash := g.hash.of(question, text)
	switch d := g.decided[hash]; {
	case d.Verdict == Unread:
		p.unread[hash] = true
	case d.Verdict == Release && d.Fits(text):
		if left := Published(text, d.Cuts); !Blank(left) {
			p.released[left] = true
		}
	}
}

func (g *Gathering) pile(question string) *gathered {
	p := g.piles[question]
	if p == nil {
		p = &gathered{unread: map[string]bool{}, released: map[string]bool{}}
		g.piles[question] = p
	}
	return p
}

// Merge takes in what another has collected.
func (g *Gathering) Merge(other *Gathering) {
	for question, theirs := range other.piles {
		p := g.pile(question)
		p.given += theirs.given
		maps.Copy(p.unread, theirs.unread)
		maps.Copy(p.released, theirs.released)
	}
}

// Open is what was collected, by question.
func (g *Gathering) Open() map[string]Open {
	all := map[string]Open{}
	for question, p := range g.piles {
		o := Open{Given: p.given, Answers: []string{}}
		if p.given >= g.minimum {
			o.Answers, o.Unread = shuffled(p.released), len(p.unread)
		}
		all[question] = o
	}
	return all
}

// shuffled orders texts by a hash of what is published of them and of nothing else: whoever has the
// list could have made the order, so it tells nothing.
func shuffled(texts map[string]bool) []string {
	type hashed struct{ text, hash string }
	list := make([]hashed, 0, len(texts))
	for t := range texts {
		sum := sha256.Sum256([]byte(t))
		list = append(list, hashed{t, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(list, func(a, b hashed) int { return cmp.Compare(a.hash, b.hash) })
	out := make([]string, len(list))
	for i, h := range list {
		out[i] = h.text
	}
	return out
}

// Released is what may be published of the open answers of the wave, by question: of those that were sent
// on days that count, which are all without counts. It is refused before the close.
func (r *Reader) Released(ctx context.Context, counts func(day string) bool) (map[string]Open, error) {
	gatherings, err := r.Gather(ctx, 1)
	if err != nil {
		return nil, err
	}
	g := gatherings[0]
	err = r.texts(ctx, counts, func(w written, _ Decision) { g.Add(w.question, w.text) })
	return g.Open(), err
}
