package picture

import (
	"math"

	"gonum.org/v1/plot/vg"

	"viesti/i18n"
	"viesti/link"
	"viesti/report"
)

// The tree's frame, in points.
const (
	treeTop, treeFoot    = 66, 22
	treeRow              = 62
	treeLeft, treeColumn = 96, 168
	leastColumns         = 4 // so that a young tree is as wide as a page
	leastDot, mostDot    = 4, 20
	rootX                = 34
)

// tree is how the links have spread: the channels they began in, and how often they were passed on.
func (d drawing) tree() Picture {
	p := Picture{
		Title: d.t("report.picture.tree", i18n.Args{"wave": d.Wave}),
		Head: []string{
			d.t("report.by.channel", nil), d.t("report.picture.depth", nil), d.t("report.picture.links", nil),
			d.t("report.picture.begun", nil), d.t("report.picture.sent", nil),
		},
	}
	rows, deepest := 0, 0
	var all, passed int64
	last := link.Channel("")
	for _, b := range d.Spread {
		if b.Channel != last {
			rows, last = rows+1, b.Channel
		}
		deepest = max(deepest, b.Depth)
		all += b.Complete
		if b.Depth > 0 {
			passed += b.Complete
		}
		p.Rows = append(p.Rows, []string{d.t("report.channel."+string(b.Channel), nil), d.number(int64(b.Depth)), d.number(int64(b.Links)), d.number(b.Visits), d.number(b.Complete)})
	}
	p.Text = d.t("report.picture.tree_text", i18n.Args{"n": all, "passed": passed})
	p.width = vg.Points(float64(treeLeft + treeColumn*max(deepest+1, leastColumns)))
	p.height = vg.Points(float64(treeTop + treeFoot + treeRow*max(rows, 1)))
	p.draw = func(at *paper) { d.drawTree(at, p.Title, deepest) }
	return p
}

func (d drawing) drawTree(p *paper, title string, deepest int) {
	p.text(16, 26, pen{size: 15, bold: true}, title)
	most := int64(1)
	rows := map[link.Channel]int{}
	for _, b := range d.Spread {
		most = max(most, b.Complete)
		if _, ok := rows[b.Channel]; !ok {
			rows[b.Channel] = len(rows)
		}
	}
	for depth := range deepest + 1 {
		p.text(float64(treeLeft+depth*treeColumn), treeTop-14, pen{size: 10, color: soft}, d.depth(depth))
	}
	middle := float64(treeTop) + treeRow*float64(max(len(rows), 1))/2
	for _, b := range d.Spread {
		x, y := float64(treeLeft+b.Depth*treeColumn+mostDot), float64(treeTop+rows[b.Channel]*treeRow+treeRow/2)
		if b.Depth == 0 {
			p.line(rule, 1.6, false, p.at(rootX, middle), p.at(rootX+20, middle), p.at(rootX+20, y), p.at(x, y))
		} else {
			p.line(rule, 1.6, false, p.at(x-treeColumn, y), p.at(x, y))
		}
	}
	p.dot(rootX, middle, 6, ink)
	for _, b := range d.Spread {
		d.node(p, b, float64(treeLeft+b.Depth*treeColumn+mostDot), float64(treeTop+rows[b.Channel]*treeRow+treeRow/2), most)
	}
}

// node is as large in area as it has answers.
func (d drawing) node(p *paper, b report.Branch, x, y float64, most int64) {
	r := max(leastDot, mostDot*math.Sqrt(float64(b.Complete)/float64(most)))
	if b.Complete == 0 {
		p.dot(x, y, r, soft)
		p.dot(x, y, r-1.4, white)
	} else {
		p.dot(x, y, r, accent)
	}
	name := d.t("report.picture.node_links", i18n.Args{"n": b.Links})
	if b.Depth == 0 {
		name = d.t("report.channel."+string(b.Channel), nil)
	}
	tx, width := x+r+6, treeColumn-mostDot-r-8
	p.text(tx, y-3, pen{size: 11, bold: b.Depth == 0}, p.fit(name, pen{size: 11, bold: true}, width))
	said := d.t("report.picture.node", i18n.Args{"n": b.Complete, "begun": b.Visits})
	p.text(tx, y+11, pen{size: 10, color: soft}, p.fit(said, pen{size: 10}, width))
}

func (d drawing) depth(n int) string {
	if n == 0 {
		return d.t("report.picture.handed_out", nil)
	}
	return d.t("report.picture.passed_on", i18n.Args{"n": n})
}
