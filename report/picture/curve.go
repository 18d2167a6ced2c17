package picture

import (
	"time"

	"gonum.org/v1/plot/vg"

	"viesti/i18n"
	"viesti/report"
)

// The curve's frame, in points.
const (
	curveWidth, curveHeight = 720, 380
	left, right, top, foot  = 52, 24, 96, 44
	letterRows              = 3
	rowHeight               = 13
)

// curve is the number of complete responses from the opening to the close, with the letters marked
// on it, the forecast ahead of it and the earlier wave's number at the same day.
func (d drawing) curve() Picture {
	p := Picture{
		Title: d.t("report.picture.curve", i18n.Args{"wave": d.Wave}), Text: d.courseInWords(),
		Head:  []string{d.t("report.picture.day", nil), d.t("report.picture.sent", nil), d.t("report.picture.so_far", nil), d.t("report.picture.letters", nil)},
		width: curveWidth, height: curveHeight,
	}
	letters := map[string]string{}
	for _, l := range d.Letters {
		letters[l.Day] = l.Name(d.lang)
	}
	for _, day := range d.Course {
		p.Rows = append(p.Rows, []string{d.date(day.Day), d.number(day.Complete), d.number(day.SoFar), letters[day.Day]})
	}
	if f := d.Forecast; f != nil {
		for i, s := range f.Path {
			if i > 0 { // the first is what is left of today
				p.Rows = append(p.Rows, []string{d.date(s.Day), "", d.t("report.picture.between", i18n.Args{"n": s.Complete, "low": s.Low, "high": s.High}), letters[s.Day]})
			}
		}
	}
	last := ""
	if len(d.Course) > 0 {
		last = d.Course[len(d.Course)-1].Day
	}
	for _, l := range d.Letters { // that are to come: the forecast has a row for each day, if there is one
		if d.Forecast == nil && l.Day > last {
			p.Rows = append(p.Rows, []string{d.date(l.Day), "", "", letters[l.Day]})
		}
	}
	if s := d.sameDay(); s != nil {
		p.Rows = append(p.Rows, []string{s.Wave, "", d.number(s.Then), d.then(s)})
	}
	p.draw = func(at *paper) { d.drawCurve(at, p.Title) }
	return p
}

// sameDay is the earlier wave's number at the same day, from the first day on that is over.
func (d drawing) sameDay() *report.SameDay {
	if s := d.Total.SameDay; s != nil && s.Days > 0 {
		return s
	}
	return nil
}

func (d drawing) then(s *report.SameDay) string {
	return d.t("report.picture.then", i18n.Args{"wave": s.Wave, "n": s.Then})
}

func (d drawing) courseInWords() string {
	var n int64
	if len(d.Course) > 0 {
		n = d.Course[len(d.Course)-1].SoFar
	}
	said := d.t("report.picture.curve_text", i18n.Args{"n": n, "date": d.date(d.AsOf.Format(time.DateOnly))})
	for _, l := range d.Letters {
		key := "report.picture.letter_text"
		if l.Planned {
			key = "report.picture.letter_planned"
		}
		if l.Answers != nil {
			said += " " + d.t(key, i18n.Args{"letter": l.Name(d.lang), "date": d.date(l.Day), "n": *l.Answers})
		}
	}
	if f := d.Forecast; f != nil {
		said += " " + d.t("report.picture.forecast_text", i18n.Args{"n": f.Complete, "low": f.Low, "high": f.High})
	}
	return said
}

func (d drawing) date(day string) string { return report.When(d.lang, day) }

// plane turns days and numbers into places on paper.
type plane struct {
	*paper
	opens time.Time
	days  int
	most  float64
}

func (p plane) x(day float64) float64 {
	return left + (curveWidth-left-right)*day/float64(p.days)
}
func (p plane) y(n float64) float64 { return curveHeight - foot - (curveHeight-foot-top)*n/p.most }
func (p plane) point(day float64, n int64) vg.Point {
	return p.at(p.x(day), p.y(float64(n)))
}

func (p plane) number(day string) float64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return t.Sub(p.opens).Hours() / 24
}

