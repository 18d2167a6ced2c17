package contacts

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// suppressionForm is the list of addresses to which nothing is sent, one row for each reason.
var suppressionForm = form{
	header: []string{"email", "hash", "reason", "date", "words"},
	aliases: map[string]string{
		"emailaddress": "email", "mail": "email", "address": "email", "sähköposti": "email", "epost": "email",
		"syy": "reason", "skäl": "reason", "orsak": "reason", "type": "reason", "päivä": "date", "datum": "date",
	},
	needs: [][]string{{"email", "hash"}},
}

// erasedGround stands in lists for an erasure, which is no cause of a standing.
const erasedGround Ground = "erased"

// grounds are what other programs' lists call them.
var grounds = map[string]Ground{
	"": Operator, "operator": Operator, "manual": Operator, "imported": Operator, "blocklist": Operator, "blocklisted": Operator,
	"opt_out": Wish, "optout": Wish, "opt-out": Wish, "opted_out": Wish, "unsubscribe": Wish, "unsubscribed": Wish,
	"complaint": Complaint, "spam": Complaint, "abuse": Complaint,
	"address_dead": DeadAddress, "dead": DeadAddress, "bounce": DeadAddress, "bounced": DeadAddress, "hard": DeadAddress, "hard_bounce": DeadAddress,
	"unreachable": Unreachable, "soft": Unreachable, "mailbox_full": Unreachable,
	"erased": erasedGround, "erase": erasedGround,
}

// SuppressedRow is a reason for which nothing is sent to an address, as lists show it.
type SuppressedRow struct {
	Email  string `json:"email,omitempty"` // empty: only the hash is known
	Hash   string `json:"hash"`
	Reason Ground `json:"reason"`
	Date   string `json:"date,omitempty"`
	Words  string `json:"words,omitempty"`
}

func (s Suppression) rows() (rows []SuppressedRow) {
	add := func(holds bool, c Cause, usual Ground) {
		if holds {
			rows = append(rows, SuppressedRow{s.Email, s.Hash, cmp.Or(c.Ground, usual), c.Day, c.Words})
		}
	}
	add(s.Standing.Erased, Cause{}, erasedGround)
	add(s.Standing.OptedOut, s.Standing.Opted, Wish)
	add(s.Standing.Bounced, s.Standing.Dead, DeadAddress)
	return rows
}

// ListSuppressions are the addresses to which nothing is sent, in any wave: first those that are
// known, then the hashes of the others.
func (l Lists) ListSuppressions(ctx context.Context) ([]SuppressedRow, error) {
	list := []SuppressedRow{}
	err := l.Store.Suppressed(ctx, func(s Suppression) error {
		list = append(list, s.rows()...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read suppressions: %w", err)
	}
	slices.SortStableFunc(list, func(a, b SuppressedRow) int {
		if (a.Email == "") != (b.Email == "") {
			return cmp.Compare(b.Email, a.Email) // an empty one after all others
		}
		return cmp.Or(cmp.Compare(AddressKey(a.Email), AddressKey(b.Email)), cmp.Compare(a.Hash, b.Hash))
	})
	return list, nil
}

// ExportSuppressions writes them as CSV. A hash is of use to this installation alone.
func (l Lists) ExportSuppressions(ctx context.Context, w io.Writer) error {
	list, err := l.ListSuppressions(ctx)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	rows := [][]string{suppressionForm.header}
	for _, s := range list {
		rows = append(rows, []string{guard(s.Email), s.Hash, string(s.Reason), s.Date, guard(s.Words)})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write suppressions: %w", err)
	}
	return nil
}

// ImportSuppressions reads such a list, or any with a column of addresses, and stops what it names,
// in lists or not: it only ever stops more. today is the date of rows that have none.
func (l Lists) ImportSuppressions(ctx context.Context, file Source, today string, dryRun bool) (Import, error) {
	imp := Import{Rejected: []Rejected{}}
	var list []Suppression
	var lines []int
	err := suppressionForm.read(ctx, file, &imp, func(r record) *Rejected {
		s, bad := suppressionOf(r, today)
		if bad == nil {
			list, lines = append(list, s), append(lines, r.line)
		}
		return bad
	})
	if err != nil {
		return imp, err
	}
	save := l.Store.Suppress
	if dryRun {
		save = l.foreseeSuppressions
	}
	for i := 0; i < len(list); i += batch {
		some := list[i:min(i+batch, len(list))]
		outcomes, err := save(ctx, some)
		if err != nil {
			return imp, fmt.Errorf("save suppressions: %w", err)
		}
		for j, o := range outcomes {
			if imp.count(o); o == Foreign {
				bad := reject("hash", some[j].Hash, foreignHash)
				bad.Line = lines[i+j]
				imp.Rejected = append(imp.Rejected, *bad)
			}
		}
	}
	imp.sort()
	return imp, nil
}

func suppressionOf(r record, today string) (s Suppression, bad *Rejected) {
	_, s.Email = splitAddress(r.cell("email"))
	s.Hash = r.cell("hash")
	switch {
	case s.Email == "" && s.Hash == "":
		return s, reject("email", "", missingAddress)
	case s.Email != "" && !sendable(s.Email):
		return s, reject("email", s.Email, notAnAddress).meant(mend(s.Email))
	}
	ground, ok := grounds[strings.ToLower(r.cell("reason"))]
	if !ok {
		return s, reject("reason", r.cell("reason"), unknownGround)
	}
	cause := Cause{Ground: ground, Day: cmp.Or(r.cell("date"), today), Words: r.cell("words")}
	if _, err := time.Parse(time.DateOnly, cause.Day); err != nil {
		return s, reject("date", r.cell("date"), badDay)
	}
	switch ground {
	case erasedGround:
		s.Standing.Erased = true
	case DeadAddress, Unreachable:
		s.Standing.Bounced, s.Standing.Dead = true, cause
	default:
		s.Standing.OptedOut, s.Standing.Opted = true, cause
	}
	return s, nil
}

// foreseeSuppressions tells what Suppress would do.
func (l Lists) foreseeSuppressions(ctx context.Context, list []Suppression) ([]Outcome, error) {
	known, mark := map[string]Standing{}, ""
	err := l.Store.Suppressed(ctx, func(s Suppression) error {
		known[s.Hash] = s.Standing
		mark, _, _ = strings.Cut(s.Hash, "-")
		return nil
	})
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(list))
	for i, s := range list {
		was, listed := known[s.Hash]
		if s.Email != "" {
			k, err := l.Store.ContactByEmail(ctx, s.Email)
			if err != nil && !errors.Is(err, ErrNoContact) {
				return nil, err
			}
			was, listed = k.Standing, k.Standing != Standing{}
		}
		switch {
		case s.Email == "" && mark != "" && !strings.HasPrefix(s.Hash, mark+"-"):
			outcomes[i] = Foreign
		case s.Apply(was) == was:
			outcomes[i] = Unchanged
		case listed:
			outcomes[i] = Updated
		}
	}
	return outcomes, nil
}
