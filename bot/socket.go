package bot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/url"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// Times of a Socket Mode connection.
const (
	fatalRest  = 5 * time.Minute        // after a refusal that only a person can mend
	drainTime  = 2 * time.Second        // for work under way when the program stops
	lingerTime = 100 * time.Millisecond // for the last answers to leave
)

// fewLives is how many connections in a row may end early before a person has to look.
const fewLives = 3

// Run keeps a Socket Mode connection until ctx ends, and then lets answers under way leave; in
// other modes it keeps none. What keeps it from connecting is seen in Health. It returns nil.
func (b *Bot) Run(ctx context.Context) error {
	defer b.crew.goHome(drainTime)
	if b.config.Mode != Socket {
		<-ctx.Done()
		return nil
	}
	for {
		err := b.connection(ctx)
		b.health.become(StateConnecting)
		if ctx.Err() != nil {
			return nil
		}
		rest := leastRest // and what the gate adds
		if b.blocked(methodOpen) {
			rest = fatalRest
			b.log.Error("slack does not let us connect", "err", bare(err), "again_in", rest)
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return nil
		}
	}
}

// blocked tells whether Slack refuses a method in a way that trying again does not mend.
func (b *Bot) blocked(method string) bool {
	p, ok := b.health.problem(method)
	return ok && isSetup(p.Code)
}

// bare is an error without the address it is about, which for a connection is a key to it.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// socket is one run of slack-go's Socket Mode client, which connects again by itself.
type socket struct {
	bot    *Bot
	client *socketmode.Client
	steady *time.Timer // runs while a connection is young
	early  int         // connections in a row that ended young
}

// errEnough ends a run of slack-go's client, whose own waits grow to five minutes and which tries
// for ever what only a person can mend.
var errEnough = errors.New("slack socket mode: begun anew")

func (b *Bot) connection(ctx context.Context) error {
	options := append([]socketmode.Option{
		socketmode.OptionReadLimit(maxBody), socketmode.OptionLog(log.New(io.Discard, "", 0)),
	}, b.sockets...)
	s := &socket{bot: b, client: socketmode.New(b.port.api, options...), steady: time.NewTimer(shortLife)}
	s.steady.Stop()
	defer s.steady.Stop()
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
		case <-s.steady.C:
			s.early = 0
			b.health.mend(methodSocket)
		case e := <-s.client.Events:
			if s.on(running, e) != nil {
				stop()
				<-ended
				return errEnough
			}
		case err := <-ended:
			return err
		}
	}
}

// drain waits for the answers under way and lets them leave. What comes in meanwhile is not
// taken: Slack delivers events again, and of a command it tells its user.
func (s *socket) drain() {
	s.bot.crew.goHome(drainTime)
	<-time.After(lingerTime) // slack-go does not tell when an answer has been written
}

// on takes one event and is quick: while it is not, nothing is read from the connection. An error
// ends the run.
func (s *socket) on(ctx context.Context, e socketmode.Event) error {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		s.answer(ctx, e.Request, inboundCommand(data))
	case slack.InteractionCallback:
		s.answer(ctx, e.Request, inboundInteraction(data))
	case slackevents.EventsAPIEvent:
		s.event(ctx, e.Request)
	case *socketmode.ErrorBadMessage:
		s.unreadable(ctx, data)
	case *socketmode.ErrorWriteFailed:
		s.bot.log.Warn("slack took no acknowledgement", "err", bare(data.Cause))
		s.bot.metrics.lost("socket")
	case *slack.ConnectionErrorEvent:
		return s.failed(data)
	case *slack.ConnectingEvent:
		s.ended()
	}
	if e.Type == socketmode.EventTypeHello {
		s.bot.health.become(StateConnected)
		s.bot.log.Info("slack socket mode connected")
		s.steady.Reset(shortLife)
	}
	return nil
}

// ended notes that a connection is no more. Slack closes each after some hours, which is nothing;
// one after the other at once means that others use them up, or that Socket Mode was turned off.
func (s *socket) ended() {
	if !s.bot.health.become(StateConnecting) {
		return
	}
	if !s.steady.Stop() {
		return // it was not young
	}
	if s.early++; s.early >= fewLives {
		s.bot.log.Error("slack ends each connection at once", "times", s.early)
		s.bot.health.put(Problem{Method: methodSocket, Code: codeShortLived})
	}
}

// failed notes why there is no connection.
func (s *socket) failed(e *slack.ConnectionErrorEvent) error {
	if _, told := s.bot.health.problem(methodOpen); !told { // the way to the address Slack gave
		s.bot.health.put(Problem{Method: methodSocket, Code: codeUnreachable})
	}
	s.bot.log.Warn("slack socket mode cannot connect", "err", bare(e.ErrorObj))
	if s.bot.blocked(methodOpen) || e.Backoff > mostRest {
		return errEnough
	}
	return nil
}

// answer handles what came in beside the loop that reads, and acknowledges it with the answer.
// When all hands are busy it is left: Slack delivers events again, and tells who typed a command.
func (s *socket) answer(ctx context.Context, r *socketmode.Request, in Inbound) {
	s.bot.health.hear()
	if r.RetryAttempt > 0 {
		s.bot.again(r.RetryReason)
	}
	taken := s.bot.crew.do(func() {
		a := s.bot.take(ctx, in)
		s.ack(ctx, r.EnvelopeID, a.payload())
		if a.then != nil {
			a.then(ctx)
		}
	})
	if !taken {
		s.bot.log.Error("slack sent more than can be answered", "kind", in.Kind)
		s.bot.metrics.lost("busy")
	}
}

func (s *socket) ack(ctx context.Context, envelope string, payload json.RawMessage) {
	r := socketmode.Response{EnvelopeID: envelope}
	if payload != nil {
		r.Payload = payload
	}
	if err := s.client.SendCtx(ctx, r); err != nil && !errors.Is(err, context.Canceled) {
		s.bot.log.Error("slack envelope cannot be acknowledged", "err", err)
		s.bot.metrics.lost("socket")
	}
}

// event takes an event as this room reads it, whatever slack-go has made of it.
func (s *socket) event(ctx context.Context, r *socketmode.Request) {
	var e envelope
	_ = json.Unmarshal(r.Payload, &e) // what cannot be read is acknowledged and of no concern
	s.answer(ctx, r, e.inbound())
}

// unreadable acknowledges what slack-go cannot parse, lest Slack deliver it for ever. That may be
// an event of a type it does not know, which we can read.
func (s *socket) unreadable(ctx context.Context, bad *socketmode.ErrorBadMessage) {
	var r socketmode.Request
	if json.Unmarshal(bad.Message, &r) != nil {
		r = socketmode.Request{}
		r.EnvelopeID = envelopeID(bad.Message)
	}
	s.bot.log.Warn("slack sent what cannot be read", "type", r.Type)
	s.bot.metrics.lost("unreadable")
	switch {
	case r.EnvelopeID == "": // nothing to acknowledge
	case r.Type == socketmode.RequestTypeEventsAPI:
		s.event(ctx, &r)
	default:
		s.bot.crew.do(func() { s.ack(ctx, r.EnvelopeID, nil) })
	}
}

// envelopeID is what has to be acknowledged in a message whose other parts are not as they should.
func envelopeID(message json.RawMessage) string {
	var e struct {
		ID string `json:"envelope_id"`
	}
	_ = json.Unmarshal(message, &e)
	return e.ID
}
