package report

import (
	"cmp"
	"slices"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/survey"
)

// table gathers counts into rows.
type table struct {
	query    Query
	networks map[string]contacts.Network
	order    []string
	rows     map[string]*Row
	total    Row
}

func newTable(q Query, networks []contacts.Network) *table {
	t := &table{query: q, networks: map[string]contacts.Network{}, rows: map[string]*Row{}}
	t.total.ByChannel = emptyChannels()
	for _, n := range networks {
		t.networks[n.ID] = n
		if !t.wants(n.ID) {
			continue
		}
		t.total.Target += int64(n.Target)
		if key := t.networkKey(n.ID); key != "" { // a network without a response is a row as well
			t.row(key).Target += int64(n.Target)
		}
	}
	return t
}

func (t *table) wants(network string) bool {
	return t.query.Network == "" || t.query.Network == network
}

// networkKey is the row of a network in the divisions that depend on the network alone.
func (t *table) networkKey(network string) string {
	n, ok := t.networks[network]
	if !ok {
		return ""
	}
	switch t.query.By {
	case ByNetwork:
		return n.ID
	case ByRegion:
		return n.Region
	case ByKind:
		return string(n.Kind)
	default:
		return ""
	}
}

func (t *table) row(key string) *Row {
	if row, ok := t.rows[key]; ok {
		return row
	}
	row := &Row{ByChannel: emptyChannels()}
	t.name(row, key)
	t.rows[key] = row
	t.order = append(t.order, key)
	return row
}

func (t *table) name(row *Row, key string) {
	switch t.query.By {
	case ByNetwork:
		n := t.networks[key]
		row.Network, row.Name, row.Region, row.Kind = n.ID, n.Name.In(t.query.Lang), n.Region, string(n.Kind)
	case ByRegion:
		row.Region = key
	case ByKind:
		row.Kind = key
	case ByChannel:
		row.Channel = key
	case ByLanguage:
		row.Language = key
	case ByDay:
		row.Day = key
	}
}

func emptyChannels() map[link.Channel]Counts {
	m := make(map[link.Channel]Counts, len(link.Channels))
	for _, c := range link.Channels {
		m[c] = Counts{}
	}
	return m
}

func (t *table) reach(reach contacts.Reach) {
	if !t.wants(reach.Network) {
		return
	}
	key := t.networkKey(reach.Network)
	switch t.query.By {
	case ByChannel:
		key = string(link.Mail) // who reads a channel is not known, so only letters reach known people
	case ByLanguage:
		key = string(reach.Lang)
	case ByDay:
		key = reach.Day
	}
	t.total.reach(reach)
	if key != "" {
		t.row(key).reach(reach)
	}
}

func (r *Row) reach(reach contacts.Reach) {
	if reach.Contacted {
		r.Contacted += reach.N
		if reach.Undelivered {
			r.Undelivered += reach.N
		}
	}
	if reach.OptedOut {
		r.OptedOut += reach.N
	}
	if reach.Answered {
		r.AlreadyAnswered += reach.N
	}
}

// way is how responses came.
type way struct {
	link.Link
	depth int // how often it had been passed on
}

func (t *table) response(l way, tally survey.Tally) {
	if !t.wants(l.Network) {
		return
	}
	counts := Counts{Visits: tally.N}
	switch tally.State {
	case survey.Partial:
		counts.Partial = tally.N
	case survey.Complete:
		counts.Complete = tally.N
	}
	key := t.networkKey(l.Network)
	switch t.query.By {
	case ByChannel:
		key = string(l.Channel)
	case ByLanguage:
		key = string(tally.Lang)
	case ByDay:
		key = tally.Day
	}
	t.total.response(l, counts)
	if key != "" {
		t.row(key).response(l, counts)
	}
}

// response counts responses under their channel, and in the row itself when they came by a link
// whose audience is known. A row for a channel is about that channel whatever its audience.
func (r *Row) response(l way, counts Counts) {
	sum := r.ByChannel[l.Channel]
	sum.add(counts)
	r.ByChannel[l.Channel] = sum
	if l.depth > 0 {
		if r.ByDepth == nil {
			r.ByDepth = map[int]Counts{}
		}
		deep := r.ByDepth[l.depth]
		deep.add(counts)
		r.ByDepth[l.depth] = deep
	}
	if l.Channel == link.Mail || l.Channel == link.Slack || r.Channel != "" {
		r.Counts.add(counts)
	}
}

// finish adds the rates. They stand on the people contacted, so a row without any has none.
func (r Row) finish() Row {
	if base := r.Contacted - r.Undelivered; base > 0 {
		rr1 := float64(r.Complete) / float64(base)
		rr2 := float64(r.Complete+r.Partial) / float64(base)
		r.Rate, r.RatePartial = &rr1, &rr2
	}
	return r
}

func (t *table) finish() []Row {
	slices.SortFunc(t.order, t.compare)
	rows := make([]Row, 0, len(t.order))
	for _, key := range t.order {
		rows = append(rows, t.rows[key].finish())
	}
	return rows
}

// compare puts rows in the order in which people know them; the rest by name.
func (t *table) compare(a, b string) int {
	var known []string
	switch t.query.By {
	case ByRegion:
		known = contacts.Regions
	case ByKind:
		known = words(contacts.Kinds)
	case ByChannel:
		known = words(link.Channels)
	case ByLanguage:
		known = words(i18n.Langs)
	default:
		return cmp.Compare(a, b)
	}
	return cmp.Or(cmp.Compare(slices.Index(known, a), slices.Index(known, b)), cmp.Compare(a, b))
}

func words[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
