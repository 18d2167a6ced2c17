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
	mu   sync.Mutex // of writing
}

// acknowledgement is what the app said to an envelope, nil when it only took it.
type acknowledgement = json.RawMessage

// connectionsOpen gives an address that is good for one connection.
func (c *call) connectionsOpen() object {
	ticket := strings.ToLower(rand.Text())
	c.tickets[ticket] = true
	scheme, rest, _ := strings.Cut(c.base, "://")
	return object{"ok": true, "url": strings.Replace(scheme, "http", "ws", 1) + "://" + rest + "/api/socket/" + ticket}
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
	sock := &socket{conn: conn, gone: make(chan struct{})}
	s.mu.Lock()
	many := len(s.sockets) >= s.options.MaxSockets
	if !many {
		s.sockets = append(s.sockets, sock)
	}
	n := len(s.sockets)
	s.mu.Unlock()
	if many {
		sock.send(farewell("too_many_websockets"))
		_ = conn.Close() // there is no more to say
		return
	}
	sock.send(object{
		"type": "hello", "num_connections": n, "connection_info": object{"app_id": appID},
		"debug_info": object{"host": "chat", "build_number": 1, "approximate_connection_time": 3600},
	})
	go sock.ping()
	s.read(sock)
	s.forget(sock)
}

func farewell(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "chat"}}
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

// someSocket is one of the connections, each in its turn, nil when there is none.
func (s *Server) someSocket() *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sockets) == 0 {
		return nil
	}
	s.turn++
	return s.sockets[s.turn%len(s.sockets)]
}

// Connected is how many Socket Mode connections there are.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Disconnect asks every connection to end, for a reason: warning, refresh_requested, link_disabled
// or too_many_websockets.
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	list := append([]*socket(nil), s.sockets...)
	s.mu.Unlock()
	for _, sock := range list {
		sock.send(farewell(reason))
		s.forget(sock)
	}
}

// Cut breaks every connection without a word.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sock := range s.sockets {
		_ = sock.conn.Close() // broken either way
	}
	s.sockets = nil
}

// Push sends an envelope over a connection and waits until it is acknowledged. The raw JSON must
// have the envelope id in it.
func (s *Server) Push(ctx context.Context, envelope string, raw json.RawMessage) (json.RawMessage, error) {
	sock := s.someSocket()
	if sock == nil {
		return nil, errors.New("chat: no socket is connected")
	}
	return s.await(ctx, envelope, func() { sock.send(raw) })
}

// sendSocket puts a parcel into an envelope and gives what the acknowledgement brought.
func (s *Server) sendSocket(ctx context.Context, sock *socket, p parcel) (Reply, error) {
	payload := p.payload
	if form, ok := payload.(url.Values); ok {
		fields := object{}
		for name := range form {
			fields[name] = form.Get(name)
		}
		payload = fields
	}
	id := rand.Text()
	message := object{"type": p.envelope, "envelope_id": id, "accepts_response_payload": p.envelope != "events_api", "payload": payload}
	if p.envelope == "events_api" {
		message["retry_attempt"], message["retry_reason"] = p.retry, ""
		if p.retry > 0 {
			message["retry_reason"] = p.reason
		}
	}
	raw, err := s.await(ctx, id, func() { sock.send(message) })
	return Reply{Status: http.StatusOK, Raw: raw}, err
}

// await waits for an envelope's acknowledgement, which may come over another connection than the
// envelope went.
func (s *Server) await(ctx context.Context, envelope string, send func()) (json.RawMessage, error) {
	answer := make(chan acknowledgement, 1)
	s.mu.Lock()
	s.waiting[envelope] = answer
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waiting, envelope)
		s.mu.Unlock()
	}()
	send()
	select {
	case raw := <-answer:
		return raw, nil
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
func (s *Server) read(k *socket) {
	defer close(k.gone)
	defer k.conn.Close() //nolint:errcheck // the client is gone
	for {
		_, raw, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  acknowledgement `json:"payload"`
		}
		if len(raw) >= maxAck || json.Unmarshal(raw, &ack) != nil {
			continue
		}
		s.mu.Lock()
		answer, ok := s.waiting[ack.Envelope]
		delete(s.waiting, ack.Envelope)
		s.mu.Unlock()
		if ok {
			answer <- ack.Payload
		}
	}
}
