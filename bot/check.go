package bot

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
)

// mostSkew is how far our clock may be from Slack's before somebody is told: signatures are
// refused from five minutes on.
const mostSkew = time.Minute

// Check asks Slack whether the installation works and whether every network's channel can be
// posted to, and gives what a person has to mend. Notes are what somebody may want so, or what
// cannot be judged from here. It posts nothing. baseURL is web.base_url.
func (b *Bot) Check(ctx context.Context, networks []contacts.Network, baseURL string) (list, notes fault.List) {
	if b.config.Mode == Off || b.config.Mode == "" {
		return nil, nil
	}
	who, err := b.port.authTest(ctx)
	if err != nil {
		return fault.List{refused(err).At(fault.Place{Field: "slack.bot_token"})}, nil
	}
	if who.BotID == "" {
		p := Problem{Method: "auth.test", Code: codeTokenKind}
		return fault.List{p.Fault().At(fault.Place{Field: "slack.bot_token"})}, nil
	}
	list, notes = b.checkScopes(who.scopes)
	if f := b.checkClock(who); f != nil {
		list = append(list, f)
	}
	wrong, hints := b.checkWayIn(ctx, baseURL)
	list, notes = append(list, wrong...), append(notes, hints...)
	for _, n := range networks {
		if n.SlackChannel == "" {
			continue
		}
		if f := b.checkChannel(ctx, n); f != nil {
			list = append(list, f.At(fault.Place{Field: n.ID + ".slack_channel"}))
		}
	}
	return list, notes
}

// checkScopes compares what the token may do with what this configuration makes use of. Slack
// says it in a header, which a server of its shape may leave out.
func (b *Bot) checkScopes(header string) (list, notes fault.List) {
	if header == "" {
		return nil, nil
	}
	for _, s := range scopesFor(b.config) {
		switch {
		case has(header, s.Name):
		case s.Optional:
			notes = append(notes, fault.New(fault.Unavailable, "bot.check.without", i18n.Args{
				"scope": s.Name, "without": told(s.without),
			}))
		default:
			list = append(list, fault.New(fault.Unavailable, "bot.check.scope", i18n.Args{
				"scope": s.Name, "why": told(s.why),
			}))
		}
	}
	return list, notes
}

// has tells whether a scope is among those that Slack names.
func has(header, scope string) bool {
	return slices.Contains(strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ' ' }), scope)
}

func (b *Bot) checkClock(who authTest) *fault.Fault {
	skew := who.here.Sub(who.there)
	if who.there.IsZero() || skew.Abs() <= mostSkew {
		return nil
	}
	return fault.New(fault.Conflict, "bot.check.clock", i18n.Args{"seconds": int64(skew.Abs().Seconds())})
}

// checkWayIn asks how commands would reach us.
func (b *Bot) checkWayIn(ctx context.Context, baseURL string) (list, notes fault.List) {
	if b.config.Mode == Socket {
		if f := b.checkSocket(ctx); f != nil {
			list = append(list, f.At(fault.Place{Field: "slack.app_token"}))
		}
		return list, nil
	}
	if b.config.APIURL == Defaults().APIURL && !strings.HasPrefix(baseURL, "https://") {
		f := fault.New(fault.Invalid, "bot.check.https", i18n.Args{"url": baseURL})
		list = append(list, f.At(fault.Place{Field: "web.base_url"}))
		return list, nil
	}
	url := strings.TrimSuffix(baseURL, "/") + pathCommands
	if !b.port.answers(ctx, url+"?ssl_check=1") {
		notes = append(notes, fault.New(fault.Unavailable, "bot.check.request_url", i18n.Args{"url": url}))
	}
	return list, notes
}

// checkSocket asks for a connection, unless there is one or it is known why there is none.
func (b *Bot) checkSocket(ctx context.Context) *fault.Fault {
	h := b.Health()
	for _, p := range h.Problems {
		if p.Method == methodOpen || p.Method == methodSocket {
			return p.Fault()
		}
	}
	if h.State == StateConnected {
		return nil
	}
	if err := b.port.connect(ctx); err != nil {
		return refused(err)
	}
	return nil
}

func (b *Bot) checkChannel(ctx context.Context, n contacts.Network) *fault.Fault {
	problem := Problem{Channel: n.SlackChannel}
	c, err := b.port.channel(ctx, n.SlackChannel)
	var r *refusal
	switch {
	case errors.As(err, &r) && r.Code == codeNoChannel:
		problem.Code = codeNoChannel
	case err != nil:
		return refused(err)
	case c.IsArchived:
		problem.Code = codeArchived
	case c.IsPrivate && !c.IsMember: // a public one is joined when it is first posted to
		problem.Code = codeNotInChannel
	default:
		b.health.mend(n.SlackChannel)
		return nil
	}
	return problem.Fault()
}

// authTest is who we are to Slack, and what it said with that.
type authTest struct {
	*slack.AuthTestResponse
	scopes string    // of the token, as far as Slack said
	there  time.Time // by Slack's clock, zero when it did not say
	here   time.Time // by ours
}

// authTest asks Slack who we are.
func (p *port) authTest(ctx context.Context) (who authTest, err error) {
	x := &exchange{}
	err = p.callAs(ctx, x, func(ctx context.Context) (err error) {
		who.AuthTestResponse, err = p.api.AuthTestContext(ctx)
		return err
	})
	who.scopes, who.there, who.here = x.scopes, x.date, p.wire.now()
	return who, err
}

// connect asks for a Socket Mode connection and makes none.
func (p *port) connect(ctx context.Context) error {
	return p.call(ctx, func(ctx context.Context) error {
		_, _, err := p.api.StartSocketModeContext(ctx)
		return err
	})
}

// answers tells whether our own address on the web answers Slack's look at its certificate.
func (p *port) answers(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	r.Header.Set("User-Agent", userAgent)
	res, err := p.wire.next.RoundTrip(r)
	if err != nil {
		return false
	}
	defer res.Body.Close() //nolint:errcheck // nothing of it is read
	return res.StatusCode == http.StatusOK
}
