package respond

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// Feedback is what somebody wrote about an obstacle they met. Nothing joins it to an answer.
type Feedback struct {
	Lang    i18n.Lang
	Text    string
	ReplyTo string // an address; empty: none was given
}

// Post brings feedback to the organiser.
type Post interface {
	Deliver(ctx context.Context, f Feedback) error
}

// What is taken: characters of a text, letters in an hour, and how long a letter may take to go.
const (
	mostFeedback  = 4000
	mostAddress   = 254
	lettersAnHour = 10
	postPatience  = 20 * time.Second
)

// feedbackForm is the form as it is shown.
type feedbackForm struct {
	Sent               bool
	Trouble            string // why nothing was sent that is no fault of the writer's
	Text, ReplyTo      string // as typed
	TextFault, ToFault string
}

// Most is how long a text may be.
func (feedbackForm) Most() int { return mostFeedback }

// Faulty tells whether something is to be mended.
func (f feedbackForm) Faulty() bool { return f.TextFault != "" || f.ToFault != "" }

// takeFeedback sends feedback to the organiser. It reads no cookie and keeps nothing; what cannot
// be sent is there to be sent again.
func (s *pages) takeFeedback(c *gin.Context) {
	form, err := read(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	if l, ok := i18n.ParseLang(form.Get("lang")); ok {
		server.Speak(c, l)
	}
	lang := server.Lang(c)
	again := feedbackForm{Text: strings.ToValidUTF8(form.Get("message"), "\uFFFD"), ReplyTo: strings.ToValidUTF8(form.Get("address"), "\uFFFD")}
	f, ok := again.check(lang)
	switch {
	case s.Post == nil:
		see(c, "/accessibility?lang="+string(lang))
		return
	case !ok:
		s.showFeedback(c, server.Status(fault.Invalid), again)
		return
	}
	free, repeated := s.pace.enter(f)
	switch {
	case repeated: // pressed twice
	case !free:
		again.Trouble = i18n.T(lang, "respond.feedback.busy", nil)
		s.showFeedback(c, http.StatusTooManyRequests, again)
		return
	default:
		ctx, cancel := context.WithTimeout(c.Request.Context(), postPatience)
		defer cancel()
		if err := s.Post.Deliver(ctx, f); err != nil {
			server.Log(c, unavailable(err))
			again.Trouble = i18n.T(lang, "respond.feedback.unsent", nil)
			s.showFeedback(c, server.Status(fault.Unavailable), again)
			return
		}
		s.pace.sent(f)
	}
	see(c, "/accessibility?sent=1&lang="+string(lang)+"#feedback")
}

func (s *pages) showFeedback(c *gin.Context, status int, form feedbackForm) {
	k := noticeKey{name: "accessibility", lang: server.Lang(c)}
	v := s.noticeView(k, form)
	if form.Faulty() {
		v.Title = v.T("respond.faulty_title", "title", v.Title)
	}
	server.Show(c, status, s.notice[k.name], v)
}

// check reads what was typed, and notes beside it what is to be mended.
func (f *feedbackForm) check(lang i18n.Lang) (Feedback, bool) {
	text, long := survey.Prose(f.Text, mostFeedback)
	to := strings.TrimSpace(f.ReplyTo)
	switch {
	case long != nil:
		f.TextFault = long.Say(lang)
	case text == "":
		f.TextFault = i18n.T(lang, "respond.feedback.empty", nil)
	}
	if to != "" {
		a, err := mail.ParseAddress(to)
		if err != nil || a.Address != to || len(to) > mostAddress || strings.ContainsAny(to, "\r\n\x00") {
			f.ToFault = i18n.T(lang, "respond.feedback.bad_address", nil)
		}
	}
	return Feedback{Lang: lang, Text: text, ReplyTo: to}, !f.Faulty()
}

// pace bounds how many letters go, over all visitors of this process: who they are is not known.
type pace struct {
	now func() time.Time

	mu    sync.Mutex
	tried []attempt // within the last hour
}

type attempt struct {
	at   time.Time
	mark [sha256.Size]byte
	sent bool
}

func (f Feedback) mark() [sha256.Size]byte {
	return sha256.Sum256([]byte(f.ReplyTo + "\x00" + f.Text))
}

// enter tells whether a letter may go now, and whether the same has gone just before.
func (p *pace) enter(f Feedback) (free, repeated bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, mark := p.now(), f.mark()
	p.tried = slices.DeleteFunc(p.tried, func(a attempt) bool { return now.Sub(a.at) >= time.Hour })
	if slices.ContainsFunc(p.tried, func(a attempt) bool { return a.sent && a.mark == mark }) {
		return false, true
	}
	if len(p.tried) >= lettersAnHour {
		return false, false
	}
	p.tried = append(p.tried, attempt{at: now, mark: mark})
	return true, false
}

// sent notes that a letter has gone.
func (p *pace) sent(f Feedback) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark := f.mark()
	for i := range p.tried {
		p.tried[i].sent = p.tried[i].sent || p.tried[i].mark == mark
	}
}
