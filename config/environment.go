package config

import (
	"net"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"viesti/campaign"
	"viesti/i18n"
	"viesti/internal/span"
)

// environment lets VIESTI_TABLE_KEY override each key of the file. Lists are separated by commas.
func (r *reader) environment(env func(string) (string, bool)) {
	r.override(reflect.ValueOf(r.c).Elem(), "", env)
}

func (r *reader) override(v reflect.Value, path string, env func(string) (string, bool)) {
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("toml")
		if key == "" || key == "-" {
			continue
		}
		field, at := v.Field(i), strings.TrimPrefix(path+"."+key, ".")
		if field.Kind() == reflect.Struct && field.Type() != reflect.TypeFor[time.Time]() {
			r.override(field, at, env)
			continue
		}
		name := "VIESTI_" + strings.ToUpper(strings.ReplaceAll(at, ".", "_"))
		if value, ok := env(name); ok && !set(field, value) {
			r.add(at, "config.environment", i18n.Args{"name": name})
		}
	}
}

// set reads a value as the TOML file would: the same words mean the same in both.
func set(field reflect.Value, value string) bool {
	source := strconv.Quote(value)
	switch {
	case field.Kind() == reflect.Bool || field.Kind() == reflect.Int || field.Kind() == reflect.Float64:
		source = value
	case field.Kind() == reflect.Slice:
		var parts []string
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				parts = append(parts, strconv.Quote(part))
			}
		}
		source = "[" + strings.Join(parts, ",") + "]"
	}
	holder := reflect.New(reflect.StructOf([]reflect.StructField{{
		Name: "V", Type: field.Type(), Tag: `toml:"v"`,
	}}))
	if toml.Unmarshal([]byte("v = "+source), holder.Interface()) != nil {
		return false
	}
	field.Set(holder.Elem().Field(0))
	return true
}

// reminders turns the [reminders] table into the campaign's rules.
func (r *reader) reminders() {
	t, rules := r.c.Remind, campaign.Rules{
		LastCall: r.c.Remind.LastCall.Duration(), ThankYou: r.c.Remind.ThankYou.Duration(),
		WeekdaysOnly: r.c.Remind.WeekdaysOnly,
		After:        durations(r.c.Remind.After), BelowTargetAfter: durations(r.c.Remind.BelowTargetAfter),
	}
	switch t.ThankYouTo {
	case toAll, "":
	case toAskers:
		rules.ThankAskers = true
		if rules.ThankYou == 0 || r.c.Survey.ResultsURL == "" {
			r.add("reminders.thank_you_to", "config.thank_askers", nil)
		}
	default:
		r.add("reminders.thank_you_to", "config.thank_you_to", i18n.Args{"value": t.ThankYouTo})
	}
	switch strings.ToUpper(t.Holidays) {
	case "":
	case "FI":
		rules.FinnishHolidays = true
	default:
		r.add("reminders.holidays", "config.holidays", i18n.Args{"value": t.Holidays})
	}
	if t.Hours != "" {
		from, to, ok := hours(t.Hours)
		if !ok {
			r.add("reminders.hours", "config.hours", i18n.Args{"value": t.Hours})
		}
		rules.FromHour, rules.ToHour = from, to
	}
	r.c.Reminders = rules
}

func durations(spans []span.Span) []time.Duration {
	out := make([]time.Duration, len(spans))
	for i, s := range spans {
		out[i] = s.Duration()
	}
	return out
}

// hours reads "08-17": messages go out from the first hour until the second begins.
func hours(s string) (from, to int, ok bool) {
	a, b, found := strings.Cut(s, "-")
	from, errA := strconv.Atoi(strings.TrimSpace(a))
	to, errB := strconv.Atoi(strings.TrimSpace(b))
	return from, to, found && errA == nil && errB == nil && from >= 0 && from < to && to <= 24
}

// listenable tells whether a server can be told to listen there.
func listenable(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 0 && n <= 65535
}
