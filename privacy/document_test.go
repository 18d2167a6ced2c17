package privacy_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viesti/audit"
	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/privacy"
	"viesti/staff"
)

var update = flag.Bool("update", false, "write the golden files anew")

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

var noon = time.Date(2027, 3, 14, 12, 0, 0, 0, helsinki)

// said is a text that tells which it is, in each language.
func said(what string) i18n.Text {
	return i18n.Text{i18n.Fi: "(fi) " + what, i18n.Sv: "(sv) " + what, i18n.En: "(en) " + what}
}

func terms() privacy.Terms {
	return privacy.Terms{
		Title: said("Barometer"), Wave: "2027", Zone: helsinki, Closes: noon, Contact: "Kaisa Esimerkki, barometer@example.org",
		BaseURL: "https://barometer.example.org", Controller: said("controller"), Officer: said("officer"), Basis: said("basis"),
		Purpose: said("purpose"), Source: said("source"), Recipients: said("recipients"), Retention: said("retention"),
		Rights: said("rights"), Authority: said("authority"),
		Keep: 90, KeepDrafts: 30, KeepAudit: 730, MinimumGroup: 5, Mail: true, Slack: true, LookUp: true, Console: true,
	}
}

// all is somebody of whom there is everything to tell.
func all() privacy.Held {
	h := privacy.Held{
		Email: "aino@example.org", At: noon,
		Contact: &contacts.Contact{
			ID: "id", Token: "abcdefghjkmnpqrs", Email: "aino@example.org", Name: "Aino\n# Esimerkki", Organisation: "Esimerkki ry",
			Language: i18n.Sv, Networks: []string{"pomako"}, SlackUser: "U0AINO", SlackAsked: "2027-03-01",
		},
		Hashed: true,
		Standing: contacts.Standing{
			OptedOut: true, Bounced: true, NoSlack: true, Paused: true, Answered: "2027", Results: "2027",
			Opted: contacts.Cause{Ground: contacts.Wish, Day: "2027-03-02"}, Dead: contacts.Cause{Words: "550 5.1.1 no such user"},
		},
		Networks: []contacts.Network{{ID: "pomako", Name: said("Pomako")}},
		Dispositions: []contacts.Disposition{
			{Wave: "2027", Day: "2027-03-01", Contacted: true, Undelivered: true, OptedOut: true, Answered: true},
		},
		Returned: []bounce.Record{{At: noon, Code: "550", Enhanced: "5.1.1", Words: "no such user"}},
		Roles:    []staff.Grant{{Who: "U0AINO", Role: staff.Admin}, {Who: "U0AINO", Role: staff.Viewer, Network: "pomako"}, {Role: staff.Coordinator}, {Role: staff.None}},
		Leads:    []contacts.Network{{ID: "move", Name: said("Move"), Coordinator: "Aino"}},
		Speaks:   i18n.En,
	}
	kinds := []outbox.Kind{outbox.Invitation, outbox.Reminder(1), outbox.LastCall, outbox.ThankYou, outbox.Test}
	for i, state := range outbox.States {
		m := outbox.Message{
			Key:     outbox.Key{Recipient: "id", Wave: "2027", Kind: kinds[i%len(kinds)]},
			Carrier: []link.Channel{link.Mail, link.Slack}[i%2], State: state, Queued: noon, Reply: outbox.Reply{Text: "queued as 42", Ref: "queue-77"},
		}
		h.Letters = append(h.Letters, privacy.LetterOf(m))
	}
	for _, act := range audit.Acts {
		h.Uses = append(h.Uses, privacy.Use{At: noon, Act: act})
	}
	return h
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // made-up people
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was:\n%s", name, got)
	}
}

func TestDocuments(t *testing.T) {
	for _, l := range i18n.Langs {
		golden(t, fmt.Sprintf("held.%s.md", l), all().Document(terms(), l))
		erased := privacy.Held{Email: "bo@example.org", At: noon, Hashed: true, Standing: contacts.Standing{Erased: true}}
		golden(t, fmt.Sprintf("erased.%s.md", l), erased.Document(terms(), l))
		golden(t, fmt.Sprintf("record.%s.md", l), privacy.RecordOf(terms(), l, noon).Document())
		bare := terms()
		bare.Keep, bare.KeepAudit, bare.Slack, bare.LookUp, bare.Console, bare.Mail = 0, 0, false, false, false, false
		golden(t, fmt.Sprintf("bare.%s.md", l), privacy.RecordOf(bare, l, noon).Document())
	}
}

// What others wrote is one line of the document, and no heading of it.
func TestNamesAreNoHeadings(t *testing.T) {
	text := all().Document(terms(), i18n.En)
	if strings.Contains(text, "\n# Esimerkki") || !strings.Contains(text, "Aino # Esimerkki") {
		t.Error(text)
	}
	if strings.Contains(text, "queue-77") {
		t.Error("the carrier's own name for the message is told")
	}
}

func TestLanguageOfTheDocument(t *testing.T) {
	h := all()
	if h.Lang() != i18n.Sv {
		t.Errorf("%s for a contact who reads Swedish", h.Lang())
	}
	h.Contact.Language = ""
	h.Networks[0].Name = i18n.Text{i18n.En: "Net"}
	if h.Lang() != i18n.En {
		t.Errorf("%s for a network that has a name in English alone", h.Lang())
	}
	if l := (privacy.Held{}).Lang(); l != i18n.Fi {
		t.Errorf("%s for nobody", l)
	}
}
