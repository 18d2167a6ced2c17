package contacts

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Whatever a spreadsheet saves a list as, Åsa is found in it.
func TestEncodingsAndSeparators(t *testing.T) {
	const list = "e-post;namn;nätverk\r\n\r\na@example.org;Åsa Öhman;pomako\r\n"
	latin, _ := charmap.Windows1252.NewEncoder().String(list)
	wide, _ := utf.UTF16(utf.LittleEndian, utf.UseBOM).NewEncoder().String(list)
	big, _ := utf.UTF16(utf.BigEndian, utf.UseBOM).NewEncoder().String(list)
	tests := map[string]string{
		"utf-8":               list,
		"byte order mark":     "\ufeff" + list,
		"windows-1252":        latin,
		"utf-16 le":           wide,
		"utf-16 be":           big,
		"commas":              strings.ReplaceAll(list, ";", ","),
		"tabs":                strings.ReplaceAll(list, ";", "\t"),
		"quoted, with blanks": strings.ReplaceAll(list, ";Åsa Öhman;", `; "Åsa Öhman"; `),
		"classic mac":         strings.ReplaceAll(list, "\r\n", "\r"),
		"sep line":            "sep=;\r\n" + list,
		"sep line, tab":       "sep=\t\r\n" + strings.ReplaceAll(list, ";", "\t"),
		"decomposed":          strings.NewReplacer("Å", "A\u030a", "Ö", "O\u0308", "ä", "a\u0308").Replace(list),
		"invisible":           strings.ReplaceAll(list, "Åsa ", "\u200bÅ\u00adsa\u00a0\x07 "),
		"one line in latin 1": list + "b@example.org;\xd6rjan;pomako\r\n",
		"no end of line":      strings.TrimSpace(list),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake("pomako")
			imp, err := lists(f).ImportContacts(context.Background(), Source{Name: "x", Data: []byte(data)}, ImportOptions{})
			if err != nil || len(imp.Rejected) > 0 || imp.Ignored != nil {
				t.Fatalf("%+v, %v", imp, err)
			}
			if got := f.people["a@example.org"].Name; got != "Åsa Öhman" {
				t.Errorf("found %q", got)
			}
			if b, ok := f.people["b@example.org"]; ok && b.Name != "Örjan" {
				t.Errorf("found %q", b.Name)
			}
		})
	}
}

// A broken quote costs its own line, whatever it would have swallowed, and lines stay right.
func TestBrokenQuotes(t *testing.T) {
	const head = "email,name,organisation,language,network"
	tests := []struct {
		name string
		rows []string
		want string
	}{
		{"a cell of two lines", []string{head, "a@example.org,\"Anna\nMaria\",,fi,pomako", "x,,,,pomako"}, "+1 ~0 =0 4:not_an_address"},
		{"marks written twice", []string{head, `a@example.org,"Anna ""A"" B",,fi,pomako`}, "+1 ~0 =0"},
		{"mark inside a cell", []string{head, `a@example.org,Anna "A" B,,fi,pomako`, "b@example.org,,,,pomako"}, "+1 ~0 =0 2:quote"},
		{"never closed", []string{head, "", `a@example.org,"Anna,,fi,pomako`, "b@example.org,,,,pomako", "", "c@example.org,,,,pomako"}, "+2 ~0 =0 3:quote"},
		{"text after the closing mark", []string{head, `a@example.org,"Anna" B,,fi,pomako`, "b@example.org,,,,pomako"}, "+1 ~0 =0 2:quote"},
		{"closed by a stray mark, same column", []string{head, `a@example.org,"Anna,,fi,pomako`, "b@example.org,,,,pomako", `c@example.org,Cecilia",,fi,pomako`, "d@example.org,,,,pomako"}, "+2 ~0 =0 2:quote 4:quote"},
		{"closed by a stray mark, other column", []string{head, `a@example.org,Anna,"Org,fi,pomako`, "b@example.org,,,,pomako", `c@example.org,Cecilia",,fi,pomako`}, "+1 ~0 =0 2:quote 4:quote"},
		{"closed on the next line", []string{head, `a@example.org,"Anna`, `c@example.org,Cecilia",,fi,pomako`, "d@example.org,,,,pomako"}, "+1 ~0 =0 2:quote 3:quote"},
		{"many in a row", []string{head, `"a`, `"b`, `"c`, "d@example.org,,,,pomako"}, "+1 ~0 =0 2:quote 3:quote 4:quote"},
		{"last line", []string{head, "d@example.org,,,,pomako", `"`}, "+1 ~0 =0 3:quote"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			imp, err := lists(newFake("pomako")).ImportContacts(context.Background(), text(tt.rows...), ImportOptions{})
			if err != nil || verdict(imp) != tt.want {
				t.Errorf("%v\ngot  %s\nwant %s", err, verdict(imp), tt.want)
			}
		})
	}
}

