package bot

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"viesti/demo/chat/blockkit"
	"viesti/i18n"
	"viesti/outbox"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file, or writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the difference\n%s", file, got)
	}
}

func show(text string, blocks []block) string {
	var b strings.Builder
	b.WriteString(text + "\n\n")
	for _, block := range blocks {
		raw, _ := json.Marshal(block)
		b.WriteString(string(raw) + "\n")
	}
	return b.String()
}

// said is what somebody is told who types something in a channel without a network.
func said(t *testing.T, b *Bot, user, text string) message {
	t.Helper()
	in := typed(user, text)
	in.Channel = "C0GENERAL1"
	r := b.replyTo(t.Context(), parse(in.Text), in)
	m := r.guarded(t.Context(), step{r.Verb.act(), (*reply).serve})
	if m.form != nil {
		fits(t, r.modal(m))
	} else {
		within(t, m.text(), m.blocks)
		a := m.ack()
		if faults := blockkit.Reply(a.payload()); faults != nil {
			t.Errorf("%s %s: %q", user, text, faults)
		}
	}
	return m
}

// everything is what people of each role type, the same in each language.
var everything = map[i18n.Lang]map[string][]string{
	i18n.En: {
		"U0ADMIN": {
			"help", "help rates", "help remind", "help role", "rates", "rates pomako", "rates etno easst", "rates nobody at all knows it",
			"link moniheli", "link etno_east poster", "link", "status", "status pomako", "raets", "xyzzy!", "invite", "invite pomako", "invite nobody at all knows it",
			"remind", "remind all", "remind pomako", "remind moniheli", "share", "share pomako <#C0GENERAL1|general>", "share pomako <#C0ETNOEAST|etno>",
			"pause pomako", "pause all", "resume all", "resume pomako", "digest pomako", "digest on pomako friday 9.30", "digest off pomako", "digest on",
			"language", "role", "role <@U0VIEWER|vera>", "role <@U0NEW|nea> viewer pomako", "role <!subteam^S0GROUP|@all> coordinator all", "role <@U0NEW> none",
			"role <@U0NEW> none all", "claim wrong",
		},
		"U0COORD":  {"help", "rates", "rates all", "rates etno_east", "link", "remind", "status", "pause all", "role", "invite", "share <#C0GENERAL1|>"},
		"U0BOTH":   {"rates", "remind", "remind all", "status"},
		"U0VIEWER": {"rates", "remind", "link"},
		"U0OTHER":  {"help", "rates", "xyzzy!", "language en"},
	},
	i18n.Fi: {
		"U0ADMIN": {
			"ohje", "ohje vastaukset", "ohje muistuta", "ohje rooli", "vastaukset", "vastaukset pomako", "vastaukset itä-suomen etnno", "vastaukset ei kukaan tunne tällaista",
			"linkki moniheli", "linkki etno_east juliste", "linkki", "tila", "tila pomako", "vastuaksia", "xyzzy!", "kutsu", "kutsu pomako", "kutsu ei kukaan tunne tällaista",
			"muistuta", "muistuta kaikki", "muistuta pomako", "muistuta moniheli", "jaa", "jaa pomako <#C0GENERAL1|yleinen>", "jaa pomako <#C0ETNOEAST|etno>",
			"tauko pomako", "tauko kaikki", "jatka kaikki", "jatka pomako", "kooste pomako", "kooste päälle pomako perjantai klo 9.30", "kooste pois päältä pomako", "kooste päälle",
			"kieli", "rooli", "rooli <@U0VIEWER|vera>", "rooli <@U0NEW|nea> katselija pomako", "rooli <!subteam^S0GROUP|@all> koordinaattori kaikki", "rooli <@U0NEW> poista",
			"rooli <@U0NEW> poista kaikki", "lunasta väärä",
		},
		"U0COORD":  {"ohje", "vastaukset", "vastaukset kaikki", "vastaukset etno_east", "linkki", "muistuta", "tila", "tauko kaikki", "rooli", "kutsu", "jaa <#C0GENERAL1|>"},
		"U0BOTH":   {"vastaukset", "muistuta", "muistuta kaikki", "tila"},
		"U0VIEWER": {"vastaukset", "muistuta", "linkki"},
		"U0OTHER":  {"ohje", "vastaukset", "xyzzy!", "kieli fi"},
	},
	i18n.Sv: {
		"U0ADMIN": {
			"hjälp", "hjälp svar", "hjälp påminn", "hjälp roll", "svar", "svar pomako", "svar etno i östra finnland", "svar ingen känner till sådant",
			"länk moniheli", "länk etno_east affisch", "länk", "läge", "läge pomako", "hjelp", "xyzzy!", "bjud in", "bjud in pomako", "bjud in ingen känner till sådant",
			"påminn", "påminn alla", "påminn pomako", "påminn moniheli", "dela", "dela pomako <#C0GENERAL1|allmänt>", "dela pomako <#C0ETNOEAST|etno>",
			"paus pomako", "paus alla", "fortsätt alla", "fortsätt pomako", "sammandrag pomako", "sammandrag på pomako fredag kl 9.30", "sammandrag av pomako", "sammandrag på",
			"språk", "roll", "roll <@U0VIEWER|vera>", "roll <@U0NEW|nea> läsare pomako", "roll <!subteam^S0GROUP|@all> samordnare alla", "roll <@U0NEW> ingen",
			"roll <@U0NEW> ingen alla", "inlös fel",
		},
		"U0COORD":  {"hjälp", "svar", "svar alla", "svar etno_east", "länk", "påminn", "läge", "paus alla", "roll", "bjud in", "dela <#C0GENERAL1|>"},
		"U0BOTH":   {"svar", "påminn", "påminn alla", "läge"},
		"U0VIEWER": {"svar", "påminn", "länk"},
		"U0OTHER":  {"hjälp", "svar", "xyzzy!", "språk sv"},
	},
}

