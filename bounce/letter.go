package bounce

import (
	"bytes"
	"io"
	"mime"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // the encodings that servers write in
)

// What is looked at of a mail, whatever its size.
const (
	maxHeader = 256 << 10
	maxFields = 1000
	maxText   = 64 << 10 // of each kind of text
	maxDepth  = 20
	maxParts  = 200
)

// fields is a header: values by name in lower case, unfolded, as they stand there.
type fields map[string][]string

func (f fields) get(name string) string {
	if v := f[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// text is a field's value with its encoded words decoded.
func (f fields) text(name string) string {
	raw := f.get(name)
	if !strings.Contains(raw, "=?") {
		return strings.ToValidUTF8(raw, "\ufffd")
	}
	words := mime.WordDecoder{CharsetReader: message.CharsetReader}
	decoded, err := words.DecodeHeader(raw)
	if err != nil {
		return strings.ToValidUTF8(raw, "\ufffd")
	}
	return strings.ToValidUTF8(decoded, "\ufffd")
}

func (f fields) has(name string) bool { return len(f[name]) > 0 }

// field parts a line of a header; ok is false when it is none. It is what reading a header spends
// its time on.
func field(line string) (name, value string, ok bool) {
	name, _, ok = strings.Cut(line[:min(len(line), 100)], ":")
	name = strings.TrimRight(name, " \t")
	if !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", "", false
	}
	return strings.ToLower(name), strings.TrimSpace(line[strings.IndexByte(line, ':')+1:]), true
}

// readFields reads a header up to its empty line and gives what comes after it. Lines that cannot
// be part of a header are passed over: bounces are written by programs that nobody tests.
func readFields(raw []byte) (f fields, rest []byte) {
	f = fields{}
	raw = bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), "\r\n")
	if bytes.HasPrefix(raw, []byte("From ")) { // an mbox's line
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	last := ""
	for n, read := 0, 0; len(raw) > 0 && n < maxFields && read < maxHeader; n++ {
		line, after, _ := bytes.Cut(raw, []byte("\n"))
		raw = after
		read += len(line)
		text := strings.TrimRight(string(line), "\r")
		switch name, value, ok := field(text); {
		case strings.TrimSpace(text) == "":
			return f, raw
		case text[0] == ' ' || text[0] == '\t':
			if v := f[last]; len(v) > 0 {
				v[len(v)-1] = strings.TrimSpace(v[len(v)-1] + " " + strings.TrimSpace(text))
			}
		case ok:
			last = name
			f[last] = append(f[last], value)
		}
	}
	return f, raw
}

// letter is a mail taken apart.
type letter struct {
	header   fields
	kind     string   // of a multipart/report: delivery-status, feedback-report, disposition-notification
	text     string   // what the sender of the mail says
	groups   []fields // of a delivery status
	feedback fields   // of a complaint
	original fields   // header of the letter that came back
	all      string   // everything above as it can be read: names of letters may stand anywhere
	nested   *letter  // a report that came as an attachment
	cut      bool     // the report itself ends in the middle

	plain, page, rest strings.Builder
	parts             int
}

// open takes a mail apart; ok is false when it is none.
func open(raw []byte) (l *letter, ok bool) {
	f, body := readFields(raw)
	l = &letter{header: f}
	if !f.has("from") && !f.has("subject") && !f.has("received") && !f.has("return-path") && !f.has("content-type") {
		return l, false
	}
	l.walk(f, bytes.NewReader(body), 0)
	l.finish()
	return l, true
}

func (l *letter) finish() {
	l.text = l.plain.String()
	if len(strings.TrimSpace(l.text)) < 20 { // little or nothing beside the HTML
		l.text += "\n" + l.page.String()
	}
	var all strings.Builder
	for _, name := range []string{"to", "delivered-to", "x-original-to", "envelope-to", "x-failed-recipients", "in-reply-to", "references", "return-path"} {
		for _, v := range l.header[name] {
			all.WriteString(v + "\n")
		}
	}
	all.WriteString(l.text + "\n" + l.rest.String())
	l.all = all.String()
	if len(l.groups) == 0 && strings.Contains(strings.ToLower(l.text), "final-recipient:") &&
		(l.byMachine() || speaks(l.from(), daemons)) { // a person may quote one
		l.groups = statusIn(l.text)
	}
}

