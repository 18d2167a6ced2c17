package smtptest

import (
	"bufio"
	"bytes"
	"net"
	"strings"
	"time"
)

// session is one client's connection.
type session struct {
	relay  *Relay
	conn   net.Conn
	number int
	in     *bufio.Reader
	out    *bufio.Writer // written when the client waits: replies to a group go together
	letter Letter
	text   []byte
}

// serve speaks with the client until one of them has had enough.
func (s *session) serve() {
	if _, on := s.answer(Connect, "", "220 relay.test ESMTP"); !on {
		return
	}
	for {
		line, err := s.line()
		if err != nil {
			return
		}
		if !s.command(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (s *session) line() (string, error) {
	if s.in.Buffered() == 0 {
		if err := s.out.Flush(); err != nil {
			return "", err
		}
	}
	return s.in.ReadString('\n')
}

// command answers one line and tells whether the connection goes on.
func (s *session) command(line string) bool {
	step, usual := s.usual(line)
	ok, on := s.answer(step, line, usual)
	if !on || step == Quit {
		return false
	}
	if !ok {
		return true
	}
	switch step {
	case Ehlo, Rset:
		s.letter = Letter{}
	case Mail:
		_, from, _ := strings.Cut(line, ":")
		s.letter = Letter{From: from}
	case Rcpt:
		s.letter.To = append(s.letter.To, address(line))
	case Data:
		return s.data()
	}
	return true
}

// usual is the step a line belongs to and the reply when the script has none.
func (s *session) usual(line string) (Step, string) {
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	switch verb {
	case "EHLO", "HELO":
		lines := append([]string{"relay.test"}, s.relay.offers...)
		for i, l := range lines {
			sep := "-"
			if i == len(lines)-1 {
				sep = " "
			}
			lines[i] = "250" + sep + l
		}
		return Ehlo, strings.Join(lines, "\r\n")
	case "AUTH":
		return Auth, "235 2.7.0 welcome"
	case "MAIL":
		return Mail, "250 2.1.0 ok"
	case "RCPT":
		return Rcpt, "250 2.1.5 ok"
	case "DATA":
		return Data, "354 go on"
	case "RSET":
		return Rset, "250 2.0.0 ok"
	case "NOOP":
		return Noop, "250 2.0.0 ok"
	case "QUIT":
		return Quit, "221 2.0.0 bye"
	}
	return Other, "502 5.5.2 what?"
}

// data reads a letter's text and answers the dot.
func (s *session) data() bool {
	s.text = s.text[:0]
	if err := s.out.Flush(); err != nil {
		return false
	}
	for {
		line, err := s.in.ReadSlice('\n')
		if err != nil {
			return false
		}
		if bytes.Equal(line, []byte(".\r\n")) {
			break
		}
		if line[0] == '.' {
			line = line[1:]
		}
		s.text = append(s.text, line...)
	}
	_, on := s.answer(Dot, strings.Join(s.letter.To, ","), "250 2.0.0 Ok: queued as TEST")
	s.letter = Letter{}
	return on
}

// answer does what the script has for a step. ok is a positive decision, on whether the
// connection goes on. A letter is taken before the reply is written, as a real relay commits
// before it answers.
func (s *session) answer(step Step, line, usual string) (ok, on bool) {
	a := s.relay.ask(Call{Conn: s.number, Step: step, Line: line, To: s.to(step, line)})
	if a.Delay > 0 {
		time.Sleep(a.Delay)
	}
	reply := a.Reply
	if reply == "" {
		reply = usual
	}
	ok = reply[0] == '2' || reply[0] == '3'
	if undecided := a.Hang && a.Reply == ""; step == Dot && ok && !undecided {
		s.letter.Data = s.text
		s.relay.take(s.letter)
	}
	if a.Hang {
		_ = s.out.Flush()
		<-s.relay.closing
		return ok, false
	}
	if !a.Silent {
		if _, err := s.out.WriteString(reply + "\r\n"); err != nil {
			return ok, false
		}
	}
	if a.Cut {
		_ = s.out.Flush()
	}
	return ok, !a.Cut
}

// to is whom a step is about: whom RCPT names, else who was taken so far.
func (s *session) to(step Step, line string) string {
	if step == Rcpt {
		return address(line)
	}
	return strings.Join(s.letter.To, ",")
}
