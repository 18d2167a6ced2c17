package contacts

// near is the one word that s was probably meant to be, or nothing when there is none or several
// are as likely. Short words are never guessed at: every one of them is near to another.
func near(s string, words []string) string {
	const shortest, longest = 4, 80
	a := []rune(s)
	if len(a) < shortest || len(a) > longest {
		return ""
	}
	most := 1
	if len(a) > 5 {
		most = 2
	}
	best, found := most+1, ""
	for _, w := range words {
		b := []rune(w)
		if len(b) < shortest || len(b) > len(a)+most || len(a) > len(b)+most {
			continue
		}
		switch d := distance(a, b); {
		case d < best:
			best, found = d, w
		case d == best:
			found = ""
		}
	}
	return found
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to make b
// of a (optimal string alignment, Damerau 1964).
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i, x := range a {
		row[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
