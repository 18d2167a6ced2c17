package contacts

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"viesti/i18n"
)

// networkForm is the list of networks that docs and the sample show, with the columns that few
// networks need.
var networkForm = form{
	header:   []string{"id", "name_fi", "name_sv", "name_en", "kind", "region", "target", "slack_channel", "parent"},
	optional: []string{"opens", "closes", "sender_name", "coordinator", "coordinator_email", "word_fi", "word_sv", "word_en"},
	aliases: map[string]string{
		"network": "id", "tunnus": "id", "verkosto": "id", "nätverk": "id",
		"nimi": "name_fi", "nimifi": "name_fi", "namn": "name_sv", "namnsv": "name_sv",
		"laji": "kind", "slag": "kind", "type": "kind",
		"maakunta": "region", "landskap": "region",
		"tavoite": "target", "mål": "target",
		"slackkanava": "slack_channel", "slackkanal": "slack_channel",
		"avautuu": "opens", "öppnar": "opens", "sulkeutuu": "closes", "stänger": "closes",
		"lähettäjä": "sender_name", "avsändare": "sender_name", "sender": "sender_name",
		"koordinaattori": "coordinator", "samordnare": "coordinator",
		"koordinaattorinsähköposti": "coordinator_email", "samordnarensepost": "coordinator_email",
		"saate": "word_fi", "saatefi": "word_fi", "hälsning": "word_sv", "hälsningsv": "word_sv", "worden": "word_en",
		"ylempiverkosto": "parent", "ylempi": "parent", "överordnat": "parent", "överordnatnätverk": "parent",
	},
	needs: [][]string{{"id"}, {"name_fi", "name_sv", "name_en"}},
}

var (
	networkID    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	slackChannel = regexp.MustCompile(`^[CG][A-Z0-9]{6,}$`)
)

// ImportNetworks reads a list of networks and saves its good rows. What a file has a column for
// is replaced, also by nothing; what it has no column for stays as it is. A network without kind
// is mixed, one without region is national, one without target has none. The second row of an id
// is rejected. Errors are as of ImportContacts.
func (l Lists) ImportNetworks(ctx context.Context, file Source, dryRun bool) (Import, error) {
	imp := Import{Rejected: []Rejected{}}
	list, err := l.Store.Networks(ctx)
	if err != nil {
		return imp, fmt.Errorf("read networks: %w", err)
	}
	rows := networkRows{known: map[string]Network{}, seen: map[string]bool{}}
	for _, n := range list {
		rows.known[n.ID] = n
	}
	var read planting
	err = networkForm.read(ctx, file, &imp, func(r record) *Rejected {
		n, bad := rows.network(r)
		if bad == nil {
			read = append(read, sapling{n, r.line})
		}
		return bad
	})
	if err != nil {
		return imp, err
	}
	good := read.settle(rows.known, &imp)
	save := l.Store.SaveNetworks
	if dryRun {
		save = rows.foresee
	}
	for some := range slices.Chunk(good, batch) {
		outcomes, err := save(ctx, some)
		if err != nil {
			return imp, fmt.Errorf("save networks: %w", err)
		}
		for _, o := range outcomes {
			imp.count(o)
		}
	}
	return imp, nil
}

// networkRows makes networks of the rows of a list.
type networkRows struct {
	known map[string]Network
	seen  map[string]bool
}

// network is what the row makes of the network it names, or what is wrong with it.
func (n networkRows) network(r record) (Network, *Rejected) {
	id := r.cell("id")
	switch {
	case id == "":
		return Network{}, reject("id", "", missingID)
	case !networkID.MatchString(id):
		return Network{}, reject("id", id, badID).meant(slug(id))
	case n.seen[id]:
		return Network{}, reject("id", id, twice)
	}
	net := n.known[id]
	net.ID, net.Name, net.PersonalWord = id, maps.Clone(net.Name), maps.Clone(net.PersonalWord)
	for _, fill := range []func(*Network, record) *Rejected{fillName, fillKind, fillRegion, fillTarget, fillChannel, fillParent, fillDates, fillSender, fillWord} {
		if bad := fill(&net, r); bad != nil {
			return net, bad
		}
	}
	n.seen[id] = true
	return net, nil
}

func fillName(n *Network, r record) *Rejected {
	if n.Name == nil {
		n.Name = i18n.Text{}
	}
	for _, l := range i18n.Langs {
		if column := "name_" + string(l); r.has(column) {
			n.Name[l] = r.cell(column)
		}
	}
	maps.DeleteFunc(n.Name, func(_ i18n.Lang, name string) bool { return name == "" })
	if len(n.Name) == 0 {
		return reject("name_fi", "", missingName)
	}
	return nil
}

