package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"viesti/outbox"
)

// port is Slack's Web API as this room needs it. It alone speaks slack-go; what became of a call
// it reads off the wire.
type port struct {
	api  *slack.Client
	base *url.URL
	wire wire

	mu  sync.Mutex
	who *authTest // we are, once known
}

func newPort(c Config, w wire) *port {
	if w.next == nil {
		w.next = http.DefaultTransport.(*http.Transport).Clone()
	}
	w.gate = &gate{now: w.now}
	base := c.APIURL
	if !strings.HasSuffix(base, "/") { // slack-go appends the method as it is
		base += "/"
	}
	api := slack.New(c.BotToken.Reveal(),
		slack.OptionAPIURL(base),
		slack.OptionAppLevelToken(c.AppToken.Reveal()),
		slack.OptionHTTPClient(&http.Client{
			Transport:     w,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
		slack.OptionLog(log.New(io.Discard, "", 0)))
	at, err := url.Parse(base)
	if err != nil { // Validate has seen to it where it matters
		at = &url.URL{}
	}
	return &port{api: api, base: at, wire: w}
}

// refusal is an answer of Slack's that was not what was asked for.
type refusal struct {
	Method, Code string
	Needed       string         // scopes
	outcome      outbox.Outcome // what it means
	cause        error
}

// Is tells those that ask us to wait.
func (r *refusal) Is(target error) bool {
	return target == outbox.ErrBusy && r.outcome.Reply.Class == outbox.Busy
}

func (r *refusal) Error() string { return "slack " + r.Method + ": " + r.Code }

func (r *refusal) Unwrap() error { return r.cause }

// call makes a call that changes nothing in a channel and believes nothing but a plain ok.
func (p *port) call(ctx context.Context, f func(ctx context.Context) error) error {
	return p.callAs(ctx, &exchange{}, f)
}

// callAs is call for who wants to know more of the exchange.
func (p *port) callAs(ctx context.Context, x *exchange, f func(ctx context.Context) error) error {
	err := f(x.in(ctx))
	if err == nil && x.ok() {
		return nil
	}
	return &refusal{Method: x.method, Code: x.code(), Needed: x.answer.Needed, outcome: x.outcome(p.wire.now()), cause: err}
}

// post is a message to a channel.
type post struct {
	Channel  string
	Delivery string // what it is found by again; opaque
	Text     string // all there is to say: screen readers and notifications have only this
	Blocks   []block
	joined   bool // we have tried to join the channel
}

// eventType names the metadata of our posts. Everybody in the workspace can read metadata, so
// nothing is in it but the delivery's id.
const eventType = "viesti_delivery"

const deliveryKey = "delivery_id"

// send posts once. Nothing is previewed: to preview a link Slack visits it.
func (p *port) send(ctx context.Context, m post) outbox.Outcome {
	x := &exchange{}
	options := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: eventType, EventPayload: map[string]any{deliveryKey: m.Delivery},
		}),
	}
	if len(m.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(native(m.Blocks)...))
	}
	_, _, err := p.api.PostMessageContext(x.in(ctx), m.Channel, options...)
	if x.method == "" { // it never came as far as the wire
		return outbox.Outcome{State: outbox.Failed, Reply: outbox.Reply{
			Class: outbox.BadMessage, Code: "not_built", Text: fmt.Sprint(err),
		}}
	}
	return x.outcome(p.wire.now())
}

// native gives blocks to slack-go, which has types of its own for them.
func native(blocks []block) []slack.Block {
	list := make([]slack.Block, len(blocks))
	for i, b := range blocks {
		list[i] = nativeBlock{b}
	}
	return list
}

type nativeBlock struct{ block }

func (b nativeBlock) BlockType() slack.MessageBlockType { return slack.MessageBlockType(b.Type) }
func (b nativeBlock) ID() string                        { return "" }

// MarshalJSON writes the block itself.
func (b nativeBlock) MarshalJSON() ([]byte, error) { return json.Marshal(b.block) }

// page is how many messages of a channel are read at a time, as Slack recommends at most; pages
// is how many are read before the look is given up.
const (
	page  = 200
	pages = 50
)

