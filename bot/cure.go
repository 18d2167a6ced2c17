package bot

import (
	"errors"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Codes of problems: Slack's own where it has one.
const (
	codeArchived     = "is_archived"
	codeNoChannel    = "channel_not_found"
	codeNotInChannel = "not_in_channel"
	codeScope        = "missing_scope"
	codeTokenKind    = "not_allowed_token_type"
	codeUnreachable  = "unreachable"
	codeShortLived   = "short_lived"
	codeSignature    = "bad_signature"
)

// cures are the words that tell what to do, by the code of a problem. A code that is not here is
// told as it is, for an administrator of the workspace to look up.
var cures = map[string]string{ //nolint:gosec // words about tokens, not tokens
	codeArchived:     "bot.problem.archived",
	codeNoChannel:    "bot.problem.no_channel",
	codeNotInChannel: "bot.problem.not_in_channel",
	eventChannelID:   "bot.problem.channel_moved",

	codeScope:       "bot.problem.scope",
	codeTokenKind:   "bot.problem.token_kind",
	"invalid_auth":  "bot.problem.token",
	"not_authed":    "bot.problem.token",
	"token_revoked": "bot.problem.token",
	"token_expired": "bot.problem.token_expired",

	"account_inactive":          "bot.problem.uninstalled",
	eventUninstalled:            "bot.problem.uninstalled",
	eventTokensRevoked:          "bot.problem.uninstalled",
	"access_denied":             "bot.problem.not_allowed",
	"app_access_restricted":     "bot.problem.not_allowed",
	"enterprise_is_restricted":  "bot.problem.not_allowed",
	"two_factor_setup_required": "bot.problem.not_allowed",
	"plan_upgrade_required":     "bot.problem.plan",

	codeUnreachable:  "bot.problem.unreachable",
	"no_answer":      "bot.problem.unreachable",
	codeShortLived:   "bot.problem.short_lived",
	codeSignature:    "bot.problem.signature",
	"http_404":       "bot.problem.elsewhere",
	"unknown_method": "bot.problem.elsewhere",
}

// Fault is the problem for people, with what to do.
func (p Problem) Fault() *fault.Fault { return fault.New(p.kind(), p.key(), p.args()) }

func (p Problem) key() string {
	switch key, ok := cures[p.Code]; {
	case !ok:
		return "bot.problem.setup"
	case p.Code == codeScope && p.Needed == "":
		return "bot.problem.setup"
	case p.Code == codeScope && p.Method == methodOpen:
		return "bot.problem.app_scope"
	default:
		return key
	}
}

// kind is what went wrong: what is there is not as it should be, or it cannot be used.
func (p Problem) kind() fault.Kind {
	switch p.Code {
	case codeNoChannel:
		return fault.NotFound
	case codeArchived, codeNotInChannel, eventChannelID:
		return fault.Conflict
	}
	return fault.Unavailable
}

func (p Problem) args() i18n.Args {
	args := i18n.Args{"method": p.Method, "code": p.Code, "channel": p.Channel, "needed": p.Needed}
	args["key"], args["prefix"] = "bot_token", "xoxb-"
	if p.Method == methodOpen {
		args["key"], args["prefix"] = "app_token", "xapp-"
	}
	return args
}

// refused is a refusal for people.
func refused(err error) *fault.Fault {
	var r *refusal
	if !errors.As(err, &r) {
		return fault.Of(err)
	}
	p := Problem{Method: r.Method, Code: r.Code, Needed: r.Needed}
	return fault.Wrap(err, p.kind(), p.key(), p.args())
}
