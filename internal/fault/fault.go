// Package fault is the error that people are told of: a kind for machines, a key whose words
// i18n knows for people, the place it is about, and a cause for the log alone.
//
// It does not translate kinds to HTTP statuses or exit statuses; the edges do that, each in one
// table.
package fault

import (
	"errors"
	"fmt"
	"strings"

	"viesti/i18n"
)

// Kind says what a machine may do about a fault.
type Kind string

// The kinds of fault.
const (
	Invalid     Kind = "invalid"     // what was given is wrong; the key says how to mend it
	NotFound    Kind = "not_found"   // what was named does not exist
	Conflict    Kind = "conflict"    // it collides with what is there
	Denied      Kind = "denied"      // the caller may not do this
	Closed      Kind = "closed"      // the survey is not open
	TooLarge    Kind = "too_large"   // more bytes than are taken
	Unavailable Kind = "unavailable" // it may work later
	Internal    Kind = "internal"    // a fault of ours
)

// Place is where in a file a fault stands. Line counts physical lines from 1; zero is unknown.
type Place struct {
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
	Field string `json:"field,omitempty"`
}

// Fault is an error with two faces: Key and Args for people, Kind for machines. Cause is for
// the log and is never shown.
type Fault struct {
	Kind  Kind
	Key   string
	Args  i18n.Args
	Place Place
	Cause error
}

// New is a fault without a cause.
func New(kind Kind, key string, args i18n.Args) *Fault {
	return &Fault{Kind: kind, Key: key, Args: args}
}

// Wrap is a fault that happened because of cause.
func Wrap(cause error, kind Kind, key string, args i18n.Args) *Fault {
	return &Fault{Kind: kind, Key: key, Args: args, Cause: cause}
}

// At sets the place and returns the fault.
func (f *Fault) At(p Place) *Fault {
	f.Place = p
	return f
}

// Error is the fault for the log: place, English words and cause.
func (f *Fault) Error() string {
	s := f.Say(i18n.En)
	if f.Cause != nil {
		s += ": " + f.Cause.Error()
	}
	return s
}

// Unwrap gives the cause to errors.Is and errors.As.
func (f *Fault) Unwrap() error { return f.Cause }

// Say is the fault for a person: its place and what to do next, without the cause.
func (f *Fault) Say(l i18n.Lang) string {
	return f.Place.String() + i18n.T(l, f.Key, f.Args)
}

// String is "file:line: field: ", as far as it is known.
func (p Place) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	return b.String()
}

// List is several faults found in one go, so that everything can be mended in one go.
type List []*Fault

// Err is the list as an error, nil when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error joins the faults, a line each, for the log.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, f := range l {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Of finds the Fault in err. An error that is none becomes an internal fault with err as cause,
// so that nothing else is ever said to a person.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	var l List
	if errors.As(err, &l) && len(l) > 0 {
		return l[0]
	}
	return Wrap(err, Internal, "fault.internal", nil)
}

// All are the faults in err, one or many.
func All(err error) List {
	var l List
	if errors.As(err, &l) {
		return l
	}
	if f := Of(err); f != nil {
		return List{f}
	}
	return nil
}

// KindOf is the kind of err; an error that is no Fault is Internal.
func KindOf(err error) Kind {
	if f := Of(err); f != nil {
		return f.Kind
	}
	return ""
}
