package survey

import "viesti/internal/fault"

// Prose makes a text that somebody wrote storable, as an open answer is. A longer one than most
// characters is refused.
func Prose(s string, most int) (string, *fault.Fault) { return clean(s, most, true) }
