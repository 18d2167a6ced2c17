package contacts

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"viesti/i18n"
)

// contactForm is the list of contacts that docs and the sample show.
var contactForm = form{
	header: []string{"email", "name", "organisation", "language", "network", "slack_user"},
	aliases: map[string]string{
		"emailaddress": "email", "mail": "email", "sähköposti": "email", "sähköpostiosoite": "email",
		"epost": "email", "epostadress": "email",
		"fullname": "name", "nimi": "name", "namn": "name",
		"organization": "organisation", "organisaatio": "organisation",
		"lang": "language", "kieli": "language", "språk": "language",
		"verkosto": "network", "nätverk": "network",
		"slack": "slack_user", "slackid": "slack_user", "slackuserid": "slack_user",
	},
	needs: [][]string{{"email"}},
}

var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{6,}$`)

// contactRows makes contacts of the rows of a list.
type contactRows struct {
	known    map[string]bool
	ids      []string
	fallback string            // the network of rows that name none
	hints    map[string]string // by mistyped network: the same mistake mostly fills a column
}

// contact is the row as a contact without id and token, or what is wrong with it.
func (c contactRows) contact(r record) (Contact, *Rejected) {
	row := Contact{
		Name:         r.cell("name"),
		Organisation: r.cell("organisation"),
		SlackUser:    r.cell("slack_user"),
	}
	name, email := splitAddress(r.cell("email"))
	if email == "" {
		return row, reject("email", r.cell("email"), missingAddress)
	}
	if !sendable(email) {
		return row, reject("email", r.cell("email"), notAnAddress).meant(mend(email))
	}
	row.Email = email
	if row.Name == "" {
		row.Name = name
	}
	lang, ok := language(r.cell("language"))
	if !ok {
		return row, reject("language", r.cell("language"), unknownLanguage).meant(string(lang))
	}
	row.Language = lang
	network, bad := c.network(r.cell("network"))
	if bad != nil {
		return row, bad
	}
	row.Networks = []string{network}
	if row.SlackUser != "" && !slackUser.MatchString(row.SlackUser) {
		return row, reject("slack_user", r.cell("slack_user"), badSlackUser)
	}
	return row, nil
}

func (c contactRows) network(cell string) (string, *Rejected) {
	id := strings.ToLower(cell)
	if id == "" {
		id = c.fallback
	}
	if id == "" {
		return "", reject("network", "", missingNetwork)
	}
	if c.known[id] {
		return id, nil
	}
	hint, asked := c.hints[id]
	if !asked {
		hint = near(id, c.ids)
		c.hints[id] = hint
	}
	return "", reject("network", cell, unknownNetwork).meant(hint)
}

// splitAddress reads the ways in which addresses are copied out of mail programs: a@b, mailto:a@b,
// <a@b> and Name <a@b>.
func splitAddress(cell string) (name, email string) {
	if before, after, ok := strings.Cut(cell, "<"); ok {
		if inner, closed := strings.CutSuffix(after, ">"); closed && !strings.ContainsAny(inner, "<>") {
			name, cell = strings.Trim(before, `"' `), strings.TrimSpace(inner)
		}
	}
	const scheme = "mailto:"
	if len(cell) >= len(scheme) && strings.EqualFold(cell[:len(scheme)], scheme) {
		cell = strings.TrimSpace(cell[len(scheme):])
	}
	return name, cell
}

// sendable is ValidAddress, and not an address whose letters were lost on the way: U+FFFD stands
// for a character that some program could not read.
func sendable(email string) bool {
	return ValidAddress(email) && !strings.ContainsRune(email, unicode.ReplacementChar)
}

// mend is the address that was probably meant, or nothing. It is only ever shown: whoever keeps
// the list decides.
func mend(email string) string {
	fixed := strings.NewReplacer(" ", "", "(at)", "@", "[at]", "@", "(a)", "@", "@@", "@", "..", ".", ",", ".").Replace(email)
	fixed = strings.Trim(fixed, `.,;:<>"'()`)
	if fixed == email || !sendable(fixed) {
		return ""
	}
	return fixed
}

// languages are the names by which lists call them, beside the codes that i18n.ParseLang reads.
var languages = map[i18n.Lang][]string{
	i18n.Fi: {"fin", "suomi", "finska", "finnish"},
	i18n.Sv: {"swe", "ruotsi", "svenska", "swedish"},
	i18n.En: {"eng", "englanti", "engelska", "english"},
}

// language reads a code or a name; nothing is nothing. When ok is false, the language is what may
// have been meant, if anything: se is Northern Sámi, but mostly written for Swedish.
func language(cell string) (l i18n.Lang, ok bool) {
	if cell == "" {
		return "", true
	}
	if l, ok := i18n.ParseLang(cell); ok {
		return l, true
	}
	word := strings.ToLower(cell)
	if word == "se" {
		return i18n.Sv, false
	}
	for _, l := range i18n.Langs {
		if slices.Contains(languages[l], word) {
			return l, true
		}
		if near(word, languages[l]) != "" {
			return l, false
		}
	}
	return "", false
}
