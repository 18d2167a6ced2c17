package letters

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/internal/fault"
)

func full() Values {
	v := Values{}
	for _, name := range placeholders {
		v[name] = Value{Text: "the " + name}
	}
	for _, name := range []string{"link", "opt_out", "privacy"} {
		url := "https://example.org/" + name
		v[name] = Value{Text: url, URL: url}
	}
	v["contact_email"] = Value{Text: "a@example.org", URL: "mailto:a@example.org"}
	v["contact_phone"] = Value{Text: "+358 29 1", URL: "tel:+358291"}
	v["curve"] = Value{Text: `a "curve" of <answers>`, Picture: "curve@example.org"}
	v["days"] = Value{Table: [][]string{{"Day", "So far", "Letters"}, {"1 March", "12", "Invitation"}, {"2 <March>", "1,200"}}}
	return v
}

func load(t testing.TB, dir string) *Set {
	t.Helper()
	set, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const head = "Subject: S {title}\nPreview: P\n\n"

// letterOf is a whole letter around some lines.
func letterOf(lines string) string {
	return head + "# {title}\n\n" + lines + "\n\n[Answer]({link})\n\n---\n\n[Stop]({opt_out})\n"
}

// shown are the words that a browser shows of a letter, without the preview and what only a
// button needs.
func shown(t *testing.T, page, preview string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "head" || n.Data == "style") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for _, a := range n.Attr {
			if n.Data == "img" && a.Key == "alt" {
				b.WriteString(a.Val)
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if slices.Contains([]string{"p", "h1", "h2", "li", "br", "a", "div", "td", "th"}, n.Data) {
			b.WriteString(" ")
		}
	}
	walk(root)
	return strings.Replace(b.String(), preview, "", 1)
}

var notWords = regexp.MustCompile(`\(?https?://\S+|[-:]+(\s|$)|\d+\.(\s|$)`)

func words(s string) []string { return strings.Fields(notWords.ReplaceAllString(s, " ")) }

// Both forms of every letter say the same words in the same order.
func TestFormsSayTheSame(t *testing.T) {
	set := load(t, "")
	for _, lang := range i18n.Langs {
		for _, kind := range Kinds {
			values := full()
			l, err := set.Write(kind, lang, values, "A note.")
			if err != nil {
				t.Fatal(err)
			}
			page := shown(t, l.HTML, plain(set.sources[lang][kind].preview.fill(values)))
			page = strings.Replace(page, i18n.T(lang, "letter.copy", nil), "", 1)
			if text, page := words(l.Text), words(page); !slices.Equal(text, page) {
				t.Errorf("%s/%s: the forms differ\n%q\n%q", lang, kind, text, page)
			}
		}
	}
}

// Every letter has one title, which is the survey's, and no heading that heads nothing.
func TestHeadings(t *testing.T) {
	set := load(t, "")
	for _, lang := range i18n.Langs {
		for _, kind := range Kinds {
			l, err := set.Write(kind, lang, full(), "")
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(l.HTML, "<h1 "); n != 1 {
				t.Errorf("%s/%s has %d titles", lang, kind, n)
			}
			if !strings.Contains(l.HTML, `<html lang="`+string(lang)+`"`) {
				t.Errorf("%s/%s does not say its language", lang, kind)
			}
		}
	}
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		file, text string
		line       int
		key        string
	}{
		"unknown":       {"en/invitation.md", letterOf("a\nb {nobody}"), 7, "letter.fault.unknown"},
		"in a header":   {"en/invitation.md", "Subject: {titel}\nPreview: p\n\n# T\n\n[a]({link})\n\n---\n\n{opt_out}\n", 1, "letter.fault.unknown"},
		"unclosed":      {"en/invitation.md", letterOf("a {title"), 6, "letter.fault.unclosed"},
		"unopened":      {"en/invitation.md", letterOf("a title}"), 6, "letter.fault.unclosed"},
		"nested":        {"en/invitation.md", letterOf("a {{title}}"), 6, "letter.fault.unclosed"},
		"empty":         {"en/invitation.md", letterOf("a {}"), 6, "letter.fault.unknown"},
		"no link":       {"en/invitation.md", head + "# T\n\nx\n", 0, "letter.fault.needed"},
		"no figures":    {"en/digest.md", head + "# T\n\n{rate}\n", 0, "letter.fault.needed"},
		"personal":      {"en/digest.md", head + "# T\n\n{rate}\n\n{days}\n\n{link}\n", 10, "letter.fault.unknown"},
		"not weekly":    {"en/invitation.md", letterOf("a {rate}"), 6, "letter.fault.unknown"},
		"no opt-out":    {"en/invitation.md", head + "# T\n\n{link}\n\n---\n\nx\n", 0, "letter.fault.needed"},
		"unlike":        {"en/foot.md", "{opt_out}\n", 0, "letter.fault.unlike"},
		"image":         {"en/invitation.md", letterOf("a\n\n![x](https://example.org/x.png)"), 8, "letter.fault.image"},
		"script":        {"en/invitation.md", letterOf("[x](javascript:alert)"), 6, "letter.fault.link"},
		"nowhere":       {"en/invitation.md", letterOf("[x](page.html)"), 6, "letter.fault.link"},
		"to a name":     {"en/invitation.md", letterOf("[x]({network})"), 6, "letter.fault.link"},
		"tracked":       {"en/invitation.md", letterOf("[x](https://t.example/?to={link})"), 6, "letter.fault.link"},
		"no title":      {"en/invitation.md", head + "T\n\n{link} {opt_out}\n", 0, "letter.fault.title"},
		"two titles":    {"en/invitation.md", letterOf("# Again"), 0, "letter.fault.title"},
		"titled foot":   {"en/foot.md", "# T\n\n{opt_out}\n", 0, "letter.fault.foot_title"},
		"no header":     {"en/invitation.md", "# T\n\n{link} {opt_out}\n", 1, "letter.fault.header"},
		"no subject":    {"en/invitation.md", "Preview: x\n\n# T\n\n{link} {opt_out}\n", 1, "letter.fault.header_missing"},
		"empty letter":  {"en/invitation.md", "", 1, "letter.fault.header_missing"},
		"binary":        {"en/invitation.md", "\x00\xff", 0, "letter.fault.text"},
		"direction":     {"en/invitation.md", letterOf("a \u202e b"), 0, "letter.fault.text"},
		"large":         {"en/invitation.md", letterOf(strings.Repeat("x", maxSource)), 0, "letter.fault.text"},
		"other kind":    {"en/invite.md", letterOf("x"), 0, "letter.fault.stranger"},
		"other place":   {"invitation.md", letterOf("x"), 0, "letter.fault.stranger"},
		"nothing there": {"en/notes.txt", "x", 0, "letter.fault.folder"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{test.file: test.text})
			_, err := Load(dir)
			for _, f := range fault.All(err) {
				if f.Key != test.key || f.Place.Line != test.line {
					continue
				}
				for _, lang := range i18n.Langs {
					if f.Say(lang) == "" {
						t.Error("no words")
					}
				}
				return
			}
			t.Errorf("%v, want %s at line %d", err, test.key, test.line)
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); fault.Of(err).Key != "letter.fault.folder" {
		t.Errorf("no folder: %v", err)
	}
}

