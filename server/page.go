package server

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
)

//go:embed pages
var pageFiles embed.FS

// HTML is the media type of pages.
const HTML = "text/html; charset=utf-8"

// Frame is what every page says around its content. The views of pages embed it.
type Frame struct {
	Lang   i18n.Lang
	Title  string // of the page; Site follows it in the browser's tab
	Site   string // the questionnaire's title
	Home   string // where Site leads; empty: nowhere
	Theme  *Theme // the organiser's look; nil: our own
	Aside  bool   // links that lead away open beside the page, where something is being typed
	NoLang bool   // no change of language is offered
}

// T is a sentence in the page's language. pairs are the names and values of its placeholders.
func (f Frame) T(key string, pairs ...any) string {
	args := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			args[name] = pairs[i+1]
		}
	}
	return i18n.T(f.Lang, key, args)
}

// Langs are the languages a page can be read in.
func (f Frame) Langs() []i18n.Lang { return i18n.Langs }

// Asset is the address of an asset.
func (f Frame) Asset(name string) string { return Asset(name) }

// Template reads a page within the frame: one of the files defines "main", and one may define
// "languages" and, for what a page needs beside the style sheet of all, "head".
func Template(files fs.FS, names ...string) (*template.Template, error) {
	t, err := template.ParseFS(pageFiles, "pages/frame.html")
	if err != nil {
		return nil, err
	}
	return t.ParseFS(files, names...)
}

// Fill makes a page's bytes. A page is made whole before a byte of it is sent.
func Fill(t *template.Template, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "frame.html", view); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Show sends a page that is this visitor's alone and nobody keeps.
func Show(c *gin.Context, status int, page *template.Template, view any) {
	body, err := Fill(page, view)
	if err != nil {
		Fail(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Language", string(Lang(c)))
	c.Header("Vary", "Accept-Language, Cookie")
	c.Data(status, HTML, body)
}

var failTemplate = sync.OnceValue(func() *template.Template {
	t, err := Template(pageFiles, "pages/error.html")
	return template.Must(t, err)
})

// failView is the page of an error.
type failView struct {
	Frame
	Status  int
	Message string
	Email   string
	Ours    bool // the fault is ours: say by what id it can be found
	ID      string
}

func failPage(c *gin.Context, status int, f *fault.Fault, id string) {
	v, lang := visitOf(c), Lang(c)
	view := failView{
		Frame:  Frame{Theme: v.theme, Lang: lang, Site: v.title.In(lang), Home: "/?lang=" + string(lang)},
		Status: status, Message: f.Say(lang), Email: v.email, ID: id,
		Ours: f.Kind == fault.Internal || f.Kind == fault.Unavailable,
	}
	view.Title = view.T(answerTo(f.Kind).title)
	body, err := Fill(failTemplate(), view)
	if err != nil { // the error page is tested in all languages; this is the last resort
		c.String(http.StatusInternalServerError, f.Say(lang)+"\n")
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Language", string(lang))
	c.Header("Vary", "Accept-Language")
	c.Data(status, HTML, body)
}
