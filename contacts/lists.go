package contacts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Lists brings coordinators' lists in and gives them out again.
type Lists struct {
	Store Store
	Rand  io.Reader // cryptographic; ids and opt-out tokens are drawn from it
}

// Source is a list as it was handed over: a CSV text or an XLSX workbook. Name is what messages
// call the file.
type Source struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// ImportOptions say how to read a contact list.
type ImportOptions struct {
	Network string `json:"network,omitempty"` // for rows that name none
	DryRun  bool   `json:"dry_run,omitempty"` // tells what would become of the list and saves nothing
}

// Import is what became of a list. Added, Updated and Unchanged count people (or networks), each
// once however many rows it has; Rejected has every row that was left out, in the file's order.
type Import struct {
	Added     int        `json:"added"`
	Updated   int        `json:"updated"`
	Unchanged int        `json:"unchanged"`
	Rejected  []Rejected `json:"rejected"`
	Ignored   []string   `json:"ignored_columns,omitempty"` // headings nobody knows
}

// batch is how many contacts are saved in one transaction.
const batch = 1000

// ImportContacts reads a list of contacts and saves its good rows. A row is one person in one
// network; rows of one address become one contact (Contact.Merge, later rows last), so that
// importing a file twice changes nothing. A person who opted out or was erased is not brought
// back, and each of their rows says so.
//
// A *fault.Fault tells that the file as a whole cannot be read; then nothing was saved. After any
// other error what was saved stays, and importing the file again is harmless.
func (l Lists) ImportContacts(ctx context.Context, file Source, o ImportOptions) (Import, error) {
	imp := Import{Rejected: []Rejected{}}
	rows, err := l.contactRows(ctx, o.Network)
	if err != nil {
		return imp, err
	}
	people := gathering{byKey: map[string]*person{}}
	err = contactForm.read(ctx, file, &imp, func(r record) *Rejected {
		c, bad := rows.contact(r)
		if bad == nil {
			people.add(c, r.line)
		}
		return bad
	})
	if err != nil {
		return imp, err
	}
	save := l.Store.SaveContacts
	if o.DryRun {
		save = l.foresee
	}
	for some := range slices.Chunk(people.list, batch) {
		if err := l.save(ctx, some, &imp, save); err != nil {
			return imp, err
		}
	}
	imp.sort()
	return imp, nil
}

func (l Lists) contactRows(ctx context.Context, fallback string) (contactRows, error) {
	list, err := l.Store.Networks(ctx)
	if err != nil {
		return contactRows{}, fmt.Errorf("read networks: %w", err)
	}
	rows := contactRows{known: map[string]bool{}, hints: map[string]string{}}
	for _, n := range list {
		rows.known[n.ID] = true
		rows.ids = append(rows.ids, n.ID)
	}
	if rows.fallback = strings.ToLower(strings.TrimSpace(fallback)); rows.fallback == "" || rows.known[rows.fallback] {
		return rows, nil
	}
	key, args := "contacts.no_network", i18n.Args{"network": rows.fallback}
	if hint := near(rows.fallback, rows.ids); hint != "" {
		key, args["hint"] = "contacts.no_network_near", hint
	}
	return rows, fault.Wrap(ErrNoNetwork, fault.NotFound, key, args)
}

// gathering joins the rows of a file into people, in the order of their first rows.
type gathering struct {
	list  []*person
	byKey map[string]*person
}

type person struct {
	Contact
	lines []int
}

func (g *gathering) add(c Contact, line int) {
	key := AddressKey(c.Email)
	if p := g.byKey[key]; p != nil {
		p.Contact, p.lines = p.Merge(c), append(p.lines, line)
		return
	}
	p := &person{Contact: c, lines: []int{line}}
	g.list, g.byKey[key] = append(g.list, p), p
}

// save gives a batch an id and a token each, used only where the address is new, and counts what
// became of it.
func (l Lists) save(ctx context.Context, people []*person, imp *Import, save func(context.Context, []Contact) ([]Saved, error)) error {
	list := make([]Contact, len(people))
	for i, p := range people {
		c, err := named(p.Contact, l.Rand)
		if err != nil {
			return fmt.Errorf("draw an id: %w", err)
		}
		list[i] = c
	}
	saved, err := save(ctx, list)
	if err != nil {
		return fmt.Errorf("save contacts: %w", err)
	}
	for i, s := range saved {
		imp.count(s.Outcome)
		if s.Outcome == Barred {
			imp.bar(people[i], s.Standing)
		}
	}
	return nil
}

// foresee tells what SaveContacts would do.
func (l Lists) foresee(ctx context.Context, list []Contact) ([]Saved, error) {
	saved := make([]Saved, len(list))
	for i, c := range list {
		known, err := l.Store.ContactByEmail(ctx, c.Email)
		isNew := errors.Is(err, ErrNoContact)
		if err != nil && !isNew {
			return nil, err
		}
		saved[i] = Saved{Outcome: Updated, Standing: known.Standing}
		switch {
		case known.Standing.OptedOut || known.Standing.Erased:
			saved[i].Outcome = Barred
		case isNew:
			saved[i].Outcome = Added
		case known.Merge(c).Equal(known.Contact):
			saved[i].Outcome = Unchanged
		}
	}
	return saved, nil
}

func (imp *Import) count(o Outcome) {
	switch o {
	case Added:
		imp.Added++
	case Updated:
		imp.Updated++
	case Unchanged:
		imp.Unchanged++
	}
}

func (imp *Import) bar(p *person, s Standing) {
	why := optedOut
	if s.Erased {
		why = erased
	}
	for _, line := range p.lines {
		bad := reject("email", p.Email, why)
		bad.Line = line
		imp.Rejected = append(imp.Rejected, *bad)
	}
}

func (imp *Import) sort() {
	slices.SortStableFunc(imp.Rejected, func(a, b Rejected) int { return cmp.Compare(a.Line, b.Line) })
}
