package app_test

import (
	"encoding/json"
	"regexp"

	"viesti/internal/walk"
	"viesti/report"
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

// compareSpread holds the trees of links against the rates, both as a command gives them.
func (p *program) compareSpread(rates report.Rates) {
	p.t.Helper()
	var out report.Spread
	if err := json.Unmarshal([]byte(p.command("spread", "--json")), &out); err != nil {
		p.t.Fatal(err)
	}
	all := rates.Total.Complete + rates.Total.Open.Complete
	if out.Total.Complete != all || out.Total.Forwarded.Complete != 2 || out.Total.Depth != 2 || *out.Total.Share != 2/float64(all) {
		p.t.Errorf("the spread is %+v of %d answers", out.Total, all)
	}
}
