package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"viesti/cli"
	"viesti/i18n"
	"viesti/internal/walk"
	"viesti/link"
	"viesti/report"
)

// TestOneStoreOneFigure compares every figure of the JSON with what the command line, the console and
// Slack say of the same store, for every division and in three languages.
func TestOneStoreOneFigure(t *testing.T) {
	p := startWith(t, setting{now: time.Now, days: 40, extra: "[console]\ncoordinators = [\"kaisa@example.org\"]\n"})
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", twelveEach()))
	p.command("invite", "--channel", "mail", "--wait")
	letters := p.relay.Letters()
	for _, l := range letters[:7] {
		p.answer(l.Data)
	}
	begun := walk.New(nil)
	must(t, begun.Open(regexp.MustCompile(regexp.QuoteMeta(p.base)+`/r/[a-z0-9]{13}`).FindString(string(letters[8].Data))))
	must(t, begun.Press("start", nil))
	must(t, begun.On(begun.First()))
	p.command("contacts", "opt-out", "p3@example.org")
	cookie := p.signIn("kaisa@example.org")
	for _, l := range i18n.Langs {
		for _, by := range report.Divisions {
			var rates report.Rates
			must(t, json.Unmarshal([]byte(p.commandIn(l, "rates", "--by", string(by), "--json")), &rates))
			if rates.Total.Complete != 7 || rates.Total.Visits != 8 || len(rates.Total.Stops) == 0 {
				t.Fatalf("nothing to compare: %+v", rates.Total)
			}
			at := fmt.Sprintf("%s, by %s", l, by)
			p.onPaper(at, p.commandIn(l, "rates", "--by", string(by)), rates, by, l)
			p.onPage(at, p.desk("/console/?lang="+string(l)+"&by="+string(by), cookie), rates, by, l)
		}
	}
	for word, l := range map[string]i18n.Lang{"rates all": i18n.En, "vastaukset kaikki": i18n.Fi, "svar alla": i18n.Sv} {
		p.inChat(word, l)
	}
}

// cells are the figures of a row that the command line and the console both show.
func cells(row report.Row, l i18n.Lang) map[string]string {
	share := func(x *float64) string {
		if x == nil {
			return "–"
		}
		return i18n.Percent(l, *x)
	}
	rate, partial := row.Rate, row.RatePartial
	if row.SoFar != nil { // by day
		rate, partial = row.SoFar.Rate, nil
	}
	out := map[string]string{
		"contacted": i18n.Number(l, row.Contacted), "visits": i18n.Number(l, row.Visits), "partial": i18n.Number(l, row.Partial),
		"complete": i18n.Number(l, row.Complete), "rate": share(rate), "rate_partial": share(partial), "completion": share(row.Completion),
		"target": "–", "win": "–", "open": i18n.Number(l, row.Open.Complete),
	}
	if row.Target > 0 {
		out["target"] = i18n.Number(l, row.Target)
	}
	if row.StillToWin != nil {
		out["win"] = i18n.Number(l, *row.StillToWin)
	}
	return out
}

func pick(from map[string]string, keys ...string) (list []string) {
	for _, k := range keys {
		list = append(list, from[k])
	}
	return list
}

var columns = regexp.MustCompile(` {2,}`)

