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
	outbox.Busy:      {"ratelimited", "rate_limited"},
	outbox.RelayDown: {"service_unavailable", "team_added_to_org", "org_login_required"}, // the whole workspace
	outbox.Transient: {"message_limit_exceeded", "request_timeout", "external_channel_migrating"},
	outbox.Destination: {
		"channel_not_found", "is_archived", "not_in_channel", "restricted_action*", "no_permission",
		"posting_to_channel_denied", "messages_tab_disabled", "user_not_found", "users_not_found",
		"user_disabled", "user_not_visible", "user_not_in_channel", "ekm_access_denied",
		"method_not_supported_for_channel_type", "slack_connect_*", "team_access_not_granted",
		"cannot_reply_to_message", "invalid_channel", "cannot_dm_bot", "user_is_bot", "user_is_restricted",
		"user_is_ultra_restricted", "invalid_user_id",
	},
	outbox.BadMessage: {
		"invalid_blocks*", "msg_too_long", "msg_blocks_too_long", "no_text", "too_many_attachments",
		"metadata_too_large", "invalid_metadata_*", "metadata_must_be_sent_from_app",
		"markdown_text_conflict", "invalid_arguments", "invalid_arg_name", "invalid_array_arg",
		"invalid_charset", "invalid_form_data", "invalid_post_type", "missing_post_type",
		"view_too_large", "attachment_payload_limit_exceeded", "as_user_not_supported", "too_many_contact_cards",
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
		return outbox.Busy, true
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
	case outbox.BadSetup, outbox.RelayDown:
		return outbox.Outcome{State: outbox.Retrying, Reply: reply, Hold: true}
	case outbox.Busy: // limits are the app's, and going on at once may cost it its permission
		return outbox.Outcome{State: outbox.Retrying, Reply: reply, Again: x.retryAfter(now), Hold: true}
	}
	if x.code() == "message_limit_exceeded" { // the cap of a free workspace
		return outbox.Outcome{State: outbox.Retrying, Reply: reply, Again: 24 * time.Hour, Hold: true}
	}
	return outbox.Outcome{State: outbox.Retrying, Reply: reply}
}

// detail is what Slack said beside the code.
func (x *exchange) detail() string {
	if x.answer.Needed != "" {
		return "needed: " + x.answer.Needed
	}
	return clip(strings.Join(x.answer.Metadata.Messages, "; "), 300)
}
