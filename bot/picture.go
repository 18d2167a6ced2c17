package bot

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/slack-go/slack"

	"viesti/report"
	"viesti/staff"
)

// Picture is a drawing of figures.
type Picture struct {
	Title string
	Text  string // what it shows, in words, for those who do not see it
	PNG   []byte
}

// Slack's limits of a file's words, in characters.
const (
	maxAlt       = 1000
	maxFileTitle = 250
)

const (
	pictureName  = "rates.png"
	methodUpload = "files.upload" // the address that takes the bytes, which is a secret
)

var errNotTaken = errors.New("slack: the bytes of a file were not taken")

// upload puts a picture into a conversation. That it is complete is all that Slack says: the picture
// appears some seconds later. slack-go sees to it that the token goes to Slack's own addresses alone.
func (p *port) upload(ctx context.Context, channel string, x Picture) error {
	var at *slack.GetUploadURLExternalResponse
	err := p.call(ctx, func(ctx context.Context) (err error) {
		at, err = p.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{
			AltTxt: clip(x.Text, maxAlt), FileName: pictureName, FileSize: len(x.PNG),
		})
		return err
	})
	if err != nil {
		return err
	}
	put := &exchange{as: methodUpload}
	err = p.api.UploadToURL(put.in(ctx), slack.UploadToURLParameters{
		UploadURL: at.UploadURL, Filename: pictureName, Reader: bytes.NewReader(x.PNG),
	})
	if put.status != http.StatusOK {
		return &refusal{Method: methodUpload, Code: put.code(), outcome: put.outcome(p.wire.now()), cause: errors.Join(errNotTaken, err)}
	}
	return p.call(ctx, func(ctx context.Context) error {
		_, err := p.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: at.FileID, Title: clip(x.Title, maxFileTitle)}}, Channel: channel,
		})
		return err
	})
}

// draws tells whether the app may show pictures. A server of Slack's shape need not say so.
func (b *Bot) draws(ctx context.Context) bool {
	granted, err := b.access.slack.scopes(ctx)
	return err == nil && has(granted, scopeFiles)
}

// drawn is the picture of a network's figures, or with none named of all together, for who may look at
// them; ok is false where there is none to be shown.
func (r *reply) drawn(ctx context.Context, network string) (x Picture, ok bool) {
	if !r.rights.May(staff.Look, network) || !r.draws(ctx) {
		return x, false
	}
	x, err := r.desk.Picture(ctx, report.Query{Network: network, By: report.ByDay, Lang: r.lang})
	if err != nil {
		r.log.Warn("a picture cannot be drawn", "network", network, "err", err)
	}
	return x, err == nil
}

// show puts the picture of figures below them, where the app may. The figures are there in words, so
// nothing is lost without it.
func (r *reply) show(ctx context.Context, channel, network string) bool {
	x, ok := r.drawn(ctx, network)
	if !ok {
		return false
	}
	err := r.port.upload(ctx, channel, x)
	if err != nil {
		r.log.Warn("a picture is not shown", "channel", channel, "network", network, "err", err)
	}
	return err == nil
}

// drawable tells whether the reader can have figures as a picture: they may look at them all, and the
// app may send pictures and direct messages.
func (r *reply) drawable(ctx context.Context, network string) bool {
	return r.config.DirectMessages && r.rights.May(staff.Look, network) && r.draws(ctx)
}

// ratesPicture sends the picture of what somebody was shown to them, as a direct message: in a channel
// everybody would see it.
func (r *reply) ratesPicture(ctx context.Context) (message, error) {
	if !r.rights.May(staff.Look, r.Network) {
		return r.denied(ctx), nil
	}
	words := r.t("bot.rates.drawn", nil)
	if to, err := r.port.direct(ctx, r.in.User); err != nil || !r.show(ctx, to, r.Network) {
		words = r.t("bot.rates.undrawn", nil)
	}
	m, err := r.rates(ctx)
	m.begin(words)
	return m, err
}
