package bounce

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// fieldsOf are the header fields of a mail, folded lines with them, and its body.
func fieldsOf(raw []byte) (list []string, body []byte) {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if len(list) > 0 && strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			list[len(list)-1] += "\r\n" + line
			continue
		}
		list = append(list, line)
	}
	return list, body
}

func joined(list []string, body []byte) []byte {
	return append([]byte(strings.Join(list, "\r\n")+"\r\n\r\n"), body...)
}

// eachField changes every field of a mail's own header.
func eachField(raw []byte, change func(name, value string) string) []byte {
	list, body := fieldsOf(raw)
	for i, f := range list {
		name, value, _ := strings.Cut(f, ":")
		list[i] = change(name, value)
	}
	return joined(list, body)
}

// recoded is a mail of one part in another transfer encoding.
func recoded(raw []byte, name string, encode func([]byte) string) []byte {
	list, body := fieldsOf(raw)
	if slices.ContainsFunc(list, func(f string) bool {
		f = strings.ToLower(f)
		return strings.HasPrefix(f, "content-type: multipart") || strings.HasPrefix(f, "content-transfer-encoding")
	}) {
		return raw
	}
	return joined(append(list, "Content-Transfer-Encoding: "+name), []byte(encode(body)))
}

// mutations change how a mail is written and not what it says.
var mutations = map[string]func(raw []byte) []byte{
	"fields backwards": func(raw []byte) []byte {
		list, body := fieldsOf(raw)
		slices.Reverse(list)
		return joined(list, body)
	},
	"names in capitals": func(raw []byte) []byte {
		return eachField(raw, func(name, value string) string { return strings.ToUpper(name) + ":" + value })
	},
	"names in small letters": func(raw []byte) []byte {
		return eachField(raw, func(name, value string) string { return strings.ToLower(name) + " :" + value })
	},
	"folded": func(raw []byte) []byte {
		return eachField(raw, func(name, value string) string {
			return name + ":\r\n\t" + strings.ReplaceAll(strings.TrimSpace(value), " ", "\r\n ")
		})
	},
	"bare line feeds": func(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")) },
	"an mbox's line": func(raw []byte) []byte {
		return append([]byte("From MAILER-DAEMON Mon Mar  1 12:00:00 2027\r\n"), raw...)
	},
	"a mark of byte order": func(raw []byte) []byte { return append([]byte("\xef\xbb\xbf"), raw...) },
	"traces": func(raw []byte) []byte {
		trace := "Delivered-To: bounces@barometer.example.org\r\nReceived: from a by b\r\n\twith ESMTP; Mon, 1 Mar 2027 12:00:00 +0200\r\nX-Spam-Status: No, score=-1\r\nbroken line\r\n"
		return append([]byte(trace), raw...)
	},
	"garbage after it": func(raw []byte) []byte { return append(bytes.Clone(raw), "\r\n\r\n\x00\xff\xfe\r\n"...) },
	"base64":           func(raw []byte) []byte { return recoded(raw, "base64", wrapped) },
	"quoted-printable": func(raw []byte) []byte {
		return recoded(raw, "QUOTED-PRINTABLE", func(body []byte) string {
			var b strings.Builder
			w := quotedprintable.NewWriter(&b)
			_, _ = w.Write(body)
			_ = w.Close()
			return b.String()
		})
	},
	"an unknown charset": func(raw []byte) []byte {
		return bytes.ReplaceAll(raw, []byte("charset=us-ascii"), []byte("charset=x-unknown-8bit"))
	},
	"capitals in Content-Type": func(raw []byte) []byte {
		return eachField(raw, func(name, value string) string {
			if strings.EqualFold(name, "Content-Type") {
				value = strings.Replace(strings.Replace(value, "multipart/report", "Multipart/REPORT", 1), "report-type=delivery-status", `Report-Type="Delivery-Status"`, 1)
			}
			return name + ":" + value
		})
	},
}

func wrapped(body []byte) string {
	var b strings.Builder
	for chunk := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(body)), 76) {
		b.Write(chunk)
		b.WriteString("\r\n")
	}
	return b.String()
}

