package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Seen is what a page showed of the answers to its items, in a few characters for each: the page
// carries it and sends it back. So what comes back unchanged is told from what was answered, and
// two devices, or two windows, that go on with one response do not undo each other's answers.
func Seen(items []Item, answers Answers) string {
	var parts []string
	for _, item := range items {
		if a, ok := answers[item.ID]; ok {
			parts = append(parts, item.ID+"="+a.mark())
		}
	}
	return strings.Join(parts, " ")
}

// SeenField is the form field that carries it.
const SeenField = "seen"

// mark is the same for equal answers, and empty for none.
func (a Answer) mark() string {
	if a.Empty() {
		return ""
	}
	raw, err := json.Marshal(a) // with the keys of maps in order
	if err != nil {
		return "" // nothing in an answer can fail to be written
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:6])
}

// since is a checked page without the questions that came back as they had been shown: whatever
// was kept for them meanwhile stays.
func (c Checked) since(seen string) Checked {
	shown := map[string]string{}
	for part := range strings.FieldsSeq(seen) {
		id, mark, _ := strings.Cut(part, "=")
		shown[id] = mark
	}
	unchanged := func(id string) bool { return c.Answers[id].mark() == shown[id] }
	changed := Checked{Answers: maps.Clone(c.Answers), Faults: c.Faults}
	changed.Asked = slices.DeleteFunc(slices.Clone(c.Asked), unchanged)
	maps.DeleteFunc(changed.Answers, func(id string, _ Answer) bool { return unchanged(id) })
	return changed
}
