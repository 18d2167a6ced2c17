package bot

import (
	"context"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/staff"
)

// language sets the language that somebody is answered in.
func (r *reply) language(ctx context.Context) (m message, err error) {
	chosen := r.Reply
	if l, ok := i18n.ParseLang(r.in.Value); ok && r.in.Action != "" {
		chosen = l
	}
	if chosen == "" {
		m.say(r.t("bot.language.which", nil))
		var buttons []*element
		for _, l := range i18n.Langs {
			buttons = append(buttons, r.named(l.Name(), "language.set", string(l)))
		}
		m.actions(buttons...)
		return m, nil
	}
	if err := r.roster.Store.PutPerson(ctx, staff.Person{User: r.in.User, Lang: chosen}); err != nil {
		return m, err
	}
	r.lang = chosen
	return r.short("bot.language.done", nil), nil
}

// claim makes somebody administrator who has the code.
func (r *reply) claim(ctx context.Context) (message, error) {
	if !r.own {
		return r.short("bot.access_unknown", nil), nil
	}
	ok, err := r.roster.Claim(ctx, r.in.User, r.Code)
	switch {
	case err != nil:
		return message{}, err
	case !ok:
		r.log.Warn("slack claim refused", "user", r.in.User)
		return r.short("bot.claim.refused", nil), nil
	}
	r.log.Info("slack claim", "user", r.in.User)
	m := r.short("bot.claim.done", nil)
	m.actions(r.button("bot.do.help", string(verbHelp), ""), r.button("bot.do.rates", string(verbRates), ""))
	return m, nil
}

// role gives a role, or tells who has which.
func (r *reply) role(ctx context.Context) (message, error) {
	if r.Who == "" || r.Role == "" {
		return r.roles(ctx)
	}
	g := staff.Grant{Who: r.Who, Role: r.Role, By: r.in.User}
	if r.Role != staff.Admin && !r.All {
		if r.Network == "" && r.Role == staff.None {
			return r.short("bot.role.which", nil), nil
		}
		n, ask, err := r.network(ctx, staff.Govern)
		if err != nil || ask != nil {
			return orElse(r.withoutButtons(ask)), err
		}
		g.Network = n.ID
	}
	if _, err := r.roster.Give(ctx, g); err != nil {
		return message{}, err
	}
	r.log.Info("slack role given", "who", g.Who, "role", g.Role, "network", g.Network, "by", g.By)
	return r.roles(ctx)
}

// withoutButtons is a question without its buttons, where a press could not say all that was typed.
func (r *reply) withoutButtons(m *message) *message {
	if m == nil {
		return nil
	}
	var plain message
	plain.say(strings.Join(m.lines, "\n"))
	return &plain
}

// shownRoles is how many roles are listed.
const shownRoles = 60

// roles lists who has which role: everybody, or those of the person named.
func (r *reply) roles(ctx context.Context) (m message, err error) {
	list, err := r.access.all(ctx)
	if err != nil {
		return m, err
	}
	networks, err := r.desk.Networks(ctx)
	if err != nil {
		return m, err
	}
	names := map[string]string{"": r.t("bot.scope.all", nil)}
	for _, n := range networks {
		names[n.ID] = name(n.Name.In(r.lang))
	}
	lines := []string{}
	for _, g := range list {
		if r.Who != "" && g.Who != r.Who {
			continue
		}
		if len(lines) == shownRoles {
			lines = append(lines, "…")
			break
		}
		called, ok := names[g.Network]
		if !ok {
			called = code(g.Network)
		}
		lines = append(lines, "• "+mentioned(g.Who)+" – "+r.t("bot.role_name."+string(g.Role), nil)+", "+called)
	}
	switch {
	case len(lines) > 0:
		m.say("*" + r.t("bot.role.head", nil) + "*\n" + strings.Join(lines, "\n"))
	case r.Who != "":
		m.say(r.t("bot.role.nothing", i18n.Args{"who": mentioned(r.Who)}))
	default:
		m.say(r.t("bot.role.nobody", nil))
	}
	m.note(r.t("bot.role.how", nil))
	return m, nil
}

// mentioned is a person or a user group. Only who reads the reply sees it, and nobody is called.
func mentioned(who string) string {
	if (staff.Grant{Who: who}).IsGroup() {
		return "<!subteam^" + who + ">"
	}
	return "<@" + who + ">"
}

// digest sets when a network's digest is told, and where.
func (r *reply) digest(ctx context.Context) (m message, err error) {
	n, ask, err := r.network(ctx, staff.Work)
	if err != nil || ask != nil {
		if ask != nil && r.Switch != "" {
			ask = r.withoutButtons(ask)
		}
		return orElse(ask), err
	}
	d, err := r.digestOf(ctx, n.ID)
	if err != nil {
		return m, err
	}
	if r.Switch != "" || r.Day != 0 || r.At != "" {
		r.change(&d)
		if err := r.roster.Store.PutDigest(ctx, d); err != nil {
			return m, err
		}
	}
	args := i18n.Args{"network": name(n.Name.In(r.lang))}
	if !d.On {
		m.say(r.t("bot.digest.is_off", args))
		m.actions(r.button("bot.digest.on", "digest.on", n.ID))
		return m, nil
	}
	args["day"], args["time"] = r.t("bot.weekday."+weekdayKeys[d.Day], nil), i18n.Clock(r.lang, int(d.At)/60, int(d.At)%60)
	args["where"] = r.where(d.To)
	m.say(r.t("bot.digest.is_on", args))
	m.actions(r.button("bot.digest.off", "digest.off", n.ID))
	return m, nil
}

// weekdayKeys end the keys of the days' names.
var weekdayKeys = map[time.Weekday]string{
	time.Monday: "mon", time.Tuesday: "tue", time.Wednesday: "wed", time.Thursday: "thu",
	time.Friday: "fri", time.Saturday: "sat", time.Sunday: "sun",
}

func (r *reply) digestOf(ctx context.Context, network string) (staff.Digest, error) {
	list, err := r.roster.Store.Digests(ctx)
	for _, d := range list {
		if d.Network == network {
			return d, err
		}
	}
	return staff.Usual(network, r.config.Digest), err
}

// change makes the settings what was typed. The digest goes to the channel that was named, else to
// the one it was asked for in, and in a direct message to who asked.
func (r *reply) change(d *staff.Digest) {
	d.On, d.Lang = r.Switch != "off", r.lang
	if r.Day != 0 {
		d.Day = r.weekday()
	}
	if at, ok := staff.ParseClock(r.At); ok {
		d.At = at
	}
	switch {
	case !d.On:
	case r.Room != "":
		d.To = r.Room
	case roomForm.MatchString(r.in.Channel):
		d.To = r.in.Channel
	default:
		d.To = r.in.User
	}
}

func (r *reply) where(to string) string {
	switch {
	case roomForm.MatchString(to):
		return room(to)
	case to == r.in.User:
		return r.t("bot.digest.to_you", nil)
	case to != "":
		return mentioned(to)
	}
	return r.t("bot.digest.to_coordinators", nil)
}

// turn turns a network's digest on or off by a button.
func turn(to string) func(r *reply, ctx context.Context) (message, error) {
	return func(r *reply, ctx context.Context) (message, error) {
		r.Switch = to
		return r.digest(ctx)
	}
}
