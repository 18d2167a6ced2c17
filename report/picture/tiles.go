package picture

import (
	"image/color"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/report"
)

// tile is a region's place on the map, counted from the upper left.
type tile struct{ column, row int }

// finland has each region about where it lies, with its neighbours beside it.
var finland = map[string]tile{
	"lappi":             {3, 0},
	"pohjois-pohjanmaa": {3, 1}, "kainuu": {4, 1},
	"pohjanmaa": {1, 2}, "keski-pohjanmaa": {2, 2}, "keski-suomi": {3, 2}, "pohjois-savo": {4, 2}, "pohjois-karjala": {5, 2},
	"satakunta": {1, 3}, "etela-pohjanmaa": {2, 3}, "paijat-hame": {3, 3}, "etela-savo": {4, 3},
	"ahvenanmaa": {0, 4}, "varsinais-suomi": {1, 4}, "pirkanmaa": {2, 4}, "kanta-hame": {3, 4}, "kymenlaakso": {4, 4}, "etela-karjala": {5, 4},
	"uusimaa":         {3, 5},
	contacts.National: {0, 0},
}

// The map's frame, in points.
const (
	tileWidth, tileHeight, tileGap = 116, 58, 4
	mapLeft, mapTop, mapFoot       = 12, 46, 46
	mapColumns, mapRows            = 6, 6
	shadeStep                      = 0.1 // of the response rate, from one shade to the next
)

// tiles are the response rates of the regions, or of the centres that each region belongs to, on a
// map on which every region is as large as another.
func (d drawing) tiles() Picture {
	key := "report.picture.regions"
	if d.by != report.ByRegion {
		key = "report.picture.centres"
	}
	p := Picture{
		Title: d.t(key, i18n.Args{"wave": d.Wave}),
		Head:  []string{d.t("report.by."+string(d.by), nil), d.t("report.picture.sent", nil), d.t("report.picture.contacted", nil), d.t("report.picture.rate", nil)},
		width: 2*mapLeft + mapColumns*(tileWidth+tileGap), height: mapTop + mapFoot + mapRows*(tileHeight+tileGap),
	}
	figures := d.byRegion()
	p.Text = d.t("report.picture.map_text", i18n.Args{"rate": d.percent(d.Total.Rate)})
	for _, row := range d.Rates.Rows {
		p.Rows = append(p.Rows, []string{row.Label(d.by, d.lang), d.number(row.Complete), d.number(row.Contacted - row.Undelivered), d.percent(row.Rate)})
	}
	p.draw = func(at *paper) { d.drawTiles(at, p.Title, figures) }
	return p
}

// byRegion is for each region the row it is counted in.
func (d drawing) byRegion() map[string]report.Row {
	figures := map[string]report.Row{}
	for _, row := range d.Rates.Rows {
		for _, region := range contacts.Regions {
			if row.Region == region || row.Centre != "" && d.centre(region) == row.Centre {
				figures[region] = row
			}
		}
	}
	return figures
}

// centre is the one that a region is counted in: of whichever map the rows are.
func (d drawing) centre(region string) string {
	for _, m := range []contacts.CentreMap{contacts.CentresUntil2025, contacts.CentresFrom2026} {
		centre := m.Of(region)
		for _, row := range d.Rates.Rows {
			if row.Centre == centre {
				return centre
			}
		}
	}
	return ""
}

func shade(rate float64) (background, text color.RGBA) {
	i := min(int(rate/shadeStep+1e-9), len(shades)-1)
	if i >= 3 {
		return shades[i], white
	}
	return shades[i], ink
}

func (d drawing) drawTiles(p *paper, title string, figures map[string]report.Row) {
	p.text(16, 26, pen{size: 15, bold: true}, title)
	for _, region := range contacts.Regions {
		at := finland[region]
		x := float64(mapLeft + at.column*(tileWidth+tileGap))
		y := float64(mapTop + at.row*(tileHeight+tileGap))
		row, known := figures[region]
		background, text := track, soft
		if known && row.Rate != nil {
			background, text = shade(*row.Rate)
		}
		p.fill(box{x, y, tileWidth, tileHeight}, background)
		name := pen{size: 10, color: text}
		p.text(x+7, y+16, name, p.fit(contacts.RegionName(d.lang, region), name, tileWidth-12))
		if !known {
			continue
		}
		p.text(x+7, y+35, pen{size: 15, bold: true, color: text}, d.percent(row.Rate))
		of := d.number(row.Complete)
		if row.Rate != nil {
			of = d.t("report.picture.of", i18n.Args{"n": row.Complete, "of": row.Contacted - row.Undelivered})
		}
		p.text(x+7, y+50, pen{size: 10, color: text}, p.fit(of, name, tileWidth-12))
	}
	d.legend(p)
}

func (d drawing) legend(p *paper) {
	y := float64(mapTop + mapRows*(tileHeight+tileGap) + 12)
	for i, c := range shades {
		x := float64(mapLeft + i*96)
		p.fill(box{x, y, 14, 14}, c)
		from := float64(i) * shadeStep
		said := d.percent(&from) + "–"
		if i < len(shades)-1 {
			to := float64(i+1) * shadeStep
			said += d.percent(&to)
		}
		p.text(x+20, y+11, pen{size: 10, color: soft}, said)
	}
	p.fill(box{mapLeft + 6*96, y, 14, 14}, track)
	p.text(mapLeft+6*96+20, y+11, pen{size: 10, color: soft}, d.t("report.picture.nobody", nil))
}

// Place is where a region lies on the map, counted from the upper left.
func Place(region string) (column, row int, ok bool) {
	at, ok := finland[region]
	return at.column, at.row, ok && region != contacts.National
}