func workbook(t *testing.T, rows map[string][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for at, cells := range rows {
		if err := f.SetSheetRow("Sheet1", at, &cells); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Notes"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbooks(t *testing.T) {
	contacts := workbook(t, map[string][]any{
		"A1": {"Email", "Nimi", "Network"},
		"A2": {"a@example.org", "Åsa", "pomako", "", "called on 3.2."},
		"A5": {"x", "", "pomako"}, // two rows are empty
		"A6": {"b@example.org\n", "", "pomako"},
	})
	f := newFake("pomako")
	imp, err := lists(f).ImportContacts(context.Background(), Source{Name: "list.xlsx", Data: contacts}, ImportOptions{})
	if err != nil || verdict(imp) != "+2 ~0 =0 5:not_an_address" || f.people["a@example.org"].Name != "Åsa" {
		t.Errorf("got %s, %v", verdict(imp), err)
	}
	nets := workbook(t, map[string][]any{"A1": {"id", "name_fi", "target"}, "A2": {"pomako", "Pomako", 1000}})
	imp, err = lists(f).ImportNetworks(context.Background(), Source{Name: "upload", Data: nets}, false)
	if err != nil || imp.Updated != 1 || f.nets[0].Target != 1000 {
		t.Errorf("got %s, %v", verdict(imp), err)
	}
}

func TestUnreadableWorkbooks(t *testing.T) {
	whole := workbook(t, map[string][]any{"A1": {"email"}})
	tests := []struct {
		name string
		src  Source
		key  string
	}{
		{"half", Source{Name: "a.xlsx", Data: whole[:len(whole)/2]}, "contacts.workbook"},
		{"text by that name", Source{Name: "a.XLSX", Data: []byte("email\n")}, "contacts.workbook"},
		{"another archive", Source{Name: "a.csv", Data: []byte(zipMagic + "xx")}, "contacts.workbook"},
		{"old", Source{Name: "a.xls", Data: []byte(oleMagic)}, "contacts.old_excel"},
		{"empty", Source{Name: "a.xlsx", Data: workbook(t, nil)}, "contacts.empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := lists(newFake()).ImportContacts(context.Background(), tt.src, ImportOptions{})
			f := fault.Of(err)
			if f == nil || f.Key != tt.key || f.Place.File != tt.src.Name {
				t.Errorf("got %v", err)
			}
			for _, l := range i18n.Langs {
				if said := f.Say(l); strings.ContainsAny(said, "{}") {
					t.Error(said)
				}
			}
		})
	}
}

func TestTooManyRows(t *testing.T) {
	src := Source{Name: "list.csv", Data: []byte("email\n" + strings.Repeat("x\n", maxRows+1))}
	rows := 0
	err := contactForm.read(context.Background(), src, &Import{}, func(record) *Rejected { rows++; return nil })
	f := fault.Of(err)
	const want = "list.csv: the file has more than 1,000,000 rows. Split it and import the parts one after another."
	if rows != maxRows || f == nil || f.Kind != fault.TooLarge || f.Say(i18n.En) != want {
		t.Errorf("after %d rows: %v", rows, err)
	}
}

// Whatever stands before and after it, a good row is read, and nothing panics. Half of what is
// tried is also read as a workbook.
func FuzzReadContacts(f *testing.F) {
	f.Add([]byte(`a@example.org,"Anna`), []byte(`c@example.org,Cecilia",,fi,pomako`))
	f.Add([]byte("\xff\xfe\x00\""), []byte(`"""`))
	f.Add([]byte(",,\"x\r\n\"y\r"), []byte("\"\n\"\n,\"\""))
	f.Add([]byte("good@example.net,,,xx"), []byte(""))
	f.Fuzz(func(t *testing.T, before, after []byte) {
		data := []byte("email,name,organisation,language,network,slack_user\n")
		data = append(append(data, before...), '\n')
		line := bytes.Count(data, []byte("\n")) + 1
		data = append(data, `good@example.net,"Good, Person",Org,fi,pomako,`+"\n"...)
		data = append(data, after...)
		store := newFake("pomako", "move")
		imp, err := lists(store).ImportContacts(context.Background(), Source{Data: data}, ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := store.people["good@example.net"]; !ok {
			t.Errorf("the good row was lost: %+v", imp)
		}
		last := 0
		for _, r := range imp.Rejected {
			if r.Line == line || r.Line < max(last, 2) || r.Line > bytes.Count(data, []byte("\n"))+1 {
				t.Errorf("rejected at line %d, the good one is %d", r.Line, line)
			}
			last = r.Line
		}
		for _, raw := range [][]byte{before, append([]byte(zipMagic), after...)} {
			_, _ = lists(store).ImportContacts(context.Background(), Source{Data: raw}, ImportOptions{})
		}
	})
}
