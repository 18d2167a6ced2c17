// Package chat is a small server of Slack's shape for the demonstration and for tests. It refuses
// what Slack refuses: arguments, scopes, Block Kit's limits, too many calls, triggers used twice or
// late, a response_url used up. A page shows the workspace and lets people use it.
//
// It is written from Slack's documentation and shares no code with the bot, so that the one can
// find faults in the other. It keeps everything in memory, has one workspace and one app, and is
// no place for anything real: whoever reaches its page may act as anybody.
//
// Tests act as people: Command, Press, Submit, Dismiss, Shortcut and OpenHome send the app what
// Slack would send, signed, or over a socket where one is connected; Happen changes the workspace
// and tells the app; Event and Push deliver anything at all. Posts, DMs, Seen, View and Home are
// what came of it, Calls is what the app asked for, and Fail makes the next calls go wrong.
package chat

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"viesti/demo/chat/blockkit"
)

// Options are what a Server is made of.
type Options struct {
	Token         string // of the app's bot; calls without it are refused
	AppToken      string // for Socket Mode
	SigningSecret string
	RequestURL    string   // where commands go when no socket is connected; see SetRequestURL
	Command       string   // that the app answers to; /viesti when empty
	AppName       string   // under which it posts; Viesti when empty
	Scopes        []string // of the bot's token; every scope when nil
	Channels      []Channel
	Users         []User
	Groups        map[string][]string // user group id → its members' ids
	FreePlan      bool                // which has no user groups
	MessagesOff   bool                // nobody can be written to by the app
	// Fail is asked before each call of the Web API and may spoil it.
	Fail func(method string) *Fault
	// PerChannel allows a channel one post a second, Tiers a method so many calls a minute, as
	// Slack does.
	PerChannel, Tiers bool
	MaxSockets        int // 10 when 0, as Slack allows; below 0 none
	Now               func() time.Time
	Logger            *slog.Logger
}

// Ids of the one workspace and the one app.
const (
	teamID = "T0VIESTI01"
	botID  = "B0VIESTI01"
	appID  = "A0VIESTI01"
	botUID = "U0VIESTIBT"
)

// Server is the workspace. It is an http.Handler: the API is under /api/, the page at /.
type Server struct {
	options Options
	mux     http.Handler
	methods map[string]method
	client  *http.Client // delivers to the app
	life    context.Context
	end     context.CancelFunc

	mu         sync.Mutex
	requestURL string
	base       string // address of the server, without a slash at its end
	broken     string // what every call is answered with, when the app is not installed any more
	channels   []Channel
	users      []User
	posts      []Post
	uploads    map[string]File // that nobody sees yet
	lastTS     int64           // in microseconds
	lastPost   map[string]time.Time
	serial     int
	triggers   map[string]*trigger
	hooks      map[string]*hook
	modals     map[string][]*View // of a user, the uppermost last
	homes      map[string]*View
	chosen     map[string]map[string]map[string]object // in messages, by user, channel and ts
	calls      []Call
	recent     map[string][]time.Time // calls of a method within the last minute
	faults     map[string][]*Fault    // of the next calls

	sockets []*socket
	turn    int // of the sockets
	tickets map[string]bool
	waiting map[string]chan acknowledgement // by envelope
}

// New makes a Server.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Command == "" {
		o.Command = "/viesti"
	}
	if o.AppName == "" {
		o.AppName = "Viesti"
	}
	if o.MaxSockets == 0 {
		o.MaxSockets = 10
	}
	s := &Server{
		options: o, requestURL: o.RequestURL,
		methods: webAPI(), client: &http.Client{Timeout: answerTime},
		channels: append([]Channel(nil), o.Channels...), users: append([]User(nil), o.Users...),
		lastPost: map[string]time.Time{}, uploads: map[string]File{}, triggers: map[string]*trigger{}, hooks: map[string]*hook{},
		modals: map[string][]*View{}, homes: map[string]*View{}, chosen: map[string]map[string]map[string]object{}, recent: map[string][]time.Time{},
		faults: map[string][]*Fault{}, tickets: map[string]bool{}, waiting: map[string]chan acknowledgement{},
	}
	s.life, s.end = context.WithCancel(context.Background())
	s.mux = s.routes()
	return s
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.api)
	mux.HandleFunc("GET /api/socket/{ticket}", s.connect)
	mux.HandleFunc("POST /hooks/{ticket}", s.hooked)
	mux.HandleFunc("POST /upload/{id}", s.upload)
	mux.HandleFunc("GET /files/{id}", s.file)
	s.pages(mux)
	return http.NewCrossOriginProtection().Handler(mux)
}

// ServeHTTP serves the API and the page. It works below a prefix that was stripped.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.base == "" {
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		path, _, _ := strings.Cut(r.RequestURI, "?") // RequestURI still has the prefix we are served below
		s.base = scheme + r.Host + strings.TrimSuffix(path, r.URL.EscapedPath())
	}
	s.mu.Unlock()
	s.mux.ServeHTTP(w, r)
}

// SetURL says at which address the server is reached; response_urls begin with it. Without it the
// address is that of the first request.
func (s *Server) SetURL(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(address, "/")
}

// SetRequestURL says where commands are posted to. Interactions and events go beside it: where it
// ends in /commands, to /interactions and /events.
func (s *Server) SetRequestURL(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requestURL = address
}

// Close breaks all sockets, which no http.Server does, and gives up what is still to be delivered.
func (s *Server) Close() error {
	s.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sock := range s.sockets {
		_ = sock.conn.Close() // broken either way
	}
	return nil
}

// Parts of messages and views.
type (
	// Block is a block of a message or a view.
	Block = blockkit.Block
	// Text is a text object.
	Text = blockkit.Text
	// Element is a part of a block.
	Element = blockkit.Element
)

// Call is one call of the Web API. Its arguments are without the token.
type Call struct {
	Method string
	Args   url.Values
	At     time.Time
	Error  string // of the answer; empty: ok. "fault" where a fault spoiled it.
}

// maxCalls is how many calls are remembered.
const maxCalls = 50_000

// Calls are the calls of a method, oldest first; all calls when it is empty.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			list = append(list, c)
		}
	}
	return list
}

// note remembers a call. The caller holds mu.
func (s *Server) note(c Call) {
	if len(s.calls) >= maxCalls {
		s.calls = append([]Call(nil), s.calls[maxCalls/2:]...)
	}
	s.calls = append(s.calls, c)
}
