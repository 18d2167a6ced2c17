package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"viesti/i18n"
)

// with runs a command's work on a client.
func (p *program) with(ctx context.Context, work func(c *client) error) (err error) {
	c, err := p.connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if closed := c.close(context.WithoutCancel(ctx)); err == nil {
			err = closed
		}
	}()
	return work(c)
}

// show prints v as one JSON document, or calls people.
func (p *program) show(v any, people func()) error {
	if !p.json {
		people()
		return nil
	}
	enc := json.NewEncoder(p.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table is lines of cells in columns.
type table struct{ rows [][]string }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// head is the first row, from words whose keys end in the columns' names.
func (p *program) head(columns ...string) *table {
	t := &table{}
	for i, c := range columns {
		columns[i] = p.t("cli.column."+c, nil)
	}
	t.row(columns...)
	return t
}

// print sets the cells in columns. A row may end early: without its empty cells the columns of the
// rows below it would be set anew.
func (p *program) print(t *table) {
	var set strings.Builder
	w := tabwriter.NewWriter(&set, 0, 4, 2, ' ', 0)
	width := 0
	for _, row := range t.rows {
		width = max(width, len(row))
	}
	for _, row := range t.rows {
		fmt.Fprintln(w, strings.Join(row, "\t")+strings.Repeat("\t", width-len(row)))
	}
	_ = w.Flush() // into memory, which does not fail
	for line := range strings.Lines(set.String()) {
		fmt.Fprintln(p.Stdout, strings.TrimRight(line, " \n"))
	}
}

func (p *program) number(n int64) string { return i18n.Number(p.lang, n) }

func (p *program) percent(share *float64) string {
	if share == nil {
		return "–"
	}
	return i18n.Percent(p.lang, *share)
}
