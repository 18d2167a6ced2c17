package bot

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// access tells who may see figures and links: those who are configured, by themselves or through
// a user group. Being an administrator of the workspace gives nothing.
type access struct {
	users   []string
	groups  []string
	members func(ctx context.Context, group string) ([]string, error)
	now     func() time.Time

	mu    sync.Mutex
	cache map[string]membership
}

type membership struct {
	users []string
	until time.Time
}

// trusted is how long a group's members are believed to be the same.
const trusted = 5 * time.Minute

func newAccess(admins []string, members func(context.Context, string) ([]string, error), now func() time.Time) *access {
	a := &access{members: members, now: now, cache: map[string]membership{}}
	for _, id := range admins {
		if strings.HasPrefix(id, "S") {
			a.groups = append(a.groups, id)
		} else {
			a.users = append(a.users, id)
		}
	}
	return a
}

// allows tells whether a user is an administrator. An error means that it could not be found out,
// which is not a yes.
func (a *access) allows(ctx context.Context, user string) (bool, error) {
	if user == "" {
		return false, nil
	}
	if slices.Contains(a.users, user) {
		return true, nil
	}
	var failed error
	for _, group := range a.groups {
		users, err := a.group(ctx, group)
		if err != nil {
			failed = err
			continue
		}
		if slices.Contains(users, user) {
			return true, nil
		}
	}
	return false, failed
}

// group asks without holding the lock, so that one slow answer does not keep everybody waiting.
func (a *access) group(ctx context.Context, id string) ([]string, error) {
	a.mu.Lock()
	m, ok := a.cache[id]
	a.mu.Unlock()
	if ok && a.now().Before(m.until) {
		return m.users, nil
	}
	asked := a.now()
	users, err := a.members(ctx, id)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cache[id] = membership{users, asked.Add(trusted)}
	return users, nil
}