// An organiser's letter takes the place of the built-in one, and of that alone.
func TestOverride(t *testing.T) {
	files := map[string]string{}
	for _, lang := range i18n.Langs {
		files[string(lang)+"/invitation.md"] = "\ufeff" + strings.ReplaceAll(letterOf("Own \\{words\\} & <b>bold</b> **strong** *soft* a\\*b &amp; `code`.\\\nNext line\nof two.\n\n1. one\n2. two\n\n> said"), "\n", "\r\n")
	}
	set := load(t, folder(t, files))
	l, err := set.Write("invitation", i18n.En, full(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := "the title\n\nOwn {words} & <b>bold</b> strong soft a*b & `code`.\nNext line of two.\n\n1. one\n2. two\n\nsaid\n\n" +
		"Answer:\nhttps://example.org/link\n\n" + rule + "\n\nStop:\nhttps://example.org/opt_out\n"
	if l.Text != want || l.Subject != "S the title" {
		t.Errorf("%s\n%s\nwant\n%s", l.Subject, l.Text, want)
	}
	for _, want := range []string{"&lt;b&gt;bold&lt;/b&gt; <strong>strong</strong> <em>soft</em> a*b &amp; `code`", "<ol ", `class="go"`} {
		if !strings.Contains(l.HTML, want) {
			t.Errorf("the HTML lacks %s\n%s", want, l.HTML)
		}
	}
	other, err := set.Write("reminder-1", i18n.En, full(), "")
	if err != nil || !strings.HasPrefix(other.Subject, "Reminder") {
		t.Errorf("%q %v", other.Subject, err)
	}
	if _, err := set.Write("postcard", i18n.En, full(), ""); fault.Of(err).Key != "letter.fault.kind" {
		t.Error(err)
	}
}

// A picture and a table stand where a placeholder stands alone; a table's columns are below one
// another in the text, and no cell becomes a tag.
func TestPicturesAndTables(t *testing.T) {
	l, err := load(t, "").Write(Digest, i18n.En, full(), "")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Day        So far  Letters\n1 March    12      Invitation\n2 <March>  1,200\n"; !strings.Contains(l.Text, want) {
		t.Errorf("no table in\n%s", l.Text)
	}
	for _, want := range []string{`src="cid:curve@example.org"`, `alt="a &#34;curve&#34; of &lt;answers&gt;"`, `<th scope="col"`, `<th scope="row"`, "2 &lt;March&gt;"} {
		if !strings.Contains(l.HTML, want) {
			t.Errorf("no %s in\n%s", want, l.HTML)
		}
	}
	if strings.Contains(l.HTML, "/u/") || strings.Contains(l.Text, "opt_out") {
		t.Error("a digest has a personal link")
	}
}

// Without a value its line goes, and what has then nothing left to say.
func TestMissingValues(t *testing.T) {
	set := load(t, "")
	for _, lang := range i18n.Langs {
		for _, kind := range Kinds {
			values := full()
			for _, name := range []string{"about", "contact_address", "contact_email", "contact_name", "contact_phone", "coordinator", "minutes", "word"} {
				delete(values, name)
			}
			l, err := set.Write(kind, lang, values, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, form := range []string{l.Text, l.HTML} {
				for _, never := range []string{"{", ": \n", "\n\n\n", "Questions", "Kysyttävää", "Frågor", "Postiosoite", "Postadress", "Postal"} {
					if strings.Contains(strings.ReplaceAll(form, "{ ", ""), never) && (never != "{" || form == l.Text) {
						t.Errorf("%s/%s has %q:\n%s", lang, kind, never, form)
					}
				}
			}
		}
	}
}

// Names from outside are text and nothing else, and those from right to left turn nothing.
func TestNamesAreText(t *testing.T) {
	set := load(t, "")
	values := full()
	values["network"] = Value{Text: `<script>"x"</script> [a](https://evil.example) **b** {link} & "`}
	values["coordinator"] = Value{Text: "مريم"}
	values["title"] = Value{Text: "<b>T</b>"}
	l, err := set.Write("invitation", i18n.En, values, "<i>note</i>")
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script>", `href="https://evil`, "<b>", "<i>"} {
		if strings.Contains(l.HTML, never) {
			t.Errorf("the HTML has %s", never)
		}
	}
	if !strings.Contains(l.Text, values["network"].Text) {
		t.Error("the text changed the name")
	}
	if !strings.Contains(l.Text, "\n\u2068مريم\u2069\n") || !strings.Contains(l.HTML, "<bdi>مريم</bdi>") {
		t.Error("a name from right to left is not isolated")
	}
	if strings.ContainsRune(strings.ReplaceAll(l.Text, "\u2068مريم\u2069", ""), '\u2068') {
		t.Error("a name from left to right is isolated")
	}
}

// FuzzSource: whatever an organiser writes is read or refused, and what is read makes a letter.
func FuzzSource(f *testing.F) {
	for _, kind := range append(slices.Clone(Kinds), foot) {
		raw, err := builtin.ReadFile("en/" + kind + ".md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add(letterOf("1. a\n   > b\n   > - **{word}***\n\n---\n---"))
	f.Add(letterOf("[[{title}]({link})](https://x)\\\n<https://example.org>\\{&#123;title&#125;"))
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []string{"invitation", foot} {
			s, wrong := parse("x.md", kind, []byte(text))
			if len(wrong) > 0 {
				continue
			}
			body, small := s.blocks(full())
			if strings.ContainsAny(plain(s.subject.fill(full())), "\r\n") {
				t.Error("the subject has two lines")
			}
			_ = write(body, small, "note")
			if html, err := (page{Lang: i18n.En}).render(body, small, "https://example.org/link"); err != nil || strings.Contains(html, "javascript:") && strings.Contains(html, `href="javascript:`) {
				t.Errorf("%v\n%s", err, html)
			}
		}
	})
}

// FuzzNames: no value reaches the HTML as a tag or leaves its line in the text.
func FuzzNames(f *testing.F) {
	f.Add("<img src=x>", "a\u202eb")
	f.Add(`"><script>`, "مرحبا {link}")
	set := load(f, "")
	plainPage, err := set.Write("invitation", i18n.Fi, full(), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, network, word string) {
		values := full()
		values["network"], values["word"] = Value{Text: "x" + network}, Value{Text: "x" + word}
		l, err := set.Write("invitation", i18n.Fi, values, "")
		if err != nil {
			t.Fatal(err)
		}
		page := strings.NewReplacer("<bdi>", "", "</bdi>", "").Replace(l.HTML)
		if strings.Count(page, "<") != strings.Count(plainPage.HTML, "<") || strings.Count(page, `"`) != strings.Count(plainPage.HTML, `"`) {
			t.Errorf("a name became HTML:\n%s", page)
		}
	})
}
