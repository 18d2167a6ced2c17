package outbox

import (
	"cmp"
	"strings"

	"viesti/contacts"
	"viesti/link"
)

// Place is whom a message goes to that goes to no contact: a Slack channel, or somebody who runs
// the survey. Its result is nobody's event and counts in no rate.
type Place struct {
	Network string // whose link or figures it carries; empty: it is about the installation
	To      string // id of a Slack channel or user; empty: the network's own channel, or by mail its coordinator
	Staff   bool   // it is for those who run the survey
}

// Marks that no contact's id begins with.
const (
	toChannel = "#"
	ToStaff   = "@" // of those who run the survey
)

// Channel is the recipient of posts to a network's own Slack channel.
func Channel(network string) string { return toChannel + network }

// Shared is the recipient of posts to a further Slack channel, with a link of its own.
func Shared(network, channel string) string { return toChannel + network + "/" + channel }

// Staff is the recipient of messages to coordinators: a channel of theirs, or one of them; with
// nobody named it is the network's coordinator by mail. An empty network stands for the installation.
func Staff(network, to string) string { return ToStaff + network + "/" + to }

// Place is where the message goes, if its recipient is no contact.
func (k Key) Place() (p Place, ok bool) {
	rest, channel := strings.CutPrefix(k.Recipient, toChannel)
	if !channel {
		rest, p.Staff = strings.CutPrefix(k.Recipient, ToStaff)
	}
	if !channel && !p.Staff {
		return Place{}, false
	}
	p.Network, p.To, _ = strings.Cut(rest, "/")
	return p, true
}

// Addressee is whom a message goes to by mail: the contact, or of one to those who run the survey the
// network's coordinator, at the address that the list of networks has. Like a contact's it is in no
// message.
func (m Message) Addressee(c contacts.Contact, n contacts.Network) contacts.Contact {
	if p, ok := m.Place(); ok && p.Staff && m.Carrier == link.Mail {
		return contacts.Contact{Email: n.CoordinatorEmail, Name: n.Coordinator}
	}
	return c
}

// SlackID is the channel or the person that a delivery goes to in Slack; empty: none is known.
func (d Delivery) SlackID() string {
	if p, ok := d.Place(); ok {
		return cmp.Or(p.To, d.Network.SlackChannel)
	}
	return d.Contact.SlackUser
}
