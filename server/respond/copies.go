package respond

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"viesti/survey"
)

// How long a copy of sent answers is there for the one who sent them, and how many bytes of
// copies there may be: some hundreds of long ones.
const (
	copyLife   = 30 * time.Minute
	mostCopied = 4 << 20
)

// copies are sent answers that their respondents may still print. They are in the memory of this
// process alone and never written: what the store has of them cannot be found by anybody.
type copies struct {
	now func() time.Time

	mu    sync.Mutex
	held  []copied // oldest first
	bytes int
	timer *time.Timer // that removes the oldest in time; nil while none is held
}

type copied struct {
	key  survey.DraftKey
	sent time.Time
	raw  []byte
}

// put holds answers that were just sent.
func (c *copies) put(key survey.DraftKey, r survey.Response) {
	raw, err := json.Marshal(r)
	if err != nil { // there is no copy then, and no harm
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(key)
	c.held = append(c.held, copied{key, c.now(), raw})
	c.bytes += len(raw)
	for c.bytes > mostCopied {
		c.drop(0)
	}
	c.age()
	if c.timer == nil && len(c.held) > 0 {
		c.timer = time.AfterFunc(copyLife, c.expire)
	}
}

// get is the copy for a key, while there is one.
func (c *copies) get(key survey.DraftKey) (r survey.Response, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.age()
	i := slices.IndexFunc(c.held, func(x copied) bool { return x.key == key })
	if i < 0 {
		return r, false
	}
	return r, json.Unmarshal(c.held[i].raw, &r) == nil
}

// forget removes a copy before its time.
func (c *copies) forget(key survey.DraftKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(key)
}

// expire removes what is old also when nobody asks for anything.
func (c *copies) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = nil
	c.age()
	if len(c.held) > 0 {
		c.timer = time.AfterFunc(copyLife-c.now().Sub(c.held[0].sent), c.expire)
	}
}

func (c *copies) age() {
	for len(c.held) > 0 && c.now().Sub(c.held[0].sent) >= copyLife {
		c.drop(0)
	}
}

func (c *copies) remove(key survey.DraftKey) {
	if i := slices.IndexFunc(c.held, func(x copied) bool { return x.key == key }); i >= 0 {
		c.drop(i)
	}
}

func (c *copies) drop(i int) {
	c.bytes -= len(c.held[i].raw)
	clear(c.held[i].raw)
	c.held = slices.Delete(c.held, i, i+1)
}
