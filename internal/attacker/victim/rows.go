package victim

import (
	"fmt"

	"viesti/internal/attacker"
)

// rows shows everybody's answers to what is published, and none of the backgrounds.
func (p *publisher) rows(people []Person, out *attacker.Release) {
	for _, x := range people {
		row := attacker.Row{Answers: map[string]int{}, Backgrounds: make([][]int, len(p.Sizes))}
		for _, item := range out.Items {
			for i := range p.Questions {
				if item.Name == fmt.Sprintf("q%d", i) && !item.Multiple {
					row.Answers[item.Name] = x.Answers[i]
				}
			}
		}
		out.Rows = append(out.Rows, row)
	}
}
