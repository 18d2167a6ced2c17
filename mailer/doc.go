// Package mailer writes a survey's letters and hands them to a mail relay: it composes invitations
// and reminders in three languages, as text and HTML that say the same, keeps SMTP connections
// open between letters, and reads out of the relay's replies what became of each.
//
// It decides neither whom to write to nor when (campaign), tries nothing again and keeps no state
// of a message (outbox). A letter is handed over at most once in a call of Send: whatever is lost
// before the final dot may be repeated by the outbox, whatever is lost after it is uncertain.
//
// Nothing in a letter tells the sender that it was read: no remote resources, no rewritten links, and
// the one picture there is, that of a coordinator's digest, travels in the letter. The survey link is
// the network's; the opt-out link alone is personal.
package mailer