func fillKind(n *Network, r record) *Rejected {
	cell := r.cell("kind")
	switch k, ok := parseKind(cell); {
	case ok:
		n.Kind = k
	case cell != "":
		return reject("kind", cell, unknownKind).meant(near(strings.ToLower(cell), strings.Split(kindWords(), ", ")))
	case r.has("kind") || n.Kind == "":
		n.Kind = Mixed
	}
	return nil
}

func fillRegion(n *Network, r record) *Rejected {
	cell := r.cell("region")
	switch id, ok := parseRegion(cell); {
	case ok:
		n.Region = id
	case cell != "":
		return reject("region", cell, unknownRegion).meant(near(strings.ToLower(cell), Regions))
	case r.has("region") || n.Region == "":
		n.Region = National
	}
	return nil
}

func fillTarget(n *Network, r record) *Rejected {
	if !r.has("target") {
		return nil
	}
	n.Target = 0
	cell := r.cell("target")
	if cell == "" {
		return nil
	}
	target, err := strconv.ParseUint(strings.ReplaceAll(cell, " ", ""), 10, 31)
	if err != nil {
		return reject("target", cell, badTarget)
	}
	n.Target = int(target)
	return nil
}

func fillChannel(n *Network, r record) *Rejected {
	if !r.has("slack_channel") {
		return nil
	}
	n.SlackChannel = r.cell("slack_channel")
	if n.SlackChannel != "" && !slackChannel.MatchString(n.SlackChannel) {
		return reject("slack_channel", n.SlackChannel, badSlackChannel)
	}
	return nil
}

// fillParent takes the word for it: whether there is such a network is known when all rows are read.
func fillParent(n *Network, r record) *Rejected {
	if r.has("parent") {
		n.Parent = strings.ToLower(r.cell("parent"))
	}
	return nil
}

// fillDates reads the network's own dates. That they lie within the wave's is not asked: of two
// dates the narrower one holds.
func fillDates(n *Network, r record) *Rejected {
	for _, date := range []struct {
		column string
		into   *string
	}{{"opens", &n.Opens}, {"closes", &n.Closes}} {
		if !r.has(date.column) {
			continue
		}
		day, ok := parseDay(r.cell(date.column))
		if !ok {
			return reject(date.column, r.cell(date.column), badDay)
		}
		*date.into = day
	}
	if n.Opens != "" && n.Closes != "" && n.Closes < n.Opens {
		return reject("closes", n.Closes, datesCross)
	}
	return nil
}

// parseDay reads a date as in other lists or in the Finnish way; no date is one too.
func parseDay(cell string) (day string, ok bool) {
	if cell == "" {
		return "", true
	}
	for _, layout := range []string{time.DateOnly, "2.1.2006"} {
		if t, err := time.Parse(layout, cell); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

func fillSender(n *Network, r record) *Rejected {
	if r.has("sender_name") {
		n.Sender = r.cell("sender_name")
	}
	if r.has("coordinator") {
		n.Coordinator = r.cell("coordinator")
	}
	if r.has("coordinator_email") {
		n.CoordinatorEmail = r.cell("coordinator_email")
	}
	if n.CoordinatorEmail != "" && !ValidAddress(n.CoordinatorEmail) {
		return reject("coordinator_email", n.CoordinatorEmail, notAnAddress)
	}
	if strings.ContainsAny(n.Sender, "<>@") { // the address stays the configured one, which is signed for
		return reject("sender_name", n.Sender, badSender)
	}
	return nil
}

func fillWord(n *Network, r record) *Rejected {
	if n.PersonalWord == nil {
		n.PersonalWord = i18n.Text{}
	}
	for _, l := range i18n.Langs {
		if column := "word_" + string(l); r.has(column) {
			n.PersonalWord[l] = r.cell(column)
		}
	}
	maps.DeleteFunc(n.PersonalWord, func(_ i18n.Lang, word string) bool { return word == "" })
	if len(n.PersonalWord) == 0 {
		n.PersonalWord = nil // as one that was never given
	}
	return nil
}

// foresee tells what SaveNetworks would do.
func (n networkRows) foresee(_ context.Context, list []Network) ([]Outcome, error) {
	outcomes := make([]Outcome, len(list))
	for i, row := range list {
		known, ok := n.known[row.ID]
		switch {
		case !ok:
			outcomes[i] = Added
		case known.Equal(row):
			outcomes[i] = Unchanged
		default:
			outcomes[i] = Updated
		}
	}
	return outcomes, nil
}

// slug is an id made of what was written for one: Åbo & nejd becomes abo-nejd.
func slug(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r) && b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := strings.Trim(b.String()[:min(b.Len(), 63)], "-")
	if !networkID.MatchString(id) {
		return ""
	}
	return id
}
