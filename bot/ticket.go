package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"time"

	"viesti/link"
)

// order is something that changes the course of the survey: messages, or a pause.
type order struct {
	Verb    verb         `json:"v"`
	Network string       `json:"n,omitempty"` // empty: all with which the user may work
	Carrier link.Channel `json:"c,omitempty"` // invite, remind: by this alone
	Room    string       `json:"r,omitempty"` // share: the channel
}

// ticket confirms one order as one user was shown it. It goes out in the button and comes back
// with the press.
type ticket struct {
	Order order  `json:"o"`
	User  string `json:"u"`
	Print string `json:"p"` // of what was shown
	Until int64  `json:"x"` // seconds since 1970
	ID    string `json:"i"` // it is good once
}

// ticketTime is how long somebody may look at a preview before they confirm it.
const ticketTime = 10 * time.Minute

// issue makes a ticket, signed.
func (b *Bot) issue(o order, user, print string) (string, error) {
	var id [12]byte
	if _, err := io.ReadFull(b.rand, id[:]); err != nil {
		return "", err
	}
	raw := encode(ticket{o, user, print, b.now().Add(ticketTime).Unix(), hex.EncodeToString(id[:])})
	return base64.RawURLEncoding.EncodeToString(raw) + "." + base64.RawURLEncoding.EncodeToString(b.seal(raw)), nil
}

func (b *Bot) seal(raw []byte) []byte {
	mac := hmac.New(sha256.New, b.secret)
	mac.Write(raw)
	return mac.Sum(nil)
}

// redeem gives a ticket of ours that is this user's; ok is false for any other.
func (b *Bot) redeem(s, user string) (t ticket, ok bool) {
	body, sum, _ := strings.Cut(s, ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return t, false
	}
	mac, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil || len(b.secret) == 0 || !hmac.Equal(mac, b.seal(raw)) || json.Unmarshal(raw, &t) != nil {
		return ticket{}, false
	}
	return t, t.User == user && user != ""
}

// spend uses a ticket up, and tells whether nobody has before.
func (b *Bot) spend(ctx context.Context, t ticket) (first bool, err error) {
	return b.roster.Store.Spend(ctx, t.ID, time.Unix(t.Until, 0), b.now())
}

// fingerprint is what two previews have in common that say the same.
func fingerprint(of any) string {
	sum := sha256.Sum256(encode(of))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