// walk goes through a mail or a part of one. What goes wrong ends the part it goes wrong in.
func (l *letter) walk(f fields, body io.Reader, depth int) {
	if l.parts++; l.parts > maxParts || depth > maxDepth {
		return
	}
	kind, params := mediaType(f.get("content-type"))
	h := message.Header{}
	h.Set("Content-Type", mime.FormatMediaType(kind, params))
	h.Set("Content-Transfer-Encoding", strings.ToLower(strings.TrimSpace(f.get("content-transfer-encoding"))))
	e, err := message.New(h, body)
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return
	}
	if !strings.HasPrefix(kind, "multipart/") {
		l.leaf(kind, e.Body, depth)
		return
	}
	if kind == "multipart/report" && l.kind == "" {
		l.kind = strings.ToLower(params["report-type"])
	}
	parts := e.MultipartReader()
	if parts == nil { // it has no boundary
		l.leaf("text/plain", e.Body, depth)
		return
	}
	for l.parts <= maxParts {
		part, err := parts.NextPart()
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return
		}
		l.part(part, depth+1)
	}
}

// part looks into a part of a multipart, which go-message has decoded already.
func (l *letter) part(e *message.Entity, depth int) {
	kind, params := mediaType(e.Header.Get("Content-Type"))
	if !strings.HasPrefix(kind, "multipart/") {
		l.parts++
		l.leaf(kind, e.Body, depth)
		return
	}
	l.walk(fields{"content-type": {mime.FormatMediaType(kind, params)}}, e.Body, depth)
}

// leaf takes in what a part holds.
func (l *letter) leaf(kind string, body io.Reader, depth int) {
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		text := l.report(body)
		l.groups = append(l.groups, groups(text)...)
		l.rest.WriteString(text + "\n")
	case "message/feedback-report":
		text := l.report(body)
		if g := groups(text); len(g) > 0 && l.feedback == nil {
			l.feedback = g[0]
		}
		l.rest.WriteString(text + "\n")
	case "message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers", "message/global-headers":
		l.returned(body, depth)
	case "text/html":
		add(&l.page, stripped(some(body)))
	case "text/plain", "text":
		add(&l.plain, some(body))
	}
}

// returned takes in the letter that came back, or a report that came inside of another mail.
func (l *letter) returned(body io.Reader, depth int) {
	head := []byte(some(body))
	f, after := readFields(head)
	if kind, _ := mediaType(f.get("content-type")); kind == "multipart/report" && l.nested == nil {
		inner := &letter{header: f, parts: l.parts}
		inner.walk(f, io.MultiReader(bytes.NewReader(after), body), depth+1)
		inner.finish()
		l.nested = inner
		return
	}
	if l.original == nil {
		l.original = f
	}
	add(&l.rest, string(head))
}

func add(to *strings.Builder, text string) {
	if left := maxText - to.Len(); left > 0 {
		to.WriteString(text[:min(left, len(text))] + "\n")
	}
}

// some is as much of a body as is looked at. What was read before a fault counts.
func some(body io.Reader) string {
	text, _ := read(body)
	return text
}

func read(body io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(body, maxText))
	return strings.ReplaceAll(strings.ToValidUTF8(string(raw), "\ufffd"), "\r\n", "\n"), err
}

// report reads the part that the class of a mail rests on.
func (l *letter) report(body io.Reader) string {
	text, err := read(body)
	l.cut = l.cut || err != nil
	return text
}

var (
	kindPattern  = regexp.MustCompile(`^\s*([\w.+-]+/[\w.+-]+|text)`)
	paramPattern = regexp.MustCompile(`(?i);\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))`)
)

// mediaType reads a Content-Type however badly it is written. What says nothing is text.
func mediaType(value string) (kind string, params map[string]string) {
	params = map[string]string{}
	m := kindPattern.FindStringSubmatch(value)
	if m == nil {
		return "text/plain", params
	}
	for _, p := range paramPattern.FindAllStringSubmatch(value, -1) {
		params[strings.ToLower(p[1])] = p[2] + p[3]
	}
	return strings.ToLower(m[1]), params
}

var (
	hidden   = regexp.MustCompile(`(?is)<(style|script|head)\b.*?</(style|script|head)>`)
	breaking = regexp.MustCompile(`(?i)<(br|/p|/div|/tr|/li|/h\d|/td)\b[^>]*>`)
	anyTag   = regexp.MustCompile(`<[^<>@]{0,500}>`)
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&apos;", "'", "&nbsp;", " ", "&amp;", "&")
)

// stripped is the text of a page: good enough to find words in, and to nobody's eyes.
func stripped(page string) string {
	page = breaking.ReplaceAllString(hidden.ReplaceAllString(page, " "), "\n")
	return entities.Replace(anyTag.ReplaceAllString(page, " "))
}
