package preview

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// tryPage answers a sheet's buttons as the survey does, with what was typed carried on in the
// address. Nothing is kept.
func (p *preview) tryPage(c *gin.Context) {
	v, ok := p.visit(c)
	if !ok {
		return
	}
	l := spoken(c)
	if v.q == nil {
		p.say(c, "preview.unreadable")
		return
	}
	if err := c.Request.ParseForm(); err != nil {
		server.Fail(c, fault.Wrap(err, fault.Invalid, "server.bad_form", nil))
		return
	}
	form, wish := c.Request.PostForm, c.Request.PostForm.Get("go")
	cleared, clears := strings.CutPrefix(wish, "clear-")
	s := v.sheet(l)
	for _, item := range s.Items() {
		own := survey.Field(item.ID, "")
		forget(v.state, own)
		if clears && item.ID == cleared {
			forget(form, own)
		}
	}
	checked := survey.Check(s.Items(), form)
	s.Answers = checked.Apply(v.given)
	if wish == "next" {
		for id, f := range survey.Missing(s.Items(), s.Answers) {
			if checked.Faults[id] == nil {
				checked.Faults[id] = f
			}
		}
	}
	if len(checked.Faults) > 0 {
		s.Faults, s.Form = checked.Faults, form
		draw(c, server.Status(fault.Invalid), s)
		return
	}
	for name, values := range form {
		if strings.HasPrefix(name, "q.") {
			v.state[name] = values
		}
	}
	if code, ok := strings.CutPrefix(wish, "lang-"); ok {
		if other, ok := i18n.ParseLang(code); ok {
			l = other
		}
	}
	if page := v.after(wish, s.Answers); page < len(v.q.Pages) {
		c.Redirect(http.StatusSeeOther, sheetAddress(page, l, v.state))
		return
	}
	p.say(c, "preview.end")
}

// forget removes a question's fields.
func forget(form url.Values, own string) {
	maps.DeleteFunc(form, func(name string, _ []string) bool { return name == own || strings.HasPrefix(name, own+".") })
}

// after is the page that a button leads to, beyond the last one after it.
func (v *visit) after(wish string, given survey.Answers) int {
	switch {
	case wish == "back" && v.whole():
		return max(v.page-1, 0)
	case wish == "back":
		return max(v.q.Previous(v.page, given), 0)
	case wish != "next":
		return v.page
	case v.whole():
		return v.page + 1
	default:
		return v.q.Next(v.page, given)
	}
}

func sheetAddress(page int, l i18n.Lang, state url.Values) string {
	return fmt.Sprintf("/sheet/%d/%s%s", page+1, l, query(state))
}

func query(state url.Values) string {
	if len(state) == 0 {
		return ""
	}
	return "?" + state.Encode()
}
