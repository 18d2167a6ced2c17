package bounce

import "testing"

// lines are what servers say in one line, as it was seen or as it would be said.
var lines = [][2]string{
	{"address_dead", "550 5.1.1 <x@y.example>: Recipient address rejected: User unknown in local recipient table"},
	{"address_dead", "550 5.1.1 unknown or illegal alias: x@y"},
	{"policy", "553 sorry, that domain isn't in my list of allowed rcpthosts; no valid cert for gatewaying (#5.7.1)"},
	{"address_dead", "550 Requested action not taken: mailbox unavailable"},
	{"address_dead", "554 5.7.1 <x@y>: Recipient address rejected: User unknown in relay recipient table"},
	{"address_dead", "550 5.1.6 Recipient no longer on server: x@y"},
	{"address_dead", "550 RESOLVER.ADR.ExRecipNotFound; not found"},
	{"address_dead", "550 #5.1.0 Address rejected x@y"},
	{"address_dead", "511 5.1.1 unknown address or alias: x@y"},
	{"address_dead", "550 No such recipient here"},
	{"address_dead", "553 5.3.0 <x@y>... Addressee unknown, relay=[1.2.3.4]"},
	{"policy", "550 5.7.1 Recipient not authorized, your IP has been found on a block list"},
	{"address_dead", "550 5.1.1 <x@y> is not a valid mailbox"},
	{"address_dead", "550 x@y... Account not available"},
	{"address_dead", "550 User's mailbox does not exist"},
	{"address_dead", "550 5.2.1 This mailbox has been blocked due to inactivity"},
	{"address_dead", "550 account has been disabled"},
	{"transient", "554 5.4.4 [internal] Domain Lookup Failed"},
	{"address_dead", "5.1.2 - Bad destination host 'DNS Hard Error looking up y.example (MX): NXDomain'"},
	{"mailbox_full", "550 5.7.1 The user or domain that you are sending to (or from) has a policy that prohibited the mail that you sent. mailbox full"},
	{"mailbox_full", "452 4.2.2 The email account that you tried to reach is over quota."},
	{"mailbox_full", "554 5.2.2 mailbox full; ESMTP: 522 5.2.2 Over quota"},
	{"policy", "552 Message size exceeds remaining quota / mailbox size limit exceeded"},
	{"mailbox_full", "550 Mailbox has exceeded the limit"},
	{"mailbox_full", "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417"},
	{"mailbox_full", "550 5.2.3 Mail quota exceeded"},
	{"transient", "451 4.7.1 Greylisting in action, please come back in 00:05:00"},
	{"transient", "421 Too many concurrent SMTP connections; please try again later."},
	{"transient", "450 4.1.1 <x@y>: Recipient address rejected: unverified address: host down"},
	{"transient", "554 delivery error: dd Resources temporarily unavailable. Please try again later"},
	{"transient", "550 4.4.7 QUEUE.Expired; message expired"},
	{"transient", "5.4.7 - Delivery expired (message too old) 'timeout'"},
	{"transient", "550 5.4.300 Message expired -> 421 4.4.2 connection dropped"},
	{"policy", "550 5.7.1 Message rejected as spam by Content Filtering."},
	{"policy", "554 5.7.1 The server sending your mail [1.2.3.4] does not have a reverse DNS entry. Connection Rejected"},
	{"policy", "550-5.7.1 [1.2.3.4] Our system has detected that this message is likely unsolicited mail."},
	{"policy", "550 SC-001 (COL004-MC1F1) Unfortunately, messages from 1.2.3.4 weren't sent. Please contact your Internet service provider since part of their network is on our block list."},
	{"policy", "554 5.7.1 <x@y>: Sender address rejected: not logged in"},
	{"policy", "550 5.7.0 Local Policy Violation"},
	{"policy", "550 permanent failure for one or more recipients (x@y:blocked)"},
	{"policy", "553 5.3.0 <x@y>... Email blocked, see http://"},
	{"policy", "550 5.7.64 TenantAttribution; Relay Access Denied"},
	{"policy", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group"},
	{"policy", "421 4.7.0 IP not in whitelist for RCPT domain, closing connection."},
	{"policy", "550 5.7.25 The IP address sending this message does not have a PTR record setup"},
	{"policy", "552 5.3.4 Error: message file too big"},
	{"policy", "554 5.6.0 Corrupt message content"},
	{"policy", "550 5.7.9 This mail has been blocked because the sender is unauthenticated"},
	{"policy", "451 4.7.650 The mail server [1.2.3.4] has been temporarily rate limited due to IP reputation."},
	{"policy", "554 Email rejected due to security policies - MCSpamSignature.sa.3.2"},
	{"policy", "550 5.7.509 Access denied, sending domain example.org does not pass DMARC verification"},
	{"policy", "550 5.1.8 Access denied, bad outbound sender"},
	{"policy", "571 Message Refused"},
	{"policy", "554 5.7.1 Delivery not authorized, message refused"},
	{"unclear", "554 5.0.0 Something went wrong"},
}

func TestServersWords(t *testing.T) {
	for _, x := range lines {
		if j := judge(hear(x[1])); string(j.class) != x[0] {
			t.Errorf("%-12s want %-12s %s", j.class, x[0], x[1])
		}
	}
}
