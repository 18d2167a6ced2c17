package contacts

import (
	"strconv"
	"strings"

	"viesti/i18n"
)

// Reason is why a row was left out, as a word that scripts may rely on.
type Reason string

// The reasons. Each has its sentence in i18n under contacts.reject.
const (
	missingAddress  Reason = "missing_address"
	notAnAddress    Reason = "not_an_address"
	unknownLanguage Reason = "unknown_language"
	missingNetwork  Reason = "missing_network"
	unknownNetwork  Reason = "unknown_network"
	badSlackUser    Reason = "bad_slack_user"
	optedOut        Reason = "opted_out"
	erased          Reason = "erased"

	missingID       Reason = "missing_id"
	badID           Reason = "bad_id"
	twice           Reason = "twice" // the id stands on an earlier row
	missingName     Reason = "missing_name"
	unknownKind     Reason = "unknown_kind"
	unknownRegion   Reason = "unknown_region"
	badTarget       Reason = "bad_target"
	badSlackChannel Reason = "bad_slack_channel"
	datesCross      Reason = "dates_cross"
	badSender       Reason = "bad_sender"
	unknownParent   Reason = "unknown_parent"
	circle          Reason = "circle" // the network would lie under itself

	unknownGround Reason = "unknown_reason"
	badDay        Reason = "bad_date"
	foreignHash   Reason = "foreign_hash"

	quote        Reason = "quote"   // a quotation mark is left open or stands inside a cell
	tooManyCells Reason = "columns" // more cells than the header has
	tooLong      Reason = "too_long"
)

// The longest cell that is taken, and how much of a cell a message shows, in characters.
const (
	maxCell  = 500
	maxShown = 80
)

// Rejected is one row that was left out: where it stands, and the first thing wrong with it.
type Rejected struct {
	Line   int    `json:"line"`  // physical line of the file or row of the sheet; the header is line 1
	Field  string `json:"field"` // column; empty when the row as a whole is wrong
	Value  string `json:"value"` // the cell, cut when long
	Reason Reason `json:"reason"`
	Hint   string `json:"hint,omitempty"` // what may have been meant
}

// Say is the rejection for a person: where, what, and what to do next.
func (r Rejected) Say(l i18n.Lang) string {
	what := i18n.T(l, "contacts.reject."+string(r.Reason), i18n.Args{"value": r.Value, "max": maxCell, "kinds": kindWords()})
	if r.Hint != "" {
		what += " " + i18n.T(l, "contacts.did_you_mean", i18n.Args{"hint": r.Hint})
	}
	args := i18n.Args{"line": strconv.Itoa(r.Line), "field": r.Field, "what": what} // a line number is not grouped
	if r.Field == "" {
		return i18n.T(l, "contacts.rejected_row", args)
	}
	return i18n.T(l, "contacts.rejected_cell", args)
}

func kindWords() string {
	words := make([]string, len(Kinds))
	for i, k := range Kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

func reject(field, value string, why Reason) *Rejected {
	return &Rejected{Field: field, Value: shorten(value), Reason: why}
}

func (r *Rejected) meant(hint string) *Rejected {
	r.Hint = hint
	return r
}

func shorten(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxShown {
			return s[:i] + "…"
		}
	}
	return s
}
