package bot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// Times of a Socket Mode connection.
const (
	fatalRest  = 5 * time.Minute        // after Slack refused the app's token
	drainTime  = 2 * time.Second        // for commands under way when the program stops
	lingerTime = 100 * time.Millisecond // for the last answers to leave
)

// atOnce is how many commands are answered at a time; the next wait.
const atOnce = 16

// Run keeps a Socket Mode connection until ctx ends, and returns nil then. In other modes there is
// nothing to keep, and it returns at once. What keeps it from connecting is seen in Health.
func (b *Bot) Run(ctx context.Context) error {
	if b.config.Mode != Socket {
		return nil
	}
	for ctx.Err() == nil {
		err := b.connection(ctx)
		b.health.become(StateConnecting)
		if ctx.Err() != nil {
			return nil
		}
		b.log.Error("slack socket mode stopped", "err", err, "again_in", fatalRest)
		timer := time.NewTimer(fatalRest)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
	return nil
}

// socket is one run of slack-go's Socket Mode client, which reconnects by itself until Slack
// refuses the token.
type socket struct {
	bot    *Bot
	client *socketmode.Client
	slots  chan struct{}
	work   sync.WaitGroup
}

func (b *Bot) connection(ctx context.Context) error {
	s := &socket{
		bot:   b,
		slots: make(chan struct{}, atOnce),
		client: socketmode.New(b.port.api,
			socketmode.OptionReadLimit(maxBody), socketmode.OptionLog(log.New(io.Discard, "", 0))),
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.client.RunContext(running) }()
	for {
		select {
		case <-ctx.Done():
			s.drain()
			stop()
			<-ended
			return ctx.Err()
		case e := <-s.client.Events:
			s.on(running, e)
		case err := <-ended:
			return err
		}
	}
}

// drain waits for the commands under way and lets their answers leave. What comes in meanwhile
// is not taken: Slack tells its user.
func (s *socket) drain() {
	done := make(chan struct{})
	go func() { s.work.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(drainTime):
	}
	time.Sleep(lingerTime) // slack-go does not tell when an answer has been written
}

// on takes one event. It must not be slow: while it is, nothing is read from the connection.
func (s *socket) on(ctx context.Context, e socketmode.Event) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		s.answer(ctx, e.Request, inboundCommand(data))
		return
	case slack.InteractionCallback:
		s.answer(ctx, e.Request, inboundInteraction(data))
		return
	case slackevents.EventsAPIEvent:
		s.answer(ctx, e.Request, inboundEvent(e.Request))
		return
	case *socketmode.ErrorBadMessage:
		s.unreadable(ctx, data)
		return
	case *slack.ConnectionErrorEvent:
		s.bot.log.Warn("slack socket mode cannot connect", "err", data.ErrorObj, "again_in", data.Backoff)
		return
	}
	switch e.Type {
	case socketmode.EventTypeConnecting:
		s.bot.health.become(StateConnecting)
	case socketmode.EventTypeHello:
		s.bot.health.become(StateConnected)
		s.bot.log.Info("slack socket mode connected")
	}
}

// answer handles what came in beside the loop that reads, and acknowledges it with the answer.
func (s *socket) answer(ctx context.Context, r *socketmode.Request, in Inbound) {
	s.slots <- struct{}{} // no longer than answerTime, since no answer takes longer
	s.work.Go(func() {
		a := s.bot.handle(ctx, in)
		s.ack(ctx, r.EnvelopeID, a.payload())
		<-s.slots
		if a.then != nil {
			a.then(ctx)
		}
	})
}

func (s *socket) ack(ctx context.Context, envelope string, payload json.RawMessage) {
	r := socketmode.Response{EnvelopeID: envelope}
	if payload != nil {
		r.Payload = payload
	}
	if err := s.client.SendCtx(ctx, r); err != nil && !errors.Is(err, context.Canceled) {
		s.bot.log.Error("slack envelope cannot be acknowledged", "err", err)
	}
}

// unreadable acknowledges what slack-go cannot parse, lest Slack deliver it for ever.
func (s *socket) unreadable(ctx context.Context, bad *socketmode.ErrorBadMessage) {
	var e struct {
		ID   string `json:"envelope_id"`
		Type string `json:"type"`
	}
	_ = json.Unmarshal(bad.Message, &e) // without an envelope there is nothing to acknowledge
	s.bot.log.Warn("slack sent what cannot be read", "type", e.Type, "err", bad.Cause)
	if e.ID != "" {
		s.work.Go(func() { s.ack(ctx, e.ID, nil) })
	}
}

// inboundEvent reads an event's outer part, which names it over repeated deliveries.
func inboundEvent(r *socketmode.Request) Inbound {
	var e envelope
	_ = json.Unmarshal(r.Payload, &e) // slack-go has parsed it before
	return e.inbound()
}
