package app_test

import (
	"regexp"

	"viesti/internal/walk"
)

// passOn lets somebody answer through a link that was passed on, and somebody else through the one
// that they pass on in turn.
func (p *program) passOn(address string) {
	t := p.t
	t.Helper()
	link := regexp.MustCompile(regexp.QuoteMeta(p.base) + `/r/[a-z0-9]{13}`)
	for range 2 {
		r := walk.New(nil)
		if err := r.Open(address); err != nil {
			t.Fatal(err)
		}
		if err := r.Press("start", nil); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			if r.Done() {
				break
			}
			if err := r.On(nil); err != nil {
				t.Fatal(err)
			}
		}
		next := link.FindString(r.Body)
		if next == "" || next == address {
			t.Fatalf("%s is passed on as %q", address, next)
		}
		address = next
	}
}
