package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"viesti/i18n"
)

// person is one respondent with a browser of their own.
type person struct {
	base   string
	client *http.Client
	rand   *rand.Rand
	lang   i18n.Lang
	turns  bool // chooses another language on the page
}

func newJar() http.CookieJar {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it has no way to fail
	}
	return jar
}

// Chances, for each respondent or page.
const (
	breaksOff = 0.03 // leaves at a page
	goesBack  = 0.02 // has another look at the page before
	skips     = 0.08 // leaves a question out
	writes    = 0.25 // answers an open question
	mostSteps = 40   // pages that anybody would look at
)

// answer follows a link as far as this person gets.
func (p *person) answer(ctx context.Context, link string) error {
	if p.turns {
		link += "?lang=" + string(i18n.Langs[p.rand.IntN(len(i18n.Langs))])
	}
	at, page, err := p.get(ctx, link)
	for range mostSteps {
		if err != nil {
			return err
		}
		if strings.HasSuffix(at.Path, "/thanks") {
			return nil
		}
		form, ok := findForm(page)
		if !ok {
			return nil // the survey is closed
		}
		if form.asks() && p.rand.Float64() < breaksOff {
			return nil
		}
		at, page, err = p.post(ctx, at, form)
	}
	return fmt.Errorf("crowd: no end after %d pages, at %s", mostSteps, at.Path)
}

func (p *person) get(ctx context.Context, address string) (*url.URL, *html.Node, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	return p.open(r)
}

// post fills in a form and presses a button.
func (p *person) post(ctx context.Context, at *url.URL, f form) (*url.URL, *html.Node, error) {
	values := f.hidden()
	for _, field := range f.fields {
		if p.rand.Float64() >= skips {
			p.fill(values, field)
		}
	}
	button := f.press("send", "next", "start", "anew")
	if _, ok := f.buttons["back"]; ok && p.rand.Float64() < goesBack {
		button = "back"
	}
	values.Set("go", button)
	to, err := at.Parse(f.action)
	if err != nil {
		return nil, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.open(r)
}

// open sends a request and reads the page it leads to. A page that complains of an answer is a
// page like any other: it is filled in anew.
func (p *person) open(r *http.Request) (*url.URL, *html.Node, error) {
	if !strings.HasPrefix(r.URL.String(), p.base+"/") {
		return nil, nil, fmt.Errorf("crowd: %s is not the survey's", r.URL.Host)
	}
	r.Header.Set("Accept-Language", string(p.lang))
	res, err := p.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	if res.StatusCode >= http.StatusInternalServerError || res.StatusCode == http.StatusNotFound {
		return nil, nil, fmt.Errorf("crowd: %s %s: status %d", r.Method, res.Request.URL.Path, res.StatusCode)
	}
	page, err := html.Parse(res.Body)
	return res.Request.URL, page, err
}

// fill answers one question.
func (p *person) fill(values url.Values, f field) {
	switch f.kind {
	case "radio":
		values.Set(f.name, f.values[p.inclined(len(f.values))])
	case "select":
		p.pick(values, f)
	case "checkbox":
		for range 1 + p.rand.IntN(2) {
			v := f.values[p.rand.IntN(len(f.values))]
			if !slices.Contains(values[f.name], v) {
				values.Add(f.name, v)
			}
		}
	case "textarea":
		if p.rand.Float64() < writes {
			values.Set(f.name, remarks[p.rand.IntN(len(remarks))])
		}
	}
}

// pick chooses from a list. The lists of a ranking, q.question.option, share their places: what
// another option has been given is not free any more.
func (p *person) pick(values url.Values, f field) {
	free := f.values
	if question := f.name[:strings.LastIndex(f.name, ".")+1]; question != "q." {
		free = slices.DeleteFunc(slices.Clone(free), func(v string) bool {
			for name := range values {
				if strings.HasPrefix(name, question) && values.Get(name) == v {
					return true
				}
			}
			return false
		})
	}
	if len(free) > 0 {
		values.Set(f.name, free[p.rand.IntN(len(free))])
	}
}

// inclined draws one of n choices. On a scale people lean to the upper middle, so the better of
// two draws is taken now and then.
func (p *person) inclined(n int) int {
	i := p.rand.IntN(n)
	if n > 4 && p.rand.IntN(2) == 0 {
		i = max(i, p.rand.IntN(n))
	}
	return i
}

// remarks are what simulated people write. They are content, not words of the program.
var remarks = []string{
	"Yhteistyö kunnan kanssa toimii hyvin, mutta tieto kulkee hitaasti.",
	"Lisää yhteisiä tapaamisia eri toimijoiden kesken.",
	"Pitkäjänteinen rahoitus puuttuu.",
	"Samarbetet fungerar, men det behövs mer information på svenska.",
	"Gemensamma möten över kommungränserna.",
	"Employers should be brought in earlier.",
	"Clearer roles between the municipality and the organisations.",
	"Short project funding makes planning hard.",
}
