package mailer

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/outbox"
)

// mostSpam is how many of SpamAssassin's points a letter may have; 5 make spam.
const mostSpam = 0.5

var scored = regexp.MustCompile(`(?ms)^X-Spam-Status: \w+, score=(-?[\d.]+) .*?tests=(.*?)\s+autolearn`)

// TestSpamAssassin lets SpamAssassin score every letter in each language, as a receiver gets it:
// signed, and with the trace of a relay. It asks no network. One process reads all letters,
// because starting it takes most of the time.
func TestSpamAssassin(t *testing.T) {
	if _, err := exec.LookPath("spamassassin"); err != nil {
		t.Skip("spamassassin is not installed; make setup does it")
	}
	c := signer(t, signing(t))
	c.Weeks = someWeek
	var names []string
	var mbox bytes.Buffer
	for _, lang := range i18n.Langs {
		for _, d := range append(deliveries(lang), digestOf(lang)) {
			letter, err := c.Compose(t.Context(), d, now)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, fmt.Sprintf("%s/%s", d.Kind, lang))
			fmt.Fprintf(&mbox, "From sender@example.org Wed Feb 24 09:30:01 2027\n"+
				"Received: from relay.example.org (relay.example.org [9.9.9.9])\n"+
				"\tby mx.example.fi (Postfix) with ESMTPS id 4A5B6C7D\n\tfor <someone@example.fi>; %s\n%s\n",
				now.Format(time.RFC1123Z), bytes.ReplaceAll(letter, []byte("\r\n"), []byte("\n")))
		}
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"prefs": []byte("use_bayes 0\nskip_rbl_checks 1\n"), "mbox": mbox.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("spamassassin", "--local", "--mbox", "--prefspath=prefs", "mbox")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
	var fault bytes.Buffer
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &fault)
	}
	all := scored.FindAllSubmatch(out, -1)
	if len(all) != len(names) {
		t.Fatalf("%d letters were scored, want %d\n%s%s", len(all), len(names), out, &fault)
	}
	for i, m := range all {
		score, err := strconv.ParseFloat(string(m[1]), 64)
		t.Logf("%s: %s points, %s", names[i], m[1], m[2])
		if err != nil || score > mostSpam {
			t.Errorf("%s has %s points for %s (%v)", names[i], m[1], m[2], err)
		}
	}
}

func deliveries(lang i18n.Lang) (list []outbox.Delivery) {
	for _, kind := range kinds {
		list = append(list, delivery(lang, kind))
	}
	return list
}
