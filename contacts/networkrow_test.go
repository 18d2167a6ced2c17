package contacts

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
)

func TestImportNetworks(t *testing.T) {
	const head = "id,name_fi,name_sv,name_en,kind,region,target,slack_channel"
	tests := []struct {
		name string
		rows []string
		want string
	}{
		{"good", []string{head, "pomako,Pomako,POMAKO,,mixed,pohjanmaa,35,C0POMAKO01"}, "+1 ~0 =0"},
		{"only what must be", []string{"Tunnus;Nimi", "pomako;Pomako"}, "+1 ~0 =0"},
		{
			"ids",
			[]string{head, ",A", "Pomako,A", "Åbo & nejd,A", "-x,A", strings.Repeat("x", 64) + ",A", "!,A"},
			"+0 ~0 =0 2:missing_id 3:bad_id?pomako 4:bad_id?abo-nejd 5:bad_id?x 6:bad_id?" + strings.Repeat("x", 63) + " 7:bad_id",
		},
		{"twice", []string{head, "a,A", "b,B", "a,C"}, "+2 ~0 =0 4:twice"},
		{"a bad row takes no id", []string{head, "a,", "a,A"}, "+1 ~0 =0 2:missing_name"},
		{"kinds", []string{head, "a,A,,,Company", "b,B,,,Läroanstalter", "c,C,,,compny", "d,D,,,club"}, "+2 ~0 =0 4:unknown_kind?company 5:unknown_kind"},
		{"regions", []string{head, "a,A,,,,Österbotten", "b,B,,,,Kanta-Häme", "c,C,,,,pohjamaa", "d,D,,,,Småland"}, "+2 ~0 =0 4:unknown_region?pohjanmaa 5:unknown_region"},
		{
			"targets",
			[]string{head, "a,A,,,,,0", "b,B,,,,,1 000", "c,C,,,,,-1", "d,D,,,,,many", "e,E,,,,,2.5", "f,F,,,,,99999999999"},
			"+2 ~0 =0 4:bad_target 5:bad_target 6:bad_target 7:bad_target",
		},
		{
			"dates",
			[]string{"id,nimi,avautuu,closes", "a,A,2027-03-01,14.3.2027", "b,B,,2027-03-14", "c,C,tomorrow,", "d,D,2027-03-14,2027-03-01", "e,E,,2027-02-30"},
			"+2 ~0 =0 4:bad_date 5:dates_cross 6:bad_date",
		},
		{"senders", []string{"id,nimi,sender_name", "a,A,Aino Esimerkki", "b,B,aino@example.org"}, "+1 ~0 =0 3:bad_sender"},
		{
			"coordinators",
			[]string{"id,nimi,koordinaattorin sähköposti", "a,A,aino@kunta.example.fi", "b,B,Aino", "c,C,", "d,D,a@example.org; b@example.org"},
			"+2 ~0 =0 3:not_an_address 5:not_an_address",
		},
		{"channels", []string{head, "a,A,,,,,,G0123456", "b,B,,,,,,#pomako"}, "+1 ~0 =0 3:bad_slack_channel"},
		{"parents, further down too", []string{"id,name_fi,parent", "b,B,a", "a,A,", "c,C,B"}, "+3 ~0 =0"},
		{"parents that are not there", []string{"id,name_fi,parent", "pomako,P,", "a,A,pomaka", "b,B,a", "c,C,pomako", "d,D,zz"}, "+2 ~0 =0 3:unknown_parent?pomako 4:unknown_parent 6:unknown_parent"},
		{"a parent whose row is bad", []string{"id,name_fi,kind,parent", "a,A,club,", "b,B,,a"}, "+0 ~0 =0 2:unknown_kind 3:unknown_parent"},
		{"circles", []string{"id,name_fi,parent", "a,A,a", "b,B,c", "c,C,d", "d,D,b", "e,E,", "f,F,e"}, "+2 ~0 =0 2:circle 3:circle 4:circle 5:circle"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			imp, err := lists(newFake()).ImportNetworks(context.Background(), text(tt.rows...), false)
			if err != nil || verdict(imp) != tt.want {
				t.Errorf("%v\ngot  %s\nwant %s", err, verdict(imp), tt.want)
			}
		})
	}
}

// A row that is left out leaves its network where it lies, and the others have to fit that.
func TestParentsWithTheKnown(t *testing.T) {
	f, ctx := newFake(), context.Background()
	for _, s := range []struct {
		rows []string
		want string
	}{
		{[]string{"id,name_fi,parent", "a,A,", "b,B,a", "c,C,b"}, "+3 ~0 =0"},
		{[]string{"id,name_fi,parent", "a,A,c"}, "+0 ~0 =0 2:circle"},
		{[]string{"id,name_fi,kind,parent", "a,A,,b", "b,B,club,"}, "+0 ~0 =0 2:circle 3:unknown_kind"},
		{[]string{"id,name_fi,parent", "b,B,", "a,A,c"}, "+0 ~2 =0"},
		{[]string{"id,name_fi", "a,A"}, "+0 ~0 =1"},
	} {
		for _, dryRun := range []bool{true, false} {
			imp, err := lists(f).ImportNetworks(ctx, text(s.rows...), dryRun)
			if err != nil || verdict(imp) != s.want {
				t.Fatalf("%q, dry run %t: got %s, want %s, %v", s.rows, dryRun, verdict(imp), s.want, err)
			}
		}
	}
	forest := Arrange(f.nets)
	var order []string
	for _, n := range forest.Networks() {
		order = append(order, strings.Repeat(".", forest.Level(n.ID))+n.ID)
	}
	if got := strings.Join(order, " "); got != "b .c ..a" || !forest.Covers("b", "a") || forest.Covers("a", "b") || !forest.Bears("c") || forest.Bears("a") {
		t.Errorf("%s", got)
	}
}

