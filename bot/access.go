package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	"viesti/staff"
)

// access tells what somebody may do: those who are configured as administrators and those who were
// given a role, by themselves or through a user group. Being an administrator of the workspace
// gives nothing, and who is of another workspace, in a shared channel, has nothing.
type access struct {
	admins []staff.Grant
	grants func(ctx context.Context) ([]staff.Grant, error)
	slack  directory
	now    func() time.Time

	mu    sync.Mutex
	cache map[string]membership
}

// directory is what Slack knows of people, and of us.
type directory interface {
	team(ctx context.Context) (string, error)
	membersOf(ctx context.Context, group string) ([]string, error)
	scopes(ctx context.Context) (string, error)
}

type membership struct {
	users []string
	until time.Time
}

// trusted is how long a group's members are believed to be the same.
const trusted = 5 * time.Minute

func newAccess(admins []string, slack directory, now func() time.Time) *access {
	a := &access{slack: slack, now: now, cache: map[string]membership{}}
	for _, id := range admins {
		a.admins = append(a.admins, staff.Grant{Who: id, Role: staff.Admin})
	}
	return a
}

// isOwn tells whether a team is the workspace we are installed in.
func (a *access) isOwn(ctx context.Context, team string) (bool, error) {
	own, err := a.slack.team(ctx)
	return err == nil && team == own, err
}

// rights are what a user of our workspace may do. An error means that not all of it could be found
// out: what is missing is not allowed.
func (a *access) rights(ctx context.Context, user string) (staff.Rights, error) {
	list, err := a.all(ctx)
	if err != nil || user == "" {
		return staff.Rights{}, err
	}
	var failed error
	rights := staff.Decide(list, func(who string) bool {
		if who == user {
			return true
		}
		if !(staff.Grant{Who: who}).IsGroup() {
			return false
		}
		users, err := a.group(ctx, who)
		if err != nil {
			failed = err
		}
		return slices.Contains(users, user)
	})
	return rights, failed
}

// all are the roles there are, the configured ones first.
func (a *access) all(ctx context.Context) ([]staff.Grant, error) {
	if a.grants == nil {
		return a.admins, nil
	}
	given, err := a.grants(ctx)
	return append(slices.Clone(a.admins), given...), err
}

// Grants are all roles there are, those of the configuration first.
func (b *Bot) Grants(ctx context.Context) ([]staff.Grant, error) { return b.access.all(ctx) }

// Members are the users in a user group, as Slack had them in the last few minutes.
func (b *Bot) Members(ctx context.Context, group string) ([]string, error) {
	return b.access.group(ctx, group)
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
	users, err := a.slack.membersOf(ctx, id)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cache[id] = membership{users, asked.Add(trusted)}
	return users, nil
}
