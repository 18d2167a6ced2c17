package simulation

import "math/rand/v2"

// Crowd is people one by one, as a run draws them: for whoever plays a wave by real letters. It may be used
// by one goroutine at a time.
type Crowd struct {
	rand     *rand.Rand
	mood     mood
	networks map[string]people
}

// Crowd draws a crowd.
func (b Behaviour) Crowd(r *rand.Rand) *Crowd {
	return &Crowd{rand: r, mood: b.draw(r), networks: map[string]people{}}
}

// Answers draws whether somebody answers the nth letter (0: the invitation) who answered none before it. A
// network may be named by whatever its people have in common.
func (c *Crowd) Answers(network string, nth int) bool {
	they, known := c.networks[network]
	if !known {
		they = c.mood.of(c.rand)
		c.networks[network] = they
	}
	return c.rand.Float64() < they.answers(nth)
}

// PassesOn draws how many others answer because somebody who answered passed the survey on to them.
func (c *Crowd) PassesOn() int { return int(poisson(c.rand, c.mood.onward)) }
