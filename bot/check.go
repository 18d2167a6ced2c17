package bot

import (
	"context"
	"errors"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
)

// Check asks Slack whether the installation works and whether every network's channel can be
// posted to, and gives what a person has to mend. It posts nothing.
func (b *Bot) Check(ctx context.Context, networks []contacts.Network) fault.List {
	if b.config.Mode == Off || b.config.Mode == "" {
		return nil
	}
	if _, err := b.port.self(ctx); err != nil {
		return fault.List{refused(err).At(fault.Place{Field: "slack.bot_token"})}
	}
	var list fault.List
	for _, n := range networks {
		if n.SlackChannel == "" {
			continue
		}
		if f := b.checkChannel(ctx, n); f != nil {
			list = append(list, f.At(fault.Place{Field: n.ID + ".slack_channel"}))
		}
	}
	return list
}

func (b *Bot) checkChannel(ctx context.Context, n contacts.Network) *fault.Fault {
	args := i18n.Args{"channel": n.SlackChannel}
	c, err := b.port.channel(ctx, n.SlackChannel)
	var r *refusal
	switch {
	case errors.As(err, &r) && r.Code == "channel_not_found":
		return fault.New(fault.NotFound, "bot.problem.no_channel", args)
	case err != nil:
		return refused(err)
	case c.IsArchived:
		return fault.New(fault.Conflict, "bot.problem.archived", args)
	case c.IsPrivate && !c.IsMember: // a public one is joined when it is first posted to
		return fault.New(fault.Conflict, "bot.problem.not_in_channel", args)
	}
	return nil
}

// refused is a refusal for people.
func refused(err error) *fault.Fault {
	var r *refusal
	if !errors.As(err, &r) {
		return fault.Of(err)
	}
	return fault.Wrap(err, fault.Unavailable, "bot.problem.setup", i18n.Args{"method": r.Method, "code": r.Code})
}
