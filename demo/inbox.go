package demo

import (
	"sync"

	"viesti/contacts"
	"viesti/demo/chat"
	"viesti/demo/crowd"
	"viesti/demo/mailbox"
)

// readers is how many people of a channel read its invitation.
const readers = 5

// inbox hands out what people have received, each message once: letters as they arrived, and now
// and then a post in a channel.
type inbox struct {
	box      *mailbox.Mailbox
	chat     *chat.Server
	networks []contacts.Network

	mu      sync.Mutex
	turn    int
	next    int            // number of the next letter
	channel int            // whose turn it is among networks
	read    map[string]int // how many have read a channel's post
}

// Next is the message for the next person.
func (i *inbox) Next() (crowd.Message, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.turn++
	if i.turn%10 == 0 {
		if m, ok := i.post(); ok {
			return m, true
		}
	}
	if m, ok := i.letter(); ok {
		return m, true
	}
	return i.post()
}

func (i *inbox) letter() (crowd.Message, bool) {
	i.next = max(i.next, 1)
	l, ok := i.box.Letter(i.next)
	if ok {
		i.next++
	}
	return crowd.Message{Text: l.Text, Lang: l.Lang, Reader: l.Mailbox()}, ok
}

// post is a channel's invitation, for one more of its readers.
func (i *inbox) post() (crowd.Message, bool) {
	if i.read == nil {
		i.read = map[string]int{}
	}
	for range i.networks {
		channel := i.networks[i.channel%len(i.networks)].SlackChannel
		i.channel++
		if channel == "" || i.read[channel] >= readers {
			continue
		}
		if posts := i.chat.Posts(channel); len(posts) > 0 {
			i.read[channel]++
			return crowd.Message{Text: posts[0].Text}, true
		}
	}
	return crowd.Message{}, false
}
