package app_test

import (
	"encoding/json"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viesti/bounce"
	"viesti/contacts"
	"viesti/server/control"
)

// TestByPort: a letter's return path is its own, and what comes to it by the port of the program
// itself stops the letters to one person, in all waves, until it is undone.
func TestByPort(t *testing.T) {
	p := start(t)
	p.stop()
	address := freeAddress(t)
	raw, err := os.ReadFile(filepath.Join(p.dir, "config.toml"))
	must(t, err)
	config := strings.Replace(string(raw), "tls = \"none\"\n", "tls = \"none\"\nreturn_path = \"b@return.example\"\nbounces.listen = \""+address+"\"\n", 1)
	p.file("config.toml", config)
	p.run()
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	p.command("invite", "--wait", "--channel", "mail")
	paths := map[string]string{}
	for _, l := range p.relay.Letters() {
		from, _, _ := strings.Cut(l.From, ">")
		paths[l.To[0]] = strings.TrimPrefix(from, "<")
	}
	if len(paths) != 3 || paths["aino@example.org"] == paths["sven@example.org"] {
		t.Fatalf("return paths %v", paths)
	}
	dsn := "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; aino@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b--\r\n"
	must(t, smtp.SendMail(address, nil, "", []string{paths["aino@example.org"]}, []byte(dsn)))
	if err := smtp.SendMail(address, nil, "", []string{"aino@example.org"}, []byte(dsn)); err == nil {
		t.Error("the port takes mail to anybody")
	}
	var list []control.Bounce
	must(t, json.Unmarshal([]byte(p.command("bounces", "list", "--json")), &list))
	if len(list) != 1 || list[0].Contact != "aino@example.org" || list[0].Class != bounce.Dead || list[0].Wave != "2026" {
		t.Fatalf("%+v", list)
	}
	rates := p.ratesByCLI()
	if rates.Total.Contacted != 3 || rates.Total.Undelivered != 1 {
		t.Errorf("%+v", rates.Total)
	}
	known, err := p.app.Store.ContactByEmail(t.Context(), "aino@example.org")
	must(t, err)
	want := contacts.Cause{Ground: contacts.DeadAddress, Words: "550 5.1.1 no such user"}
	if got := known.Standing; !got.Bounced || got.Dead.Ground != want.Ground || got.Dead.Words != want.Words || got.Dead.Day == "" {
		t.Errorf("standing %+v", got)
	}
	for _, l := range p.relay.Letters() {
		if l.To[0] == "sven@example.org" {
			to, subject := leaveBy(t, string(l.Data))
			must(t, smtp.SendMail(address, nil, "sven@home.example", []string{to}, []byte("From: sven@home.example\r\nSubject: "+subject+"\r\n\r\n")))
		}
	}
	if total := p.ratesByCLI().Total; total.OptedOut != 1 {
		t.Errorf("left by mail: %+v", total)
	}
	p.command("bounces", "undo", list[0].ID)
	if rates := p.ratesByCLI(); rates.Total.Undelivered != 0 {
		t.Errorf("undone: %+v", rates.Total)
	}
}
