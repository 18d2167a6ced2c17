package respond

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// autosave is the button that viesti.js presses while people write: what is good is kept, and
// what is not good yet stays in the page without a word.
const autosave = "autosave"

// autosaved answers the script. What is kept is now what the page shows, so it gets the new mark
// to send with what is changed next: without it, a text that is taken out again would count as
// never touched.
func autosaved(c *gin.Context, items []survey.Item, answers survey.Answers) {
	c.Header("Cache-Control", "no-store")
	c.Header("Viesti-Seen", survey.Seen(items, answers))
	c.Status(http.StatusNoContent)
}

// unautosaved answers the script when nothing was kept. Everything is still in the page, and the
// button that the respondent presses next leads to the page that says why.
func unautosaved(c *gin.Context, err error) {
	gone := errors.Is(err, survey.ErrSubmitted) || errors.Is(err, survey.ErrNoDraft) || errors.Is(err, survey.ErrRemoved)
	if gone || fault.KindOf(err) == fault.Closed {
		c.Status(http.StatusConflict)
		return
	}
	server.Log(c, unavailable(err))
	c.Status(http.StatusServiceUnavailable)
}
