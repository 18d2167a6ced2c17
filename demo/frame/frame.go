// Package frame is what the demonstration's own pages share: their look, the places they lead to,
// and the language they are read in.
//
// It is not the survey's frame, and looks unlike it on purpose: what respondents meet is the
// product, and what stands here is the window through which the product is shown.
package frame

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"

	"viesti/i18n"
)

//go:embed frame.html demo.css
var files embed.FS

// The places of the demonstration, all on one address.
const (
	Start   = "/"
	Mailbox = "/mailbox/"
	Chat    = "/chat/"
	Rates   = "/rates"
	Report  = "/report/" // of a past wave
)

// policy keeps everything of a page on this machine. Frames are the letters.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"

// Page is what every page says around its content. The views of pages embed it.
type Page struct {
	Lang  i18n.Lang
	Title string
	Here  string // its place: Start, Mailbox, Rates
	query url.Values
	path  string
}

// NewPage begins a page for a request; title is a key.
func NewPage(r *http.Request, here, title string) Page {
	lang := Lang(r)
	return Page{Lang: lang, Title: i18n.T(lang, title, nil), Here: here, query: r.URL.Query(), path: r.URL.Path}
}

// Lang is the language asked for in the address, else the browser's.
func Lang(r *http.Request) i18n.Lang {
	if l, ok := i18n.ParseLang(r.URL.Query().Get("lang")); ok {
		return l
	}
	return i18n.Accept(r.Header.Get("Accept-Language"))
}

// T is a sentence in the page's language. pairs are the names and values of its placeholders.
func (p Page) T(key string, pairs ...any) string {
	args := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			args[name] = pairs[i+1]
		}
	}
	return i18n.T(p.Lang, key, args)
}

// Number is a count in the page's language.
func (p Page) Number(n int) string { return i18n.Number(p.Lang, int64(n)) }

// To is an address within the demonstration, in the page's language.
func (p Page) To(path string) string { return path + "?lang=" + string(p.Lang) }

// With is the page's own address with one thing changed.
func (p Page) With(key, value string) string {
	q := url.Values{}
	for k, v := range p.query {
		q[k] = v
	}
	q.Set("lang", string(p.Lang))
	q.Set(key, value)
	return p.path + "?" + q.Encode()
}

// In is the page's own address in another language.
func (p Page) In(l i18n.Lang) string { return p.With("lang", string(l)) }

// Langs are the languages.
func (p Page) Langs() []i18n.Lang { return i18n.Langs }

// Place is an entry of the navigation.
type Place struct {
	Path, Key string
}

// Places are the navigation's entries; the start page comes first.
func (p Page) Places() []Place {
	return []Place{{Start, "demo.place.start"}, {Mailbox, "demo.place.mailbox"}, {Chat, "demo.place.chat"}, {Rates, "demo.place.rates"}}
}

// Template reads a page within the frame: the file defines "main".
func Template(from fs.FS, name string) *template.Template {
	t := template.Must(template.ParseFS(files, "frame.html"))
	return template.Must(t.ParseFS(from, name))
}

// Show sends a page; view embeds a Page. A page is made whole before a byte of it is sent, so that
// after an error the caller can still answer otherwise.
func Show(w http.ResponseWriter, t *template.Template, lang i18n.Lang, view any) error {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "frame.html", view); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(lang))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = b.WriteTo(w) // a browser that went away needs no page
	return nil
}

// Register adds the look of the pages to a mux.
func Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /demo.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "demo.css")
	})
}
