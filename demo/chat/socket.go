package chat

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// pingEvery keeps clients from taking a quiet connection for dead, which they do after 30 s.
const pingEvery = 8 * time.Second

// writeTime is how long one message to a client may take.
const writeTime = 5 * time.Second

// socket is one Socket Mode connection.
type socket struct {
	conn *websocket.Conn
	gone chan struct{}

	mu      sync.Mutex // of writing and of waiting
	waiting map[string]chan json.RawMessage
}

// connectionsOpen gives an address that is good for one connection.
func (s *Server) connectionsOpen(r *http.Request, _ url.Values) object {
	ticket := strings.ToLower(rand.Text())
	s.tickets[ticket] = true
	path, _, _ := strings.Cut(r.RequestURI, "?") // RequestURI still has the prefix we are served below
	scheme := "ws"
	if r.TLS != nil {
		scheme = "wss"
	}
	base := strings.TrimSuffix(path, "apps.connections.open")
	return object{"ok": true, "url": scheme + "://" + r.Host + base + "socket/" + ticket}
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // the ticket is the key

func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	good := s.tickets[r.PathValue("ticket")]
	delete(s.tickets, r.PathValue("ticket"))
	s.mu.Unlock()
	if !good {
		http.Error(w, "no such ticket", http.StatusNotFound)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	sock := &socket{conn: conn, gone: make(chan struct{}), waiting: map[string]chan json.RawMessage{}}
	sock.send(object{
		"type": "hello", "num_connections": 1, "connection_info": object{"app_id": appID},
		"debug_info": object{"host": "chat", "approximate_connection_time": 3600},
	})
	s.mu.Lock()
	s.sockets = append(s.sockets, sock)
	s.mu.Unlock()
	go sock.ping()
	sock.read()
	s.forget(sock)
}

func (s *Server) forget(gone *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, sock := range s.sockets {
		if sock == gone {
			s.sockets = append(s.sockets[:i], s.sockets[i+1:]...)
			return
		}
	}
}

// someSocket is the connection opened last, nil when there is none.
func (s *Server) someSocket() *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sockets) == 0 {
		return nil
	}
	return s.sockets[len(s.sockets)-1]
}

// Connected is how many Socket Mode connections there are.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Disconnect asks every connection to end, for a reason such as "refresh_requested".
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	list := append([]*socket(nil), s.sockets...)
	s.mu.Unlock()
	for _, sock := range list {
		sock.send(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "chat"}})
		s.forget(sock)
	}
}

// Push sends an envelope over a connection and waits until it is acknowledged. The raw JSON must
// have the envelope id in it.
func (s *Server) Push(ctx context.Context, envelope string, raw json.RawMessage) (json.RawMessage, error) {
	sock := s.someSocket()
	if sock == nil {
		return nil, errors.New("chat: no socket is connected")
	}
	return sock.deliver(ctx, envelope, raw)
}

// command delivers a slash command.
func (k *socket) command(ctx context.Context, form url.Values) (Reply, error) {
	payload := object{}
	for key := range form {
		payload[key] = form.Get(key)
	}
	envelope := rand.Text()
	raw, err := k.deliver(ctx, envelope, object{
		"type": "slash_commands", "envelope_id": envelope, "accepts_response_payload": true, "payload": payload,
	})
	return Reply{Status: http.StatusOK, Raw: raw}, err
}

// deliver sends an envelope and gives the payload of its acknowledgement.
func (k *socket) deliver(ctx context.Context, envelope string, message any) (json.RawMessage, error) {
	answer := make(chan json.RawMessage, 1)
	k.mu.Lock()
	k.waiting[envelope] = answer
	k.mu.Unlock()
	k.send(message)
	select {
	case raw := <-answer:
		return raw, nil
	case <-k.gone:
		return nil, errors.New("chat: the socket closed before the answer")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (k *socket) send(message any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_ = k.conn.SetWriteDeadline(time.Now().Add(writeTime))
	_ = k.conn.WriteJSON(message) // a broken connection is seen by read
}

func (k *socket) ping() {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		// The first at once: a client that counts from its start is content.
		_ = k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTime))
		select {
		case <-ticker.C:
		case <-k.gone:
			return
		}
	}
}

// maxAck is where Slack drops an acknowledgement without a word.
const maxAck = 20 << 10

// read takes acknowledgements until the client goes.
func (k *socket) read() {
	defer close(k.gone)
	defer k.conn.Close() //nolint:errcheck // the client is gone
	for {
		_, raw, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if len(raw) >= maxAck || json.Unmarshal(raw, &ack) != nil {
			continue
		}
		k.mu.Lock()
		if answer, ok := k.waiting[ack.Envelope]; ok {
			delete(k.waiting, ack.Envelope)
			answer <- ack.Payload
		}
		k.mu.Unlock()
	}
}
