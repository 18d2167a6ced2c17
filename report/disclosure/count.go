// Package disclosure decides which numbers of a publication may be shown: it merges categories,
// hides cells, and hides further cells so that none of them can be worked out of what is left.
// docs/disclosure.md states the rule as mathematics, and says what follows from it.
//
// It knows counts and nothing else: no questionnaire, no respondent, no words.
package disclosure

import "encoding/json"

// Count is a number of people that may be shown, or the fact that there is one which may not be.
// The zero Count is hidden and holds no number, so that nothing can print what it does not have.
type Count struct {
	n     int64
	shown bool
}

// Shown is a count that may be shown.
func Shown(n int64) Count { return Count{n: n, shown: true} }

// Value is the number; ok is false for one that is hidden.
func (c Count) Value() (n int64, ok bool) { return c.n, c.shown }

// MarshalJSON writes the number, null for one that is hidden.
func (c Count) MarshalJSON() ([]byte, error) {
	if !c.shown {
		return []byte("null"), nil
	}
	return json.Marshal(c.n)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Count) UnmarshalJSON(raw []byte) error {
	var n *int64
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	*c = Count{}
	if n != nil {
		*c = Shown(*n)
	}
	return nil
}
