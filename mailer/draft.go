package mailer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"viesti/i18n"
	"viesti/link"
	"viesti/mailer/letters"
	"viesti/outbox"
)

// maxDrafts bounds the memory of drafts: a survey has some dozens of networks, three languages
// and one or two kinds of letter at a time, and a draft has about 10 kB.
const maxDrafts = 512

// draftKey is what a letter's body depends on, beside the survey's facts and the opt-out token.
type draftKey struct {
	network, name, coordinator, word, closes, url string

	lang  i18n.Lang
	kind  outbox.Kind
	token int // length of the opt-out token
}

// draft is the body that letters share: everything from the Content-Type field on, encoded, with
// a placeholder for the opt-out token.
//
// The placeholder is as long as the token and, like it, made of characters that HTML, URLs and
// quoted-printable leave as they are. So whatever token stands in its place, the encoded text has
// the same length and the same line ends.
type draft struct {
	subject string
	body    []byte
	holes   []int // where each character of each placeholder stands in body
}

func (c *Composer) draft(ctx context.Context, d outbox.Delivery) (*draft, error) {
	if isDigest(d.Kind) { // its figures are those of this moment
		return c.newDraft(ctx, d, "")
	}
	lang := d.Lang()
	key := draftKey{
		d.Network.ID, d.Network.Name.In(lang), d.Network.Coordinator, d.Network.PersonalWord[lang], d.Network.Closes, d.URL,
		lang, d.Kind, len(d.Contact.Token),
	}
	c.mu.RLock()
	known := c.drafts[key]
	c.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	made, err := c.newDraft(ctx, d, "")
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.drafts) >= maxDrafts {
		clear(c.drafts)
	}
	c.drafts[key] = made
	return made, nil
}

func (c *Composer) newDraft(ctx context.Context, d outbox.Delivery, note string) (*draft, error) {
	token := placeholder(len(d.Contact.Token))
	l, curve, err := c.write(ctx, d, link.OptOut(c.facts.BaseURL, token), note)
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.SetMessageIDWithValue("draft") // its header is cut off
	if err := setBody(m, l, curve, c.curveID()); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("mailer: write a draft: %w", err)
	}
	at := bytes.Index(b.Bytes(), []byte("Content-Type: multipart/"))
	if at < 0 {
		return nil, fmt.Errorf("mailer: a draft without a body")
	}
	body := b.Bytes()[at:]
	return &draft{subject: l.Subject, body: body, holes: holes(body, token)}, nil
}

// setBody gives a message both forms of the letter. The boundary is made of what they say, so
// that it stands in neither and the same letter has always the same bytes. With a picture there are
// two boundaries, and go-mail would give both the one that is set; it draws them at random then.
func setBody(m *gomail.Msg, l letters.Letter, curve Picture, id string) error {
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	if len(curve.PNG) > 0 {
		return m.EmbedReader(curveName, bytes.NewReader(curve.PNG), gomail.WithFileContentID("<"+id+">"))
	}
	sum := sha256.Sum256([]byte(l.Text + l.HTML))
	m.SetBoundary("viesti-" + hex.EncodeToString(sum[:12]))
	return nil
}

// placeholder is a text of n characters that is neither a token (they have no l and no 0) nor a
// word, and whose first character does not come again.
func placeholder(n int) string {
	if n == 0 { // a letter without one
		return ""
	}
	return "l" + strings.Repeat("0", n-1)
}

// holes finds the placeholders in a quoted-printable text, where a soft line break may stand
// inside one.
func holes(body []byte, mark string) []int {
	if mark == "" {
		return nil
	}
	soft := []byte("=\r\n")
	var all, run []int
	for i := 0; i < len(body); i++ {
		if bytes.HasPrefix(body[i:], soft) {
			i += len(soft) - 1
			continue
		}
		if body[i] != mark[len(run)] {
			run = run[:0]
		}
		if body[i] == mark[len(run)] {
			run = append(run, i)
		}
		if len(run) == len(mark) {
			all, run = append(all, run...), run[:0]
		}
	}
	return all
}

// fill writes the token into a copy of the draft's body.
func (d *draft) fill(body []byte, token string) {
	for i, at := range d.holes {
		body[at] = token[i%len(token)]
	}
}
