package report

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/survey"
)

// table gathers counts into rows.
type table struct {
	query    Query
	centres  contacts.CentreMap
	networks map[string]contacts.Network
	forest   contacts.Forest
	keys     map[string][]string // the rows of each network, in the divisions that depend on it alone
	ranks    map[string]int      // of each network, in the forest's order
	order    []string
	lines    map[string]*line
	total    line
	byDay    map[string]int64 // complete responses, by any link
}

// line is a row while it is counted.
type line struct {
	Row
	channels [5]Counts // in the order of link.Channels
	stops    map[int]int64
}

func newTable(q Query, centres contacts.CentreMap, forest contacts.Forest) *table {
	t := &table{
		query: q, centres: centres, forest: forest, networks: map[string]contacts.Network{}, keys: map[string][]string{},
		ranks: map[string]int{}, lines: map[string]*line{}, byDay: map[string]int64{},
	}
	for rank, n := range forest.Networks() {
		t.networks[n.ID], t.ranks[n.ID] = n, rank
		if !t.wants(n.ID) {
			continue
		}
		t.keys[n.ID] = t.rowsOf(n)
		if !t.aimed(n.ID, func(above string) bool { return t.wants(above) }) {
			t.total.Target += int64(n.Target)
		}
		for key := range t.keysOf(n.ID, "") { // a network without a response is a row as well
			line := t.line(key)
			if !t.aimed(n.ID, func(above string) bool { return slices.Contains(t.keys[above], key) }) {
				line.Target += int64(n.Target)
			}
		}
	}
	return t
}

func (t *table) wants(network string) bool { return t.forest.Covers(t.query.Network, network) }

// aimed tells whether a network above one, among those asked for, has a target: it is for all that lie
// under it, whose own are then part of it.
func (t *table) aimed(network string, among func(above string) bool) bool {
	return slices.ContainsFunc(t.forest.Above(network), func(above string) bool {
		return t.networks[above].Target > 0 && among(above)
	})
}

// rowsOf are the rows of a network in the divisions that depend on the network alone. Divided by
// network, what is a network's counts in those above it as well.
func (t *table) rowsOf(n contacts.Network) []string {
	switch t.query.By {
	case ByNetwork:
		rows := []string{n.ID}
		for _, above := range t.forest.Above(n.ID) {
			if !t.query.alone && t.wants(above) {
				rows = append(rows, above)
			}
		}
		return rows
	case ByRegion:
		return []string{n.Region}
	case ByCentre, ByCentre2025, ByCentre2026:
		return []string{t.centres.Of(n.Region)}
	case ByKind:
		return []string{string(n.Kind)}
	default:
		return nil
	}
}

// keysOf are the rows that something of a network counts in: key, or where the division depends on the
// network alone, that of the network.
func (t *table) keysOf(network, key string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if key != "" {
			yield(key)
			return
		}
		for _, key := range t.keys[network] {
			if key != "" && !yield(key) {
				return
			}
		}
	}
}

func (t *table) line(key string) *line {
	if l, ok := t.lines[key]; ok {
		return l
	}
	l := &line{}
	t.name(&l.Row, key)
	t.lines[key] = l
	t.order = append(t.order, key)
	return l
}

