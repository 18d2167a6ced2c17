package publication

import (
	"maps"
	"reflect"
	"testing"

	"viesti/survey"
)

// groupOf is where a person stands in all backgrounds.
func (w *world) groupOf(a survey.Answers) (list [2]string) {
	for i, b := range w.out.Backgrounds {
		for _, g := range b.Groups {
			for _, o := range g.Options {
				if a[b.Question].Value == o {
					list[i] = g.ID
				}
			}
		}
	}
	return list
}

// swapped is a world in which two people of different groups gave each other's answer to a question,
// and of which the same is published; nil where there is none.
func (w *world) swapped(question string) *world {
	backgrounds := []string{"org_type", "region"}
	for i, a := range w.people {
		for j, b := range w.people[:i] {
			if reflect.DeepEqual(a[question], b[question]) || w.groupOf(a) == w.groupOf(b) {
				continue
			}
			other := &world{q: w.q, people: append([]survey.Answers{}, w.people...)}
			other.people[i], other.people[j] = with(a, question, b), with(b, question, a)
			if other.count(backgrounds); reflect.DeepEqual(w.out, other.out) {
				return other
			}
		}
	}
	return nil
}

func with(a survey.Answers, question string, from survey.Answers) survey.Answers {
	a = maps.Clone(a)
	delete(a, question)
	if answer, ok := from[question]; ok {
		a[question] = answer
	}
	return a
}

// Two worlds that differ in hidden cells alone make the same pages, byte for byte.
func TestHiddenWorlds(t *testing.T) {
	found := 0
	for _, question := range []string{"grade", "conditions", "partners", "needs"} {
		w := newWorld(t, "testdata/small", 60, 3, "org_type", "region")
		other := w.swapped(question)
		if other == nil {
			continue
		}
		found++
		if !reflect.DeepEqual(write(t, w.out, rates(60)), write(t, other.out, rates(60))) {
			t.Errorf("%s: the pages tell two worlds apart", question)
		}
	}
	if found < 2 {
		t.Errorf("only %d questions had another world", found)
	}
}
