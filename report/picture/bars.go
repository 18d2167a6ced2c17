package picture

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"

	"viesti/i18n"
	"viesti/report"
)

// The bars' frame, in points.
const (
	barsWidth, barsTop, barsFoot = 720, 64, 28
	barHeight, barGap            = 14, 8
	barLeft, barRight            = 250, 150
	// mostBars keeps a picture one that can be looked at: of more rows those are drawn that have
	// most answers to win.
	mostBars = 40
)

// bars are the complete responses of each row against its target.
func (d drawing) bars() Picture {
	rows := d.drawn()
	p := Picture{
		Title: d.t("report.picture.bars", i18n.Args{"wave": d.Wave}),
		Head: []string{
			d.t("report.by."+string(d.by), nil), d.t("report.picture.sent", nil), d.t("report.picture.target", nil),
			d.t("report.picture.rate", nil), d.t("report.picture.to_win", nil),
		},
		width: barsWidth, height: vg.Points(float64(barsTop + barsFoot + len(rows)*(barHeight+barGap))),
	}
	reached, aimed := 0, 0
	for _, row := range rows {
		target, win := "–", "–"
		if row.Target > 0 {
			target = d.number(row.Target)
			aimed++
			if row.Complete >= row.Target {
				reached++
			}
		}
		if row.StillToWin != nil {
			win = d.number(*row.StillToWin)
		}
		p.Rows = append(p.Rows, []string{row.Label(d.by, d.lang), d.number(row.Complete), target, d.percent(row.Rate), win})
	}
	p.Text = d.t("report.picture.bars_text", i18n.Args{"n": d.Total.Complete, "reached": reached, "aimed": aimed})
	if len(rows) < len(d.Rates.Rows) {
		p.Text += " " + d.t("report.picture.bars_left", i18n.Args{"n": len(rows), "all": len(d.Rates.Rows)})
	}
	p.draw = func(at *paper) { d.drawBars(at, p.Title, rows) }
	return p
}

// drawn are the rows that fit, in their order.
func (d drawing) drawn() []report.Row {
	if len(d.Rates.Rows) <= mostBars {
		return d.Rates.Rows
	}
	win := func(i int) int64 {
		if n := d.Rates.Rows[i].StillToWin; n != nil {
			return *n
		}
		return 0
	}
	places := make([]int, len(d.Rates.Rows))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(win(b), win(a)) })
	places = places[:mostBars]
	slices.Sort(places)
	rows := make([]report.Row, len(places))
	for i, place := range places {
		rows[i] = d.Rates.Rows[place]
	}
	return rows
}

func (d drawing) drawBars(p *paper, title string, rows []report.Row) {
	p.text(16, 26, pen{size: 15, bold: true}, title)
	most := 1.0
	for _, row := range rows {
		most = max(most, float64(row.Target), float64(row.Complete))
	}
	scale := (barsWidth - barLeft - barRight) / most
	p.fill(box{barLeft, 40, 10, 10}, accent)
	said := d.t("report.picture.sent", nil)
	p.text(barLeft+15, 50, pen{size: 10, color: soft}, said)
	next := barLeft + 30 + p.width(said, pen{size: 10})
	p.fill(box{next, 40, 10, 10}, track)
	p.line(ink, 1.2, false, p.at(next+10, 38), p.at(next+10, 52))
	p.text(next+16, 50, pen{size: 10, color: soft}, d.t("report.picture.target", nil))
	for i, row := range rows {
		y := float64(barsTop + i*(barHeight+barGap))
		name := pen{size: 11, align: -1}
		p.text(barLeft-10, y+barHeight-3, name, p.fit(row.Label(d.by, d.lang), name, barLeft-24))
		p.fill(box{barLeft, y, float64(row.Target) * scale, barHeight}, track)
		p.fill(box{barLeft, y + 2, float64(row.Complete) * scale, barHeight - 4}, accent)
		if row.Target > 0 {
			x := barLeft + float64(row.Target)*scale
			p.line(ink, 1.2, false, p.at(x, y-2), p.at(x, y+barHeight+2))
		}
		end := barLeft + max(float64(row.Target), float64(row.Complete))*scale
		p.text(end+8, y+barHeight-3, pen{size: 11}, d.against(row))
	}
}

// against is a row's figures in few words: 12 / 20 · 34 %.
func (d drawing) against(row report.Row) string {
	said := d.number(row.Complete)
	if row.Target > 0 {
		said += " / " + d.number(row.Target)
	}
	if row.Rate != nil {
		said += " · " + d.percent(row.Rate)
	}
	return said
}
