package chat

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"viesti/i18n"
)

//go:embed page.html parts.html style.css chat.js
var assets embed.FS

var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"t": func(l i18n.Lang, key string, pairs ...any) string {
		args := i18n.Args{}
		for i := 0; i+1 < len(pairs); i += 2 {
			args[pairs[i].(string)] = pairs[i+1]
		}
		return i18n.T(l, "chat."+key, args)
	},
}).ParseFS(assets, "page.html", "parts.html"))

func (s *Server) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /archives/{channel}/{ts}", s.archive)
	mux.HandleFunc("POST /say", s.does(s.typed))
	mux.HandleFunc("POST /act", s.does(s.acts))
	mux.HandleFunc("POST /submit", s.does(s.submits))
	mux.HandleFunc("POST /dismiss", s.does(func(r *http.Request, v view) error {
		return s.Dismiss(r.Context(), v.User.ID, false)
	}))
	mux.HandleFunc("POST /home", s.does(func(r *http.Request, v view) error {
		return s.OpenHome(r.Context(), v.User.ID)
	}))
	mux.Handle("GET /style.css", http.FileServerFS(assets))
	mux.Handle("GET /chat.js", http.FileServerFS(assets))
}

// homeTab is the name that the app's Home tab has among the channels of the page.
const homeTab = "home"

// view is what the page shows, and as whom.
type view struct {
	server  *Server
	Lang    i18n.Lang
	Channel Channel // its id is homeTab for the Home tab
	User    User
	Command string
	Failed  string // key of what went wrong with what was done last
}

// failures are what can be told of something that went wrong.
var failures = []string{"timeout", "unreachable", "no_command", "trouble", "cannot"}

// look reads a view from a query or form; what it does not name is the first there is.
func (s *Server) look(v url.Values) view {
	w := view{server: s, Command: s.options.Command, Lang: i18n.En}
	if l, ok := i18n.ParseLang(v.Get("lang")); ok {
		w.Lang = l
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, u := range s.users {
		if i == 0 || u.ID == v.Get("user") {
			w.User = u
		}
	}
	for _, c := range s.channels {
		if s.sees(&c, w.User.ID) && (w.Channel.ID == "" || c.ID == v.Get("channel")) {
			w.Channel = c
		}
	}
	switch id := v.Get("channel"); {
	case id == homeTab:
		w.Channel = Channel{ID: homeTab, Name: s.options.AppName}
	case id == direct(w.User.ID) && w.Channel.ID != id: // it opens with its first message
		w.Channel = Channel{ID: id, User: w.User.ID}
	}
	if slices.Contains(failures, v.Get("failed")) {
		w.Failed = v.Get("failed")
	}
	return w
}

// At is the page's address with one thing changed.
func (w view) At(key, value string) string {
	q := url.Values{"lang": {string(w.Lang)}, "channel": {w.Channel.ID}, "user": {w.User.ID}}
	q.Set(key, value)
	if key == "user" && (w.Channel.User != "" || w.Channel.ID == homeTab) {
		q.Del("channel")
	}
	return "./?" + q.Encode()
}

// Langs are the languages of the page.
func (w view) Langs() []i18n.Lang { return i18n.Langs }

// App is the name of the app.
func (w view) App() string { return w.server.options.AppName }

// Direct is the id of the user's messages with the app.
func (w view) Direct() string { return direct(w.User.ID) }

// IsHome tells whether the Home tab is shown.
func (w view) IsHome() bool { return w.Channel.ID == homeTab }

// Channels are those that the user sees.
func (w view) Channels() []Channel {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	var list []Channel
	for _, c := range w.server.channels {
		if c.User == "" && w.server.sees(&c, w.User.ID) {
			list = append(list, c)
		}
	}
	return list
}

// Users are all people who can be acted.
func (w view) Users() []User {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.server.users), func(u User) bool { return u.Gone || u.Bot })
}

// Examples are commands to try.
func (w view) Examples() []string {
	var list []string
	for _, key := range []string{"rates", "link", "status", "help"} {
		list = append(list, w.Command+" "+i18n.T(w.Lang, "chat.example."+key, nil))
	}
	return list
}

// Count is how many messages everybody in a channel sees.
func (w view) Count(channel string) int { return len(w.server.Posts(channel)) }

// called is the name of a user or channel, or the id when there is none.
func (w view) called(id string) string {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	if u, ok := w.server.user(id); ok {
		return u.Name
	}
	if c, ok := w.server.channel(id); ok && c.Name != "" {
		return c.Name
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

// archive is where a permalink leads.
func (s *Server) archive(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", "../../?"+url.Values{"channel": {r.PathValue("channel")}}.Encode()+"#"+url.PathEscape(r.PathValue("ts")))
	w.WriteHeader(http.StatusSeeOther) // http.Redirect would lose a prefix that we are served below
}
