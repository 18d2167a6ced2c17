// Package chat is a small server of Slack's shape for the demonstration and for tests: the Web
// API methods that the bot uses, slash commands delivered by signed request or over a socket,
// and a page that shows the posts and takes typed commands.
//
// It is written from Slack's documentation and shares no code with the bot, so that the one can
// find faults in the other. It keeps everything in memory, has one workspace and one app, and is
// no place for anything real: whoever reaches its page may speak as anybody.
package chat

import (
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Options are what a Server is made of.
type Options struct {
	Token         string // of the app's bot; calls without it are refused
	AppToken      string // for Socket Mode
	SigningSecret string
	RequestURL    string // where commands go when no socket is connected; see SetRequestURL
	Command       string // that the app answers to; /viesti when empty
	AppName       string // under which it posts; Viesti when empty
	Channels      []Channel
	Users         []User
	Groups        map[string][]string // user group id → its members' ids
	// Fail is asked before each call of the Web API and may spoil it.
	Fail func(method string) *Fault
	// PerChannel allows a channel one post a second, as Slack does.
	PerChannel bool
	Now        func() time.Time // time.Now when empty
	Logger     *slog.Logger
}

// Channel is a channel of the workspace. The app is not in it until it joins.
type Channel struct {
	ID, Name string
	Private  bool // cannot be joined without an invitation
	Archived bool
	Joined   bool // the app is in it
}

// User is a person in the workspace.
type User struct{ ID, Name string }

// Fault is how one call of the Web API goes wrong.
type Fault struct {
	Status     int    // of the answer, instead of doing anything; 0 with Body: 200
	Body       string // of the answer
	RetryAfter string // the header, as it is
	DropBefore bool   // the connection breaks and nothing is done
	DropAfter  bool   // it is done, and the connection breaks before the answer
}

// Post is one message in a channel.
type Post struct {
	TS       string
	Channel  string
	User     string // who wrote it; empty: the app
	Only     string // the one user who sees it; empty: everybody
	Text     string
	Blocks   []Block
	Metadata *Metadata
	// UnfurlLinks and UnfurlMedia are the flags as they were sent; empty: not sent, which
	// makes Slack visit every link in the post.
	UnfurlLinks, UnfurlMedia string
}

// Metadata is what an app attached to its post.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload"`
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
	client  *http.Client // sends commands

	mu         sync.Mutex
	requestURL string
	channels   []Channel
	posts      []Post
	lastTS     int64 // in microseconds
	lastPost   map[string]time.Time
	serial     int
	sockets    []*socket
	tickets    map[string]bool
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
	s := &Server{
		options: o, requestURL: o.RequestURL,
		client:   &http.Client{Timeout: answerTime},
		channels: append([]Channel(nil), o.Channels...),
		lastPost: map[string]time.Time{}, tickets: map[string]bool{},
	}
	s.mux = s.routes()
	return s
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.api)
	mux.HandleFunc("GET /api/socket/{ticket}", s.connect)
	s.pages(mux)
	return http.NewCrossOriginProtection().Handler(mux)
}

// ServeHTTP serves the API and the page. It works below a prefix that was stripped.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// SetRequestURL says where commands are posted to.
func (s *Server) SetRequestURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requestURL = url
}

// Close breaks all sockets, which no http.Server does.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sock := range s.sockets {
		_ = sock.conn.Close() // broken either way
	}
	return nil
}

// Posts are the messages in a channel that everybody sees, oldest first.
func (s *Server) Posts(channel string) []Post { return s.visible(channel, "") }

// visible are the messages in a channel that a user sees.
func (s *Server) visible(channel, user string) []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Post
	for _, p := range s.posts {
		if p.Channel == channel && (p.Only == "" || p.Only == user) {
			list = append(list, p)
		}
	}
	return list
}

// add puts a message into its channel and gives it its ts. The caller holds mu.
func (s *Server) add(p Post) Post {
	s.lastTS = max(s.lastTS+1, s.options.Now().UnixMicro())
	p.TS = stamp(s.lastTS)
	s.posts = append(s.posts, p)
	return p
}

// say adds a message that did not come by the API.
func (s *Server) say(p Post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(p)
}

// channel finds a channel by id. The caller holds mu.
func (s *Server) channel(id string) (*Channel, bool) {
	for i := range s.channels {
		if s.channels[i].ID == id {
			return &s.channels[i], true
		}
	}
	return nil, false
}
