package bolt

import (
	"bytes"

	"viesti/survey"
)

// decoder reads one response after another in the few parts that results need. People's answers are
// much alike, so what was decoded once is kept: most records are then read without decoding anything.
//
// It leans on the form in which records are written. In a record all keys are ids and names of ours,
// which have no quotes in them, and quotes in a text are escaped: so a key between quotes is never
// found in what somebody wrote. Where a record has another form it is decoded as any other.
type decoder struct {
	wave    string
	only    string
	key     []byte // as the answer to only begins
	known   map[string]given
	words   map[string]string
	answers survey.Answers
}

// given is an answer with the question it is to.
type given struct {
	question string
	answer   survey.Answer
}

var answersKey = []byte(`"answers":{`)

// mostKnown bounds what is kept, and longestKnown each of it: texts are not alike.
const (
	mostKnown    = 1 << 15
	longestKnown = 512
)

func newDecoder(wave, only string) *decoder {
	return &decoder{
		wave: wave, only: only, key: append(append([]byte{'"'}, only...), `":{`...),
		known: map[string]given{}, words: map[string]string{}, answers: survey.Answers{},
	}
}

func (d *decoder) response(raw []byte) (survey.Response, error) {
	r := survey.Response{Wave: d.wave}
	head, rest, ok := bytes.Cut(raw, answersKey)
	if !ok || d.only == "rows" { // nothing was answered; or the question is called as a part of an answer is
		return decode[survey.Response](raw)
	}
	clear(d.answers)
	if d.only != "" {
		at := bytes.Index(rest, d.key)
		if rest = nil; at >= 0 {
			rest = raw[len(head)+len(answersKey)+at:]
		}
	}
	var fine bool
	if r.Day, ok = d.word(head, `"day":"`); ok {
		r.Version, fine = d.word(head, `"version":"`)
	}
	for ok = fine; ok && len(rest) > 0 && rest[0] == '"'; {
		if rest, ok = d.take(rest); d.only != "" {
			break
		}
	}
	if !ok {
		return decode[survey.Response](raw)
	}
	r.Answers = d.answers
	return r, nil
}

// word is a short string of the head of a record.
func (d *decoder) word(head []byte, key string) (string, bool) {
	at := bytes.Index(head, []byte(key))
	if at < 0 {
		return "", false
	}
	head = head[at+len(key):]
	end := bytes.IndexByte(head, '"')
	if end < 0 || bytes.IndexByte(head[:end], '\\') >= 0 {
		return "", false
	}
	word, ok := d.words[string(head[:end])]
	if !ok {
		word = string(head[:end])
		d.words[word] = word
	}
	return word, true
}

// take reads one answer, "question":{…}, and gives what comes after it and its comma.
func (d *decoder) take(raw []byte) (rest []byte, ok bool) {
	colon := bytes.IndexByte(raw, ':')
	if colon < 2 {
		return nil, false
	}
	end := object(raw[colon+1:])
	if end < 0 {
		return nil, false
	}
	end += colon + 1
	p, there := d.known[string(raw[:end])]
	if !there {
		a, err := decode[survey.Answer](raw[colon+1 : end])
		if err != nil {
			return nil, false
		}
		p = given{string(raw[1 : colon-1]), a}
		if end <= longestKnown && len(d.known) < mostKnown {
			d.known[string(raw[:end])] = p
		}
	}
	d.answers[p.question] = p.answer
	if rest = raw[end:]; len(rest) > 0 && rest[0] == ',' {
		rest = rest[1:]
	}
	return rest, true
}

// object is the length of the object that b begins with, -1 if it has no end.
func object(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		}
	}
	return -1
}
