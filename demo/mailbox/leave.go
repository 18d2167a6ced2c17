package mailbox

import (
	"net/http"
	"net/smtp"
	"net/url"
	"strings"
)

// Leave is the mail that ends the messages (RFC 2369); empty: the letter asks for none.
type Leave struct{ To, Subject string }

// leave is the first mail address of a List-Unsubscribe field.
func leave(field string) Leave {
	for uri := range strings.SplitSeq(field, ",") {
		u, err := url.Parse(strings.Trim(strings.TrimSpace(uri), "<>"))
		if err != nil || u.Scheme != "mailto" {
			continue
		}
		if to, err := url.PathUnescape(u.Opaque); err == nil {
			return Leave{To: to, Subject: u.Query().Get("subject")}
		}
	}
	return Leave{}
}

// AnswerTo is told where mail to the senders of letters is taken, as host and port.
func (m *Mailbox) AnswerTo(address string) { m.answers.Store(address) }

// leave writes that mail in the recipient's name, as their mail program does, and shows the page on
// which they see what came of it.
func (m *Mailbox) leave(w http.ResponseWriter, r *http.Request) {
	l, ok := m.named(r)
	address, _ := m.answers.Load().(string)
	if !ok || l.Leave.To == "" || address == "" {
		http.NotFound(w, r)
		return
	}
	mail := "From: <" + l.EnvelopeTo + ">\r\nTo: <" + l.Leave.To + ">\r\nSubject: " + oneLine(l.Leave.Subject) + "\r\n\r\n"
	if err := smtp.SendMail(address, nil, l.EnvelopeTo, []string{l.Leave.To}, []byte(mail)); err != nil {
		m.options.Log.Error("a mail could not be sent", "err", err)
		http.Error(w, http.StatusText(http.StatusBadGateway), http.StatusBadGateway)
		return
	}
	http.Redirect(w, r, l.Unsubscribe, http.StatusSeeOther)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
