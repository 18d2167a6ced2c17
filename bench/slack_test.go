package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"viesti/app"
	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// What a command meets: a store that is full, and a sender that is busy.
const (
	slackSecret  = "8f742231b10e8888abcd99yyyzzz85a5"
	slackAnswers = 100_000
	slackPosts   = 10_000
	slackPeople  = 4 // who type at the same time
)

// TestBenchCommand measures a slash command from its signed request to its acknowledgement, which
// has the answer in it, while posts are queued and leave at Slack's pace. The bare side verifies
// the same signature and writes an answer of the same size.
func TestBenchCommand(t *testing.T) {
	enabled(t)
	slack := &workspace{}
	api := httptest.NewServer(slack)
	defer api.Close()
	a := program(t, fmt.Sprintf("[slack]\nmode = \"http\"\nbot_token = \"xoxb-1\"\nsigning_secret = %q\napi_url = %q\nadmins = [\"U0ADMIN\"]\n", slackSecret, api.URL+"/api/"))
	fill(t, a, networks(t, a), 0, slackAnswers)
	queuePosts(t, a)
	ctx, stop := context.WithCancel(context.Background())
	sending := make(chan error, 1)
	go func() { sending <- a.Send(ctx) }()
	defer func() { stop(); <-sending }()

	ours := httptest.NewServer(a.Web())
	defer ours.Close()
	web := client()
	size, err := command(web, ours.URL, "rates")
	if err != nil || size < 500 {
		t.Fatalf("no answer to a command: %d bytes, %v", size, err)
	}
	bare := httptest.NewServer(bareAnswer(size))
	defer bare.Close()
	for _, text := range []string{"rates", "rates net7", "status", "help"} {
		answer(t, text, func(base string) error { _, err := command(web, base, text); return err }, ours.URL, bare.URL)
	}
	counts, err := a.Store.Counts(context.Background(), "bench")
	if err != nil {
		t.Fatal(err)
	}
	left := int64(0)
	for _, c := range counts {
		if c.State == outbox.Pending {
			left += c.N
		}
	}
	fmt.Printf("| posts that left meanwhile, and still wait | %d, %d | | | | |\n", slack.posts.Load(), left)
}

// answer prints how long a command waits for its answer, with few people typing at a time.
func answer(t *testing.T, text string, ask func(base string) error, ours, bare string) {
	t.Helper()
	for _, people := range []int{1, slackPeople} {
		a50, a99 := waits(t, people, func() error { return ask(ours) })
		b50, b99 := waits(t, people, func() error { return ask(bare) })
		fmt.Printf("| /viesti %s, %d at a time: p50 of the answer | %.1f ms | %.1f ms | %.1f | p99 < 100 ms | %.1f / %.1f ms |\n",
			text, people, a50, b50, a50/b50, a99, b99)
	}
}

// waits are the median and the 99th percentile of a spell, in milliseconds.
func waits(t *testing.T, people int, do func() error) (p50, p99 float64) {
	t.Helper()
	var mu sync.Mutex
	var took []float64
	_, last, err := load(people, func(int) error {
		begun := time.Now()
		if err := do(); err != nil {
			return err
		}
		mu.Lock()
		took = append(took, float64(time.Since(begun))/1e6)
		mu.Unlock()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return median(took), float64(last) / 1e6
}

// queuePosts puts 10,000 posts into the outbox: fifty for each network's channel.
func queuePosts(t *testing.T, a *app.App) {
	t.Helper()
	ctx := context.Background()
	list, err := a.Store.Networks(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var with []contacts.Network
	for i, n := range list {
		n.SlackChannel = fmt.Sprintf("C0%07d", i)
		with = append(with, n)
	}
	if _, err := a.Store.SaveNetworks(ctx, with); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var posts []outbox.Message
	for i := range slackPosts {
		n := with[i%len(with)]
		posts = append(posts, outbox.Message{
			Key:     outbox.Key{Recipient: outbox.Channel(n.ID), Wave: "bench", Kind: outbox.Reminder(1 + i/len(with))},
			Network: n.ID, Carrier: link.Slack, State: outbox.Pending, Due: now.Add(time.Duration(i)), Queued: now,
		})
	}
	if _, err := a.Store.Enqueue(ctx, posts); err != nil {
		t.Fatal(err)
	}
}

var serial atomic.Int64

// command types a command as Slack signs it, and gives how long the answer is.
func command(c *http.Client, base, text string) (size int, err error) {
	body := url.Values{
		"command": {"/viesti"}, "text": {text}, "user_id": {"U0ADMIN"}, "team_id": {"T1"}, "channel_id": {"C1"},
		"trigger_id": {fmt.Sprint(serial.Add(1))}, "response_url": {"https://hooks.slack.com/commands/T1/1/x"},
	}.Encode()
	r, err := http.NewRequest(http.MethodPost, base+"/slack/commands", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", signed(at, body))
	res, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || len(raw) == 0) {
		err = fmt.Errorf("a command was answered with status %d and %d bytes", res.StatusCode, len(raw))
	}
	return len(raw), err
}

func signed(at, body string) string {
	mac := hmac.New(sha256.New, []byte(slackSecret))
	_, _ = io.WriteString(mac, "v0:"+at+":"+body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// bareAnswer verifies and answers, and knows nothing.
func bareAnswer(size int) http.Handler {
	answer, _ := json.Marshal(map[string]string{"response_type": "ephemeral", "text": strings.Repeat("x", size)})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("X-Slack-Signature") != signed(r.Header.Get("X-Slack-Request-Timestamp"), string(body)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	})
}

// workspace is Slack for the sender: it takes one post a second in each channel.
type workspace struct {
	posts atomic.Int64
	mu    sync.Mutex
	last  map[string]time.Time
}

func (s *workspace) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method, now := path.Base(r.URL.Path), time.Now()
	_ = r.ParseForm()
	w.Header().Set("Content-Type", "application/json")
	switch method {
	case "chat.postMessage":
		channel := r.Form.Get("channel")
		s.mu.Lock()
		if s.last == nil {
			s.last = map[string]time.Time{}
		}
		early := now.Sub(s.last[channel]) < time.Second
		if !early {
			s.last[channel] = now
		}
		s.mu.Unlock()
		if early {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		s.posts.Add(1)
		fmt.Fprintf(w, `{"ok":true,"channel":%q,"ts":"%d.%06d"}`, channel, now.Unix(), now.Nanosecond()/1000)
	case "auth.test":
		fmt.Fprint(w, `{"ok":true,"team_id":"T1","bot_id":"B1","user_id":"U1","url":"https://example.slack.com/"}`)
	case "conversations.history":
		fmt.Fprint(w, `{"ok":true,"messages":[]}`)
	default:
		fmt.Fprint(w, `{"ok":true}`)
	}
}
