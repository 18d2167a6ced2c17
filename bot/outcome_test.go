package bot

import (
	"net/http"
	"testing"
	"time"

	"viesti/outbox"
)

// TestEveryCode is Slack's list of errors by what has to follow. Each is answered with 200, as
// Slack does, and what is not in the list leaves open what happened.
func TestEveryCode(t *testing.T) {
	expect := map[outbox.Class]outbox.Outcome{
		outbox.Busy:        {State: outbox.Retrying, Hold: true, Again: time.Minute},
		outbox.RelayDown:   {State: outbox.Retrying, Hold: true},
		outbox.BadSetup:    {State: outbox.Retrying, Hold: true},
		outbox.Transient:   {State: outbox.Retrying},
		outbox.Destination: {State: outbox.Failed},
		outbox.BadMessage:  {State: outbox.Failed},
	}
	codes := map[outbox.Class][]string{
		outbox.Busy:      {"ratelimited", "rate_limited"},
		outbox.RelayDown: {"service_unavailable", "team_added_to_org", "org_login_required"},
		outbox.Transient: {"request_timeout", "external_channel_migrating"},
		outbox.Destination: {
			"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "restricted_action_read_only_channel",
			"restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "no_permission",
			"posting_to_channel_denied", "messages_tab_disabled", "user_not_found", "users_not_found", "user_disabled",
			"user_not_visible", "user_not_in_channel", "method_not_supported_for_channel_type", "ekm_access_denied",
			"slack_connect_file_link_sharing_blocked", "slack_connect_canvas_sharing_blocked", "team_access_not_granted",
			"cannot_dm_bot", "user_is_bot", "user_is_restricted", "user_is_ultra_restricted",
		},
		outbox.BadMessage: {
			"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text", "too_many_attachments",
			"metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema", "metadata_must_be_sent_from_app",
			"markdown_text_conflict", "invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_charset",
			"invalid_form_data", "invalid_post_type", "missing_post_type", "view_too_large", "as_user_not_supported",
		},
		outbox.BadSetup: {
			"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
			"not_allowed_token_type", "app_access_restricted", "access_denied", "two_factor_setup_required",
			"enterprise_is_restricted", "accesslimited", "method_deprecated", "deprecated_endpoint",
		},
		"": {"fatal_error", "internal_error", "duplicate_message_not_found", "something_new"},
	}
	for class, list := range codes {
		for _, code := range list {
			x := answered200(code)
			want := expect[class]
			want.Reply = outbox.Reply{Class: class, Code: code}
			if class == "" {
				want = outbox.Outcome{State: outbox.Uncertain, Reply: outbox.Reply{Class: outbox.Transient, Code: code}}
			}
			if got := x.outcome(testTime); got != want {
				t.Errorf("%s:\n got %+v\nwant %+v", code, got, want)
			}
		}
	}
	limit := answered200("message_limit_exceeded").outcome(testTime)
	if limit.State != outbox.Retrying || !limit.Hold || limit.Again != 24*time.Hour || limit.Reply.Class == outbox.Busy {
		t.Errorf("the cap of a free workspace: %+v", limit)
	}
	for class := range classes {
		if _, known := expect[class]; !known {
			t.Errorf("nobody knows what follows from %s", class)
		}
	}
}

// answered200 is a refusal as Slack words it.
func answered200(code string) *exchange {
	no := false
	return &exchange{method: "chat.postMessage", status: http.StatusOK, parsed: true, answer: answer{OK: &no, Error: code}}
}
