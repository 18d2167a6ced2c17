// Package paper is the questionnaire as a document, to look through beforehand, to print, to fill
// in together: every page and question in one language, with branches introduced in words. It is a
// page of the site, and a file that stands alone.
//
// It takes no answers, and it knows nobody's: where a text would show an earlier answer, it names
// the question.
package paper

import (
	"bytes"
	"embed"
	"html/template"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/server"
	"viesti/survey"
)

//go:embed pages paper.css
var files embed.FS

// Register adds /questions, in the visitor's language, to a router made by server.New. look is the
// organiser's; nil is our own.
func Register(r gin.IRouter, q *survey.Questionnaire, look *server.Theme) error {
	css, err := files.ReadFile("paper.css")
	if err != nil {
		return err
	}
	style := server.Prepare(css, "text/css; charset=utf-8", "public, max-age=31536000, immutable")
	address := "/assets/paper." + style.Tag() + ".css"
	page, err := server.Template(files, "pages/page.html", "pages/paper.html")
	if err != nil {
		return err
	}
	ready := map[i18n.Lang]*server.Prepared{}
	for _, l := range i18n.Langs {
		v := newView(q, l)
		v.Theme, v.Style = look, address
		body, err := server.Fill(page, v)
		if err != nil {
			return err
		}
		ready[l] = server.Prepare(body, server.HTML, "no-cache")
	}
	server.Get(r, address, style.Serve)
	server.Get(r, "/questions", func(c *gin.Context) {
		c.Header("Content-Language", string(server.Lang(c)))
		c.Header("Vary", "Accept-Language")
		ready[server.Lang(c)].Serve(c)
	})
	return nil
}

// File is the document as an HTML file that needs nothing beside it.
func File(q *survey.Questionnaire, l i18n.Lang) ([]byte, error) {
	css, err := files.ReadFile("paper.css")
	if err != nil {
		return nil, err
	}
	t, err := template.ParseFS(files, "pages/file.html", "pages/paper.html")
	if err != nil {
		return nil, err
	}
	v := newView(q, l)
	v.Embedded = template.CSS(css) //nolint:gosec // our own style sheet
	var b bytes.Buffer
	err = t.ExecuteTemplate(&b, "file.html", v)
	return b.Bytes(), err
}
