package privacy

import (
	"time"

	"viesti/i18n"
)

// Section is a part of the record of processing: what Article 30(1) asks for, and what holds here.
type Section struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}

// Record is the record of processing activities (GDPR, Article 30).
type Record struct {
	Lang     i18n.Lang `json:"lang"`
	Day      string    `json:"day"`
	Title    string    `json:"title"`
	Lead     string    `json:"lead"`
	Sections []Section `json:"sections"`
}

// RecordOf draws the record up from how the survey is set up.
func RecordOf(t Terms, l i18n.Lang, now time.Time) Record {
	now = now.In(t.Zone)
	p := &paper{lang: l, zone: t.Zone}
	r := Record{
		Lang: l, Day: now.Format(time.DateOnly), Title: p.t("privacy.record.title", nil),
		Lead: p.t("privacy.record.lead", i18n.Args{"date": i18n.Date(l, now)}),
	}
	add := func(id string, lines ...string) {
		s := Section{ID: id, Title: p.t("privacy.record."+id, nil), Lines: []string{}}
		for _, line := range lines {
			if line = oneLine(line); line != "" {
				s.Lines = append(s.Lines, line)
			}
		}
		r.Sections = append(r.Sections, s)
	}
	say := func(key string) string { return p.t("privacy.record."+key, nil) }
	where := func(set bool, key string) string {
		if set {
			return say(key)
		}
		return ""
	}
	add("activity", p.t("privacy.record.name", i18n.Args{"title": t.Title.In(l), "wave": t.Wave, "date": i18n.Date(l, t.Closes)}))
	add("controller", t.Controller.In(l), t.Contact)
	add("officer", t.Officer.In(l))
	add("purpose", t.Purpose.In(l))
	add("basis", t.Basis.In(l))
	add("subjects", say("contacts"), say("respondents"), say("staff"))
	add("categories", say("of_contacts"), say("of_answers"), say("of_staff"), say("sensitive"))
	add("source", t.Source.In(l))
	add("recipients", t.Recipients.In(l), where(t.Mail, "relay"), where(t.Slack, "slack"), where(t.LookUp, "lookup"))
	add("transfers", say("no_transfers"), where(t.Slack, "slack_transfers"))
	add("retention", append([]string{t.Retention.In(l)}, p.limits(t)...)...)
	add("security", p.t("privacy.record.secured", i18n.Args{"n": t.MinimumGroup}), say("at_rest"), say("in_transit"), say("logged"), where(t.Console, "signed_in"))
	return r
}

// limits are the times after which things are erased.
func (p *paper) limits(t Terms) []string {
	people, book := p.t("privacy.record.purge_by_hand", nil), p.t("privacy.record.forever", nil)
	if t.Keep > 0 {
		people = p.t("privacy.record.purged", i18n.Args{"n": t.Keep})
	}
	if t.KeepAudit > 0 {
		book = p.t("privacy.record.audited", i18n.Args{"n": t.KeepAudit})
	}
	return []string{
		people, p.t("privacy.record.opted", nil), p.t("privacy.record.drafts", i18n.Args{"n": t.KeepDrafts}),
		p.t("privacy.record.answers_kept", nil), book,
	}
}

// Document is the record as Markdown.
func (r Record) Document() string {
	p := &paper{}
	p.title(r.Title)
	p.para(r.Lead)
	for _, s := range r.Sections {
		p.heading(s.Title)
		for _, line := range s.Lines {
			p.line(line)
		}
	}
	return p.String()
}
