package results

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	for _, n := range []int{60, 375, 3000} {
		w := &world{}
		q := barometer(t)
		w.respondents(q, rand.New(rand.NewPCG(1, 2)), n, "2026-11-10")
		r := w.reporter(q, closes.Add(time.Hour*48))
		r.By = []string{"org_type", "region"}
		s := time.Now()
		out, err := r.Results(t.Context())
		must(t, err)
		raw, _ := json.MarshalIndent(out, "", " ")
		os.WriteFile(fmt.Sprintf("/tmp/res%d.json", n), raw, 0o644)
		items, div, cells, hid, means, withheld := 0, 0, 0, 0, 0, 0
		for _, p := range out.Pages {
			for _, q := range p.Questions {
				for _, i := range q.Items {
					items++
					if i.Withheld {
						withheld++
					}
					for _, d := range i.Divisions {
						div++
						for _, r := range d.Rows {
							if r.Summary != nil {
								means++
							}
							for _, c := range r.Counts {
								cells++
								if _, ok := c.Value(); !ok {
									hid++
								}
							}
						}
					}
				}
			}
		}
		var a []string
		for _, b := range out.Alike {
			a = append(a, b.Question+fmt.Sprint(len(b.Groups)))
		}
		t.Log(n, time.Since(s), len(raw), "items", items, "withheld", withheld, "div", div, "cells", cells, "hidden", hid, "groupmeans", means, "alike", a, out.Anonymity)
		for _, b := range out.Backgrounds {
			var x []string
			for _, g := range b.Groups {
				n, _ := g.Respondents.Value()
				x = append(x, fmt.Sprint(g.Text["en"], "=", n))
			}
			t.Logf("%s %q", b.Question, x)
		}
	}
}
