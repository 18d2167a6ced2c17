package audit_test

import (
	"context"
	"testing"
	"time"

	"viesti/audit"
)

// pages is a store that keeps what it is given.
type pages struct{ list []audit.Entry }

func (p *pages) AddEntry(_ context.Context, e audit.Entry) error {
	p.list = append(p.list, e)
	return nil
}

func (p *pages) Entries(_ context.Context, each func(audit.Entry) error) error {
	for _, e := range p.list {
		if err := each(e); err != nil {
			return err
		}
	}
	return nil
}

func (p *pages) ForgetEntries(_ context.Context, before time.Time) (n int, _ error) {
	for n < len(p.list) && p.list[n].At.Before(before) {
		n++
	}
	p.list = p.list[n:]
	return n, nil
}

func TestNoAddressCanBeWritten(t *testing.T) {
	kept := &pages{}
	b := audit.Book{Store: kept, Now: time.Now}
	for _, e := range []audit.Entry{
		{Who: "os:anna", Act: audit.Erased, About: "aino@example.org"},
		{Who: "os:anna", Act: audit.Erased, Detail: "aino@example.org"},
		{Who: "anna@example.org", Act: audit.Erased},
		{Act: audit.Erased},
		{Who: "os:anna"},
	} {
		if b.Record(context.Background(), e) == nil {
			t.Errorf("%+v was written", e)
		}
	}
	if len(kept.list) != 0 {
		t.Errorf("kept %+v", kept.list)
	}
	for account, want := range map[string]string{"anna@example.org": "os:anna", "": "os:unknown", "EXAMPLE\\anna": "os:EXAMPLE\\anna", "@": "os:unknown"} {
		who := audit.Operator(account)
		if who != want {
			t.Errorf("%q is %q, want %q", account, who, want)
		}
		if err := b.Record(context.Background(), audit.Entry{Who: who, Act: audit.Purged, Detail: "2027"}); err != nil {
			t.Error(err)
		}
	}
}

func TestEntriesAreKeptForATime(t *testing.T) {
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	kept := &pages{}
	b := audit.Book{Store: kept, Now: func() time.Time { return now }, Keep: 48 * time.Hour}
	for _, about := range []string{"1", "2", "1"} {
		if err := b.Record(context.Background(), audit.Entry{Who: audit.Program, Act: audit.Erased, About: about}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(24 * time.Hour)
	}
	list, err := b.List(context.Background(), "1")
	if err != nil || len(list) != 2 || !list[0].At.After(list[1].At) {
		t.Errorf("about one: %+v, %v", list, err)
	}
	if n, err := b.Sweep(context.Background()); err != nil || n != 1 {
		t.Errorf("%d forgotten, %v", n, err)
	}
	b.Keep = 0
	now = now.AddDate(100, 0, 0)
	if n, err := b.Sweep(context.Background()); err != nil || n != 0 || len(kept.list) != 2 {
		t.Errorf("%d forgotten where all is kept, %v", n, err)
	}
}
