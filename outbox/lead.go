package outbox

import "time"

// turn is how often results go to the store and claims are made when much is under way: each turn
// costs the same few writes to disk whether it is for ten messages or a thousand.
const turn = 15 * time.Millisecond

// lead is how many messages are claimed ahead for a connection: the one it sends, one that waits,
// and as many as it sends in two turns. It says nothing of how many a crash can leave uncertain:
// that is one, whatever the lead.
type lead struct {
	sending time.Duration // running mean
}

// maxLead bounds how many messages of a connection an opt-out comes too late for.
const maxLead = 32

func (l *lead) sent(took time.Duration) { l.sending += (took - l.sending) / 16 }

func (l *lead) messages() int {
	if l.sending <= 0 {
		return 2
	}
	return min(2+int(2*turn/l.sending), maxLead)
}
