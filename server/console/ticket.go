package console

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// purpose is what a ticket is good for.
type purpose string

const (
	toEnter purpose = "enter" // once, by the link in a letter
	toStay  purpose = "stay"  // kept in a cookie
)

var lifetime = map[purpose]time.Duration{toEnter: 30 * time.Minute, toStay: 12 * time.Hour}

// tickets are signed with a key that lives as long as the program: after a restart everybody signs
// in anew, and nothing has to be kept.
type tickets struct {
	key  [32]byte
	rand io.Reader
	now  func() time.Time

	mu    sync.Mutex
	used  map[string]time.Time // tickets to enter, until they lapse
	asked map[string]time.Time // when a coordinator was last sent one
}

func newTickets(rand io.Reader, now func() time.Time) (*tickets, error) {
	t := &tickets{rand: rand, now: now, used: map[string]time.Time{}, asked: map[string]time.Time{}}
	_, err := io.ReadFull(rand, t.key[:])
	return t, err
}

// mayAsk is true once a minute for an address, so that nobody's mailbox is filled.
func (t *tickets) mayAsk(email string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now().Sub(t.asked[email]) < time.Minute {
		return false
	}
	t.asked[email] = t.now()
	return true
}

func (t *tickets) mac(text string) string {
	m := hmac.New(sha256.New, t.key[:])
	m.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// issue writes a ticket for an address.
func (t *tickets) issue(p purpose, email string) string {
	var nonce [12]byte
	if _, err := io.ReadFull(t.rand, nonce[:]); err != nil {
		panic("console: no randomness: " + err.Error()) // crypto/rand never fails
	}
	text := fmt.Sprintf("%s %d %x %s", p, t.now().Add(lifetime[p]).Unix(), nonce, email)
	return base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + t.mac(text)
}

// read gives the address of a ticket that is ours, for this purpose and not lapsed.
func (t *tickets) read(p purpose, ticket string) (email string, ok bool) {
	body, mac, _ := strings.Cut(ticket, ".")
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || !hmac.Equal([]byte(mac), []byte(t.mac(string(text)))) {
		return "", false
	}
	parts := strings.SplitN(string(text), " ", 4)
	if len(parts) != 4 || parts[0] != string(p) {
		return "", false
	}
	until, err := strconv.ParseInt(parts[1], 10, 64)
	return parts[3], err == nil && t.now().Unix() < until
}

// redeem reads a ticket and uses it up.
func (t *tickets) redeem(p purpose, ticket string) (email string, ok bool) {
	if email, ok = t.read(p, ticket); !ok {
		return "", false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for old, until := range t.used {
		if t.now().After(until) {
			delete(t.used, old)
		}
	}
	if _, again := t.used[ticket]; again {
		return "", false
	}
	t.used[ticket] = t.now().Add(lifetime[p])
	return email, true
}
