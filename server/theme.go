package server

import (
	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/server/look"
)

// Theme is an organiser's look as pages load it: a few tokens and a logo, each under an address
// that has its hash in it. A nil Theme is our own look.
type Theme struct {
	style, logo *asset
	organiser   i18n.Text
}

// NewTheme prepares a look. The logo's alternative text is the organiser's name.
func NewTheme(l look.Look, organiser i18n.Text) *Theme {
	t := &Theme{organiser: organiser}
	if l.Tokens != "" {
		t.style = newAsset("look.css", []byte(l.Tokens), "text/css; charset=utf-8")
	}
	if l.Logo != nil {
		name := map[string]string{"image/png": "logo.png", "image/svg+xml": "logo.svg"}[l.Kind]
		t.logo = newAsset(name, l.Logo, l.Kind)
	}
	return t
}

// Style is the address of the tokens, empty if there are none.
func (t *Theme) Style() string {
	if t == nil || t.style == nil {
		return ""
	}
	return t.style.path
}

// Logo is the address of the logo, empty if there is none.
func (t *Theme) Logo() string {
	if t == nil || t.logo == nil {
		return ""
	}
	return t.logo.path
}

// Organiser is whose look it is.
func (t *Theme) Organiser(l i18n.Lang) string { return t.organiser.In(l) }

// serve adds the theme's routes. A drawing that is opened by itself can do nothing at all.
func (t *Theme) serve(r gin.IRoutes) {
	if t.Style() != "" {
		Get(r, t.style.path, t.style.Serve)
	}
	if t.Logo() != "" {
		Get(r, t.logo.path, func(c *gin.Context) {
			c.Header("Content-Security-Policy", "default-src 'none'; sandbox")
			t.logo.Serve(c)
		})
	}
}
