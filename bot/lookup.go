package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"viesti/outbox"
)

// Accounts keep what Slack says of a person's address, so that it is not asked again for each
// message.
type Accounts interface {
	// KeepAccount keeps a contact's account, or with an empty user that there was none that day.
	KeepAccount(ctx context.Context, contact, user, day string) error
}

// lookUp completes a delivery with the recipient's account. An outcome with a state says that the
// message cannot go on: Slack knows nobody who could be written to, or cannot say so now.
func (s sender) lookUp(ctx context.Context, d *outbox.Delivery) outbox.Outcome {
	u, err := s.bot.port.lookUp(ctx, d.Contact.Email)
	switch out := outcomeOf(err); {
	case err == nil && s.member(ctx, u):
		s.keep(ctx, d.Contact.ID, u.ID)
		d.Contact.SlackUser = u.ID
		return outbox.Outcome{}
	case err == nil, out.Reply.Class == outbox.Destination:
		s.keep(ctx, d.Contact.ID, "")
		return byMail("no_account")
	case out.Reply.Code == "missing_scope": // they can be reached all the same
		return byMail(out.Reply.Code)
	case out.Reply.Class == outbox.Busy: // look-ups rest, posts do not
		out.Hold, out.Domain = false, true
		return out
	case out.State == outbox.Uncertain || out.State == outbox.Failed: // it was only asked
		return outbox.Outcome{State: outbox.Retrying, Reply: out.Reply}
	default:
		return out
	}
}

// byMail says that somebody cannot be written to in Slack, and that nothing has reached them.
func byMail(code string) outbox.Outcome {
	return outbox.Outcome{State: outbox.Failed, ByMail: true, Reply: outbox.Reply{Class: outbox.Destination, Code: code}}
}

// member tells whether an account is a full member's of our workspace. Guests and people of other
// organisations are written to by mail: they are in Slack for something else.
func (s sender) member(ctx context.Context, u *slack.User) bool {
	if u.ID == "" || u.Deleted || u.IsBot || u.IsRestricted || u.IsUltraRestricted || u.IsStranger {
		return false
	}
	team, err := s.bot.port.team(ctx)
	return err == nil && (u.TeamID == "" || u.TeamID == team)
}

// keep remembers what was found. Without it the next message asks again, which does no harm.
func (s sender) keep(ctx context.Context, contact, user string) {
	if s.bot.accounts == nil {
		return
	}
	day := s.bot.now().In(s.bot.survey.Zone).Format(time.DateOnly)
	if err := s.bot.accounts.KeepAccount(ctx, contact, user, day); err != nil {
		s.bot.log.Error("an account in slack cannot be kept", "err", err)
	}
}
