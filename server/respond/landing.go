package respond

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// note is what the landing page says to this visitor beside its facts.
type note string

const (
	noteNone     note = ""
	noteContinue note = "continue" // an answer is unfinished
	noteSent     note = "sent"     // an answer was sent from this browser
	noteBegin    note = "begin"    // came to a page of questions without having begun
	noteRefused  note = "refused"  // sent something after the close
	noteRemoved  note = "removed"  // an answer was unfinished for too long
)

var notes = []note{noteNone, noteContinue, noteSent, noteBegin, noteRefused, noteRemoved}

var phases = []survey.Phase{survey.NotYet, survey.Open, survey.Ending, survey.Over}

// landingKey is all that a landing page depends on. The form posts to its own address, so that
// the bytes are the same for every link.
type landingKey struct {
	lang  i18n.Lang
	phase survey.Phase
	note  note
}

// words are a heading and what stands under it, as keys.
type words struct{ title, text string }

var noteWords = map[note]words{
	noteContinue: {"respond.note_continue_title", "respond.note_continue"},
	noteSent:     {"respond.note_sent_title", "respond.note_sent"},
	noteBegin:    {"respond.note_begin_title", "respond.note_begin"},
	noteRefused:  {"respond.note_refused_title", "respond.note_refused"},
	noteRemoved:  {"respond.note_removed_title", "respond.note_removed"},
}

var phaseWords = map[survey.Phase]words{
	survey.NotYet: {"respond.not_yet_title", "respond.not_yet"},
	survey.Ending: {"respond.ending_title", "respond.ending"},
	survey.Over:   {"respond.over_title", "respond.over"},
}

// notice is something the landing page says first of all.
type notice struct{ Title, Text string }

type landingView struct {
	server.Frame
	Pages
	Intro    string
	Until    string   // when it closes
	From, To int      // minutes
	Notices  []notice // most urgent first
	Starts   bool     // an answer can be begun
	Finishes bool     // one begun in time can be finished
	Resumes  bool     // the unfinished answer can be gone on with
	Again    bool     // this browser has begun or sent an answer: a new one must be asked for
}

func (s *pages) landingView(k landingKey) landingView {
	p := s.Fieldwork.Period
	at := func(t time.Time) string { return i18n.DateTime(k.lang, t.In(p.Zone)) }
	v := landingView{
		Frame: server.Frame{Theme: s.Look, Lang: k.lang, Site: s.survey.Title.In(k.lang)}, Pages: s.Pages,
		Intro: strings.TrimSpace(s.survey.Intro.In(k.lang)), Until: at(p.Closes),
		From: s.survey.Minutes[0], To: s.survey.Minutes[1],
		Starts: k.phase == survey.Open, Finishes: k.phase == survey.Ending,
		Resumes: k.note == noteContinue && (k.phase == survey.Open || k.phase == survey.Ending),
		Again:   k.note == noteContinue || k.note == noteSent,
	}
	if w, ok := noteWords[k.note]; ok && (v.Starts || v.Resumes || k.note == noteRefused || k.note == noteRemoved) {
		v.Notices = append(v.Notices, notice{v.T(w.title), v.T(w.text, "days", s.Fieldwork.Keep)})
	}
	if w, ok := phaseWords[k.phase]; ok {
		v.Notices = append(v.Notices, notice{v.T(w.title), v.T(w.text, "opens", at(p.Opens), "closes", at(p.Closes))})
	}
	return v
}

// prepareLandings makes every landing page there can be, in all languages and phases, so that
// serving one costs no more than sending its bytes.
func (s *pages) prepareLandings() error {
	s.landings = map[landingKey]*server.Prepared{}
	for _, l := range i18n.Langs {
		for _, phase := range phases {
			for _, n := range notes {
				k := landingKey{l, phase, n}
				body, err := server.Fill(s.landing, s.landingView(k))
				if err != nil {
					return fmt.Errorf("landing page: %w", err)
				}
				s.landings[k] = server.Prepare(body, server.HTML, "private, no-cache")
			}
		}
	}
	return nil
}

func (s *pages) showLanding(c *gin.Context) {
	n := s.note(c)
	lang := server.Lang(c)
	c.Header("Content-Language", string(lang))
	c.Header("Vary", "Accept-Language, Cookie")
	s.landings[landingKey{lang, s.Fieldwork.Phase(), n}].Serve(c)
}

// note looks whether the visitor has been here before. A store that does not answer must not
// keep anybody from the landing page.
func (s *pages) note(c *gin.Context) note {
	r, err := s.draft(c)
	switch {
	case err == nil:
		server.Prefer(c, r.Lang)
		return noteContinue
	case errors.Is(err, survey.ErrSubmitted):
		return noteSent
	case errors.Is(err, survey.ErrRemoved):
		return noteRemoved
	case !errors.Is(err, survey.ErrNoDraft):
		server.Log(c, unavailable(err))
	}
	if note(c.Query("note")) == noteBegin {
		return noteBegin
	}
	return noteNone
}

// refuse says, on the landing page, that the survey is not open.
func (s *pages) refuse(c *gin.Context) {
	k := landingKey{server.Lang(c), s.Fieldwork.Phase(), noteRefused}
	server.Show(c, server.Status(fault.Closed), s.landing, s.landingView(k))
}

// start begins an answer, or goes on with the one this browser has begun. Only "anew" leaves an
// unfinished answer behind, and one without any answers is taken up again, so that pressing
// twice is one visit.
func (s *pages) start(c *gin.Context) {
	form, err := read(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	if l, ok := i18n.ParseLang(form.Get("lang")); ok {
		server.Speak(c, l)
	}
	lang, wish := server.Lang(c), form.Get("go")
	r, err := s.draft(c)
	switch {
	case err == nil && (wish == "continue" || len(r.Answers) == 0):
		see(c, s.resume(r, lang))
	case err == nil && wish != "anew":
		see(c, "?lang="+string(lang)) // which shows both ways
	case wish == "continue" && errors.Is(err, survey.ErrSubmitted):
		see(c, "/thanks?lang="+string(lang))
	case wish == "continue" && errors.Is(err, survey.ErrRemoved):
		see(c, "?lang="+string(lang)) // which says so
	case wish == "continue":
		see(c, "?note="+string(noteBegin)+"&lang="+string(lang))
	default:
		s.begin(c, lang)
	}
}

func (s *pages) begin(c *gin.Context, lang i18n.Lang) {
	token, err := s.Fieldwork.Start(c.Request.Context(), c.Param("token"), lang)
	switch {
	case err == nil:
		s.setCookie(c, token)
		s.prepareToPassOn(c)
		see(c, address(s.survey.Next(-1, nil)))
	case fault.KindOf(err) == fault.Closed:
		s.refuse(c)
	default:
		server.Fail(c, unavailable(err))
	}
}

// resume is what comes after the last page with an answer, in the language now wished for.
func (s *pages) resume(r survey.Response, lang i18n.Lang) string {
	answers := s.survey.Relevant(r.Answers)
	last := -1
	for page := range s.survey.Pages {
		for _, item := range s.survey.Items(page, answers) {
			if _, ok := answers[item.ID]; ok {
				last = page
			}
		}
	}
	path := s.after(last, answers)
	if lang != r.Lang {
		path += "?lang=" + string(lang)
	}
	return path
}
