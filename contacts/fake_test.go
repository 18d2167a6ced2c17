package contacts

import (
	"context"
	"errors"
	"slices"
	"strings"

	"viesti/i18n"
)

// fake is a Store in memory, with what the lists use of one.
type fake struct {
	Store
	nets      []Network
	people    map[string]Contact
	standings map[string]Standing
	batches   []int
	full      error // what saving fails with
}

func newFake(ids ...string) *fake {
	f := &fake{people: map[string]Contact{}, standings: map[string]Standing{}}
	for _, id := range ids {
		f.nets = append(f.nets, Network{ID: id, Name: i18n.Text{i18n.Fi: id}, Kind: Mixed, Region: National})
	}
	return f
}

func (f *fake) Networks(context.Context) ([]Network, error) { return f.nets, nil }

func (f *fake) SaveNetworks(_ context.Context, list []Network) ([]Outcome, error) {
	var outcomes []Outcome
	for _, n := range list {
		i := slices.IndexFunc(f.nets, func(m Network) bool { return m.ID == n.ID })
		switch {
		case i < 0:
			f.nets = append(f.nets, n)
			outcomes = append(outcomes, Added)
		case f.nets[i].Equal(n):
			outcomes = append(outcomes, Unchanged)
		default:
			f.nets[i] = n
			outcomes = append(outcomes, Updated)
		}
	}
	return outcomes, nil
}

func (f *fake) SaveContacts(_ context.Context, list []Contact) ([]Saved, error) {
	if f.full != nil {
		return nil, f.full
	}
	f.batches = append(f.batches, len(list))
	var saved []Saved
	for _, c := range list {
		key := AddressKey(c.Email)
		s := Saved{Standing: f.standings[key]}
		known, ok := f.people[key]
		switch {
		case s.Standing.OptedOut || s.Standing.Erased:
			s.Outcome = Barred
		case !ok:
			f.people[key], s.Outcome = c, Added
		case known.Merge(c).Equal(known):
			s.Outcome = Unchanged
		default:
			f.people[key], s.Outcome = known.Merge(c), Updated
		}
		saved = append(saved, s)
	}
	return saved, nil
}

func (f *fake) ContactByEmail(_ context.Context, email string) (Known, error) {
	key := AddressKey(email)
	c, ok := f.people[key]
	if !ok {
		return Known{Standing: f.standings[key]}, ErrNoContact
	}
	return Known{c, f.standings[key]}, nil
}

func (f *fake) Contacts(_ context.Context, each func(Known) error) error {
	for key, c := range f.people {
		if err := each(Known{c, f.standings[key]}); err != nil {
			return err
		}
	}
	return nil
}

// counting is a source of randomness that never repeats a block.
type counting struct{ n byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.n
		c.n++
	}
	return len(p), nil
}

type dry struct{}

func (dry) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func lists(f *fake) Lists { return Lists{Store: f, Rand: &counting{}} }

func text(lines ...string) Source {
	return Source{Name: "list.csv", Data: []byte(strings.Join(lines, "\n") + "\n")}
}
