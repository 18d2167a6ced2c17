package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"viesti/i18n"
)

// codebook has a row for each value of a variable, and one for a variable without values.
func (a *answers) codebook() table {
	head := []string{"variable", "label", "question", "measure", "background", "decimals", "code", "option", "value_label", "missing"}
	var rows [][]cell
	for _, v := range a.variables {
		about := []cell{words(v.Name), words(v.label), words(v.Question), words(string(v.Measure)), yes(v.Background), number(float64(v.Decimals))}
		if len(v.values) == 0 {
			rows = append(rows, append(about, cell{}, cell{}, cell{}, cell{}))
		}
		for _, l := range v.values {
			row := append(about[:len(about):len(about)], number(float64(l.Code)), words(l.ID), words(l.text), yes(l.Missing))
			rows = append(rows, row)
		}
	}
	return list(head, rows)
}

// writeAbout writes what is said about the file, a line each.
func (a *answers) writeAbout(w io.Writer) error {
	for _, s := range a.about() {
		if _, err := fmt.Fprintln(w, s.said()); err != nil {
			return err
		}
	}
	return nil
}

// writeCodebook writes what is said about the file, and the codebook, to be read by people.
func (a *answers) writeCodebook(w io.Writer) error {
	out := bufio.NewWriter(w)
	a.writeAbout(out) //nolint:errcheck // the writer keeps its first error until it is flushed
	fmt.Fprintf(out, "\n%s\n", i18n.T(a.lang, "export.variables", i18n.Args{"n": len(a.variables)}))
	for _, v := range a.variables {
		fmt.Fprintf(out, "\n%s  %s\n", v.Name, v.label)
		traits := []string{i18n.T(a.lang, "export.measure."+string(v.Measure), nil)}
		if v.Background {
			traits = append(traits, i18n.T(a.lang, "export.background", nil))
		}
		fmt.Fprintf(out, "    (%s)\n", strings.Join(traits, ", "))
		for _, l := range v.values {
			if v.number(l) {
				continue
			}
			missing := ""
			if l.Missing {
				missing = " (" + i18n.T(a.lang, "export.missing", nil) + ")"
			}
			fmt.Fprintf(out, "    %4d  %s%s\n", l.Code, l.text, missing)
		}
	}
	return out.Flush()
}