// What cannot come from a list is put up with.
func TestArrangeWhatIsBroken(t *testing.T) {
	forest := Arrange([]Network{{ID: "c", Parent: "gone"}, {ID: "a", Parent: "b"}, {ID: "b", Parent: "a"}, {ID: "self", Parent: "self"}})
	if len(forest.Networks()) != 4 || forest.Level("c") != 0 || forest.Level("self") != 0 || forest.Level("a") != 1 {
		t.Errorf("%+v", forest)
	}
}

// What a file has a column for is replaced; the rest stays.
func TestImportNetworksAgain(t *testing.T) {
	f, ctx := newFake(), context.Background()
	steps := []struct {
		rows []string
		want string
	}{
		{[]string{"id,name_fi,name_sv,kind,region,target,slack_channel", "pomako,Suomeksi,På svenska,public,pohjanmaa,35,C0POMAKO01"}, "+1 ~0 =0"},
		{[]string{"id,name_fi", "pomako,Suomeksi"}, "+0 ~0 =1"},
		{[]string{"id,name_sv,target", "pomako,,40"}, "+0 ~1 =0"},
	}
	for _, s := range steps {
		for _, dryRun := range []bool{true, false} {
			imp, err := lists(f).ImportNetworks(ctx, text(s.rows...), dryRun)
			if err != nil || verdict(imp) != s.want {
				t.Fatalf("dry run %t: got %s, want %s, %v", dryRun, verdict(imp), s.want, err)
			}
		}
	}
	want := Network{ID: "pomako", Name: i18n.Text{i18n.Fi: "Suomeksi"}, Kind: Public, Region: "pohjanmaa", Target: 40, SlackChannel: "C0POMAKO01"}
	if !reflect.DeepEqual(f.nets[0], want) {
		t.Errorf("got %+v", f.nets[0])
	}
}

// TestNetworksOwn: the columns that few networks need are kept, foreseen by a dry run, and stay when a
// list has none of them.
func TestNetworksOwn(t *testing.T) {
	f, ctx := newFake(), context.Background()
	own := "pomako,POMAKO,2027-03-01,14.3.2027,Aino Esimerkki,Aino,aino@kunta.example.fi,Terve!,Hej!,"
	for _, s := range []struct {
		rows []string
		want string
	}{
		{[]string{"id,name_fi,opens,closes,sender_name,coordinator,coordinator_email,word_fi,word_sv,word_en", own}, "+1 ~0 =0"},
		{[]string{"id,name_fi,opens,closes,sender_name,coordinator,coordinator_email,word_fi,word_sv,word_en", own}, "+0 ~0 =1"},
		{[]string{"id,name_fi", "pomako,POMAKO"}, "+0 ~0 =1"},
		{[]string{"id,name_fi,word_sv", "pomako,POMAKO,"}, "+0 ~1 =0"},
	} {
		for _, dryRun := range []bool{true, false} {
			imp, err := lists(f).ImportNetworks(ctx, text(s.rows...), dryRun)
			if err != nil || verdict(imp) != s.want {
				t.Fatalf("dry run %t: got %s, want %s, %v", dryRun, verdict(imp), s.want, err)
			}
		}
	}
	want := Network{
		ID: "pomako", Name: i18n.Text{i18n.Fi: "POMAKO"}, Kind: Mixed, Region: National, Opens: "2027-03-01", Closes: "2027-03-14",
		Sender: "Aino Esimerkki", Coordinator: "Aino", CoordinatorEmail: "aino@kunta.example.fi", PersonalWord: i18n.Text{i18n.Fi: "Terve!"},
	}
	if !reflect.DeepEqual(f.nets[0], want) {
		t.Errorf("got %+v", f.nets[0])
	}
}

// TestUntil: a network's last day ends at its midnight, also on the days that have 23 or 25 hours.
func TestUntil(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	closes := time.Date(2027, 4, 30, 23, 59, 0, 0, zone)
	for day, want := range map[string]string{
		"": "2027-04-30T23:59:00+03:00", "2027-03-28": "2027-03-28T23:59:00+03:00", "2027-03-27": "2027-03-27T23:59:00+02:00",
		"2027-05-14": "2027-04-30T23:59:00+03:00",
	} {
		if got := (Network{Closes: day}).Until(closes).Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
}
