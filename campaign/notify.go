package campaign

import (
	"context"
	"slices"
	"time"

	"viesti/link"
	"viesti/outbox"
	"viesti/staff"
)

// Staff is what planning reads of the people who run the survey.
type Staff interface {
	Digests(ctx context.Context) ([]staff.Digest, error)
	Grants(ctx context.Context) ([]staff.Grant, error)
	// Members are the users in a user group.
	Members(ctx context.Context, group string) ([]string, error)
}

// Notify queues what is due to be told to the people who run the survey, and gives how many
// messages that was.
func (c *Campaign) Notify(ctx context.Context) (int, error) {
	if c.Staff == nil {
		return 0, nil
	}
	now := c.Now()
	f, err := c.field(ctx, now)
	if err != nil {
		return 0, err
	}
	return c.tell(ctx, c.Wave.Notices(f, now))
}

// field gathers how the wave stands.
func (c *Campaign) field(ctx context.Context, now time.Time) (f Field, err error) {
	if f.Networks, err = c.Contacts.Networks(ctx); err != nil {
		return f, err
	}
	if f.Digests, err = c.Staff.Digests(ctx); err != nil {
		return f, err
	}
	if c.Wave.halfway(now) {
		if f.Lagging, err = c.Lagging(ctx); err != nil {
			return f, err
		}
	}
	grants, err := c.Staff.Grants(ctx)
	if err == nil && c.Purge != nil {
		f.Purge, err = c.Purge(ctx)
	}
	f.Coordinators, f.Nearest = map[string][]string{}, map[string][]string{}
	groups := groups{}
	f.Admins = c.users(ctx, staff.Holders(grants, staff.Admin, ""), groups)
	for _, n := range f.Networks {
		f.Coordinators[n.ID] = c.users(ctx, staff.Coordinators(grants, n.ID), groups)
		f.Nearest[n.ID] = c.users(ctx, staff.Nearest(grants, n.ID), groups)
	}
	return f, err
}

// Trouble queues that Slack refuses to post in a network's channel, once for each code and channel,
// to those who can cure it.
func (c *Campaign) Trouble(ctx context.Context, network, code, channel string) (int, error) {
	if c.Staff == nil {
		return 0, nil
	}
	grants, err := c.Staff.Grants(ctx)
	if err != nil {
		return 0, err
	}
	var list []Notice
	for _, user := range c.users(ctx, staff.Nearest(grants, network), groups{}) {
		list = append(list, Notice{Network: network, Carrier: link.Slack, To: user, Kind: outbox.Problem(code, channel), Due: c.Now()})
	}
	return c.tell(ctx, list)
}

// groups are the members of user groups that have been asked for.
type groups map[string][]string

// users puts the members of user groups in their place. Those of a group that cannot be read now
// are told later.
func (c *Campaign) users(ctx context.Context, holders []string, known groups) (users []string) {
	for _, who := range holders {
		if !staff.IsGroup(who) {
			users = append(users, who)
			continue
		}
		if _, asked := known[who]; !asked {
			var err error
			if known[who], err = c.Staff.Members(ctx, who); err != nil {
				c.Log.Warn("a user group cannot be read", "group", who, "err", err)
			}
		}
		users = append(users, known[who]...)
	}
	slices.Sort(users)
	return slices.Compact(users)
}

// tell puts notices in the outbox that are not there yet.
func (c *Campaign) tell(ctx context.Context, list []Notice) (int, error) {
	if len(list) == 0 {
		return 0, nil
	}
	recipients := make([]string, len(list))
	for i, n := range list {
		recipients[i] = n.Recipient()
	}
	slices.Sort(recipients)
	told := map[outbox.Key]bool{}
	q := outbox.Query{Wave: c.Wave.ID, Recipients: slices.Compact(recipients)}
	err := c.Outbox.Messages(ctx, q, func(m outbox.Message) error { told[m.Key] = true; return nil })
	if err != nil {
		return 0, err
	}
	now := c.Now().UTC()
	var batch []outbox.Message
	for _, n := range list {
		m := outbox.Message{
			Key:     outbox.Key{Recipient: n.Recipient(), Wave: c.Wave.ID, Kind: n.Kind},
			Network: n.Network, Carrier: n.Carrier, State: outbox.Pending, Due: now, Queued: now, Expires: n.Expires,
		}
		if !told[m.Key] {
			batch = append(batch, m)
		}
	}
	if len(batch) == 0 {
		return 0, nil
	}
	put, err := c.Outbox.Enqueue(ctx, batch)
	n := 0
	for _, yes := range put {
		if yes {
			n++
		}
	}
	if n > 0 {
		c.Wake()
	}
	return n, err
}