func (d drawing) drawCurve(at *paper, title string) {
	at.text(16, 26, pen{size: 15, bold: true}, title)
	opens, _ := time.Parse(time.DateOnly, d.Opens) // the reporter wrote it
	p := plane{paper: at, opens: opens, most: 10}
	p.days = max(int(p.number(d.Closes))+1, len(d.Course), 1)
	for _, day := range d.Course {
		p.most = max(p.most, float64(day.SoFar))
	}
	if d.Forecast != nil {
		p.most = max(p.most, float64(d.Forecast.High))
	}
	if s := d.Total.SameDay; s != nil {
		p.most = max(p.most, float64(s.Then))
	}
	p.most *= 1.05
	d.scales(p)
	d.marks(p)
	d.fan(p)
	line := []vg.Point{p.point(0, 0)}
	for i, day := range d.Course {
		line = append(line, p.point(min(float64(i+1), float64(p.days)), day.SoFar))
	}
	p.line(accent, 2.4, false, line...)
	if n := len(d.Course); n > 0 {
		last := d.Course[n-1].SoFar
		p.dot(p.x(float64(n)), p.y(float64(last)), 3.2, accent)
		p.text(p.x(float64(n))-6, p.y(float64(last))-5, pen{size: 11, bold: true, color: accent, align: -1}, d.number(last))
	}
	if s := d.sameDay(); s != nil {
		x, y := p.x(float64(s.Days)), p.y(float64(s.Then))
		p.dot(x, y, 3.2, mark)
		n, said := pen{size: 10, color: mark}, d.then(s)
		p.fill(box{x + 5, y - 7, p.width(said, n) + 2, 13}, white)
		p.text(x+6, y+4, n, said)
	}
}

func (d drawing) scales(p plane) {
	by := step(p.most, 6)
	for n := 0.0; n <= p.most; n += by {
		p.line(rule, 0.7, false, p.at(left, p.y(n)), p.at(curveWidth-right, p.y(n)))
		p.text(left-6, p.y(n)+4, pen{size: 10, color: soft, align: -1}, d.number(int64(n)))
	}
	days := int(step(float64(p.days), 6))
	if days > 2 { // weeks are what people plan by
		days = max(7, days/7*7)
	}
	for day := 0; day < p.days; day += days {
		x := p.x(float64(day))
		p.line(soft, 0.7, false, p.at(x, curveHeight-foot), p.at(x, curveHeight-foot+4))
		p.text(x, curveHeight-foot+17, pen{size: 10, color: soft, align: -0.5}, shortDate(d.lang, p.opens.AddDate(0, 0, day)))
	}
	p.line(soft, 0.9, false, p.at(left, curveHeight-foot), p.at(curveWidth-right, curveHeight-foot))
	note := "report.picture.curve_note"
	if d.Forecast == nil {
		note = "report.picture.curve_note_alone"
	}
	p.text(left, curveHeight-9, pen{size: 10, color: soft}, d.t(note, nil))
}

// shortDate is a day and a month, since the year stands in the title.
func shortDate(l i18n.Lang, t time.Time) string {
	if l == i18n.Fi {
		return t.Format("2.1.")
	}
	if l == i18n.Sv {
		return t.Format("2.1")
	}
	return t.Format("2 Jan")
}

// marks are the letters: a line down from their words, which stand in rows so that none covers
// another.
func (d drawing) marks(p plane) {
	n := pen{size: 10, color: mark}
	var ends [letterRows]float64
	for _, l := range d.Letters {
		day := p.number(l.Day)
		if day < 0 || day > float64(p.days) {
			continue
		}
		said := l.Name(d.lang)
		x, row := p.x(day), 0
		width := p.width(said, n)
		for row < letterRows-1 && ends[row] > x-2 {
			row++
		}
		start := min(x+3, curveWidth-right-width)
		ends[row] = start + width + 6
		y := float64(top - 12 - (letterRows-1-row)*rowHeight)
		p.line(mark, 0.9, l.Planned, p.at(x, y-9), p.at(x, curveHeight-foot))
		p.text(start, y, n, said)
	}
}

// fan is the forecast.
func (d drawing) fan(p plane) {
	f := d.Forecast
	if f == nil || len(d.Course) == 0 {
		return
	}
	from := float64(len(d.Course))
	have := d.Course[len(d.Course)-1].SoFar
	upper, lower, middle := []vg.Point{p.point(from, have)}, []vg.Point{p.point(from, have)}, []vg.Point{p.point(from, have)}
	for i, s := range f.Path[1:] {
		day := from + 1 + float64(i)
		upper, lower = append(upper, p.point(day, s.High)), append(lower, p.point(day, s.Low))
		middle = append(middle, p.point(day, s.Complete))
	}
	for i := len(lower) - 1; i >= 0; i-- {
		upper = append(upper, lower[i])
	}
	if len(middle) > 1 {
		p.polygon(band, upper...)
		p.line(accent, 1.5, true, middle...)
	}
	said := d.t("report.picture.between", i18n.Args{"n": f.Complete, "low": f.Low, "high": f.High})
	p.text(curveWidth-right, p.y(float64(f.High))-5, pen{size: 11, bold: true, color: accent, align: -1}, said)
}
