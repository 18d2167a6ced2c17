package bounce

import (
	"regexp"
	"strings"
)

// returnedBelow are the lines under which servers put the letter that came back. What stands there
// is ours, and our own words must not be taken for theirs.
var returnedBelow = regexp.MustCompile(`(?im)^[ \t>*=#-]*(?:` + strings.Join([]string{
	`below this line is a copy of (?:the|your) (?:message|mail)`, // qmail
	`this is a copy of (?:the|your) (?:message|mail)`,            // Exim
	`the following is a copy of (?:the|your)`,
	`a copy of (?:the|your) (?:original )?message`,
	`included is a copy of the message`,
	`original message(?: headers?| header fields)?\b[^:\n]{0,40}`, // Gmail, Yahoo and others
	`(?:the )?(?:headers?|body) of the (?:original )?message`,
	`message headers? follows?`,
	`headers of the original message`,
	`unsent message (?:below|follows)`,
	`returned (?:message|mail) follows`,
	`returned message below`,
	`(?:your )?message (?:text|body|contents?) follows`,
	`content-type: message/rfc822`,
	`content-type: text/rfc822-headers`,
	`ursprüngliche nachricht`, `ursprunglig(?:t)? meddelande`, `alkuperäinen viesti`, `message d'origine`, `message original`,
	`mensaje original`, `messaggio originale`, `mensagem original`, `oorspronkelijk bericht`, `исходное сообщение`, `oryginalna wiadomość`,
}, "|") + `)[ \t:.*=-]*$`)

var headerLine = regexp.MustCompile(`(?im)^[ \t>]*(?:return-path|received|from|to|subject|date|message-id|mime-version|dkim-signature|content-type|list-unsubscribe|x-[\w-]+|reply-to|auto-submitted)[ \t]*:`)

// region is what a bounce itself says: its text up to the letter that came back.
func region(text string) string {
	if at := returnedBelow.FindStringIndex(text); at != nil {
		if cut := text[:at[0]]; strings.TrimSpace(cut) != "" {
			text = cut
		}
	}
	if at := headerBlock(text); at > 0 {
		text = text[:at]
	}
	return text
}

// headerBlock is where four lines of a letter's header stand together, which is where it begins.
func headerBlock(text string) int {
	run, begin, at := 0, 0, 0
	for line := range strings.Lines(text) {
		switch {
		case strings.Contains(line[:min(len(line), 40)], ":") && headerLine.MatchString(line):
			if run == 0 {
				begin = at
			}
			if run++; run == 4 && strings.TrimSpace(text[:begin]) != "" {
				return begin
			}
		case run > 0 && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")): // folded
		default:
			run = 0
		}
		at += len(line)
	}
	return 0
}

// bouncing are subjects of reports that a letter did not arrive, as plain makes them.
var bouncing = []string{
	"undeliver", "undelivered mail", "mail delivery fail", "mail delivery problem", "mail delivery error", "mail delivery system", "delivery failure", "delivery failed", "delivery has failed", "delivery error",
	"delivery status notification", "delivery notification", "delivery report", "delivery problem", "failure notice", "failure notification", "failed delivery", "failed mail", "mail failure",
	"returned mail", "returned message", "return mail", "mail returned", "message returned", "could not send message", "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered",
	"wasn't delivered", "not delivered", "not be delivered", "non-delivery", "nondeliverable", "non remis", "message delivery", "mail status report", "mail system error", "warning: message", "warning: could not send", "delayed mail", "delivery delayed", "delivery delay", "message delayed",
	"rejected message", "message rejected", "email rejected", "unable to deliver", "user unknown", "unknown user", "nicht zustellbar", "unzustellbar", "zustellung fehlgeschlagen", "unzustellbare", "nachricht konnte nicht", "verzögert",
	"échec de la remise", "échec de remise", "échec de livraison", "non distribu", "remise différée", "no se puede entregar", "no se pudo entregar", "error en la entrega", "correo devuelto", "no entregado", "mancata consegna", "non recapitabile", "messaggio non recapitato",
	"não foi possível entregar", "não entregue", "falha na entrega", "não é possível entregar", "onbestelbaar", "kan niet worden bezorgd", "niet afgeleverd", "niedostarczalne", "nie dostarczono", "zwrot poczty", "nedoručiteln", "kézbesíthetetlen",
	"toimittamaton", "toimitus epäonnistui", "toimittaminen epäonnistui", "ei voitu toimittaa", "ei voi toimittaa", "ei toimitettu", "perille toimittamaton", "palautettu viesti", "lähetys epäonnistui",
	"kan inte levereras", "kunde inte levereras", "gick inte att leverera", "olevererbart", "ej levererbart", "leveransfel", "ikke leveres", "kunne ikke leveres", "levering mislyk", "kan ikke leveres",
	"недостав", "не доставлено", "не удается доставить", "не удалось доставить", "ошибка доставки", "возвращенное", "не может быть доставлено", "配信不能", "配信エラー", "退信", "投递失败", "tagastatud", "ei õnnestunud kohale",
}

