package bot

// chart is a bar chart of one series, as Slack draws it (block data_visualization).
type chart struct {
	Type   string   `json:"type"` // bar
	Series []series `json:"series"`
	Axis   axis     `json:"axis_config"`
}

type series struct {
	Name string  `json:"name"`
	Data []point `json:"data"`
}

type point struct {
	Label string `json:"label"`
	Value int64  `json:"value"`
}

type axis struct {
	Categories []string `json:"categories"`
}

// Slack's limits of a chart: its title and its labels in characters, and how many labels it has.
const (
	maxChartTitle = 50
	maxChartLabel = 20
	maxPoints     = 20
)

const typeChart = "data_visualization"

// bars draws a bar chart, of the last points where there are too many. Nothing is drawn of no
// points, and none of nothing but zeros. The figures have to be in the text as well.
func (m *message) bars(title, name string, points []point) {
	points = points[max(0, len(points)-maxPoints):]
	c := chart{Type: "bar", Series: []series{{Name: clip(name, maxChartLabel)}}}
	some := false
	for _, p := range points {
		p.Label = clip(p.Label, maxChartLabel)
		c.Series[0].Data = append(c.Series[0].Data, p)
		c.Axis.Categories = append(c.Axis.Categories, p.Label)
		some = some || p.Value > 0
	}
	if some {
		m.blocks = append(m.blocks, block{Type: typeChart, Title: clip(title, maxChartTitle), Chart: &c})
	}
}

// withoutCharts are the blocks that every workspace draws.
func withoutCharts(blocks []block) (plain []block) {
	for _, b := range blocks {
		if b.Chart == nil {
			plain = append(plain, b)
		}
	}
	return plain
}
