package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// A LimeSurvey file comes from outside: what is larger is no questionnaire.
const (
	maxLSS    = 16 << 20
	maxFields = 1_000_000
)

// record is a row of one of LimeSurvey's tables, by its columns.
type record map[string]string

func (r record) number(column string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(r[column])) // an order that is none is zero
	return n
}

// database is what a structure file holds: LimeSurvey's tables, as they are in its database.
type database struct {
	kind   string // Survey; others hold a group or a question
	tables map[string][]record
}

// readDatabase reads document/table/rows/row/column.
func readDatabase(data []byte) (db database, err error) {
	if len(data) > maxLSS {
		return db, errors.New("too large")
	}
	db.tables = map[string][]record{}
	d := xml.NewDecoder(bytes.NewReader(data))
	var path []string
	var text strings.Builder
	for fields := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return db, nil
		}
		if err != nil {
			return db, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			text.Reset()
			if len(path) == 4 && path[3] == "row" {
				db.tables[path[1]] = append(db.tables[path[1]], record{})
			}
			if fields++; fields > maxFields || len(path) > 10 {
				return db, errors.New("too much")
			}
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			switch {
			case len(path) == 2 && path[1] == "LimeSurveyDocType":
				db.kind = strings.TrimSpace(text.String())
			case len(path) == 5 && path[3] == "row":
				rows := db.tables[path[1]]
				rows[len(rows)-1][path[4]] = text.String()
			}
			path = path[:len(path)-1]
		}
	}
}

// words are the texts of a column by the ids of what they belong to. Since version 4 LimeSurvey
// keeps them in a table of their own, before that in a row for each language.
func (l *lime) words(tables []string, id, column string) map[string]i18n.Text {
	all := map[string]i18n.Text{}
	for _, table := range tables {
		for _, r := range l.db.tables[table] {
			lang, ok := i18n.ParseLang(r["language"])
			if !ok || strings.TrimSpace(r[column]) == "" {
				continue
			}
			if all[r[id]] == nil {
				all[r[id]] = i18n.Text{}
			}
			all[r[id]][lang] = r[column]
		}
	}
	return all
}

// rows are a table's rows, each once however many languages it stands there in, in the order of
// a column.
func (l *lime) rows(table, id, order string) []record {
	var list []record
	seen := map[string]bool{}
	for _, r := range l.db.tables[table] {
		if !seen[r[id]] {
			seen[r[id]] = true
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b record) int { return a.number(order) - b.number(order) })
	return list
}

// answerRow is one of a question's answers.
type answerRow struct {
	code  string
	scale int
	order int
	text  i18n.Text
}

// answers are the answers of each question.
func (l *lime) answers() map[string][]answerRow {
	all := map[string][]answerRow{}
	texts := l.words([]string{"answer_l10ns"}, "aid", "answer")
	for _, r := range l.db.tables["answers"] {
		list := all[r["qid"]]
		i := slices.IndexFunc(list, func(a answerRow) bool { return a.code == r["code"] && a.scale == r.number("scale_id") })
		if i < 0 {
			i = len(list)
			list = append(list, answerRow{code: r["code"], scale: r.number("scale_id"), order: r.number("sortorder"), text: texts[r["aid"]]})
		}
		if lang, ok := i18n.ParseLang(r["language"]); ok && r["answer"] != "" {
			if list[i].text == nil {
				list[i].text = i18n.Text{}
			}
			list[i].text[lang] = r["answer"]
		}
		all[r["qid"]] = list
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b answerRow) int { return a.order - b.order })
	}
	return all
}

func (l *lime) place(name string) fault.Place { return fault.Place{File: l.file, Field: name} }

func (l *lime) lose(name, key string, args i18n.Args) {
	l.losses = append(l.losses, loss(l.place(name), key, args))
}