func (t *table) name(row *Row, key string) {
	switch t.query.By {
	case ByNetwork:
		n := t.networks[key]
		row.Network, row.Name, row.Region, row.Kind = n.ID, n.Name.In(t.query.Lang), n.Region, string(n.Kind)
		row.Parent, row.Level = n.Parent, t.forest.Level(n.ID)-t.forest.Level(t.query.Network)
	case ByRegion:
		row.Region = key
	case ByCentre, ByCentre2025, ByCentre2026:
		row.Centre = key
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

func (t *table) reach(reach contacts.Reach) {
	if !t.wants(reach.Network) {
		return
	}
	key := ""
	switch t.query.By {
	case ByChannel:
		key = string(link.Mail) // who reads a channel is not known, so only letters reach known people
	case ByLanguage:
		key = string(reach.Lang)
	case ByDay:
		key = reach.Day
	}
	t.total.reach(reach)
	for key := range t.keysOf(reach.Network, key) {
		t.line(key).reach(reach)
	}
}

func (l *line) reach(reach contacts.Reach) {
	switch {
	case reach.Contacted && reach.Undelivered:
		l.Contacted += reach.N
		l.Undelivered += reach.N
	case reach.Contacted:
		l.Contacted += reach.N
		if reach.OptedOut {
			l.Refused += reach.N
		}
	case reach.Undelivered:
		l.NonContact += reach.N
	}
	if reach.OptedOut {
		l.OptedOut += reach.N
	}
	if reach.Answered {
		l.AlreadyAnswered += reach.N
	}
}

func countsOf(tally survey.Tally) Counts {
	counts := Counts{Visits: tally.N}
	switch tally.State {
	case survey.Partial:
		counts.Partial = tally.N
	case survey.Complete:
		counts.Complete = tally.N
	}
	return counts
}

// responseKey is the row of a response in the divisions that do not depend on its network.
func (t *table) responseKey(w way, lang i18n.Lang, day string) string {
	switch t.query.By {
	case ByChannel:
		return string(w.Channel)
	case ByLanguage:
		return string(lang)
	case ByDay:
		return day
	default:
		return ""
	}
}

func (t *table) response(w way, tally survey.Tally) {
	if !t.wants(w.Network) {
		return
	}
	counts := countsOf(tally)
	if counts.Complete > 0 {
		t.byDay[tally.Day] += counts.Complete
	}
	t.total.response(w, counts)
	for key := range t.keysOf(w.Network, t.responseKey(w, tally.Lang, tally.Day)) {
		t.line(key).response(w, counts)
	}
}

// response counts responses under their channel, and in the row itself when they came by a link
// whose audience is known. A row for a channel is about that channel whatever its audience.
func (l *line) response(w way, counts Counts) {
	l.channels[w.place].add(counts)
	if w.depth > 0 {
		if l.ByDepth == nil {
			l.ByDepth = map[int]Counts{}
		}
		deep := l.ByDepth[w.depth]
		deep.add(counts)
		l.ByDepth[w.depth] = deep
	}
	if w.Channel == link.Mail || w.Channel == link.Slack || l.Channel != "" {
		l.Counts.add(counts)
	} else {
		l.Open.add(counts)
	}
}

// stop counts how far unfinished responses have come. Of one that was answered before pages were
// counted that is not known, and it is left out.
func (t *table) stop(w way, s survey.Stopped) {
	if !t.wants(w.Network) || s.State == survey.Partial && s.Page == 0 {
		return
	}
	t.total.stop(s)
	for key := range t.keysOf(w.Network, t.responseKey(w, s.Lang, "")) {
		t.line(key).stop(s)
	}
}

func (l *line) stop(s survey.Stopped) {
	if l.stops == nil {
		l.stops = map[int]int64{}
	}
	l.stops[s.Page] += s.N
}

// finish adds what is computed from the counts. Rates stand on the people contacted, so a row
// without any has none.
func (l *line) finish() Row {
	r := l.Row
	r.ByChannel = make(map[link.Channel]Counts, len(link.Channels))
	for i, c := range link.Channels {
		r.ByChannel[c] = l.channels[i]
	}
	r.Rate, r.RatePartial = r.rr(r.Complete), r.rr(r.Complete+r.Partial)
	r.RateAll = share(r.Complete, r.Contacted+r.NonContact)
	r.BreakOff = r.Visits - r.Partial - r.Complete
	r.Completion, r.Open.Completion = share(r.Complete, r.Visits), share(r.Open.Complete, r.Open.Visits)
	r.TargetShare = share(r.Complete, r.Target)
	for _, page := range slices.Sorted(maps.Keys(l.stops)) {
		r.Stops = append(r.Stops, Stop{page, l.stops[page]})
	}
	if whole := r.Channel == "" && r.Language == "" && r.Day == ""; whole {
		silent := max(0, r.size()-r.Refused-r.Visits)
		r.Silent = &silent
	}
	return r
}

func (t *table) finish() []Row {
	slices.SortFunc(t.order, t.compare)
	rows := make([]Row, 0, len(t.order))
	for _, key := range t.order {
		rows = append(rows, t.lines[key].finish())
	}
	if t.query.By == ByDay {
		addUp(rows)
	}
	return rows
}

// addUp adds to days, which are in order, what there was by their end.
func addUp(rows []Row) {
	var sum Row
	for i, r := range rows {
		sum.Contacted += r.Contacted
		sum.Undelivered += r.Undelivered
		sum.Complete += r.Complete
		rows[i].SoFar = &SoFar{sum.Contacted, sum.Undelivered, sum.Complete, sum.rr(sum.Complete)}
	}
}

// compare puts rows in the order in which people know them; the rest by name.
func (t *table) compare(a, b string) int {
	var known []string
	switch t.query.By {
	case ByRegion:
		known = contacts.Regions
	case ByCentre, ByCentre2025, ByCentre2026:
		known = append(t.centres.Centres(), contacts.Regions...)
	case ByKind:
		known = words(contacts.Kinds)
	case ByChannel:
		known = words(link.Channels)
	case ByLanguage:
		known = words(i18n.Langs)
	case ByNetwork:
		return cmp.Compare(t.ranks[a], t.ranks[b])
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
