package bot

import (
	"context"

	"github.com/slack-go/slack"
)

// modal is a view that lies over the chat.
type modal struct {
	Type     string  `json:"type"`
	Callback string  `json:"callback_id,omitempty"`
	Metadata string  `json:"private_metadata,omitempty"`
	Title    *plain  `json:"title"`
	Submit   *plain  `json:"submit,omitempty"`
	Close    *plain  `json:"close,omitempty"`
	Blocks   []block `json:"blocks"`
}

// form is what makes a message one to be filled in.
type form struct {
	action   string // what its submission does
	submit   string // the word on its button
	metadata string // comes back with the submission
}

// Slack's limits of modals.
const (
	maxModalTitle  = 24
	maxModalBlocks = 100
	maxMetadata    = 3000
)

// modal is the message as a modal.
func (r *reply) modal(m message) *modal {
	v := &modal{
		Type: "modal", Title: plainText(m.title, maxModalTitle), Blocks: m.blocks[:min(len(m.blocks), maxModalBlocks)],
		Close: plainText(r.t("bot.modal.close", nil), maxModalTitle),
	}
	if m.title == "" {
		v.Title = plainText(r.t("bot.modal.title", nil), maxModalTitle)
	}
	if m.form != nil {
		v.Callback, v.Metadata = actionID(m.form.action, r.lang, 0), m.form.metadata
		v.Submit = plainText(m.form.submit, maxModalTitle)
		v.Close = plainText(r.t("bot.modal.cancel", nil), maxModalTitle)
	}
	return v
}

// native gives a modal to slack-go.
func (v *modal) native() slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: v.Callback, PrivateMetadata: v.Metadata,
		Title: v.Title.native(), Submit: v.Submit.native(), Close: v.Close.native(),
		Blocks: slack.Blocks{BlockSet: native(v.Blocks)},
	}
}

func (p *plain) native() *slack.TextBlockObject {
	if p == nil {
		return nil
	}
	return slack.NewTextBlockObject(slack.PlainTextType, p.Text, false, false)
}

// open shows a modal to who pressed or typed something a moment ago.
func (p *port) open(ctx context.Context, trigger string, v *modal) error {
	return p.call(ctx, func(ctx context.Context) error {
		_, err := p.api.OpenViewContext(ctx, trigger, v.native())
		return err
	})
}

// update shows another modal in a modal's place.
func (p *port) update(ctx context.Context, id string, v *modal) error {
	return p.call(ctx, func(ctx context.Context) error {
		_, err := p.api.UpdateViewContext(ctx, v.native(), "", "", id)
		return err
	})
}

// publish shows a Home tab to a user; a hash other than that of what they see is refused.
func (p *port) publish(ctx context.Context, user string, blocks []block, hash string) error {
	r := slack.PublishViewContextRequest{
		UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: native(blocks)}},
	}
	if hash != "" {
		r.Hash = &hash
	}
	return p.call(ctx, func(ctx context.Context) error {
		_, err := p.api.PublishViewContext(ctx, r)
		return err
	})
}
