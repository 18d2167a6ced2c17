package mailer

import (
	"log/slog"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/outbox"
)

const testToken = "k7m2p9q4r8t3w"

var helsinki = time.FixedZone("EET", 2*60*60)

// now is the moment at which test letters are written.
var now = time.Date(2027, 2, 24, 9, 30, 0, 0, helsinki)

func testConfig() Config {
	c := Defaults()
	c.Host = "smtp.example.org"
	c.From = "Kumppanuusbarometri <barometri@example.org>"
	c.ReplyTo = "kysymykset@example.org"
	c.ReturnPath = "palautukset@example.org"
	c.Bounces.Verp = true
	return c
}

func testFacts() Facts {
	return Facts{
		Title: i18n.Text{"fi": "Kumppanuusbarometri", "sv": "Partnerskapsbarometern", "en": "Partnership Barometer"},
		About: i18n.Text{
			"fi": "Kysely selvittää, miten kotoutumista edistävä yhteistyö toimii kunnissa, maakunnissa ja valtakunnallisesti ja mitä siinä pitäisi kehittää.",
			"sv": "Enkäten reder ut hur samarbetet för integration fungerar i kommunerna, i landskapen och på riksnivå, och vad som borde utvecklas.",
			"en": "The survey asks how cooperation on integration works in municipalities, in the regions and nationally, and what should be developed.",
		},
		Organiser: i18n.Text{
			"fi": "Työ- ja elinkeinoministeriö", "sv": "Arbets- och näringsministeriet",
			"en": "Ministry of Economic Affairs and Employment",
		},
		Contact: Person{
			Name: "Aino Esimerkki", Organisation: "Kyselytoimisto Oy", Email: "aino@example.org", Phone: "+358 29 000 0000",
			Address: "Kyselytoimisto Oy, Esimerkkikatu 1, 00100 Helsinki",
		},
		Minutes: [2]int{10, 15},
		Closes:  time.Date(2027, 3, 14, 16, 0, 0, 0, helsinki),
		BaseURL: "https://barometri.example.org", ResultsURL: "https://www.example.org/tulokset",
	}
}

func newComposer(t testing.TB) *Composer {
	t.Helper()
	c, err := NewComposer(testFacts(), testConfig())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func delivery(lang i18n.Lang, kind outbox.Kind) outbox.Delivery {
	return outbox.Delivery{
		Message: outbox.Message{
			Key:       outbox.Key{Recipient: "c1", Wave: "2027", Kind: kind},
			MessageID: "<0123456789abcdef@example.org>",
		},
		Contact: contacts.Contact{
			ID: "c1", Token: testToken, Email: "maija.meikalainen@kunta.example.fi", Name: "Maija Meikäläinen", Language: lang,
		},
		Network: contacts.Network{
			ID: "pomako",
			Name: i18n.Text{
				"fi": "POMAKO, Pohjanmaan kotoutumisverkosto",
				"sv": "POMAKO, Österbottens integrationsnätverk",
				"en": "POMAKO, integration network of Ostrobothnia",
			},
			Coordinator: "Katri Koordinaattori",
			PersonalWord: i18n.Text{
				"fi": "Viime kerralla vastauksia tuli Pohjanmaalta vain kymmenen. Kerrotaan nyt, mitä meillä tehdään!",
				"sv": "Förra gången kom det bara tio svar från Österbotten. Låt oss nu berätta vad vi gör!",
				"en": "Last time only ten answers came from Ostrobothnia. Let us tell now what we do!",
			},
		},
		URL:    "https://barometri.example.org/r/abcdefghjkmnp",
		Onward: "https://barometri.example.org/r/npmkjhgfedcba",
	}
}

var quiet = slog.New(slog.DiscardHandler)
