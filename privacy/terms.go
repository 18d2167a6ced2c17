package privacy

import (
	"time"

	"viesti/i18n"
)

// Terms are what is said to people of the processing of their data, and how it is set up.
type Terms struct {
	Title   i18n.Text
	Wave    string
	Zone    *time.Location
	Closes  time.Time
	Contact string // who answers questions: name, organisation, address, telephone
	BaseURL string // of personal links

	Controller, Officer, Basis, Purpose, Source, Recipients, Retention, Rights, Authority i18n.Text

	Keep         int // days after the close until contacts are purged; 0: by hand
	KeepDrafts   int // days
	KeepAudit    int // days; 0: for ever
	MinimumGroup int
	Mail         bool
	Slack        bool
	LookUp       bool // accounts in Slack are looked up by address
	Console      bool
}
