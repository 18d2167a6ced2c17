package demo

import (
	"net"
	"strconv"

	"viesti/i18n"
	"viesti/internal/fault"
)

// places are the addresses of a demonstration.
type places struct {
	start  net.Listener // start page, mailbox, chat, rates
	mail   net.Listener // SMTP
	survey string       // host and port where the program will listen
	moved  bool         // start is not where it was wished for
}

// open takes the start page's address, another one when it is taken and nobody insists, and the
// one after it for the survey.
func open(listen string, insist bool) (p places, err error) {
	p.start, err = net.Listen("tcp", listen)
	if err != nil && !insist {
		p.moved = true
		p.start, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return p, fault.Wrap(err, fault.Unavailable, "demo.taken", i18n.Args{"address": listen})
	}
	host, port, err := net.SplitHostPort(p.start.Addr().String())
	if err == nil {
		p.mail, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err == nil {
		p.survey, err = free(host, port)
	}
	if err != nil {
		p.close()
		return p, fault.Wrap(err, fault.Unavailable, "demo.taken", i18n.Args{"address": listen})
	}
	return p, nil
}

// free finds an address that the program can listen on: the port after the given one if it can
// be had, so that it is the same every time.
func free(host, after string) (string, error) {
	n, err := strconv.Atoi(after)
	if err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(n+1)))
	if err != nil {
		l, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (p places) close() {
	for _, l := range []net.Listener{p.start, p.mail} {
		if l != nil {
			_ = l.Close() // its server has closed it as a rule
		}
	}
}

func (p places) startURL() string  { return "http://" + reachable(p.start.Addr().String()) }
func (p places) surveyURL() string { return "http://" + reachable(p.survey) }

// reachable is an address that a browser on this machine can open: one that listens on every
// interface has no address of its own.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