// However a mail is written, it is read as the same.
func TestMutations(t *testing.T) {
	for _, s := range samples(t) {
		for name, mutate := range mutations {
			if r, _ := Read(mutate(s.raw)); r.Class != s.want {
				t.Errorf("%s with %s: read as %q (%s %q)", s.name, name, r.Class, r.Form, r.Words)
			}
		}
		for _, pair := range [][2]string{
			{"folded", "traces"},
			{"folded", "names in capitals"},
			{"fields backwards", "folded"},
			{"traces", "fields backwards"},
			{"base64", "folded"},
			{"quoted-printable", "fields backwards"},
			{"names in small letters", "bare line feeds"},
			{"folded", "bare line feeds"},
			{"base64", "bare line feeds"},
			{"garbage after it", "traces"},
		} {
			if r, _ := Read(mutations[pair[1]](mutations[pair[0]](s.raw))); r.Class != s.want {
				t.Errorf("%s with %s and %s: read as %q (%s %q)", s.name, pair[0], pair[1], r.Class, r.Form, r.Words)
			}
		}
	}
}

// A mail that is cut short is never worse for anybody than the whole.
func TestTruncated(t *testing.T) {
	step := 3
	if racing {
		step = 23
	}
	for _, s := range samples(t) {
		if s.name == "delivered/one-of-two-behind-an-alias" { // half of it says that one is dead
			continue
		}
		for n := 0; n < len(s.raw); n += step {
			r, ok := Read(s.raw[:n])
			if !ok || r.Class == s.want {
				continue
			}
			if r.Class == Dead || r.Class == Complaint {
				t.Errorf("%s cut after %d bytes: read as %q (%s %q)", s.name, n, r.Class, r.Form, r.Words)
				break
			}
		}
	}
}

// Whatever comes, reading ends soon and in little memory.
func TestBadInput(t *testing.T) {
	large := 50 << 20
	if racing {
		large = 2 << 20
	}
	head := "From: MAILER-DAEMON@x.example\r\nSubject: Undeliverable\r\n"
	nested := strings.Builder{}
	nested.WriteString(head)
	for i := range 1000 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	letters := strings.Builder{}
	letters.WriteString(head)
	for range 1000 {
		letters.WriteString("Content-Type: message/rfc822\r\n\r\n" + head)
	}
	for name, test := range map[string]struct {
		raw []byte
		ok  bool
	}{
		"nothing":         {nil, false},
		"blanks":          {[]byte("\r\n \r\n\t\r\n"), false},
		"binary":          {bytes.Repeat([]byte{0, 255, 10, 13, 128, 58}, 1<<20), false},
		"a picture":       {append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("x:"), 1<<20)...), false},
		"text alone":      {[]byte("User unknown\r\n"), false},
		"a header":        {[]byte(head), true},
		"1000 deep":       {[]byte(nested.String()), true},
		"1000 letters":    {[]byte(letters.String()), true},
		"50 MB of text":   {append([]byte(head+"\r\n"), bytes.Repeat([]byte("user unknown\r\n"), large/14)...), true},
		"50 MB of a line": {append([]byte(head+"\r\n"), bytes.Repeat([]byte("x"), large)...), true},
		"50 MB of fields": {append([]byte(head), bytes.Repeat([]byte("X-A: b\r\n"), large/8)...), true},
		"50 MB of parts":  {append([]byte(head+"Content-Type: multipart/report; boundary=b\r\n\r\n"), bytes.Repeat([]byte("--b\r\n\r\nx\r\n"), large/10)...), true},
		"50 MB attached":  {append([]byte(head+"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"), bytes.Repeat([]byte("QUJDREVG\r\n"), large/10)...), true},
		"no boundary":     {[]byte(head + "Content-Type: multipart/report\r\n\r\n550 5.1.1 user unknown"), true},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r, ok := Read(test.raw)
			runtime.ReadMemStats(&after)
			if ok != test.ok {
				t.Errorf("taken for a mail: %v, as %q", ok, r.Class)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 && !racing {
				t.Errorf("%d MB were used", used)
			}
			if len(r.Words) > 4*maxWords {
				t.Errorf("%d bytes of words", len(r.Words))
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.raw)
	}
	paths := NewPaths("bounces@example.org", []byte("key"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, ok := Read(raw)
		if !ok {
			return
		}
		if !slices.Contains(Classes, r.Class) || len(r.Words) > 4*maxWords || r.ID == "" {
			t.Errorf("read as %q: %q", r.Class, r.Words)
		}
		if again, _ := Read(raw); again.Class != r.Class || again.ID != r.ID {
			t.Error("read again as another")
		}
		r.For("aino@example.org")
		paths.Find(r.all)
		if strings.Contains(redact(r.Words, "aino@example.org"), "aino@example.org") {
			t.Error("an address is left")
		}
	})
}
