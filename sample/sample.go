// Package sample holds the networks, contacts and earlier waves that viesti init
// writes to disk and viesti demo loads. The networks carry public names; every contact,
// address and Slack id is invented, and none of them belongs to a real person.
// Apart from those two commands nothing imports it at run time.
package sample

import _ "embed"

// Networks is the sample list of networks, one row each, with a header row.
//
//go:embed networks.csv
var Networks []byte

// EarlierWaves is what was published of the two earlier waves of the survey.
//
//go:embed earlier-waves.toml
var EarlierWaves []byte

// Contacts is the sample list of contacts. Like a real list it has people in
// more than one network, shared mailboxes and uneven spelling, and exactly six
// rows that an importer must reject.
//
//go:embed contacts.csv
var Contacts []byte