func TestRepliesInThreeLanguages(t *testing.T) {
	for l, users := range everything {
		for user, list := range everything[i18n.En] {
			if len(users[user]) != len(list) {
				t.Errorf("%s: %s types %d commands, in English %d", l, user, len(users[user]), len(list))
			}
		}
		t.Run(string(l), func(t *testing.T) {
			var b strings.Builder
			for _, user := range slices.Sorted(maps.Keys(users)) {
				bot := testBot(t, testDesk{networks: someNetworks()}, func(o *Options) { o.Lang = l })
				for _, text := range users[user] {
					m := said(t, bot, user, text)
					fmt.Fprintf(&b, "=== %s: /viesti %s\n%s\n", user, text, show(m.text(), m.blocks))
				}
			}
			golden(t, "replies."+string(l)+".txt", b.String())
		})
	}
}

// TestWordsFitTheirPlaces measures the words of buttons and titles, of which Slack shows so much.
func TestWordsFitTheirPlaces(t *testing.T) {
	for _, l := range i18n.Langs {
		n := 0
		for _, key := range i18n.Keys(l) {
			most := 0
			for prefix, limit := range map[string]int{
				"bot.do.": 30, "bot.open.": 30, "bot.rates.previous": 30, "bot.rates.next": 30, "bot.rates.summary": 30, "bot.rates.share": 30, "bot.rates.picture": 30,
				"bot.title.": maxModalTitle, "bot.modal.": maxModalTitle, "bot.form.preview": maxModalTitle, "bot.digest.on": 30, "bot.digest.off": 30,
			} {
				if strings.HasPrefix(key, prefix) && !strings.HasPrefix(key, "bot.rates.share_") && key != "bot.rates.shared" {
					most = limit
				}
			}
			if most == 0 {
				continue
			}
			n++
			if words := i18n.T(l, key, nil); utf8.RuneCountInString(words) > most {
				t.Errorf("%s %s: %q is longer than %d", l, key, words, most)
			}
		}
		if n < 30 {
			t.Errorf("%s: only %d words were measured", l, n)
		}
	}
}

// fits fails when Slack would refuse a modal.
func fits(t *testing.T, v *modal) {
	t.Helper()
	for what, p := range map[string]*plain{"title": v.Title, "submit": v.Submit, "close": v.Close} {
		if n := utf8.RuneCountInString(p.Text); n == 0 || n > maxModalTitle || strings.HasSuffix(p.Text, "…") {
			t.Errorf("%s %q of %d characters", what, p.Text, n)
		}
	}
	within(t, "text", v.Blocks)
	if faults := blockkit.View(encode(v)); faults != nil {
		t.Errorf("%q", faults)
	}
}

func TestPosts(t *testing.T) {
	bot := testBot(t, nil, nil)
	var b strings.Builder
	for _, kind := range []outbox.Kind{outbox.Invitation, outbox.Reminder(2), outbox.LastCall} {
		for _, n := range someNetworks()[:2] {
			key := outbox.Key{Recipient: outbox.Channel(n.ID), Wave: "2027", Kind: kind}
			p := bot.compose(outbox.Delivery{Message: outbox.Message{Key: key}, Network: n, URL: "https://kysely.example.org/r/abc", Onward: "https://kysely.example.org/r/abcon"})
			within(t, p.Text, p.Blocks)
			for _, l := range n.Langs() {
				if !strings.Contains(p.Text, "https://kysely.example.org/r/abc?lang="+string(l)) {
					t.Errorf("%s %s: no plain link in %s", kind, n.ID, l)
				}
			}
			if strings.Contains(p.Text, "<!channel>") {
				t.Errorf("a network's name can call the channel: %s", p.Text)
			}
			fmt.Fprintf(&b, "=== %s %s %s\n%s\n", kind, p.Channel, p.Delivery, show(p.Text, p.Blocks))
		}
	}
	n := someNetworks()[0]
	key := outbox.Key{Recipient: outbox.Shared(n.ID, "C0FURTHER1"), Wave: "2027", Kind: outbox.Invitation}
	p := bot.compose(outbox.Delivery{Message: outbox.Message{Key: key}, Network: n, URL: "https://kysely.example.org/r/child", Onward: "https://kysely.example.org/r/childon"})
	within(t, p.Text, p.Blocks)
	fmt.Fprintf(&b, "=== shared %s %s\n%s\n", p.Channel, p.Delivery, show(p.Text, p.Blocks))
	golden(t, "posts.txt", b.String())
}

