package exchange

import (
	"regexp"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// naming gives ids to what has names of another form, and keeps what is to be told.
type naming struct {
	losses fault.List
	folded bool // some name became one in small letters
}

// idForm is what ids look like with us, and what is replaced in a name that does not.
type idForm struct{ valid, replaced *regexp.Regexp }

var (
	questionID = idForm{plainName, regexp.MustCompile(`[^a-z0-9_]+`)}
	optionID   = idForm{regexp.MustCompile(`^[a-z0-9_-]+$`), regexp.MustCompile(`[^a-z0-9_-]+`)}
)

// identify makes an id of a name. Names in capitals are told once for the form, others each.
func (n *naming) identify(p fault.Place, name string, taken map[string]bool, form idForm) string {
	id := strings.ToLower(name)
	if form.valid.MatchString(id) && !taken[id] {
		n.folded = n.folded || id != name
		taken[id] = true
		return id
	}
	if !form.valid.MatchString(id) {
		id = strings.Trim(form.replaced.ReplaceAllString(id, "_"), "_")
	}
	if !form.valid.MatchString(id) {
		id = strings.TrimSuffix("q_"+id, "_")
	}
	if id = free(id, taken); name != "" {
		n.losses = append(n.losses, loss(p, "exchange.renamed", i18n.Args{"name": name, "id": id}))
	}
	return id
}

// quietly is an id that people do not see, so nothing is said when it is another than the name.
func (*naming) quietly(name string, taken map[string]bool) string {
	apart := naming{}
	return apart.identify(fault.Place{}, name, taken, questionID)
}

// told is all there is to tell of a file.
func (n *naming) told(file string) fault.List {
	if n.folded {
		n.losses = append(n.losses, loss(fault.Place{File: file}, "exchange.small_letters", nil))
	}
	return n.losses
}
