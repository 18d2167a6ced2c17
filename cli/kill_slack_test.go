package cli_test

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"viesti/demo/chat"
	"viesti/outbox"
)

// stuck are posts that the workspace takes, or does not, and never answers: a program that is killed
// then has been killed between acceptance and record.
type stuck struct {
	mu    sync.Mutex
	on    bool
	posts int
}

func (s *stuck) fail(method string) *chat.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.on || method != "chat.postMessage" {
		return nil
	}
	s.posts++
	return &chat.Fault{Hang: true, Done: s.posts%2 == 1}
}

func (s *stuck) set(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on, s.posts = on, 0
}

func (s *stuck) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts
}

// slackHouse is an installation with a workspace: people who are written to there, one whose account
// is gone, the network's channel and a further one.
type slackHouse struct {
	*installation
	*chat.Server
	stuck *stuck
	users []string
}

const (
	ownChannel     = "C0OWN00001"
	furtherChannel = "C0FURTHER1"
	people         = 9
)

func newSlackHouse(t *testing.T, scopes []string) *slackHouse {
	t.Helper()
	h := &slackHouse{stuck: &stuck{}}
	o := chat.Options{
		Token: "xoxb-1", SigningSecret: "secret", Scopes: scopes, Fail: h.stuck.fail,
		Channels: []chat.Channel{{ID: ownChannel, Name: "own"}, {ID: furtherChannel, Name: "further", Joined: true}},
	}
	var csv strings.Builder
	csv.WriteString("email,name,organisation,language,network,slack_user\n")
	for i := range people {
		id := fmt.Sprintf("U0PERSON%02d", i)
		h.users = append(h.users, id)
		o.Users = append(o.Users, chat.User{ID: id, Name: fmt.Sprint("Person ", i), Email: fmt.Sprintf("person%d@example.org", i)})
		fmt.Fprintf(&csv, "person%d@example.org,,,fi,net,%s\n", i, id)
	}
	h.Server = chat.New(o)
	s := httptest.NewServer(h.Server)
	t.Cleanup(func() { h.Close(); s.CloseClientConnections(); s.Close() })
	port, err := strconv.Atoi(freePort(t)) // no relay: nobody is to be written to by mail
	if err != nil {
		t.Fatal(err)
	}
	h.installation = installFor(t, port, fmt.Sprintf("[slack]\nmode = \"http\"\nbot_token = \"xoxb-1\"\nsigning_secret = \"secret\"\napi_url = %q\n", s.URL+"/api/"))
	h.write("networks.csv", "id,name_fi,name_sv,name_en,kind,region,target,slack_channel\nnet,Verkko,Nät,Net,mixed,national,10,"+ownChannel+"\n")
	h.run("networks", "import", "networks.csv")
	h.write("contacts.csv", csv.String())
	h.run("contacts", "import", "contacts.csv")
	h.run("invite")
	h.run("share", "net", furtherChannel)
	return h
}

// posts are how many messages stand in each place.
func (h *slackHouse) posts() map[string]int {
	n := map[string]int{ownChannel: len(h.Posts(ownChannel)), furtherChannel: len(h.Posts(furtherChannel))}
	for _, user := range h.users {
		n[user] = len(h.DMs(user))
	}
	return n
}

// once fails for every place that has not one message.
func (h *slackHouse) once() {
	h.t.Helper()
	posts := h.posts()
	for _, place := range slices.Sorted(maps.Keys(posts)) {
		if posts[place] != 1 {
			h.t.Errorf("%s has %d messages", place, posts[place])
		}
	}
}

// killInTheMiddle starts the program and kills it while posts are taken and not answered.
func (h *slackHouse) killInTheMiddle() {
	h.t.Helper()
	h.stuck.set(true)
	cmd := h.serve()
	for deadline := time.Now().Add(time.Minute); h.stuck.count() == 0; {
		if time.Now().After(deadline) {
			h.t.Fatal("nothing was posted")
		}
		<-time.After(10 * time.Millisecond)
	}
	<-time.After(300 * time.Millisecond) // as many as there are connections
	h.kill(cmd)
	h.stuck.set(false)
}

// TestKillWhilePosting: the program is killed between a post's acceptance and its record. It asks
// Slack what became of it: everybody has one message in the end, in every place.
func TestKillWhilePosting(t *testing.T) {
	h := newSlackHouse(t, nil)
	for range rounds(1, 10) {
		h.killInTheMiddle()
	}
	cmd := h.serve()
	h.wait(3*time.Minute, func(s map[outbox.State]int64) bool { return s[outbox.Sent] == people+2 })
	h.stop(cmd)
	h.once()
}

// TestKillWithoutHistory: where Slack may not be asked, the posts that were under way are shown to a
// person, who looks and settles them.
func TestKillWithoutHistory(t *testing.T) {
	h := newSlackHouse(t, []string{"chat:write", "channels:join", "im:write"})
	h.killInTheMiddle()
	cmd := h.serve()
	h.wait(time.Minute, func(s map[outbox.State]int64) bool {
		return s[outbox.Uncertain] > 0 && s[outbox.Uncertain]+s[outbox.Sent] == people+2
	})
	posts := h.posts()
	settled := 0
	for _, m := range h.troubles("--state", "uncertain") {
		place := map[string]string{"#net": ownChannel, "#net/" + furtherChannel: furtherChannel}[m.Contact]
		if i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(m.Contact, "person"), "@example.org")); err == nil {
			place = h.users[i]
		}
		verdict := "resend"
		if posts[place] == 1 {
			verdict = "sent"
		}
		settled += len(h.settle(verdict, m.Key).Settled)
	}
	if settled == 0 || settled > 4 {
		t.Errorf("%d posts were in doubt after a crash of four connections", settled)
	}
	h.wait(time.Minute, func(s map[outbox.State]int64) bool { return s[outbox.Sent] == people+2 })
	h.stop(cmd)
	h.once()
}

// TestFaultsOfSlack: whatever goes wrong on the way of a post, taken or not, there is one in the end.
func TestFaultsOfSlack(t *testing.T) {
	h := newSlackHouse(t, nil)
	faults := []*chat.Fault{
		{DropBefore: true},
		{DropAfter: true},
		{Status: 502, Body: "<html>bad gateway</html>", Type: "text/html"},
		{Status: 502, Done: true},
		{Body: "{}"},
		{Body: "{}", Done: true},
		{Body: "<html>", Type: "text/html", Done: true},
		{Status: 429, RetryAfter: "1"},
		{Body: `{"ok":false,"error":"internal_error"}`, Done: true},
	}
	if rounds(0, 1) == 1 { // each holds everything for a minute
		faults = append(faults, &chat.Fault{Status: 429}, &chat.Fault{Status: 429, RetryAfter: "soon"})
	}
	h.Fail("chat.postMessage", faults...)
	cmd := h.serve()
	h.wait(4*time.Minute, func(s map[outbox.State]int64) bool { return s[outbox.Sent] == people+2 })
	h.stop(cmd)
	h.once()
}
