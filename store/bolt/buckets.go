package bolt

import (
	"strconv"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

// The tree of buckets. A line is a bucket, and <x> stands for one bucket for each x. After the
// arrow comes key → value; a dot joins parts of a key, with a NUL byte between them. All values
// are JSON but for names, tokens, numbers and what is in recipients. A test holds this drawing against a filled store.
//
//	v1
//	├── meta             name → version, address-key, paused, claim, tidied, untidy, purged, forgotten
//	├── networks         network → contacts.Network
//	├── contacts         contact → contacts.Contact
//	├── addresses        hash of an address → contact
//	├── standings        hash of an address → contacts.Standing
//	├── optouts          token of a personal link → contact
//	├── dispositions
//	│   └── <wave>       contact → contacts.Disposition
//	├── bounces          recipient · id → bounce.Record; without a recipient: of nobody
//	├── links            token → link.Link
//	├── linkkeys         network · channel · parent, and · place if any → token
//	├── messages         recipient · wave · kind → outbox.Message
//	├── recipients       contact → outbox.Recipient, made of contacts, standings and messages
//	├── due
//	│   └── <carrier·network>   time and key of a waiting message → nothing
//	├── paused           network whose messages wait → nothing
//	├── drafts           hash of a respondent's token → survey.Response
//	├── submitted        hash of a respondent's token → nothing
//	├── removed          hash of a respondent's token → nothing
//	├── responses
//	│   └── <wave>       random id → survey.Response
//	├── audit            time · number → audit.Entry
//	├── readings
//	│   └── <wave>       hash of an open answer's text → reading.Decision
//	├── editions         wave · version · hash of the file → survey.Edition
//	├── releases         wave · number → what was released, as a document
//	├── staff
//	│   ├── grants       user or user group · network → staff.Grant
//	│   ├── persons      user → staff.Person
//	│   ├── digests      network → staff.Digest
//	│   └── spent        what may be used once → until when that matters
//	├── past             as the tallies of the same names, of records that a purge took
//	│   ├── reach        cell → number
//	│   ├── message      cell → number
//	│   └── departure    cell → number
//	└── tally
//	    ├── response     wave · link · language · day · state → number
//	    ├── stop         wave · link · language · state · page, of unfinished responses → number
//	    ├── removed      wave · link · language · day · state · page, of removed drafts → number
//	    ├── reach        wave · network · language · day · flags → number
//	    ├── message      wave · network · carrier · kind · state → number
//	    └── departure    wave · network · carrier · kind · hour, of messages that were sent → number

// root is the bucket all others lie in. Its name is the version of the layout: one that older
// programs could not even look into would get another name.
const root = "v1"

// bucket is a path below root.
type bucket struct {
	name string
	sub  string // empty: the bucket of that name itself
}

var (
	meta      = bucket{name: "meta"}
	networks  = bucket{name: "networks"}
	people    = bucket{name: "contacts"}
	addresses = bucket{name: "addresses"}
	standings = bucket{name: "standings"}
	optouts   = bucket{name: "optouts"}
	bounces   = bucket{name: "bounces"}
	links     = bucket{name: "links"}
	linkKeys  = bucket{name: "linkkeys"}
	messages  = bucket{name: "messages"}
	drafts    = bucket{name: "drafts"}
	submitted = bucket{name: "submitted"}
	removed   = bucket{name: "removed"}
	editions  = bucket{name: "editions"}
	releases  = bucket{name: "releases"}
	paused    = bucket{name: "paused"}

	recipients = bucket{name: "recipients"}

	responseTally = bucket{"tally", "response"}
	removedTally  = bucket{"tally", "removed"}
	reachTally    = bucket{"tally", "reach"}
	messageTally  = bucket{"tally", "message"}
	stopTally     = bucket{"tally", "stop"}
	departTally   = bucket{"tally", "departure"}

	grants  = bucket{"staff", "grants"}
	persons = bucket{"staff", "persons"}
	digests = bucket{"staff", "digests"}
	spent   = bucket{"staff", "spent"}

	audits = bucket{name: "audit"}

	pastReach   = bucket{"past", "reach"}
	pastMessage = bucket{"past", "message"}
	pastDepart  = bucket{"past", "departure"}

	// Parents of buckets that come with their first record.
	allDispositions = bucket{name: "dispositions"}
	allDue          = bucket{name: "due"}
	allResponses    = bucket{name: "responses"}
	allReadings     = bucket{name: "readings"}
)

func dispositions(wave string) bucket    { return bucket{"dispositions", wave} }
func responses(wave string) bucket       { return bucket{"responses", wave} }
func readings(wave string) bucket        { return bucket{"readings", wave} }
func child(of bucket, sub string) bucket { return bucket{of.name, sub} }

// due is a queue for each carrier and network, so that a paused network costs the others nothing
// and a pause moves no message.
func due(carrier link.Channel, network string) bucket {
	return bucket{"due", string(join(string(carrier), network))}
}

// firstBuckets are those that version 1 of the records makes.
func firstBuckets() []bucket {
	return []bucket{
		meta, networks, people, addresses, standings, optouts, allDispositions, bounces, links, linkKeys,
		messages, allDue, drafts, submitted, allResponses, responseTally, reachTally, messageTally,
	}
}

// removedBuckets are those that version 2 adds.
func removedBuckets() []bucket { return []bucket{removed, removedTally} }

// staffBuckets are those that version 3 adds.
func staffBuckets() []bucket { return []bucket{grants, persons, digests, spent} }

// pausedBuckets are those that version 4 makes.
func pausedBuckets() []bucket { return []bucket{paused, allDue} }

// courseBuckets are those that version 5 adds.
func courseBuckets() []bucket { return []bucket{stopTally, departTally} }

// recipientBuckets are those that version 6 adds.
func recipientBuckets() []bucket { return []bucket{recipients} }

// lifeBuckets are those that version 7 adds.
func lifeBuckets() []bucket { return []bucket{audits, pastReach, pastMessage, pastDepart} }

// readingBuckets are those that version 9 adds.
func readingBuckets() []bucket { return []bucket{allReadings} }

// releaseBuckets are those of what was asked and what was released.
func releaseBuckets() []bucket { return []bucket{editions, releases} }

// Names in meta.
var (
	metaVersion    = []byte("version")     // decimal: which migrations have run
	metaAddressKey = []byte("address-key") // secret of the hashes of addresses
	metaPaused     = []byte("paused")      // there while sending is paused
	metaClaim      = []byte("claim")       // there while somebody may become administrator by it
	metaTidied     = []byte("tidied")      // the day on which the file was compacted last
	metaUntidy     = []byte("untidy")      // there while the file still holds what was removed from it
	metaPurged     = []byte("purged")      // privacy.Purged of the last purge
	metaForgotten  = []byte("forgotten")   // number of removed drafts whose hashes a purge took
)

func linkKey(k link.Key) []byte {
	if k.Place == "" {
		return join(k.Network, string(k.Channel), k.Parent)
	}
	return join(k.Network, string(k.Channel), k.Parent, k.Place)
}

// A message's key begins with its recipient, so that a person's messages lie together.
func messageKey(k outbox.Key) []byte { return join(k.Recipient, k.Wave, string(k.Kind)) }

// What came back lies together by recipient, as messages do.
func bounceKey(recipient, id string) []byte { return join(recipient, id) }

// What somebody may do lies together by who they are.
func grantKey(who, network string) []byte { return join(who, network) }

// Cells begin with the wave, so that reading a wave's tally is one short scan.

func responseCell(c survey.Cell) []byte {
	return join(c.Wave, c.Link, string(c.Lang), c.Day, string(c.State))
}

// stopCell is nil for a response that was sent: it stopped nowhere.
func stopCell(r survey.Response) []byte {
	s, ok := r.Stop()
	if !ok {
		return nil
	}
	return join(s.Wave, s.Link, string(s.Lang), string(s.State), strconv.Itoa(s.Page))
}

// removedCell has all that both tallies of responses are made of.
func removedCell(r survey.Response) []byte {
	return join(string(responseCell(r.Cell())), strconv.Itoa(r.Page))
}

// departCell is nil for a message that has not left.
func departCell(m outbox.Message) []byte {
	d, ok := m.Departure()
	if !ok {
		return nil
	}
	return join(d.Wave, d.Network, string(d.Carrier), string(d.Kind), d.Hour.Format(hourLayout))
}

// hourLayout is an hour of UTC in a key.
const hourLayout = "2006-01-02T15"

func reachCell(d contacts.Disposition) []byte {
	return join(d.Wave, d.Network, string(d.Lang), d.Day,
		flags(d.Contacted, d.Undelivered, d.OptedOut, d.Answered))
}

func messageCell(c outbox.Cell) []byte {
	return join(c.Wave, c.Network, string(c.Carrier), string(c.Kind), string(c.State))
}
