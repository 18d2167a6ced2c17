package privacy

import (
	"strings"
	"time"

	"viesti/i18n"
	"viesti/outbox"
)

// paper is a document of headings and lines, as Markdown that reads well as it is.
type paper struct {
	strings.Builder
	lang i18n.Lang
	zone *time.Location
}

func (p *paper) t(key string, args i18n.Args) string { return i18n.T(p.lang, key, args) }

func (p *paper) title(title string) { p.WriteString("# " + oneLine(title) + "\n") }

func (p *paper) heading(title string) { p.WriteString("\n## " + oneLine(title) + "\n\n") }

func (p *paper) head(key string) { p.heading(p.t(key, nil)) }

// para is a paragraph. What others wrote becomes one line, so that it can be no heading of ours.
func (p *paper) para(text string) {
	if !strings.HasSuffix(p.String(), "\n\n") {
		p.WriteString("\n")
	}
	p.WriteString(oneLine(text) + "\n")
}

func (p *paper) line(text string) { p.WriteString("- " + oneLine(text) + "\n") }

// own is a paragraph of the organiser's words, which may have several.
func (p *paper) own(t i18n.Text) {
	for part := range strings.SplitSeq(t.In(p.lang), "\n") {
		if strings.TrimSpace(part) != "" {
			p.para(part)
		}
	}
}

// value is a line that is left out where there is nothing to say.
func (p *paper) value(key, value string) {
	if value != "" {
		p.line(p.t(key, i18n.Args{"value": value}))
	}
}

// day is a day as records have it, as people write it.
func (p *paper) day(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return i18n.Date(p.lang, t)
}

