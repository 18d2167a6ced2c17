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

func (p *program) print(t *table) {
	w := tabwriter.NewWriter(p.Stdout, 0, 4, 2, ' ', 0)
	for _, row := range t.rows {
		fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t "))
	}
	_ = w.Flush() // Stdout tells for itself when it is gone
}

func (p *program) number(n int64) string { return i18n.Number(p.lang, n) }

func (p *program) percent(share *float64) string {
	if share == nil {
		return "–"
	}
	return i18n.Percent(p.lang, *share)
}
