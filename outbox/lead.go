package outbox

import "time"

// lead is how many letters a connection holds at a time: as many as it sends while one write to
// disk is under way. To a relay that takes longer for a letter than the disk for a write that is
// one, which is also the most that a crash can leave uncertain for a connection; a relay that is
// faster than the disk is kept busy at the price of a few more.
type lead struct {
	sending, writing time.Duration // running means
}

// maxLead bounds what a crash can leave uncertain for a connection.
const maxLead = 4

func (l *lead) sent(took time.Duration)  { l.sending = mean(l.sending, took) }
func (l *lead) wrote(took time.Duration) { l.writing = mean(l.writing, took) }

func mean(so, now time.Duration) time.Duration { return so + (now-so)/16 }

func (l *lead) letters() int {
	if l.sending <= 0 {
		return 1
	}
	return min(1+2*int(l.writing/l.sending), maxLead)
}
