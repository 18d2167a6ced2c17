package bolt

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"go.etcd.io/bbolt"
)

// groupSize bounds how many changes share a transaction, and so how long the first waits for
// the last.
const groupSize = 256

// committer is the one writer. It takes whatever changes wait, at once and without a delay, runs
// them in one transaction and answers all callers after one sync of the disk. So a lone caller
// waits for nobody, and a thousand share the disk.
type committer struct {
	db   func() *bbolt.DB
	wrap func(*bbolt.Tx) *tx

	jobs    chan *job   // unbuffered: who has not been taken can still leave
	turns   chan func() // what runs while nobody writes; unbuffered likewise
	stopped chan struct{}

	gate   sync.RWMutex // closed, and joining inside
	closed bool
	inside sync.WaitGroup // callers between joining and their answer
}

// job is one caller's change.
type job struct {
	change   func(*tx) error
	err      error
	panicked *panicked
	done     chan struct{}
}

// panicked is a panic on its way from the committer to the caller whose change it was.
type panicked struct {
	value any
	stack []byte
}

func startCommitter(db func() *bbolt.DB, wrap func(*bbolt.Tx) *tx) *committer {
	c := &committer{db: db, wrap: wrap, jobs: make(chan *job), turns: make(chan func()), stopped: make(chan struct{})}
	go c.loop()
	return c
}

// update makes a change durable. A context that ends before the change was taken gives it up;
// afterwards the outcome is waited for. The change may run more than once, each time on a state
// without its earlier runs. A panic in it is raised in the caller's goroutine.
func (c *committer) update(ctx context.Context, change func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !c.join() {
		return errClosed(nil)
	}
	defer c.inside.Done()
	j := &job{change: change, done: make(chan struct{})}
	select {
	case c.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-j.done
	if p := j.panicked; p != nil {
		panic(fmt.Sprintf("store: a change panicked: %v\n%s", p.value, p.stack))
	}
	return j.err
}

// alone runs something while nobody writes. A context that ends before its turn gives it up.
func (c *committer) alone(ctx context.Context, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !c.join() {
		return errClosed(nil)
	}
	defer c.inside.Done()
	done := make(chan error, 1)
	select {
	case c.turns <- func() { done <- do() }:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *committer) join() bool {
	c.gate.RLock()
	defer c.gate.RUnlock()
	if !c.closed {
		c.inside.Add(1)
	}
	return !c.closed
}

// close takes no new callers, serves those in line and ends. It tells whether it was open.
func (c *committer) close() bool {
	c.gate.Lock()
	was := c.closed
	c.closed = true
	c.gate.Unlock()
	if was {
		<-c.stopped
		return false
	}
	c.inside.Wait()
	close(c.jobs)
	<-c.stopped
	return true
}

func (c *committer) loop() {
	defer close(c.stopped)
	for {
		select {
		case first, open := <-c.jobs:
			if !open {
				return
			}
			c.commit(c.gather(first))
		case turn := <-c.turns:
			turn()
		}
	}
}

// gather takes all who wait. Those answered a moment ago are runnable but have not run: letting
// them go first joins them to this group, where otherwise every other group would hold one.
func (c *committer) gather(first *job) []*job {
	runtime.Gosched()
	group := []*job{first}
	for len(group) < groupSize {
		select {
		case j, open := <-c.jobs:
			if !open {
				return group
			}
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit serves a group. A change that fails after it has written takes the transaction with it:
// the others are run again without it, and it alone, so that its answer owes nothing to them.
func (c *committer) commit(group []*job) {
	for len(group) > 0 {
		broken, ok := c.attempt(group)
		if !ok {
			answer(group)
			return
		}
		alone := []*job{group[broken]}
		if len(group) > 1 {
			c.attempt(alone)
		}
		answer(alone)
		group = slices.Delete(group, broken, broken+1)
	}
}

// attempt runs a group in one transaction. When one fails after it has written, all is undone
// and ok is true; else every job has its outcome.
func (c *committer) attempt(group []*job) (broken int, ok bool) {
	btx, err := c.db().Begin(true)
	if err != nil {
		fail(group, err)
		return 0, false
	}
	defer btx.Rollback() //nolint:errcheck // after a commit it does nothing
	t := c.wrap(btx)
	for i, j := range group {
		before := t.writes
		j.run(t)
		if j.failed() && t.writes > before {
			return i, true
		}
	}
	if t.writes == 0 { // nothing to sync
		return 0, false
	}
	if err = t.post(); err == nil {
		err = btx.Commit()
	}
	if err != nil {
		fail(group, err)
	}
	return 0, false
}

func (j *job) run(t *tx) {
	j.err, j.panicked = nil, nil
	defer func() {
		if v := recover(); v != nil {
			j.panicked = &panicked{v, debug.Stack()}
		}
	}()
	j.err = j.change(t)
}

func (j *job) failed() bool { return j.err != nil || j.panicked != nil }

func fail(group []*job, err error) {
	for _, j := range group {
		j.err, j.panicked = errUnwritable(err), nil
	}
}

func answer(group []*job) {
	for _, j := range group {
		close(j.done)
	}
}
