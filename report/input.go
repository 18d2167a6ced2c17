package report

import (
	"context"
	"slices"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

// input is all counts of a wave, with where each link leads from.
type input struct {
	forest     contacts.Forest
	reaches    []contacts.Reach
	tallies    []survey.Tally
	stops      []survey.Stopped
	departures []outbox.Departed
	links      map[string]link.Link
	ways       map[string]way // of each link
	front      way            // of the front page
}

func (r *Reporter) read(ctx context.Context) (in input, err error) {
	networks, err := r.Source.Networks(ctx)
	if err != nil {
		return in, err
	}
	in.forest = contacts.Arrange(networks)
	links, err := r.Source.Links(ctx)
	if err != nil {
		return in, err
	}
	in.links, in.ways = make(map[string]link.Link, len(links)), make(map[string]way, len(links))
	for _, l := range links {
		in.links[l.Token] = l
	}
	for _, l := range links {
		in.ways[l.Token] = in.follow(l)
	}
	in.front = in.follow(link.Link{Channel: link.Web})
	if in.reaches, err = r.Source.Reaches(ctx, r.Period.Wave); err != nil {
		return in, err
	}
	if in.departures, err = r.Source.Departures(ctx, r.Period.Wave); err != nil {
		return in, err
	}
	if in.stops, err = r.Source.Stops(ctx, r.Period.Wave); err != nil {
		return in, err
	}
	in.tallies, err = r.Source.Tallies(ctx, r.Period.Wave)
	return in, err
}

// way is how responses came.
type way struct {
	link.Link
	place int          // of the channel in link.Channels
	root  link.Channel // of the link that was first passed on
	depth int          // how often it had been passed on
}

func (in input) find(token string) (link.Link, error) {
	if l, ok := in.links[token]; ok {
		return l, nil
	}
	return link.Link{}, link.ErrNoLink
}

// way is that of a link. A link that is not there is the front page, which belongs to no network.
func (in input) way(token string) way {
	if w, ok := in.ways[token]; ok {
		return w
	}
	return in.front
}

// follow goes up from a link to the one that was first passed on.
func (in input) follow(l link.Link) way {
	depth, _ := link.Depth(l, in.find) // find fails in no other way than at the chain's end
	w := way{Link: l, place: slices.Index(link.Channels, l.Channel), root: l.Channel, depth: depth}
	for up, n := l, 0; n < depth; n++ {
		next, err := in.find(up.Parent)
		if err != nil {
			break
		}
		up, w.root = next, next.Channel
	}
	return w
}

// table counts everything into rows.
func (in input) table(centres contacts.CentreMap, q Query) *table {
	t := newTable(q, centres, in.forest)
	for _, reach := range in.reaches {
		t.reach(reach)
	}
	for _, tally := range in.tallies {
		t.response(in.way(tally.Link), tally)
	}
	for _, s := range in.stops {
		t.stop(in.way(s.Link), s)
	}
	return t
}
