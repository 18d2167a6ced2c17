package respond

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"viesti/internal/fault"
	"viesti/survey"
)

// The cookie names an unfinished response to the browser that began it, and to nobody else. It
// is set when answering starts, never before.
const cookieName = "viesti"

// cookieAge is as long as an unfinished answer is kept, in seconds.
func (s *pages) cookieAge() int { return s.Fieldwork.Keep * 24 * 60 * 60 }

func (s *pages) setCookie(c *gin.Context, token string) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: s.cookieAge(),
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

func cookie(c *gin.Context) string {
	token, err := c.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return token
}

// draft is the visitor's unfinished response of this wave: survey.ErrNoDraft, ErrSubmitted, ErrRemoved.
func (s *pages) draft(c *gin.Context) (survey.Response, error) {
	token := cookie(c)
	if token == "" {
		return survey.Response{}, survey.ErrNoDraft
	}
	return s.Fieldwork.Draft(c.Request.Context(), token)
}

// maxMemory is how much of a multipart form is held in memory; server.MaxBody bounds the whole.
const maxMemory = 1 << 20

// read gives a posted form. A body that is no form is refused: taken for an empty one it would
// remove the answers of its page.
func read(c *gin.Context) (url.Values, error) {
	var err error
	switch c.ContentType() {
	case gin.MIMEPOSTForm:
		err = c.Request.ParseForm()
	case gin.MIMEMultipartPOSTForm:
		err = c.Request.ParseMultipartForm(maxMemory)
	default:
		err = http.ErrNotSupported
	}
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return c.Request.PostForm, nil
	case errors.As(err, &tooLarge):
		return nil, err
	default:
		return nil, fault.Wrap(err, fault.Invalid, "server.bad_form", nil)
	}
}