// delaying says that a server goes on trying.
var delaying = []string{
	"has not yet been delivered", "not yet been delivered", "have not yet been delivered", "will continue to try", "will keep trying", "continue trying", "delivery attempts will continue", "still trying", "this is a warning message only",
	"warning message only", "you do not need to resend", "do not need to resend", "is only a warning", "delivery is delayed", "delivery has been delayed", "has been delayed", "delivery incomplete", "will be retried", "you don't need to resend",
	"no action is required", "noch nicht zugestellt", "verzögerte zustellung", "har ännu inte levererats", "ei ole vielä toimitettu", "n'a pas encore été remis", "aún no se ha entregado", "еще не доставлено", "пока не доставлено",
}

// givingUp says that it does not, whatever else it says.
var givingUp = []string{
	"could not be delivered", "couldn't be delivered", "cannot be delivered", "permanent error", "permanent failure", "giving up", "gave up", "given up", "returned to sender", "undeliverable", "delivery has failed", "fatal error", "permanently",
}

// daemons are the local parts and names under which servers write.
var daemons = []string{
	"mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "mdaemon", "double-bounce", "mail delivery s", "mail system", "mailsystem", "microsoftexchange", "microsoft outlook",
	"system administrator", "mail administrator", "internet mail delivery", "mail-administrator", "postoffice", "postmaster", "mailadmin", "smtpd", "mailsupport", "bounce", "no-reply@accounts", "complaints@", "email-delivery",
	"mail delivery", "mailer daemon", "listserv", "majordomo", "admin@",
}

// reading aloud a mail that is no report: does a server say that a letter did not arrive?
func (l *letter) bounced() (form string, ok bool) {
	from, subject := l.from(), plain(l.header.text("subject"))
	subject = strings.TrimPrefix(subject, "re: ")
	failed := l.header.has("x-failed-recipients")
	nullPath := strings.TrimSpace(l.header.get("return-path")) == "<>"
	daemon := speaks(from, daemons)
	told := speaks(subject, bouncing)
	switch {
	case failed:
		return "exim", true
	case l.kind == "delivery-status" || l.kind == "" && len(l.groups) > 0:
		return "dsn", true
	case strings.Contains(l.text, "This is the qmail-send program") || strings.Contains(l.text, "the message-delivery program at") || strings.HasPrefix(strings.TrimSpace(l.text), "Hi. This is the"):
		return "qmail", true
	case told && (daemon || nullPath || machine(l.header)):
		return l.server(), true
	case daemon && !told && !strings.Contains(from, "bounce") && judge(hear(region(l.text))).class != Unclear && (nullPath || strings.Contains(from, "daemon") || machine(l.header)):
		return l.server(), true
	case strings.Contains(from, "mailer-daemon"):
		return l.server(), true
	}
	return "", false
}

// machine tells whether a header says that no person wrote the mail.
func machine(h fields) bool {
	a := strings.ToLower(h.get("auto-submitted"))
	return a != "" && a != "no" || strings.ToLower(h.get("precedence")) == "bulk"
}

// servers are marks by which a server is known; they name the form and decide nothing.
var servers = []struct{ mark, name string }{
	{"x-ms-exchange", "exchange"},
	{"microsoft exchange", "exchange"},
	{"exchangelabs", "exchange"},
	{"exim", "exim"},
	{"postfix", "postfix"},
	{"sendmail", "sendmail"},
	{"courier", "courier"},
	{"domino", "domino"},
	{"lotus", "domino"},
	{"googlemail.com", "gmail"},
	{"google.com", "gmail"},
	{"yahoo", "yahoo"},
	{"zimbra", "zimbra"},
	{"mailenable", "mailenable"},
	{"mdaemon", "mdaemon"},
	{"imail", "imail"},
	{"qmail", "qmail"},
	{"gmx.", "gmx"},
	{"mail.ru", "mail.ru"},
	{"icloud", "icloud"},
	{"amazonses", "ses"},
}

func (l *letter) server() string {
	about := strings.ToLower(l.header.get("from") + " " + l.header.get("x-mailer") + " " + l.header.get("message-id") + " " + region(l.text))
	for name := range l.header {
		about += " " + name
	}
	for _, s := range servers {
		if strings.Contains(about, s.mark) {
			return s.name
		}
	}
	return "text"
}

// from is who wrote the mail, in lower case.
func (l *letter) from() string { return strings.ToLower(l.header.text("from")) }
