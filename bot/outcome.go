package bot

import (
	"net/http"
	"strings"
	"time"

	"viesti/outbox"
)

// classes are Slack's error codes by what they mean for a post. A code that is not here leaves
// open what happened. A code ending in * stands for all that begin so.
var classes = map[outbox.Class][]string{
	outbox.Transient: {
		"ratelimited", "rate_limited", "message_limit_exceeded", // all sending rests
		"service_unavailable", "request_timeout", "team_added_to_org", "org_login_required",
		"external_channel_migrating",
	},
	outbox.Destination: {
		"channel_not_found", "is_archived", "not_in_channel", "restricted_action*", "no_permission",
		"posting_to_channel_denied", "messages_tab_disabled", "user_not_found", "users_not_found",
		"user_disabled", "user_not_visible", "user_not_in_channel", "ekm_access_denied",
		"method_not_supported_for_channel_type", "slack_connect_*", "team_access_not_granted",
		"cannot_reply_to_message", "invalid_channel",
	},
	outbox.BadMessage: {
		"invalid_blocks*", "msg_too_long", "msg_blocks_too_long", "no_text", "too_many_attachments",
		"metadata_too_large", "invalid_metadata_*", "metadata_must_be_sent_from_app",
		"markdown_text_conflict", "invalid_arguments", "invalid_arg_name", "invalid_array_arg",
		"invalid_charset", "invalid_form_data", "invalid_post_type", "missing_post_type",
		"view_too_large", "attachment_payload_limit_exceeded",
	},
	outbox.BadSetup: {
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
		"missing_scope", "not_allowed_token_type", "app_access_restricted", "access_denied",
		"two_factor_setup_required", "enterprise_is_restricted", "accesslimited",
		"no_active_hooks", "invalid_app_id", "unknown_method", "method_deprecated",
		"deprecated_endpoint", "plan_upgrade_required",
	},
}

// class is what kind of refusal the exchange ended in; known is false when it was none, or one
// that leaves open what happened.
func (x *exchange) class() (c outbox.Class, known bool) {
	switch {
	case x.status == http.StatusTooManyRequests:
		return outbox.Transient, true
	case x.status >= 500 || x.status == http.StatusRequestTimeout || x.status == 0:
		return "", false
	case x.parsed && x.answer.Error != "":
		return classOf(x.answer.Error)
	case x.status >= 300: // not Slack's API at all: a wrong api_url, a proxy in between
		return outbox.BadSetup, true
	}
	return "", false
}

func classOf(code string) (outbox.Class, bool) {
	for class, codes := range classes {
		for _, c := range codes {
			if prefix, any := strings.CutSuffix(c, "*"); c == code || any && strings.HasPrefix(code, prefix) {
				return class, true
			}
		}
	}
	return "", false
}

// outcome is what became of a post. Slack is believed to have taken it only when it says so and
// names the channel and the time; to have refused it only in words that are known; in every
// other case it may have been taken.
func (x *exchange) outcome(now time.Time) outbox.Outcome {
	if channel, ts, ok := x.posted(); ok {
		return outbox.Outcome{State: outbox.Sent, Reply: outbox.Reply{Ref: channel + " " + ts}}
	}
	reply := outbox.Reply{Code: x.code(), Text: x.detail()}
	class, known := x.class()
	switch {
	case x.ok():
		reply.Code, reply.Class = "no_ts", outbox.Transient
		return outbox.Outcome{State: outbox.Uncertain, Reply: reply}
	case x.status == 0 && !x.begun.Load():
		reply.Code, reply.Class = "unreachable", outbox.RelayDown
		return outbox.Outcome{State: outbox.Retrying, Reply: reply, Hold: true}
	case !known:
		reply.Class = outbox.Transient
		return outbox.Outcome{State: outbox.Uncertain, Reply: reply}
	}
	reply.Class = class
	switch class {
	case outbox.Destination, outbox.BadMessage:
		return outbox.Outcome{State: outbox.Failed, Reply: reply}
	case outbox.BadSetup:
		return outbox.Outcome{State: outbox.Retrying, Reply: reply, Hold: true}
	default:
		again, hold := x.rest(now)
		return outbox.Outcome{State: outbox.Retrying, Reply: reply, Again: again, Hold: hold}
	}
}

// rest is how long to wait after a refusal that passes, and whether all posts have to: limits are
// the app's, and going on at once may cost it its permission.
func (x *exchange) rest(now time.Time) (time.Duration, bool) {
	switch code := x.code(); {
	case code == "message_limit_exceeded": // the cap of a free workspace
		return 24 * time.Hour, true
	case x.status == http.StatusTooManyRequests, code == "ratelimited", code == "rate_limited":
		return x.retryAfter(now), true
	}
	return 0, false
}

// detail is what Slack said beside the code.
func (x *exchange) detail() string {
	if x.answer.Needed != "" {
		return "needed: " + x.answer.Needed
	}
	return clip(strings.Join(x.answer.Metadata.Messages, "; "), 300)
}
