package contacts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
)

// verdict is an import in short: its counts, then "line reason" for each rejected row.
func verdict(imp Import) string {
	s := fmt.Sprintf("+%d ~%d =%d", imp.Added, imp.Updated, imp.Unchanged)
	for _, r := range imp.Rejected {
		s += fmt.Sprintf(" %d:%s", r.Line, r.Reason)
		if r.Hint != "" {
			s += "?" + r.Hint
		}
	}
	return s
}

func TestImportContacts(t *testing.T) {
	const head = "email,name,organisation,language,network,slack_user"
	tests := []struct {
		name string
		rows []string
		want string
	}{
		{"good", []string{head, "a@example.org,A,Org,fi,pomako,U0M8ER8NCHN"}, "+1 ~0 =0"},
		{"only addresses, network of the file", []string{"email", "a@example.org", "b@example.org"}, "+2 ~0 =0"},
		{"any order and case", []string{" Network ,E-MAIL", "pomako,a@example.org"}, "+1 ~0 =0"},
		{"one person, several rows", []string{head, "a@example.org,A,,fi,pomako,", "A@EXAMPLE.ORG,,,,move,", "a@example.org,A,,,pomako,"}, "+1 ~0 =0"},
		{"blank lines are counted", []string{head, "", "  ,,", "x,,,,,"}, "+0 ~0 =0 4:not_an_address"},
		{"addresses as they are copied", []string{head, "mailto:a@example.org", "Maija <b@example.org>", "<c@example.org>", `"Meikäläinen, Maija <d@example.org>"`, "Maija <mailto:E@example.org>"}, "+5 ~0 =0"},
		{
			"addresses that are none",
			[]string{head, ",Gun-Britt", "a(at)example.org", "leena@@example.org", "a b@example.org", "a@example", "a@example.org;b@example.org", "A <a@example.org> <b@example.org>", "a@exa�mple.org", "a@example.org."},
			"+0 ~0 =0 2:missing_address 3:not_an_address?a@example.org 4:not_an_address?leena@example.org 5:not_an_address?ab@example.org 6:not_an_address 7:not_an_address 8:not_an_address 9:not_an_address 10:not_an_address?a@example.org",
		},
		{
			"languages",
			[]string{head, "a@example.org,,,SV-fi,,", "b@example.org,,,Suomi,,", "c@example.org,,,englanti,,", "d@example.org,,,swe,,", "e@example.org,,,se,,", "f@example.org,,,svenksa,,", "g@example.org,,,de,,"},
			"+4 ~0 =0 6:unknown_language?sv 7:unknown_language?sv 8:unknown_language",
		},
		{
			"networks",
			[]string{head, "a@example.org,,,,POMAKO,", "b@example.org,,,,pomakoo,", "c@example.org,,,,etno-wast,", "d@example.org,,,,talent,", "e@example.org,,,,opmako,"},
			"+1 ~0 =0 3:unknown_network?pomako 4:unknown_network 5:unknown_network 6:unknown_network?pomako",
		},
		{"slack", []string{head, "a@example.org,,,,,@maija", "b@example.org,,,,,U123", "c@example.org,,,,,W0123456"}, "+1 ~0 =0 2:bad_slack_user 3:bad_slack_user"},
		{"shifted by a comma", []string{head, "a@example.org,A,Parwaz, yhdistys ry,fi,pomako,U0M8ER8NCHN", "b@example.org,,,,,,,"}, "+1 ~0 =0 2:columns"},
		{"too long", []string{head, "a@example.org," + strings.Repeat("ä", 500), "b@example.org," + strings.Repeat("ä", 501)}, "+1 ~0 =0 3:too_long"},
		{"a bad row of a good person", []string{head, "a@example.org,,,xx,,", "a@example.org,,,fi,,"}, "+1 ~0 =0 2:unknown_language"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake("pomako", "move", "etno-east", "etno-west")
			imp, err := lists(f).ImportContacts(context.Background(), text(tt.rows...), ImportOptions{Network: "Move"})
			if err != nil {
				t.Fatal(err)
			}
			if got := verdict(imp); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestImportMergesRows(t *testing.T) {
	f := newFake("pomako", "move")
	src := text("email,name,organisation,language,network", "a@example.org,Anna,,fi,pomako", "a@example.org ,,Kunta,sv,move")
	for _, want := range []string{"+1 ~0 =0", "+0 ~0 =1"} {
		imp, err := lists(f).ImportContacts(context.Background(), src, ImportOptions{})
		if err != nil || verdict(imp) != want {
			t.Fatalf("got %s, %v, want %s", verdict(imp), err, want)
		}
	}
	c := f.people["a@example.org"]
	if c.Name != "Anna" || c.Organisation != "Kunta" || c.Language != i18n.Sv || !slices.Equal(c.Networks, []string{"pomako", "move"}) {
		t.Errorf("merged into %+v", c)
	}
	if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(c.ID) || !regexp.MustCompile(`^[a-hjkmnp-z2-9]{16}$`).MatchString(c.Token) {
		t.Errorf("id %q, token %q", c.ID, c.Token)
	}
	imp, err := lists(f).ImportContacts(context.Background(), text("email,name,network", "A@example.org,Anna B,move"), ImportOptions{})
	if err != nil || verdict(imp) != "+0 ~1 =0" {
		t.Errorf("got %s, %v", verdict(imp), err)
	}
}

// A dry run says what the import then does, and saves nothing.
func TestDryRun(t *testing.T) {
	f := newFake("pomako")
	ctx, l := context.Background(), lists(f)
	if _, err := l.ImportContacts(ctx, text("email,name,network", "same@example.org,S,pomako", "old@example.org,O,pomako"), ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	f.standings["out@example.org"] = Standing{OptedOut: true}
	f.standings["gone@example.org"] = Standing{Erased: true, OptedOut: true}
	src := text("email,name,network",
		"out@example.org,,pomako", "x,,pomako", "gone@example.org,,pomako", "same@example.org,S,pomako",
		"old@example.org,Old,pomako", "new@example.org,,pomako", "OUT@example.org,,pomako")
	const want = "+1 ~1 =1 2:opted_out 3:not_an_address 4:erased 8:opted_out"
	for _, dryRun := range []bool{true, true, false} {
		before := len(f.people)
		imp, err := l.ImportContacts(ctx, src, ImportOptions{DryRun: dryRun})
		if err != nil || verdict(imp) != want {
			t.Errorf("dry run %t: got %s, %v", dryRun, verdict(imp), err)
		}
		if dryRun && len(f.people) != before {
			t.Error("a dry run saved")
		}
	}
}

func TestImportInBatches(t *testing.T) {
	f, rows := newFake("pomako"), []string{"email"}
	for i := range 2500 {
		rows = append(rows, fmt.Sprintf("p%d@example.org", i))
	}
	imp, err := lists(f).ImportContacts(context.Background(), text(rows...), ImportOptions{Network: "pomako"})
	if err != nil || imp.Added != 2500 || !slices.Equal(f.batches, []int{1000, 1000, 500}) {
		t.Errorf("%s in %v, %v", verdict(imp), f.batches, err)
	}
	tokens := map[string]bool{}
	for _, c := range f.people {
		tokens[c.Token] = true
	}
	if len(tokens) < 2 {
		t.Error("the same token for all")
	}
}

func TestImportFails(t *testing.T) {
	src := text("email", "a@example.org")
	o := ImportOptions{Network: "pomako"}
	full := errors.New("disk full")
	f := newFake("pomako")
	f.full = full
	if _, err := lists(f).ImportContacts(context.Background(), src, o); !errors.Is(err, full) {
		t.Errorf("store failed, got %v", err)
	}
	f = newFake("pomako")
	if _, err := (Lists{Store: f, Rand: dry{}}).ImportContacts(context.Background(), src, o); err == nil || len(f.people) > 0 {
		t.Errorf("no randomness, got %v and %d contacts", err, len(f.people))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	long := Source{Data: []byte("email\n" + strings.Repeat("x\n", batch))}
	if _, err := lists(f).ImportContacts(ctx, long, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled, got %v", err)
	}
}

func TestFaultsOfAFile(t *testing.T) {
	tests := []struct {
		name    string
		src     Source
		network string
		kind    fault.Kind
		want    string
	}{
		{"no header", text("a@example.org,Anna"), "", fault.Invalid, "list.csv:1: the column email is missing. The file has: a@example.org, Anna. The first row must name the columns: email,name,organisation,language,network,slack_user"},
		{"header further down", text("", "nimi;puhelin"), "", fault.Invalid, "list.csv:2: the column email is missing. The file has: nimi, puhelin. The first row must name the columns: email,name,organisation,language,network,slack_user"},
		{"empty", text(), "", fault.Invalid, "list.csv: there is not a single row in the file. The first row names the columns: email,name,organisation,language,network,slack_user"},
		{"too large", Source{Name: "list.csv", Data: make([]byte, maxBytes+1)}, "", fault.TooLarge, "list.csv: the file is larger than 50 MB. Split it and import the parts one after another."},
		{"no such network", text("email"), "pomakoo", fault.NotFound, "There is no network with the id pomakoo. Did you mean pomako?"},
		{"nor any like it", text("email"), "x", fault.NotFound, "There is no network with the id x. The ids are listed by: viesti networks list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := lists(newFake("pomako")).ImportContacts(context.Background(), tt.src, ImportOptions{Network: tt.network})
			f := fault.Of(err)
			if f == nil || f.Kind != tt.kind || f.Say(i18n.En) != tt.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestImportJSON(t *testing.T) {
	l := lists(newFake("pomako"))
	imp, err := l.ImportContacts(context.Background(), text("email;puhelin;network", "x;050;pomako"), ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(imp)
	const want = `{"added":0,"updated":0,"unchanged":0,"rejected":[{"line":2,"field":"email","value":"x","reason":"not_an_address"}],"ignored_columns":["puhelin"]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	imp, _ = l.ImportContacts(context.Background(), text("email"), ImportOptions{})
	if got, _ := json.Marshal(imp); string(got) != `{"added":0,"updated":0,"unchanged":0,"rejected":[]}` {
		t.Errorf("nothing: got %s", got)
	}
}

// The lists that viesti init writes have exactly six rows to reject, and every network is good.
func TestSample(t *testing.T) {
	read := func(name string) Source {
		data, err := os.ReadFile("../sample/" + name)
		if err != nil {
			t.Skip(err)
		}
		return Source{Name: name, Data: data}
	}
	f := newFake()
	nets, err := lists(f).ImportNetworks(context.Background(), read("networks.csv"), false)
	if err != nil || len(nets.Rejected) > 0 || nets.Added < 24 {
		t.Fatalf("networks: %s, %v", verdict(nets), err)
	}
	imp, err := lists(f).ImportContacts(context.Background(), read("contacts.csv"), ImportOptions{})
	if err != nil || len(imp.Rejected) != 6 || imp.Added < 600 {
		t.Fatalf("contacts: %s, %v", verdict(imp), err)
	}
	for _, r := range imp.Rejected {
		t.Log(r.Say(i18n.Fi))
	}
}
