package survey

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"viesti/i18n"
	"viesti/internal/fault"
)

// readMeasured reads what is one value on a scale of its own: a grade, a number, a day.
func (item Item) readMeasured(values []string) (Answer, *fault.Fault) {
	s, f := one(values)
	if f != nil || strings.TrimSpace(s) == "" {
		return Answer{}, f
	}
	switch item.Type {
	case Grade:
		n, err := strconv.Atoi(s)
		if err != nil || n < item.Min || n > item.Max {
			return Answer{}, refuse("survey.grade_range", i18n.Args{"min": item.Min, "max": item.Max})
		}
		return Answer{Value: strconv.Itoa(n)}, nil
	case Number:
		if s, f = parseNumber(s, item.Decimals); f != nil {
			return Answer{}, f
		}
	default:
		if s, f = parseDay(s); f != nil {
			return Answer{}, f
		}
	}
	return Answer{Value: s}, item.outside(s)
}

// decimal is a number as people write one: 1 200,50 or -3.25. Fifteen digits are what a float64
// keeps exactly.
var decimal = regexp.MustCompile(`^([+-]?)(\d{1,15})(?:[.,](\d{1,15}))?$`)

// parseNumber gives a number its one form: a point, no leading or trailing zeros, no spaces.
func parseNumber(s string, decimals int) (string, *fault.Fault) {
	s = strings.ReplaceAll(s, "\u2212", "-") // the minus sign of typographers
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) { // also between thousands, U+00A0 and U+202F
			return -1
		}
		return r
	}, s)
	parts := decimal.FindStringSubmatch(s)
	if parts == nil || len(parts[2])+len(parts[3]) > 15 {
		return "", refuse("survey.not_number", nil)
	}
	whole, rest := strings.TrimLeft(parts[2], "0"), strings.TrimRight(parts[3], "0")
	// "1,000" and "1.250" are a thousand and more to many people. Where there is no room for three
	// decimals they are asked, and not taken for one.
	thousands := len(parts[3]) == 3 && len(whole) > 0 && len(whole) <= 3
	if len(rest) > decimals || thousands && decimals < 3 {
		if decimals == 0 {
			return "", refuse("survey.whole_number", nil)
		}
		return "", refuse("survey.decimals", i18n.Args{"n": decimals})
	}
	if whole == "" {
		whole = "0"
	}
	if rest != "" {
		whole += "." + rest
	}
	if parts[1] == "-" && whole != "0" {
		whole = "-" + whole
	}
	return whole, nil
}

// days are the forms a day may be written in: that of date fields (ISO 8601) and that of Finland,
// for browsers that show a date field as plain text.
var days = []string{time.DateOnly, "2.1.2006", "2. 1. 2006"}

func parseDay(s string) (string, *fault.Fault) {
	for _, form := range days {
		if day, err := time.Parse(form, strings.TrimSpace(s)); err == nil && day.Year() > 0 {
			return day.Format(time.DateOnly), nil
		}
	}
	return "", refuse("survey.not_date", nil)
}

// outside refuses a value that is not between From and To.
func (q *Question) outside(value string) *fault.Fault {
	less := func(a, b string) bool { return a < b } // days, as ISO 8601 orders them
	if q.Type == Number {
		number := func(s string) float64 {
			n, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return math.NaN()
			}
			return n
		}
		less = func(a, b string) bool { return number(a) < number(b) }
	}
	below, above := q.From != "" && less(value, q.From), q.To != "" && less(q.To, value)
	if below || above {
		return q.Outside()
	}
	return nil
}

// measure is a value of a question in a sentence.
type measure struct {
	question *Question
	value    string
}

// In is the value as the language writes it.
func (m measure) In(l i18n.Lang) string { return m.question.measured(m.value, l) }

// readRank reads a place for each option. Places may have gaps; two options cannot share one.
func (item Item) readRank(form url.Values) (Answer, *fault.Fault) {
	type placed struct {
		id    string
		place int
	}
	var list []placed
	for _, o := range item.Columns {
		s, f := one(form[Field(item.ID, o.ID)])
		if f != nil {
			return Answer{}, f
		}
		if s == "" {
			continue
		}
		place, err := strconv.Atoi(s)
		if err != nil || place < 1 || place > item.Places() {
			return Answer{}, refuse("survey.rank_place", i18n.Args{"max": item.Places()})
		}
		if slices.ContainsFunc(list, func(p placed) bool { return p.place == place }) {
			return Answer{}, refuse("survey.rank_twice", i18n.Args{"place": place})
		}
		list = append(list, placed{o.ID, place})
	}
	slices.SortFunc(list, func(a, b placed) int { return a.place - b.place })
	var a Answer
	for _, p := range list {
		a.Choices = append(a.Choices, p.id)
	}
	return a, nil
}

// Places is how many options of a ranking get a place.
func (item Item) Places() int {
	if item.Max > 0 {
		return min(item.Max, len(item.Columns))
	}
	return len(item.Columns)
}

// OtherMax is how many characters the words beside "other" may have.
const OtherMax = 200

func (item Item) textMax() int {
	if item.Max > 0 {
		return item.Max
	}
	return DefaultTextMax
}

// clean makes a typed text storable: valid UTF-8, line ends as LF, no control characters,
// trimmed. Its length is counted in characters, as the page's counter does.
func clean(s string, most int, lines bool) (string, *fault.Fault) {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		default:
			return r
		}
	}, s)
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n > most {
		return "", refuse("survey.too_long", i18n.Args{"max": most, "n": n})
	}
	return s, nil
}
