package exchange

import (
	"bytes"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"viesti/i18n"
)

// ownColumn is the column of each sheet that holds what XLSForm has no column for. Other tools
// pass over it.
const ownColumn = "viesti"

// rest is what stands in that column: keys as in questionnaire.toml, and what a row is where
// XLSForm knows only a note or a group.
type rest struct {
	Is         string    `toml:"is,omitempty"`
	ID         string    `toml:"id,omitempty"` // where the row's name is another
	Minutes    []int     `toml:"minutes,omitempty"`
	Continues  bool      `toml:"continues,omitempty"`
	Relevance  string    `toml:"relevance,omitempty"` // as it was written, while the row still says Relevant
	Relevant   string    `toml:"relevant,omitempty"`
	RowsFrom   string    `toml:"rows_from,omitempty"`
	Scale      *string   `toml:"scale,omitempty"`
	Max        int       `toml:"max,omitempty"`
	Decimals   int       `toml:"decimals,omitempty"`
	Random     bool      `toml:"random,omitempty"`
	Background bool      `toml:"background,omitempty"`
	Unit       i18n.Text `toml:"unit,inline,omitempty"`
	Low        i18n.Text `toml:"low,inline,omitempty"`
	High       i18n.Text `toml:"high,inline,omitempty"`
	Other      bool      `toml:"other,omitempty"`
	Exclusive  bool      `toml:"exclusive,omitempty"`
	DontKnow   bool      `toml:"dont_know,omitempty"`
}

// What a row is that XLSForm has no type for.
const (
	isStart  = "start"  // the group around the survey's title and intro
	isIntro  = "intro"  // of the survey or of a page
	isPage   = "page"   // a group
	isMatrix = "matrix" // a group
	isOther  = "other"  // the text beside an option
	isEnd    = "end"    // the group around the thanks
	isThanks = "thanks"
)

func (r rest) cell() (string, error) {
	raw, err := toml.Marshal(r)
	return strings.TrimSpace(string(raw)), err
}

// restOf reads the column; ok is false when it cannot be read.
func restOf(cell string) (r rest, ok bool) {
	err := toml.NewDecoder(bytes.NewReader([]byte(cell))).DisallowUnknownFields().Decode(&r)
	return r, err == nil
}