// find looks for a delivery among a channel's messages since a moment.
func (p *port) find(ctx context.Context, channel, delivery string, since time.Time) (ts string, found bool, err error) {
	own, err := p.self(ctx)
	if err != nil {
		return "", false, err
	}
	query := slack.GetConversationHistoryParameters{
		ChannelID: channel, Oldest: stamp(since), Inclusive: true, Limit: page, IncludeAllMetadata: true,
	}
	for range pages {
		var history *slack.GetConversationHistoryResponse
		err := p.call(ctx, func(ctx context.Context) (err error) {
			history, err = p.api.GetConversationHistoryContext(ctx, &query)
			return err
		})
		if err != nil {
			return "", false, err
		}
		for _, m := range history.Messages {
			if isDelivery(m, delivery, own) {
				return m.Timestamp, true, nil
			}
		}
		query.Cursor = history.ResponseMetaData.NextCursor
		if query.Cursor == "" { // a page may be short, or empty, with more to come
			return "", false, nil
		}
	}
	return "", false, errors.New("slack conversations.history: too many messages since " + stamp(since))
}

func isDelivery(m slack.Message, delivery, own string) bool {
	ours := own == "" || m.BotID == "" || m.BotID == own
	return ours && m.Metadata.EventType == eventType && m.Metadata.EventPayload[deliveryKey] == delivery
}

// stamp is a moment as Slack writes it, from 1970 on.
func stamp(t time.Time) string {
	if t.Unix() < 0 {
		return "0"
	}
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// identity is who we are and where, asked once.
func (p *port) identity(ctx context.Context) (*authTest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.who != nil {
		return p.who, nil
	}
	who, err := p.authTest(ctx)
	if err != nil {
		return nil, err
	}
	p.who = &who
	return p.who, nil
}

// self is our bot id.
func (p *port) self(ctx context.Context) (string, error) {
	who, err := p.identity(ctx)
	if err != nil {
		return "", err
	}
	return who.BotID, nil
}

// team is the workspace the app is installed in.
func (p *port) team(ctx context.Context) (string, error) {
	who, err := p.identity(ctx)
	if err != nil {
		return "", err
	}
	return who.TeamID, nil
}

// scopes are those of our token, as far as Slack said.
func (p *port) scopes(ctx context.Context) (string, error) {
	who, err := p.identity(ctx)
	if err != nil {
		return "", err
	}
	return who.scopes, nil
}

// site is the address of the workspace, with a slash at its end.
func (p *port) site(ctx context.Context) (string, error) {
	who, err := p.identity(ctx)
	if err != nil {
		return "", err
	}
	return who.URL, nil
}

// alive asks whether Slack still knows us.
func (p *port) alive(ctx context.Context) error {
	return p.call(ctx, func(ctx context.Context) error {
		_, err := p.api.AuthTestContext(ctx)
		return err
	})
}

const methodLookup = "users.lookupByEmail"

// lookUp finds the account of an address.
func (p *port) lookUp(ctx context.Context, email string) (u *slack.User, err error) {
	err = p.call(ctx, func(ctx context.Context) (err error) {
		u, err = p.api.GetUserByEmailContext(ctx, email)
		return err
	})
	return u, err
}

// direct is the conversation with a user, opened if there was none. Nothing is seen of that.
func (p *port) direct(ctx context.Context, user string) (channel string, err error) {
	err = p.call(ctx, func(ctx context.Context) error {
		c, _, _, err := p.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		if err == nil {
			channel = c.ID
		}
		return err
	})
	return channel, err
}

// join enters a public channel.
func (p *port) join(ctx context.Context, channel string) error {
	return p.call(ctx, func(ctx context.Context) error {
		_, _, _, err := p.api.JoinConversationContext(ctx, channel)
		return err
	})
}

// membersOf are the people in a user group.
func (p *port) membersOf(ctx context.Context, group string) (users []string, err error) {
	err = p.call(ctx, func(ctx context.Context) (err error) {
		users, err = p.api.GetUserGroupMembersContext(ctx, group)
		return err
	})
	return users, err
}

// channel is what we may know of a channel.
func (p *port) channel(ctx context.Context, id string) (c *slack.Channel, err error) {
	err = p.call(ctx, func(ctx context.Context) (err error) {
		c, err = p.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		return err
	})
	return c, err
}
