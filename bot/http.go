package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// maxBody is the largest request taken from Slack, a large modal's being a quarter of it.
const maxBody = 1 << 20

// Paths of what Slack asks of us, below web.base_url.
const (
	pathCommands     = "/slack/commands"
	pathInteractions = "/slack/interactions"
	pathEvents       = "/slack/events"
)

// HTTP takes Slack's requests at /slack/commands, /slack/interactions and /slack/events. Nothing
// before it may have read the body, since the signature is over its bytes. Outside mode = "http"
// none of the addresses exists.
func (b *Bot) HTTP() http.Handler {
	mux := http.NewServeMux()
	if b.config.Mode != HTTP {
		return mux
	}
	mux.Handle("POST "+pathCommands, b.signed(b.postedCommand))
	mux.Handle("POST "+pathInteractions, b.signed(b.postedInteraction))
	mux.Handle("POST "+pathEvents, b.signed(b.postedEvent))
	mux.HandleFunc("GET "+pathCommands, b.certificateCheck)
	return mux
}

// certificateCheck answers Slack's look at our certificate, which carries no signature.
func (b *Bot) certificateCheck(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("ssl_check") != "1" {
		w.Header().Set("Allow", http.MethodPost)
		b.refuse(w, http.StatusMethodNotAllowed)
	}
}

// signed lets through what Slack has signed within the last five minutes, with its body whole,
// and each request once: whoever has seen one can send it again.
func (b *Bot) signed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			b.refuse(w, http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			b.refuse(w, http.StatusBadRequest)
			return
		case isCertificateCheck(body):
			return
		case !b.verified(r.Header, body):
			b.log.Warn("slack signature does not match", "path", r.URL.Path)
			b.health.forged()
			b.refuse(w, http.StatusUnauthorized)
			return
		}
		b.health.hear()
		if n := r.Header.Get("X-Slack-Retry-Num"); n != "" {
			b.again(r.Header.Get("X-Slack-Retry-Reason"))
		}
		if b.seen.before("request", strings.ToLower(r.Header.Get("X-Slack-Signature"))) {
			b.metrics.repeated("request")
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next(w, r)
	}
}

// again notes that Slack delivers something once more, and why.
func (b *Bot) again(reason string) {
	b.log.Info("slack delivers again", "reason", clip(oneLine(reason), 40))
}

// refuse answers without a body and tells Slack not to try again.
func (b *Bot) refuse(w http.ResponseWriter, status int) {
	b.metrics.refused(status)
	w.Header().Set("X-Slack-No-Retry", "1")
	w.WriteHeader(status)
}

func isCertificateCheck(body []byte) bool {
	form, err := url.ParseQuery(string(body))
	return err == nil && form.Get("ssl_check") == "1"
}

func (b *Bot) verified(h http.Header, body []byte) bool {
	v, err := slack.NewSecretsVerifier(h, b.config.SigningSecret.Reveal())
	if err != nil {
		return false
	}
	_, _ = v.Write(body) // a hash takes everything
	return v.Ensure() == nil
}

func (b *Bot) postedCommand(w http.ResponseWriter, r *http.Request) {
	c, err := slack.SlashCommandParse(r)
	if err != nil || c.Command == "" {
		b.refuse(w, http.StatusBadRequest)
		return
	}
	b.answer(w, r, inboundCommand(c))
}

func (b *Bot) postedInteraction(w http.ResponseWriter, r *http.Request) {
	c, err := slack.InteractionCallbackParse(r)
	if err != nil {
		b.refuse(w, http.StatusBadRequest)
		return
	}
	b.answer(w, r, inboundInteraction(c))
}

func (b *Bot) postedEvent(w http.ResponseWriter, r *http.Request) {
	var e envelope
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
		b.refuse(w, http.StatusBadRequest)
		return
	}
	if e.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, e.Challenge)
		return
	}
	b.answer(w, r, e.inbound())
}

// answer acknowledges what came in, and does what remains when the answer is whole and on its way.
// Stopping the server waits for that, since it is still serving the request.
func (b *Bot) answer(w http.ResponseWriter, r *http.Request, in Inbound) {
	a := b.take(r.Context(), in)
	body := a.payload()
	if body != nil {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if _, err := w.Write(body); err != nil {
		b.log.Warn("slack took no answer", "err", err)
	}
	if a.then == nil {
		return
	}
	_ = http.NewResponseController(w).Flush() // what cannot flush has a reader that waits
	a.then(context.WithoutCancel(r.Context()))
}
