package bot

import (
	"context"
	"strings"

	"viesti/i18n"
	"viesti/staff"
)

// help is a menu: a line for each command, and buttons for those that need no more than a press.
// With a topic it is all there is to say of one command.
func (r *reply) help(ctx context.Context) (m message) {
	if r.Topic != "" && r.Topic != verbHelp {
		m.say(r.t("bot.verb."+string(r.Topic), nil))
		if r.rights.Anywhere(r.Topic.act()) && r.Topic != verbClaim {
			m.actions(r.button("bot.open."+string(r.Topic), string(r.Topic), ""))
		}
		return m
	}
	m.title = r.t("bot.help.title", nil)
	m.header(r.t("bot.help.title", nil))
	var lines []string
	for _, v := range verbs {
		if v.verb != verbHelp && v.verb != verbClaim {
			first, _, _ := strings.Cut(r.t("bot.verb."+string(v.verb), nil), "\n")
			lines = append(lines, "• "+first)
		}
	}
	m.say(strings.Join(lines, "\n"))
	m.note(r.t("bot.help.more", nil))
	r.menu(&m)
	if !r.rights.Anywhere(staff.Look) {
		refused := r.denied(ctx)
		m.say(refused.text())
	}
	m.note(r.t("bot.help.private", nil))
	m.note(r.t("bot.help.languages", nil))
	return m
}

// menu adds buttons for what the reader may do.
func (r *reply) menu(m *message) {
	rows := [][]verb{{verbRates, verbLink, verbStatus, verbLanguage}, {verbInvite, verbRemind, verbShare, verbDigest}, {verbPause, verbResume, verbRole}}
	for _, row := range rows {
		var buttons []*element
		for _, v := range row {
			if r.rights.Anywhere(v.act()) {
				buttons = append(buttons, r.button("bot.open."+string(v), string(v), ""))
			}
		}
		if buttons != nil {
			m.actions(buttons...)
		}
	}
}

// unknown suggests the command that is most like what was typed, in that command's language.
func (r *reply) unknown() (m message) {
	word, l, ok := nearestWord(r.Word, r.lang)
	if !ok {
		m = r.short("bot.unknown", i18n.Args{"word": name(clip(r.Word, 40)), "help": verbHelp.word(r.lang)})
	} else {
		r.lang = l
		m = r.short("bot.unknown_near", i18n.Args{"word": name(clip(r.Word, 40)), "guess": word, "help": verbHelp.word(l)})
	}
	m.actions(r.button("bot.do.help", string(verbHelp), ""))
	return m
}

// shownAdmins is how many administrators are named to who has to ask one.
const shownAdmins = 3

// denied names whom to ask, and nothing else.
func (r *reply) denied(ctx context.Context) message {
	list, err := r.access.all(ctx)
	if err != nil {
		r.log.Error("slack roles cannot be read", "err", err)
	}
	var who []string
	for _, id := range staff.Holders(list, staff.Admin, "") {
		if len(who) < shownAdmins {
			who = append(who, mentioned(id))
		}
	}
	if who == nil {
		return r.short("bot.denied_nobody", nil)
	}
	return r.short("bot.denied", i18n.Args{"admins": strings.Join(who, ", ")})
}
