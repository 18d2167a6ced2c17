package mailer

import (
	"fmt"
	"strings"
	"time"

	"viesti/outbox"
)

// offer takes an envelope through MAIL, RCPT and DATA. It gives atBody when the relay waits for the
// text, else the phase at which it refused or fell silent, and its words there.
func (k *conn) offer(e envelope) (phase, outbox.Reply, error) {
	k.inside, k.broken = false, false
	parameter := ""
	if e.utf8 {
		parameter = " SMTPUTF8"
	}
	lines := [...]string{"MAIL FROM:<" + e.from + ">" + parameter, "RCPT TO:<" + e.to + ">", "DATA"}
	if pipelining, _ := k.Extension("PIPELINING"); pipelining {
		return k.group(lines)
	}
	for i, line := range lines {
		at := atMail + phase(i)
		reply, err := k.ask(k.limit(at), line)
		if err != nil || !welcome(at, reply) {
			k.inside = at > atMail
			return at, reply, err
		}
	}
	return atBody, outbox.Reply{}, nil
}

// group sends the three commands in one go (RFC 2920). Each has its own reply, in order, and all
// have to be read before anything else is said, except after a 421: then nothing more comes.
func (k *conn) group(lines [3]string) (phase, outbox.Reply, error) {
	if err := k.say(k.limits.Command, strings.Join(lines[:], "\r\n")); err != nil {
		return atMail, outbox.Reply{}, err
	}
	var replies [len(lines)]outbox.Reply
	stopped := atBody
	for i := range lines {
		at := atMail + phase(i)
		err := k.UpdateDeadline(k.limit(at))
		if err == nil {
			replies[i], err = k.listen()
		}
		if err != nil && stopped == atBody {
			return at, outbox.Reply{}, err
		}
		if err != nil { // refused before it broke: the refusal stands
			k.broken = true
			break
		}
		if stopped == atBody && !welcome(at, replies[i]) {
			stopped = at
		}
		if replies[i].Code == "421" {
			k.broken = true
			break
		}
	}
	if stopped == atBody {
		return atBody, outbox.Reply{}, nil
	}
	k.afterwards(stopped, replies[atRcpt-atMail], replies[atData-atMail])
	return stopped, replies[stopped-atMail], nil
}

// afterwards puts the conversation in order after a refusal within a group. A relay that refused
// the recipient and all the same waits for a text gets an empty one, a lone dot (RFC 2920, 3.1):
// it has nobody to deliver it to. Where it has somebody, only hanging up is safe.
func (k *conn) afterwards(stopped phase, rcpt, data outbox.Reply) {
	switch {
	case k.broken:
	case data.Code != "354":
		k.inside = stopped > atMail || welcome(atRcpt, rcpt)
	case welcome(atRcpt, rcpt):
		k.broken = true
	default:
		reply, err := k.ask(k.limits.Dot, ".")
		k.broken = err != nil || reply.Code == "421"
	}
}

// welcome tells whether a reply lets the letter go on to the next phase.
func welcome(at phase, r outbox.Reply) bool {
	if at == atData {
		return r.Code == "354"
	}
	return r.Code[0] == '2'
}

func (k *conn) limit(at phase) time.Duration {
	if at == atData {
		return k.limits.Data
	}
	return k.limits.Command
}

// ask sends one command and reads the reply; the error says that none came.
func (k *conn) ask(limit time.Duration, line string) (outbox.Reply, error) {
	if err := k.say(limit, line); err != nil {
		return outbox.Reply{}, err
	}
	return k.listen()
}

func (k *conn) say(limit time.Duration, line string) error {
	if err := k.UpdateDeadline(limit); err != nil {
		return err
	}
	return k.Text.PrintfLine("%s", line)
}

func (k *conn) listen() (outbox.Reply, error) {
	code, message, err := k.Text.ReadResponse(0)
	if err != nil {
		return outbox.Reply{}, fmt.Errorf("read the relay's reply: %w", err)
	}
	return readReply(code, message), nil
}

// hangUp closes the connection, with a word of farewell when it is still in order.
func (k *conn) hangUp(polite bool) {
	if polite {
		_, _ = k.ask(k.limits.Quit, "QUIT")
	}
	_ = k.Close()
}
