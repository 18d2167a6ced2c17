package chat

import (
	"errors"
	"net/http"
	"strings"
)

// maxTyped is the largest form of the page.
const maxTyped = 64 << 10

// errNoCommand is a command that no app answers to.
var errNoCommand = errors.New("chat: no such command")

// does lets somebody do something by a form of the page, which then shows what came of it.
func (s *Server) does(do func(*http.Request, view) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxTyped)
		if err := r.ParseForm(); err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		v := s.look(r.PostForm)
		to := v.At("lang", string(v.Lang))
		if err := do(r, v); err != nil {
			s.options.Logger.Warn("what was done in the chat failed", "err", err)
			to = v.At("failed", failure(err))
		}
		w.Header().Set("Location", to+"#last") // http.Redirect would lose a prefix that we are served below
		w.WriteHeader(http.StatusSeeOther)
	}
}

// failure is the key of what went wrong.
func failure(err error) string {
	switch {
	case errors.Is(err, errNoCommand):
		return "no_command"
	case errors.Is(err, ErrCannot):
		return "cannot"
	case errors.Is(err, ErrTimeout):
		return "timeout"
	case errors.Is(err, ErrTrouble):
		return "trouble"
	}
	return "unreachable"
}

// typed takes what somebody typed: a command for the app, or words for the channel.
func (s *Server) typed(r *http.Request, v view) error {
	text := strings.TrimSpace(r.PostForm.Get("text"))
	if text == "" {
		return nil
	}
	p := Post{Channel: v.Channel.ID, User: v.User.ID, Text: escaper.Replace(text)}
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case v.IsHome():
		return ErrCannot
	case !strings.HasPrefix(text, "/"):
		s.say(p)
		return nil
	case word != s.options.Command:
		return errNoCommand
	}
	p.Only = v.User.ID // a command is seen by nobody else
	s.say(p)
	_, err := s.Command(r.Context(), v.User.ID, v.Channel.ID, rest)
	return err
}

// acts uses an element: its block, its action_id and, for a menu of buttons, what was chosen. In a
// view what was filled in before is kept.
func (s *Server) acts(r *http.Request, v view) error {
	parts := append(strings.SplitN(r.PostForm.Get("action"), " ", 3), "", "")
	a := Action{
		Channel: v.Channel.ID, TS: r.PostForm.Get("ts"), View: r.PostForm.Get("view"),
		Block: parts[0], ID: parts[1], Chosen: []string{parts[2]},
	}
	if parts[2] == "" {
		a.Chosen = r.PostForm[fieldName(a.Block, a.ID)]
	}
	if a.Chosen = given(a.Chosen); a.View != "" {
		s.keep(v.User.ID, a.View, r.PostForm)
	}
	return s.Press(r.Context(), v.User.ID, a)
}

// given are the values that are not empty: a menu in which nothing is chosen sends an empty one.
func given(values []string) []string {
	var list []string
	for _, v := range values {
		if v != "" {
			list = append(list, v)
		}
	}
	return list
}

// fieldName is the name of an element's field in a form.
func fieldName(block, action string) string { return "value " + block + " " + action }

// submits submits the modal with all that is filled in.
func (s *Server) submits(r *http.Request, v view) error {
	id := r.PostForm.Get("view")
	s.keep(v.User.ID, id, r.PostForm)
	_, err := s.Submit(r.Context(), v.User.ID, id, nil)
	return err
}

// keep keeps what is filled in on the page, as far as it can be chosen. A box that is not ticked
// sends nothing, so what is not in the form is empty.
func (s *Server) keep(user, id string, form map[string][]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.view(func(v *View) bool { return v.ID == id && v.user == user })
	if v == nil {
		return
	}
	v.state = s.states(v.Blocks, place{user, v.channel}, v.state)
	for _, u := range usables(v.Blocks) {
		values, sent := form[fieldName(u.block.ID, u.ActionID)]
		if !u.keeps() || !sent && u.Type != "checkboxes" && u.Type != "radio_buttons" && !u.several() {
			continue
		}
		if o, err := s.choice(u, user, given(values)); err == nil {
			v.state[u.block.ID][u.ActionID] = o
		}
	}
}

// several tells whether more than one can be chosen.
func (u usable) several() bool {
	_, several := property(u.Type)
	return several
}