// within fails when Slack would refuse or cut what is said.
func within(t *testing.T, text string, blocks []block) {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range blockkit.Message(raw) {
		t.Error(f)
	}
	if n := utf8.RuneCountInString(text); n == 0 || n > 4000 {
		t.Errorf("text of %d characters", n)
	}
	if len(blocks) == 0 || len(blocks) > maxBlocks {
		t.Errorf("%d blocks", len(blocks))
	}
	for _, b := range blocks {
		texts := []*textual{b.Text}
		if b.Type == "input" {
			texts[0] = b.Label
			usable(t, b.Element)
		}
		for _, e := range b.Elements {
			switch e := e.(type) {
			case *textual:
				texts = append(texts, e)
			case *element:
				usable(t, e)
			}
		}
		if b.Type == "actions" && (len(b.Elements) == 0 || len(b.Elements) > maxRow) {
			t.Errorf("%d buttons in a row", len(b.Elements))
		}
		limit := map[string]int{"header": maxHeader, "section": maxSection, "context": maxSection, "input": 2000}[b.Type]
		for _, x := range texts {
			if x == nil {
				continue
			}
			if n := utf8.RuneCountInString(x.Text); n == 0 || n > limit {
				t.Errorf("%s of %d characters", b.Type, n)
			}
		}
		if len(b.Elements) > 10 {
			t.Errorf("%d elements", len(b.Elements))
		}
	}
}

// usable fails when Slack would refuse what can be pressed or chosen.
func usable(t *testing.T, e *element) {
	t.Helper()
	length := func(what string, p *plain, most int) {
		if p == nil {
			return
		}
		if n := utf8.RuneCountInString(p.Text); n == 0 || n > most {
			t.Errorf("%s: %s of %d characters", e.ActionID, what, n)
		}
	}
	length("words", e.Text, maxButton)
	length("placeholder", e.Placeholder, maxPlaceholder)
	for _, o := range e.Options {
		length("option", o.Text, maxOption)
		if n := utf8.RuneCountInString(o.Value); n == 0 || n > 75 {
			t.Errorf("%s: a value of %d characters", e.ActionID, n)
		}
	}
	if n := utf8.RuneCountInString(e.ActionID); n == 0 || n > 255 {
		t.Errorf("an action id of %d characters", n)
	}
	if n := utf8.RuneCountInString(e.Value); n > maxValue {
		t.Errorf("%s: a value of %d characters", e.ActionID, n)
	}
	if e.Type == "static_select" && (len(e.Options) == 0 || len(e.Options) > maxOptions) {
		t.Errorf("%s: %d options", e.ActionID, len(e.Options))
	}
}

func TestManyNetworksStayWithinLimits(t *testing.T) {
	var d testDesk
	for i := range 700 {
		n := someNetworks()[i%3]
		n.ID = fmt.Sprintf("network-%d", i)
		n.Name = i18n.Text{i18n.Fi: strings.Repeat("Ääkkösten & verkosto ", 20), i18n.Sv: strings.Repeat("Ö", 300)}
		n.SlackChannel = ""
		d.networks = append(d.networks, n)
	}
	bot := testBot(t, d, nil)
	for _, text := range []string{"vastaukset", "rates", "svar", "link", "länk missing", "rates network-650"} {
		a := bot.Command(context.Background(), typed("U0ADMIN", text))
		if len(a.Blocks) > maxBlocks {
			t.Errorf("%s: %d blocks", text, len(a.Blocks))
		}
		if n := len(a.payload()); n == 0 || n > maxPayload {
			t.Errorf("%s: %d bytes", text, n)
		}
	}
	a := bot.Command(context.Background(), typed("U0ADMIN", "vastaukset"))
	if !strings.Contains(a.Text, "684 verkostoa") {
		t.Errorf("the rest is not counted: %s", a.Text)
	}
}

func TestPayloadIsCutWhenItCannotBeLess(t *testing.T) {
	a := Ack{Text: strings.Repeat("ä", 30_000), Blocks: []block{{Type: "divider"}}}
	if n := len(a.payload()); n == 0 || n > maxPayload {
		t.Errorf("%d bytes", n)
	}
	if (Ack{}).payload() != nil {
		t.Error("an empty answer says something")
	}
}
