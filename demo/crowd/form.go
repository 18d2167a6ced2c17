package crowd

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// form is what can be filled in on a page.
type form struct {
	action  string
	given   url.Values // hidden fields
	fields  []field    // in the page's order
	buttons map[string]bool
}

// field is one question: all radio buttons or checkboxes of a name, a list, or a text.
type field struct {
	name, kind string
	values     []string
}

// asks tells whether the form has questions.
func (f form) asks() bool { return len(f.fields) > 0 }

func (f form) hidden() url.Values {
	v := url.Values{}
	for name, list := range f.given {
		v[name] = slices.Clone(list)
	}
	return v
}

// press is the first of the buttons that the form has.
func (f form) press(wishes ...string) string {
	for _, w := range wishes {
		if f.buttons[w] {
			return w
		}
	}
	return ""
}

// findForm finds the page's form that is sent by POST and has a button to go on with.
func findForm(page *html.Node) (form, bool) {
	for n := range page.Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" || !strings.EqualFold(attribute(n, "method"), "post") {
			continue
		}
		if f := readForm(n); f.press("send", "next", "start", "anew") != "" {
			return f, true
		}
	}
	return form{}, false
}

func readForm(n *html.Node) form {
	f := form{action: attribute(n, "action"), given: url.Values{}, buttons: map[string]bool{}}
	for c := range n.Descendants() {
		if c.Type != html.ElementNode {
			continue
		}
		name, value := attribute(c, "name"), attribute(c, "value")
		switch c.Data {
		case "button":
			if name == "go" {
				f.buttons[value] = true
			}
		case "textarea":
			f.add(name, "textarea", "")
		case "select":
			for _, v := range listed(c) {
				f.add(name, "select", v)
			}
		case "input":
			switch kind := attribute(c, "type"); kind {
			case "hidden":
				f.given.Add(name, value)
			case "radio", "checkbox":
				f.add(name, kind, value)
			}
		}
	}
	return f
}

// listed are the values of a list that say something.
func listed(list *html.Node) []string {
	var values []string
	for n := range list.Descendants() {
		if n.Type != html.ElementNode || n.Data != "option" {
			continue
		}
		value := attribute(n, "value")
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "value" }) && n.FirstChild != nil {
			value = n.FirstChild.Data
		}
		if value != "" {
			values = append(values, value)
		}
	}
	return values
}

func (f *form) add(name, kind, value string) {
	i := slices.IndexFunc(f.fields, func(g field) bool { return g.name == name })
	if i < 0 {
		f.fields = append(f.fields, field{name: name, kind: kind})
		i = len(f.fields) - 1
	}
	f.fields[i].values = append(f.fields[i].values, value)
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
