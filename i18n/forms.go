package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// nbsp keeps a number and its unit, and the groups of a number, on one line.
const nbsp = "\u00a0"

var months = map[Lang][]string{
	Sv: {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},
	En: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Date is a calendar day in the zone of t: fi 14.3.2027, sv 14 mars 2027, en 14 March 2027.
func Date(l Lang, t time.Time) string {
	if l == Fi {
		return fmt.Sprintf("%d.%d.%d", t.Day(), t.Month(), t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), months[l][t.Month()-1], t.Year())
}

// ShortDate is a day without its year, for where there is little room: fi and sv 14.3., en 14 Mar.
func ShortDate(l Lang, t time.Time) string {
	if l == En {
		return fmt.Sprintf("%d %.3s", t.Day(), months[En][t.Month()-1])
	}
	return fmt.Sprintf("%d.%d.", t.Day(), t.Month())
}

// DateTime is a day and a time of day in the zone of t: fi 14.3.2027 klo 9.00,
// sv 14 mars 2027 kl. 9.00, en 14 March 2027, 09:00.
func DateTime(l Lang, t time.Time) string {
	between := " "
	if l == En {
		between = ", "
	}
	return Date(l, t) + between + Clock(l, t.Hour(), t.Minute())
}

// Clock is a time of day: fi klo 9.00, sv kl. 9.00, en 09:00.
func Clock(l Lang, hour, minute int) string {
	switch l {
	case Sv:
		return fmt.Sprintf("kl. %d.%02d", hour, minute)
	case En:
		return fmt.Sprintf("%02d:%02d", hour, minute)
	default:
		return fmt.Sprintf("klo %d.%02d", hour, minute)
	}
}

// Number groups a whole number in thousands: a no-break space in Finnish and Swedish, a comma
// in English.
func Number(l Lang, n int64) string {
	sep := nbsp
	if l == En {
		sep = ","
	}
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	var groups []string
	for len(s) > 3 {
		groups = append([]string{s[len(s)-3:]}, groups...)
		s = s[:len(s)-3]
	}
	return sign + strings.Join(append([]string{s}, groups...), sep)
}

// Decimal is x with the given number of decimals, with the language's decimal sign.
func Decimal(l Lang, x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if l == En {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

// Percent is a share (0.62) in whole per cent: fi and sv 62 % with a no-break space, en 62%.
func Percent(l Lang, share float64) string {
	n := Number(l, int64(math.Round(share*100)))
	if l == En {
		return n + "%"
	}
	return n + nbsp + "%"
}

// Moment is a time that each language writes in its own form (DateTime), as an argument of words.
type Moment time.Time

// In is the moment in a language.
func (m Moment) In(l Lang) string { return DateTime(l, time.Time(m)) }
