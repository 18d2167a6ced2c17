package contacts

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"

	"viesti/i18n"
)

// Listed is a contact as the list shows it.
type Listed struct {
	Email        string    `json:"email"`
	Name         string    `json:"name"`
	Organisation string    `json:"organisation"`
	Language     i18n.Lang `json:"language"` // empty: their network's
	Networks     []string  `json:"networks"`
	Status       Status    `json:"status"` // in the wave that was asked for
	SlackUser    string    `json:"slack_user,omitempty"`
	NotInSlack   bool      `json:"not_in_slack,omitempty"` // they wish to be written to by mail alone
}

// ListContacts are all contacts by address, with their status in a wave.
func (l Lists) ListContacts(ctx context.Context, wave string) ([]Listed, error) {
	all, err := l.all(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Listed, len(all))
	for i, k := range all {
		list[i] = Listed{
			Email: k.Email, Name: k.Name, Organisation: k.Organisation, Language: k.Language,
			Networks: append([]string{}, k.Networks...), Status: k.Standing.Status(wave),
			SlackUser: k.SlackUser, NotInSlack: k.Standing.NoSlack,
		}
	}
	return list, nil
}

// ExportContacts writes the contacts as CSV (UTF-8, commas) under the header that ImportContacts
// reads, one row for each network of each contact, by address. Who opted out is left out: a list
// that leaves the house must not carry them back into another.
//
// A cell that a spreadsheet would run as a formula (one that begins with = + - @, a tab or a line
// break) has an apostrophe before it; an import takes it off again.
func (l Lists) ExportContacts(ctx context.Context, w io.Writer) error {
	all, err := l.all(ctx)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(contactForm.header); err != nil {
		return fmt.Errorf("write contacts: %w", err)
	}
	for _, k := range all {
		if k.Standing.OptedOut || k.Standing.Erased {
			continue
		}
		for _, network := range networksOr(k.Networks) {
			row := []string{k.Email, k.Name, k.Organisation, string(k.Language), network, k.SlackUser}
			for i := range row {
				row[i] = guard(row[i])
			}
			if err := out.Write(row); err != nil {
				return fmt.Errorf("write contacts: %w", err)
			}
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write contacts: %w", err)
	}
	return nil
}

// networksOr is one empty network for a contact that has none, so that it has a row.
func networksOr(networks []string) []string {
	if len(networks) == 0 {
		return []string{""}
	}
	return networks
}

// all are the contacts by address. They are gathered first, so that a slow reader of an export
// does not keep the store's transaction open.
func (l Lists) all(ctx context.Context) ([]Known, error) {
	var all []Known
	err := l.Store.Contacts(ctx, func(k Known) error {
		all = append(all, k)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	slices.SortFunc(all, func(a, b Known) int { return cmp.Compare(AddressKey(a.Email), AddressKey(b.Email)) })
	return all, nil
}
