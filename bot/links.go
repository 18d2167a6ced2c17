package bot

import (
	"context"
	"strings"

	"viesti/i18n"
	"viesti/link"
	"viesti/staff"
)

// offered are the channels whose links are shown when none is named. Onward links are made by
// those who pass the survey on, each from the link they came by.
var offered = []link.Channel{link.Mail, link.Slack, link.Poster, link.Web}

func (r *reply) link(ctx context.Context) (message, error) {
	n, ask, err := r.network(ctx, staff.Look)
	if err != nil {
		return message{}, err
	}
	if ask != nil {
		return *ask, nil
	}
	channels := offered
	if r.Channel != "" {
		channels = []link.Channel{r.Channel}
	}
	var rich, text string
	for _, ch := range channels {
		url, err := r.desk.Link(ctx, n.ID, ch)
		if err != nil {
			return message{}, err
		}
		called := "\n• " + r.t("bot.channel."+string(ch), nil) + ": "
		rich += called + hyperlink(url, "")
		text += called + url
	}
	head := r.t("bot.link.head", i18n.Args{"network": name(n.Name.In(r.lang))})
	var m message
	m.sayAs(head+rich, head+text)
	m.note(r.t("bot.link.note", nil))
	if r.Channel == "" {
		err = r.forward(ctx, n.ID, &m)
	}
	return m, err
}

// forward adds a text that is ready to be pasted, with the link that is passed on.
func (r *reply) forward(ctx context.Context, network string, m *message) error {
	url, err := r.desk.Link(ctx, network, link.Onward)
	if err != nil {
		return err
	}
	text := link.Sheet{
		Title: r.survey.Title.In(r.lang), Organiser: r.survey.Organiser.In(r.lang), Minutes: r.survey.Minutes,
		Closes: r.survey.Closes.In(r.survey.Zone), URL: url, Lang: r.lang,
	}.Forward()
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = escape(line)
	}
	m.sayAs(r.t("bot.link.forward", nil)+"\n```"+strings.Join(lines, "\n")+"```", r.t("bot.link.forward", nil)+"\n"+text)
	return nil
}
