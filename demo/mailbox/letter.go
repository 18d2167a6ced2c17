package mailbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters may come in any character set
	"github.com/emersion/go-message/mail"

	"viesti/i18n"
)

// Letter is a letter as it arrived.
type Letter struct {
	Number       int
	Arrived      time.Time
	EnvelopeFrom string
	EnvelopeTo   string

	From, To, ReplyTo, Subject string    // as a mail program shows them
	Lang                       i18n.Lang // Content-Language; empty: none of ours
	Text, HTML                 string    // the two versions; empty: missing
	Header                     string    // as it came, unfolded lines and all
	Unsubscribe                string    // the web address of List-Unsubscribe; empty: none
	OneClick                   bool      // the address takes RFC 8058's POST
	Leave                      Leave     // the mail that List-Unsubscribe asks for
}

// Mailbox is the address whose letter it is, in one spelling.
func (l Letter) Mailbox() string { return strings.ToLower(l.EnvelopeTo) }

func (l Letter) matches(words string) bool {
	return words == "" || strings.Contains(l.Mailbox(), words) ||
		strings.Contains(strings.ToLower(l.To), words) || strings.Contains(strings.ToLower(l.Subject), words)
}

// read reads a letter: its header for people, and the first text and HTML in it.
func read(raw []byte) (Letter, error) {
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return Letter{}, fmt.Errorf("mailbox: read a letter: %w", err)
	}
	h := mail.Header{Header: entity.Header}
	l := Letter{
		From: people(h, "From"), To: people(h, "To"), ReplyTo: people(h, "Reply-To"),
		Header: head(raw), OneClick: h.Get("List-Unsubscribe-Post") != "",
		Unsubscribe: webAddress(h.Get("List-Unsubscribe")), Leave: leave(h.Get("List-Unsubscribe")),
	}
	if l.Subject, err = h.Subject(); err != nil {
		l.Subject = h.Get("Subject")
	}
	if lang, ok := i18n.ParseLang(h.Get("Content-Language")); ok {
		l.Lang = lang
	}
	return l, l.body(entity)
}

// body takes the first text and the first HTML, and puts into it the pictures that came along.
func (l *Letter) body(entity *message.Entity) error {
	pictures := []string{}
	err := entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		var into *string
		switch kind, _, _ := part.Header.ContentType(); kind {
		case "image/png":
			raw, err := io.ReadAll(part.Body)
			id := "cid:" + strings.Trim(part.Header.Get("Content-ID"), "<>")
			pictures = append(pictures, id, "data:image/png;base64,"+base64.StdEncoding.EncodeToString(raw))
			return err
		case "text/plain", "":
			into = &l.Text
		case "text/html":
			into = &l.HTML
		default:
			return nil
		}
		if *into != "" {
			return nil
		}
		raw, err := io.ReadAll(part.Body)
		*into = strings.ToValidUTF8(string(raw), "\uFFFD")
		return err
	})
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("mailbox: read a letter's body: %w", err)
	}
	l.HTML = strings.NewReplacer(pictures...).Replace(l.HTML)
	return nil
}

// people are the addresses of a field as a mail program shows them: the name, then the address.
func people(h mail.Header, field string) string {
	list, err := h.AddressList(field)
	if err != nil {
		return h.Get(field)
	}
	shown := make([]string, len(list))
	for i, a := range list {
		shown[i] = a.Address
		if a.Name != "" {
			shown[i] = a.Name + " <" + a.Address + ">"
		}
	}
	return strings.Join(shown, ", ")
}

// head is everything above the first empty line.
func head(raw []byte) string {
	h, _, _ := strings.Cut(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n\n")
	return strings.ToValidUTF8(h, "\uFFFD")
}

// webAddress is the first web address of a List-Unsubscribe field (RFC 2369).
func webAddress(field string) string {
	for uri := range strings.SplitSeq(field, ",") {
		uri = strings.Trim(strings.TrimSpace(uri), "<>")
		if strings.HasPrefix(uri, "http://") || strings.HasPrefix(uri, "https://") {
			return uri
		}
	}
	return ""
}
