package reading

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Import is what became of a file of decisions.
type Import struct {
	Added     int        `json:"added"`     // texts that nobody had decided on
	Updated   int        `json:"updated"`   // texts decided on otherwise
	Unchanged int        `json:"unchanged"` // also those left without a decision
	Rejected  []Rejected `json:"rejected"`
}

// Rejected is a row that was left out. It has no word of the answer.
type Rejected struct {
	Line   int    `json:"line"` // the file's physical line, or a sheet's row
	Field  string `json:"field"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// Say is the row for a person.
func (r Rejected) Say(l i18n.Lang) string {
	return i18n.T(l, "reading.rejected", i18n.Args{
		"line": r.Line, "field": column(r.Field).heading(l), "reason": i18n.T(l, "reading.reason."+r.Reason, i18n.Args{"value": r.Value}),
	})
}

// Import takes decisions from a file as Export writes it. A text to publish must be the answer with
// parts taken out: it is kept as what was taken out, and nothing is put into anybody's mouth. A fault is
// of the file as a whole; then nothing was kept. With dry it only tells.
func (r *Reader) Import(ctx context.Context, f File, dry bool) (Import, error) {
	imp := Import{Rejected: []Rejected{}}
	if err := r.begun(); err != nil {
		return imp, err
	}
	list, err := f.lines()
	if err != nil {
		return imp, err
	}
	known, err := r.known(ctx, list)
	if err != nil {
		return imp, err
	}
	var decided []Decision
	at := map[string]int{}
	for _, x := range list {
		w := known[x.cells[idColumn]]
		d, bad := x.decision(w.written)
		switch {
		case bad != nil:
			imp.Rejected = append(imp.Rejected, *bad)
			continue
		case d.Verdict == Unread:
			imp.Unchanged++
			continue
		}
		if i, twice := at[d.Hash]; twice { // the last row stands
			decided[i] = d
			continue
		}
		at[d.Hash] = len(decided)
		decided = append(decided, d)
	}
	var changed []Decision
	for _, d := range decided {
		switch before := known[d.Hash].Decision; {
		case before.Verdict == Unread:
			imp.Added++
		case same(before, d, known[d.Hash].text):
			imp.Unchanged++
			continue
		default:
			imp.Updated++
		}
		changed = append(changed, d)
	}
	if dry || len(changed) == 0 {
		return imp, nil
	}
	return imp, r.Store.Decide(ctx, r.Period.Wave, changed)
}

func same(a, b Decision, text string) bool {
	return a.Verdict == b.Verdict && a.Fits(text) && Published(text, a.Cuts) == Published(text, b.Cuts)
}

// standing is a text with what was decided on it.
type standing struct {
	written
	Decision
}

// known are the texts that a file speaks of.
func (r *Reader) known(ctx context.Context, list []line) (map[string]standing, error) {
	wanted, known := map[string]bool{}, map[string]standing{}
	for _, x := range list {
		wanted[x.cells[idColumn]] = true
	}
	piles, err := r.count(ctx, func(w written, d Decision) {
		if wanted[w.hash] {
			known[w.hash] = standing{w, d}
		}
	})
	for hash, w := range known {
		if piles[w.question].Few {
			delete(known, hash)
		}
	}
	return known, err
}

// decision reads a row about a text, which is empty when there is none such.
func (x line) decision(w written) (Decision, *Rejected) {
	reject := func(c column, value, reason string) (Decision, *Rejected) {
		return Decision{}, &Rejected{Line: x.n, Field: string(c), Value: value, Reason: reason}
	}
	if w.hash == "" {
		return reject(idColumn, short(x.cells[idColumn]), "unknown")
	}
	d := Decision{Question: w.question, Hash: w.hash}
	var ok bool
	if d.Verdict, ok = verdict(x.cells[decisionColumn]); !ok {
		return reject(decisionColumn, short(x.cells[decisionColumn]), "verdict")
	}
	if d.Verdict != Release {
		return d, nil
	}
	publish := Clean(x.cells[publishColumn])
	if publish == "" {
		return reject(publishColumn, "", "empty")
	}
	for _, left := range []string{publish, Clean(unguard(publish))} {
		if d.Cuts, ok = Cuts(w.text, left); ok {
			return d, nil
		}
	}
	return reject(publishColumn, "", "reworded")
}

// short is the beginning of what stands in a cell where no answer should.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// verdict reads a decision in any language.
func verdict(s string) (Verdict, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return Unread, true
	}
	for _, v := range []Verdict{Release, Withhold} {
		if s == string(v) {
			return v, true
		}
		for _, l := range i18n.Langs {
			if s == strings.ToLower(i18n.T(l, "reading.decision."+string(v), nil)) {
				return v, true
			}
		}
	}
	return Unread, false
}

// gaps are what people leave where they take something out.
var gaps = regexp.MustCompile(`(?i)\[(?:…|\.\.\.|nimi|namn|name|poistettu|borttaget|removed)\]`)

// Cuts are the parts of a text that are missing in what is left of it: every gap stands for one. ok is
// false when anything else is different. A gap where nothing is missing is let pass.
func Cuts(text, left string) (cuts []Cut, ok bool) {
	pieces := gaps.Split(left, -1)
	if len(pieces) == 1 {
		return nil, left == text
	}
	inner := slices.DeleteFunc(pieces[1:len(pieces)-1], func(piece string) bool { return strings.TrimSpace(piece) == "" }) // two gaps side by side are one
	for _, least := range []int{1, 0} {
		if cuts, ok = between(text, pieces[0], inner, pieces[len(pieces)-1], least); ok {
			return cuts, true
		}
	}
	return nil, false
}

// between are the parts of a text between its beginning, pieces of it and its end, each of at least so
// many characters. A piece is taken as early as it can be, which leaves the most room for those that follow.
func between(text, first string, inner []string, last string, least int) (cuts []Cut, ok bool) {
	at, end := len(first), len(text)-len(last)
	if at > end || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return nil, false
	}
	cut := func(from int) bool {
		if from > at {
			cuts = append(cuts, Cut{at, from})
		}
		return from >= at+least
	}
	for _, piece := range inner {
		from := at
		if least > 0 {
			_, size := utf8.DecodeRuneInString(text[at:end])
			from += size
		}
		i := strings.Index(text[from:end], piece)
		if i < 0 || !cut(from+i) {
			return nil, false
		}
		at = from + i + len(piece)
	}
	ok = cut(end)
	return cuts, ok
}

// File is a file of decisions as it was handed over. Name is what messages call it.
type File struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// line is a row of a file, its cells by column.
type line struct {
	n     int
	cells map[column]string
}

func columnOf(heading string) (column, bool) {
	heading = strings.ToLower(strings.TrimSpace(heading))
	for _, c := range columns {
		if heading == string(c) {
			return c, true
		}
		for _, l := range i18n.Langs {
			if heading == strings.ToLower(c.heading(l)) {
				return c, true
			}
		}
	}
	return "", false
}

func (f File) fault(cause error, key string, args i18n.Args) error {
	return fault.Wrap(cause, fault.Invalid, key, args).At(fault.Place{File: cmp.Or(f.Name, "-")})
}
