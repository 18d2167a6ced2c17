// Package walk is a respondent for tests: an HTTP client that opens a survey link, fills in the
// forms it is shown and sends them, without JavaScript and without knowing the questionnaire.
//
// It is not a load generator and draws nothing: who uses it says what is answered.
package walk

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Respondent is one person at one browser.
type Respondent struct {
	Client *http.Client
	At     *url.URL // the page shown
	Body   string   // its HTML
	Status int
}

// New is a respondent with a browser of their own; transport nil is the network.
func New(transport http.RoundTripper) *Respondent {
	jar, _ := cookiejar.New(nil) // never fails
	return &Respondent{Client: &http.Client{Jar: jar, Transport: transport}}
}

// Open follows a link.
func (r *Respondent) Open(address string) error {
	res, err := r.Client.Get(address)
	return r.shown(res, err)
}

func (r *Respondent) shown(res *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(res.Body)
	r.At, r.Body, r.Status = res.Request.URL, string(body), res.StatusCode
	if err == nil && res.StatusCode >= 500 {
		err = fmt.Errorf("walk: %s answered %d", res.Request.URL.Path, res.StatusCode)
	}
	return err
}

// Press sends the page's form with the fields it already has, those given, and the button.
func (r *Respondent) Press(button string, fields url.Values) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	for k, v := range fields {
		form[k] = v
	}
	form.Set("go", button)
	res, err := r.Client.PostForm(r.At.String(), form)
	return r.shown(res, err)
}

// Form is what the page's forms would send as they are.
func (r *Respondent) Form() (url.Values, error) {
	doc, err := html.Parse(strings.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	form := url.Values{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" && n.Data != "textarea" && n.Data != "select" {
			continue
		}
		a := map[string]string{}
		for _, attr := range n.Attr {
			a[attr.Key] = attr.Val
		}
		_, checked := a["checked"]
		choice := a["type"] == "radio" || a["type"] == "checkbox"
		switch {
		case a["name"] == "" || choice && !checked:
		case n.Data == "select":
			form.Add(a["name"], selected(n))
		case n.Data == "textarea":
			if n.FirstChild != nil {
				form.Add(a["name"], strings.TrimPrefix(n.FirstChild.Data, "\n"))
			}
		default:
			form.Add(a["name"], a["value"])
		}
	}
	return form, nil
}

// selected is the value of a list's chosen option, "" when none is.
func selected(list *html.Node) (value string) {
	for n := range list.Descendants() {
		if n.Data != "option" {
			continue
		}
		own, chosen := "", false
		for _, a := range n.Attr {
			if a.Key == "value" {
				own = a.Val
			}
			chosen = chosen || a.Key == "selected"
		}
		if chosen {
			value = own
		}
	}
	return value
}

// Last tells whether the page's button sends the answers.
func (r *Respondent) Last() bool { return strings.Contains(r.Body, `value="send"`) }

// On presses the button that leads on: to the next page, or to the end.
func (r *Respondent) On(fields url.Values) error {
	if r.Last() {
		return r.Press("send", fields)
	}
	return r.Press("next", fields)
}

// Done tells whether the answers were sent.
func (r *Respondent) Done() bool { return strings.HasSuffix(r.At.Path, "/thanks") }

var choices = regexp.MustCompile(`type="(?:radio|checkbox)"[^>]* name="([^"]+)" value="([^"]+)"`)

// lists are those with values of their own; the places of a ranking have none.
var lists = regexp.MustCompile(`<select [^>]*name="([^"]+)"[^>]*>\s*<option value="">[^<]*</option>\s*<option value="([^"]+)"`)

// First answers each question of the page that has options with the first one.
func (r *Respondent) First() url.Values {
	fields := url.Values{}
	for _, m := range choices.FindAllStringSubmatch(r.Body, -1) {
		if name := html.UnescapeString(m[1]); !fields.Has(name) {
			fields.Set(name, html.UnescapeString(m[2]))
		}
	}
	for _, m := range lists.FindAllStringSubmatch(r.Body, -1) {
		fields.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return fields
}