func (p *paper) moment(t time.Time) string { return i18n.DateTime(p.lang, t.In(p.zone)) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Document is what is held, in words for the person themselves, with all that Article 15 asks for.
func (h Held) Document(t Terms, l i18n.Lang) string {
	p := &paper{lang: l, zone: t.Zone}
	p.title(p.t("privacy.held.title", nil))
	p.para(p.t("privacy.held.lead", i18n.Args{"title": t.Title.In(l), "email": h.Email, "date": i18n.Date(l, h.At.In(t.Zone))}))
	h.contact(p, t)
	h.remembered(p)
	h.letters(p)
	h.reached(p)
	h.asStaff(p)
	h.used(p)
	p.head("privacy.held.answers")
	p.para(p.t("privacy.held.no_answers", nil))
	h.terms(p, t)
	return p.String()
}

func (h Held) contact(p *paper, t Terms) {
	p.head("privacy.held.contact")
	c := h.Contact
	if c == nil {
		p.para(p.t("privacy.held.no_contact", nil))
		return
	}
	var names []string
	for _, n := range h.Networks {
		names = append(names, n.Name.In(p.lang))
	}
	p.value("privacy.held.email", c.Email)
	p.value("privacy.held.name", c.Name)
	p.value("privacy.held.organisation", c.Organisation)
	if c.Language != "" {
		p.value("privacy.held.language", p.t("privacy.language."+string(c.Language), nil))
	}
	p.value("privacy.held.networks", strings.Join(names, ", "))
	p.value("privacy.held.slack", c.SlackUser)
	if c.SlackAsked != "" {
		p.value("privacy.held.slack_asked", p.day(c.SlackAsked))
	}
	p.value("privacy.held.link", t.BaseURL+"/u/"+c.Token)
}

// remembered is what is kept under the hash of the address.
func (h Held) remembered(p *paper) {
	p.head("privacy.held.wishes")
	if !h.Hashed {
		p.para(p.t("privacy.held.nothing_remembered", nil))
		return
	}
	s := h.Standing
	switch {
	case s.OptedOut && s.Opted.Day != "":
		p.line(p.t("privacy.held.opted_out", i18n.Args{"date": p.day(s.Opted.Day)}))
	case s.OptedOut:
		p.line(p.t("privacy.held.opted_out_since", nil))
	}
	for _, x := range []struct {
		key string
		set bool
	}{{"privacy.held.erased", s.Erased}, {"privacy.held.bounced", s.Bounced}, {"privacy.held.no_slack", s.NoSlack}, {"privacy.held.paused", s.Paused}} {
		if x.set {
			p.line(p.t(x.key, nil))
		}
	}
	if s.Answered != "" {
		p.line(p.t("privacy.held.answered", i18n.Args{"wave": s.Answered}))
	}
	if s.Results != "" {
		p.line(p.t("privacy.held.results", i18n.Args{"wave": s.Results}))
	}
	for _, words := range []string{s.Opted.Words, s.Dead.Words} {
		if words != "" {
			p.line(p.t("privacy.held.said", i18n.Args{"words": words}))
		}
	}
	p.para(p.t("privacy.held.hashed", nil))
}

func (h Held) letters(p *paper) {
	p.head("privacy.held.messages")
	if len(h.Letters) == 0 {
		p.para(p.t("privacy.held.no_messages", nil))
	}
	for _, x := range h.Letters {
		at := x.Settled
		if at.IsZero() {
			at = x.Queued
		}
		line := p.t("privacy.held.message", i18n.Args{
			"date": p.moment(at), "kind": p.kind(x.Kind), "wave": x.Wave,
			"channel": p.t("privacy.channel."+string(x.Carrier), nil), "state": p.t("privacy.state."+string(x.State), nil),
		})
		if x.Said != "" {
			line += ". " + p.t("privacy.held.said", i18n.Args{"words": x.Said})
		}
		p.line(line)
	}
	if len(h.Returned) > 0 {
		p.head("privacy.held.returned")
	}
	for _, r := range h.Returned {
		words := strings.Join([]string{r.Code, r.Enhanced, r.Words}, " ")
		p.line(p.t("privacy.held.came_back", i18n.Args{"date": p.moment(r.At), "words": words}))
	}
}

// kind is what a message was. Those to people who run the survey go to no contact.
func (p *paper) kind(k outbox.Kind) string {
	if n := k.Number(); n > 0 {
		return p.t("privacy.kind.reminder", i18n.Args{"number": n})
	}
	return p.t("privacy.kind."+strings.ReplaceAll(string(k), "-", "_"), nil)
}

func (h Held) reached(p *paper) {
	if len(h.Dispositions) > 0 {
		p.head("privacy.held.waves")
	}
	for _, d := range h.Dispositions {
		var what []string
		for _, x := range []struct {
			key string
			set bool
		}{
			{"privacy.held.contacted", d.Contacted},
			{"privacy.held.undelivered", d.Undelivered},
			{"privacy.held.wave_opted_out", d.OptedOut},
			{"privacy.held.wave_answered", d.Answered},
		} {
			if x.set {
				what = append(what, p.t(x.key, nil))
			}
		}
		p.line(p.t("privacy.held.wave", i18n.Args{"wave": d.Wave, "date": p.day(d.Day), "what": strings.Join(what, "; ")}))
	}
}

func (h Held) asStaff(p *paper) {
	if len(h.Roles) == 0 && len(h.Leads) == 0 && h.Speaks == "" {
		return
	}
	p.head("privacy.held.roles")
	for _, n := range h.Leads {
		p.line(p.t("privacy.held.leads", i18n.Args{"network": n.Name.In(p.lang), "name": n.Coordinator}))
	}
	for _, g := range h.Roles {
		network := g.Network
		if network == "" {
			network = p.t("privacy.held.everywhere", nil)
		}
		p.line(p.t("privacy.held.role", i18n.Args{"role": p.t("privacy.role."+string(g.Role), nil), "network": network}))
	}
	if h.Speaks != "" {
		p.value("privacy.held.speaks", p.t("privacy.language."+string(h.Speaks), nil))
	}
}

func (h Held) used(p *paper) {
	if len(h.Uses) > 0 {
		p.head("privacy.held.uses")
	}
	for _, u := range h.Uses {
		p.line(p.t("privacy.held.use", i18n.Args{"date": p.moment(u.At), "act": p.t("audit.act."+string(u.Act), nil)}))
	}
}

func (h Held) terms(p *paper, t Terms) {
	for _, x := range []struct {
		head string
		text i18n.Text
	}{
		{"privacy.held.purpose", t.Purpose},
		{"privacy.held.basis", t.Basis},
		{"privacy.held.source", t.Source},
		{"privacy.held.recipients", t.Recipients},
		{"privacy.held.retention", t.Retention},
		{"privacy.held.rights", t.Rights},
	} {
		p.head(x.head)
		p.own(x.text)
	}
	p.para(p.t("privacy.held.decisions", nil))
	p.para(p.t("privacy.held.complaint", i18n.Args{"authority": t.Authority.In(p.lang)}))
	p.head("privacy.held.asks")
	p.own(t.Controller)
	p.para(t.Contact)
	p.own(t.Officer)
}
