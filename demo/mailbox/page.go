package mailbox

import (
	"embed"
	"html/template"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"viesti/demo/frame"
	"viesti/i18n"
)

//go:embed list.html letter.html
var files embed.FS

// perPage is how many letters one page of the list shows.
const perPage = 50

// ServeHTTP serves the pages below frame.Mailbox.
func (m *Mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.pages.ServeHTTP(w, r) }

func (m *Mailbox) routes() http.Handler {
	list, letter := frame.Template(files, "list.html"), frame.Template(files, "letter.html")
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+frame.Mailbox+"{$}", func(w http.ResponseWriter, r *http.Request) { m.list(w, r, list) })
	mux.HandleFunc("GET "+frame.Mailbox+"{number}", func(w http.ResponseWriter, r *http.Request) { m.letter(w, r, letter) })
	mux.HandleFunc("GET "+frame.Mailbox+"{number}/html", m.html)
	mux.HandleFunc("POST "+frame.Mailbox+"{number}/leave", m.leave)
	return mux
}

type listView struct {
	frame.Page
	Words   string
	Letters []Letter
	All     int
	Number  int // of the page, from 1
	Pages   int
}

func (m *Mailbox) list(w http.ResponseWriter, r *http.Request, page *template.Template) {
	v := listView{Page: frame.NewPage(r, frame.Mailbox, "demo.place.mailbox"), Words: r.URL.Query().Get("q")}
	v.Number, _ = strconv.Atoi(r.URL.Query().Get("page"))
	v.Number = min(max(v.Number, 1), Keep)
	v.Letters, v.All = m.find(v.Words, (v.Number-1)*perPage, perPage)
	v.Pages = max((v.All+perPage-1)/perPage, 1)
	m.show(w, page, v.Lang, v)
}

// At is the moment of arrival as a list shows it.
func (v listView) At(t time.Time) string { return t.Format("15:04:05") }

// Turn is the address of a page of the list.
func (v listView) Turn(by int) string { return v.With("page", strconv.Itoa(v.Number+by)) }

type letterView struct {
	frame.Page
	L      Letter
	Linked template.HTML // the text with its addresses to click on
}

func (m *Mailbox) letter(w http.ResponseWriter, r *http.Request, page *template.Template) {
	l, ok := m.named(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	v := letterView{Page: frame.NewPage(r, frame.Mailbox, "demo.place.mailbox"), L: l, Linked: linked(l.Text)}
	v.Title = l.Subject
	m.show(w, page, v.Lang, v)
}

func (m *Mailbox) named(r *http.Request) (Letter, bool) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return Letter{}, false
	}
	return m.Letter(number)
}

// At is the moment of arrival.
func (v letterView) At() string { return i18n.DateTime(v.Lang, v.L.Arrived) }

// sandbox lets a letter do what a mail program lets it do: be looked at, and have its links
// opened beside it.
const sandbox = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; " +
	"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

// html is a letter's HTML alone, for the frame that shows it.
func (m *Mailbox) html(w http.ResponseWriter, r *http.Request) {
	l, ok := m.named(r)
	if !ok || l.HTML == "" {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", sandbox)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write([]byte(beside(l.HTML)))
}

var headTag = regexp.MustCompile(`(?i)<head(\s[^>]*)?>`)

// beside makes all links of a letter open beside it.
func beside(html string) string {
	const base = `<base target="_blank">`
	if at := headTag.FindStringIndex(html); at != nil {
		return html[:at[1]] + base + html[at[1]:]
	}
	return base + html
}

var addresses = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)]`)

// linked escapes a text and makes its web addresses links.
func linked(text string) template.HTML {
	var b strings.Builder
	last := 0
	for _, at := range addresses.FindAllStringIndex(text, -1) {
		url := template.HTMLEscapeString(text[at[0]:at[1]])
		b.WriteString(template.HTMLEscapeString(text[last:at[0]]))
		b.WriteString(`<a href="` + url + `" target="_blank" rel="noopener noreferrer">` + url + `</a>`)
		last = at[1]
	}
	b.WriteString(template.HTMLEscapeString(text[last:]))
	return template.HTML(b.String()) //nolint:gosec // every piece was escaped
}

func (m *Mailbox) show(w http.ResponseWriter, page *template.Template, lang i18n.Lang, view any) {
	if err := frame.Show(w, page, lang, view); err != nil {
		m.options.Log.Error("mailbox page cannot be made", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}
