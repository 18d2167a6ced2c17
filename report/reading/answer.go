package reading

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/reading/mark"
)

// Answer is a text as a reader sees it.
type Answer struct {
	Question string
	Title    i18n.Text
	Hash     string
	Text     string
	Marks    []mark.Span // what may tell of somebody, and what was taken out before
	Verdict  Verdict
	Cuts     []Cut // as decided; while it is unread, all that is marked
}

// Place is where a reader is.
type Place struct {
	Question string // empty: the first with something to read
	After    string // the hash of the answer before; empty: from the beginning
	Read     bool   // goes through what was read, not what is unread
}

// Next is the next answer to be read, and how far the reading has come; nil when there is none. The
// order is that of the hashes, which says nothing of who wrote, when, or what else they wrote.
func (r *Reader) Next(ctx context.Context, at Place) (*Answer, Progress, error) {
	p := Progress{Wave: r.Period.Wave, From: r.From(), Begun: true}
	if err := r.begun(); err != nil {
		return nil, p, err
	}
	firsts, nexts := map[string]written{}, map[string]written{}
	piles, err := r.count(ctx, func(w written, d Decision) {
		if (d.Verdict != Unread) != at.Read || at.Question != "" && w.question != at.Question {
			return
		}
		least(firsts, w)
		if w.hash > at.After {
			least(nexts, w)
		}
	})
	if err != nil {
		return nil, p, err
	}
	p.fill(r, piles)
	for _, pile := range p.Questions {
		found, ok := nexts[pile.Question]
		if !ok && !at.Read { // what was passed over comes again
			found, ok = firsts[pile.Question]
		}
		if ok && !pile.Few {
			a, err := r.answer(ctx, found)
			return a, p, err
		}
	}
	return nil, p, nil
}

// least keeps of each question the text whose hash is the least.
func least(all map[string]written, w written) {
	if have, ok := all[w.question]; !ok || w.hash < have.hash {
		all[w.question] = w
	}
}

// Answer finds a text that was written to a question.
func (r *Reader) Answer(ctx context.Context, hash string) (*Answer, error) {
	if err := r.begun(); err != nil {
		return nil, err
	}
	found, err := r.find(ctx, hash)
	if err != nil {
		return nil, err
	}
	return r.answer(ctx, found)
}

func (r *Reader) find(ctx context.Context, hash string) (found written, err error) {
	var text *written
	piles, err := r.count(ctx, func(w written, _ Decision) {
		if w.hash == hash {
			text = &w
		}
	})
	switch {
	case err != nil:
		return found, err
	case text == nil || piles[text.question].Few:
		return found, fault.New(fault.NotFound, "reading.unknown", nil)
	}
	return *text, nil
}

func (r *Reader) answer(ctx context.Context, w written) (*Answer, error) {
	decided, err := r.decisions(ctx)
	if err != nil {
		return nil, err
	}
	marks, err := r.marks(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Question: w.question, Title: r.title(w.question), Hash: w.hash, Text: w.text, Marks: marks(w.text)}
	d := decided[w.hash]
	a.Verdict, a.Cuts = d.Verdict, d.Cuts
	if a.Verdict == Unread {
		a.Cuts = cutsOf(a.Marks)
	}
	a.Add(a.Cuts)
	return a, nil
}

func cutsOf(marks []mark.Span) []Cut {
	cuts := make([]Cut, len(marks))
	for i, m := range marks {
		cuts[i] = Cut{m.Start, m.End}
	}
	return cuts
}

// ByHand is the kind of what a reader marked.
const ByHand mark.Kind = "hand"

// Add marks what a reader takes out beside what is marked already.
func (a *Answer) Add(cuts []Cut) {
	list := a.Marks
	for _, c := range cuts {
		if !slices.ContainsFunc(a.Marks, func(m mark.Span) bool { return m.Start == c.Start && m.End == c.End }) {
			list = append(list, mark.Span{Start: c.Start, End: c.End, Kind: ByHand})
		}
	}
	a.Marks = mark.Joined(list)
}

// Decide keeps what a reader decided on a text.
func (r *Reader) Decide(ctx context.Context, hash string, v Verdict, cuts []Cut) error {
	if err := r.begun(); err != nil {
		return err
	}
	w, err := r.find(ctx, hash)
	if err != nil {
		return err
	}
	d := Decision{Question: w.question, Hash: hash, Verdict: v}
	if v == Release {
		d.Cuts = cuts
	}
	if !d.Fits(w.text) {
		return fault.New(fault.Invalid, "reading.bad_decision", nil)
	}
	return r.Store.Decide(ctx, r.Period.Wave, []Decision{d})
}

// Fits tells whether a decision can be about a text.
func (d Decision) Fits(text string) bool {
	at := 0
	for _, c := range d.Cuts {
		if c.Start < at || c.End <= c.Start || c.End > len(text) || !utf8.RuneStart(text[c.Start]) || c.End < len(text) && !utf8.RuneStart(text[c.End]) {
			return false
		}
		at = c.End
	}
	return d.Verdict == Release || d.Verdict == Withhold && len(d.Cuts) == 0
}

// Together are parts in order, those that overlap as one.
func Together(cuts []Cut) []Cut {
	spans := make([]mark.Span, len(cuts))
	for i, c := range cuts {
		spans[i] = mark.Span{Start: c.Start, End: c.End}
	}
	return cutsOf(mark.Joined(spans))
}

// mostTyped is how many words are looked for at once.
const mostTyped = 50

// Typed are the places where words stand that somebody typed, one a line or with commas between them;
// missing are those that stand nowhere. Case does not matter, and the whole word around is meant.
func Typed(text, typed string) (cuts []Cut, missing []string) {
	lower, offsets := lowered(text)
	var spans []mark.Span
	words := strings.FieldsFunc(typed, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' })
	for _, word := range words[:min(len(words), mostTyped)] {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		wanted, _ := lowered(word)
		found, covered := false, 0 // up to where words are taken already
		for at := 0; ; {
			i := strings.Index(lower[at:], wanted)
			if i < 0 {
				break
			}
			i += at
			at, found = i+len(wanted), true
			if offsets[at] > covered {
				s := whole(text, offsets[i], offsets[at])
				spans, covered = append(spans, s), s.End
			}
		}
		if !found {
			missing = append(missing, word)
		}
	}
	return cutsOf(mark.Joined(spans)), missing
}

// lowered is a text in lower case, and for each byte of that and its end where it is in the text.
func lowered(text string) (string, []int) {
	var b strings.Builder
	offsets := make([]int, 0, len(text)+1)
	for i, r := range text {
		n := b.Len()
		b.WriteRune(unicode.ToLower(r))
		for range b.Len() - n {
			offsets = append(offsets, i)
		}
	}
	return b.String(), append(offsets, len(text))
}

// whole is the words that a part of a text lies in.
func whole(text string, start, end int) mark.Span {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	for start > 0 {
		before, size := utf8.DecodeLastRuneInString(text[:start])
		if first, _ := utf8.DecodeRuneInString(text[start:]); !inWord(before) || !inWord(first) {
			break
		}
		start -= size
	}
	for end < len(text) {
		after, size := utf8.DecodeRuneInString(text[end:])
		if last, _ := utf8.DecodeLastRuneInString(text[:end]); !inWord(after) || !inWord(last) {
			break
		}
		end += size
	}
	return mark.Span{Start: start, End: end, Kind: ByHand}
}