// onPaper compares the command line's tables and sentences.
func (p *program) onPaper(at, text string, rates report.Rates, by report.By, l i18n.Lang) {
	p.t.Helper()
	var lines [][]string
	for line := range strings.Lines(text) {
		lines = append(lines, columns.Split(strings.TrimSpace(line), -1))
	}
	has := func(want ...string) {
		p.t.Helper()
		if !slices.ContainsFunc(lines, func(line []string) bool { return slices.Equal(line, want) }) {
			p.t.Errorf("%s: the command line does not say %q in\n%s", at, want, text)
		}
	}
	keys := []string{"contacted", "complete", "partial", "rate", "rate_partial", "completion", "target", "win", "open"}
	for _, row := range rates.Rows {
		name := []string{row.Label(by, l)}
		if by == report.ByNetwork {
			name = []string{row.Network, name[0]}
		}
		has(append(name, pick(cells(row, l), keys...)...)...)
	}
	has(append([]string{i18n.T(l, "cli.total", nil)}, pick(cells(rates.Total, l), keys...)...)...)
	for _, s := range rates.Stopped(l) {
		if s.Unfinished > 0 {
			has(s.Name, i18n.Number(l, s.Unfinished))
		}
	}
	for _, said := range rates.Words(l) {
		has(said)
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// onPage compares the console's page.
func (p *program) onPage(at, page string, rates report.Rates, by report.By, l i18n.Lang) {
	p.t.Helper()
	text := html.UnescapeString(page)
	has := func(want ...string) {
		p.t.Helper()
		row := "<th scope=\"row\">" + want[0] + "</th><td>" + strings.Join(want[1:], "</td><td>") + "</td>"
		if !strings.Contains(text, row) {
			p.t.Errorf("%s: the console does not say %q in\n%s", at, want, tags.ReplaceAllString(text, " "))
		}
	}
	keys := []string{"contacted", "visits", "partial", "complete", "rate", "rate_partial", "completion", "target", "win", "open"}
	for _, row := range rates.Rows {
		has(append([]string{row.Label(by, l)}, pick(cells(row, l), keys...)...)...)
	}
	has(append([]string{i18n.T(l, "console.total", nil)}, pick(cells(rates.Total, l), keys...)...)...)
	for _, s := range rates.Stopped(l) {
		has(s.Name, i18n.Number(l, s.Unfinished))
	}
	for _, said := range rates.Words(l) {
		if !strings.Contains(text, "<li>"+said+"</li>") {
			p.t.Errorf("%s: the console does not say %q", at, said)
		}
	}
	for _, letter := range rates.Letters { // which are marked on the curve
		if by == report.ByDay && !strings.Contains(text, "<td>"+letter.Name(l)+"</td>") {
			p.t.Errorf("%s: the letter of %s stands in no table", at, letter.Day)
		}
	}
}

// inChat compares what Slack says.
func (p *program) inChat(word string, l i18n.Lang) {
	p.t.Helper()
	var rates report.Rates
	must(p.t, json.Unmarshal([]byte(p.commandIn(l, "rates", "--json")), &rates))
	all := p.types(admin, word)
	for _, row := range append(rates.Rows, rates.Total) {
		key, args := "bot.rates.row_uncontacted", i18n.Args{"name": "", "complete": row.Complete, "reached": row.Contacted - row.Undelivered}
		if row.Rate != nil {
			key, args["rate"] = "bot.rates.row", i18n.Percent(l, *row.Rate)
		}
		if want := i18n.T(l, key, args); !strings.Contains(all, want) {
			p.t.Errorf("%s: %q is not in\n%s", word, want, all)
		}
	}
	for _, said := range rates.Brief(l) {
		said = strings.ReplaceAll(said, "\u00a0", " ") // Slack gets plain blanks
		if !strings.Contains(all, said) {
			p.t.Errorf("%s: %q is not in\n%s", word, said, all)
		}
	}
	for _, row := range rates.Rows {
		verb, _, _ := strings.Cut(word, " ")
		one := p.types(admin, verb+" "+row.Network)
		for _, channel := range link.Channels {
			c := row.ByChannel[channel]
			want := i18n.T(l, "bot.rates.channel", i18n.Args{
				"channel": i18n.T(l, "bot.channel."+string(channel), nil), "complete": c.Complete, "partial": c.Partial, "visits": c.Visits,
			})
			if !strings.Contains(one, want) {
				p.t.Errorf("%q is not in\n%s", want, one)
			}
		}
	}
}

// desk is a page for who is signed in.
func (p *program) desk(path, cookie string) string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+path, nil)
	must(p.t, err)
	req.Header.Set("Cookie", cookie)
	res, err := http.DefaultClient.Do(req)
	must(p.t, err)
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(res.Body)
	must(p.t, err)
	return string(raw)
}

// signIn signs in to the console by the link of a letter, and gives the cookie.
func (p *program) signIn(email string) string {
	p.t.Helper()
	before := len(p.relay.Letters())
	resp, err := http.PostForm(p.base+"/console/sign-in", url.Values{"email": {email}})
	must(p.t, err)
	must(p.t, resp.Body.Close())
	var found []string
	eventually(p.t, "the letter to sign in", func() bool {
		for _, l := range p.relay.Letters()[before:] {
			text := strings.ReplaceAll(strings.ReplaceAll(string(l.Data), "=\r\n", ""), "=3D", "=")
			found = regexp.MustCompile(`ticket=([A-Za-z0-9._-]+)`).FindStringSubmatch(text)
		}
		return found != nil
	})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err = client.PostForm(p.base+"/console/enter", url.Values{"ticket": {found[1]}})
	must(p.t, err)
	must(p.t, resp.Body.Close())
	cookie, _, _ := strings.Cut(resp.Header.Get("Set-Cookie"), ";")
	return cookie
}

// command runs a command of the command line beside the running server.
func (p *program) command(args ...string) string {
	p.t.Helper()
	return p.commandIn("", args...)
}

// commandIn is a command of somebody whose terminal speaks a language.
func (p *program) commandIn(l i18n.Lang, args ...string) string {
	p.t.Helper()
	var out, diagnostics bytes.Buffer
	status := cli.Run(p.t.Context(), append(args, "--config", filepath.Join(p.dir, "config.toml")), cli.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &diagnostics,
		Lookup: func(name string) (string, bool) { return string(l), name == "LANG" && l != "" },
	})
	if status != cli.Done {
		p.t.Fatalf("viesti %v: status %d\n%s%s", args, status, out.String(), diagnostics.String())
	}
	return out.String()
}
