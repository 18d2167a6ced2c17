package chat

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"viesti/i18n"
)

//go:embed page.html style.css chat.js
var assets embed.FS

var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"t": func(l i18n.Lang, key string, pairs ...any) string {
		args := i18n.Args{}
		for i := 0; i+1 < len(pairs); i += 2 {
			args[pairs[i].(string)] = pairs[i+1]
		}
		return i18n.T(l, "chat."+key, args)
	},
}).ParseFS(assets, "page.html"))

func (s *Server) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("POST /say", s.typed)
	mux.Handle("GET /style.css", http.FileServerFS(assets))
	mux.Handle("GET /chat.js", http.FileServerFS(assets))
}

// view is what the page shows, and as whom.
type view struct {
	server  *Server
	Lang    i18n.Lang
	Channel Channel
	User    User
	Command string
	Failed  string // key of what went wrong with the last command
}

// look reads a view from a query or form; what it does not name is the first there is.
func (s *Server) look(v url.Values) view {
	w := view{server: s, Command: s.options.Command, Lang: i18n.En}
	if l, ok := i18n.ParseLang(v.Get("lang")); ok {
		w.Lang = l
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, c := range s.channels {
		if i == 0 || c.ID == v.Get("channel") {
			w.Channel = c
		}
	}
	for i, u := range s.users {
		if i == 0 || u.ID == v.Get("user") {
			w.User = u
		}
	}
	switch e := v.Get("failed"); e {
	case "timeout", "unreachable", "no_command":
		w.Failed = e
	}
	return w
}

// At is the page's address with one thing changed.
func (w view) At(key, value string) string {
	q := url.Values{"lang": {string(w.Lang)}, "channel": {w.Channel.ID}, "user": {w.User.ID}}
	q.Set(key, value)
	return "./?" + q.Encode()
}

// Langs are the languages of the page.
func (w view) Langs() []i18n.Lang { return i18n.Langs }

// Channels are all channels.
func (w view) Channels() []Channel {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return append([]Channel(nil), w.server.channels...)
}

// Users are all people.
func (w view) Users() []User { return w.server.users }

// Examples are commands to try.
func (w view) Examples() []string {
	var list []string
	for _, key := range []string{"rates", "link", "status", "help"} {
		list = append(list, w.Command+" "+i18n.T(w.Lang, "chat.example."+key, nil))
	}
	return list
}

// Count is how many messages everybody sees in a channel.
func (w view) Count(channel string) int { return len(w.server.Posts(channel)) }

// entry is a message on the page.
type entry struct {
	Author, Initial, Time, TS string
	App, Private              bool
	Blocks                    []shown
}

// shown is a block on the page.
type shown struct {
	Type  string
	Text  template.HTML
	Parts []template.HTML
}

// Entries are the messages that the user sees in the channel.
func (w view) Entries() []entry {
	var list []entry
	for _, p := range w.server.Seen(w.Channel.ID, w.User.ID) {
		e := entry{
			Author: w.server.options.AppName, App: p.User == "", Private: p.Only != "", TS: p.TS,
			Time: moment(p.TS).In(w.server.options.Now().Location()).Format("15:04"),
		}
		if !e.App {
			e.Author = w.called(p.User)
		}
		e.Initial = string([]rune(e.Author + " ")[:1])
		e.Blocks = w.blocks(p)
		list = append(list, e)
	}
	return list
}

// blocks renders a message; one without blocks is its text.
func (w view) blocks(p Post) []shown {
	if len(p.Blocks) == 0 {
		return []shown{{Type: "section", Text: mrkdwn{called: w.called}.render(p.Text)}}
	}
	var list []shown
	for _, b := range p.Blocks {
		v := shown{Type: b.Type}
		if b.Text != nil {
			v.Text = w.text(*b.Text)
		}
		for _, f := range b.Fields {
			v.Parts = append(v.Parts, w.text(f))
		}
		for _, e := range b.Elements {
			t := Text{Type: e.Type, Verbatim: e.Verbatim}
			if e.Text != nil {
				t.Text = e.Text.Text
			}
			v.Parts = append(v.Parts, w.text(t))
		}
		list = append(list, v)
	}
	return list
}

func (w view) text(t Text) template.HTML {
	if t.Type != "mrkdwn" {
		return template.HTML(template.HTMLEscapeString(t.Text)) //nolint:gosec // escaped
	}
	return mrkdwn{verbatim: t.Verbatim, called: w.called}.render(t.Text)
}

// called is the name of a user or channel, or the id when there is none.
func (w view) called(id string) string {
	for _, u := range w.server.users {
		if u.ID == id {
			return u.Name
		}
	}
	for _, c := range w.server.channels {
		if c.ID == id {
			return c.Name
		}
	}
	return id
}

func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, s.look(r.URL.Query())); err != nil {
		s.options.Logger.Error("chat page cannot be made", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	_, _ = b.WriteTo(w)
}

// maxTyped is the largest form of the page.
const maxTyped = 64 << 10

// typed takes what somebody typed: a command for the app, or words for the channel.
func (s *Server) typed(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxTyped)
	if err := r.ParseForm(); err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	v := s.look(r.PostForm)
	text := strings.TrimSpace(r.PostForm.Get("text"))
	to := v.At("user", v.User.ID)
	if failed := s.take(r, v, text); failed != "" {
		to = v.At("failed", failed)
	}
	w.Header().Set("Location", to+"#last") // http.Redirect would lose a prefix that we are served below
	w.WriteHeader(http.StatusSeeOther)
}

// take does what was typed and gives the key of what went wrong.
func (s *Server) take(r *http.Request, v view, text string) (failed string) {
	if text == "" {
		return ""
	}
	typed := Post{Channel: v.Channel.ID, User: v.User.ID, Text: escaper.Replace(text)}
	if !strings.HasPrefix(text, "/") {
		s.say(typed)
		return ""
	}
	word, rest, _ := strings.Cut(text, " ")
	if word != s.options.Command {
		return "no_command"
	}
	typed.Only = v.User.ID // a command is seen by nobody else
	s.say(typed)
	_, err := s.Command(r.Context(), v.User.ID, v.Channel.ID, rest)
	switch {
	case errors.Is(err, ErrTimeout):
		return "timeout"
	case err != nil:
		s.options.Logger.Warn("command failed", "err", err)
		return "unreachable"
	}
	return ""
}
