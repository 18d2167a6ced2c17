package bot

import (
	"context"
	"slices"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/staff"
)

// network is the one that was named, else that of the channel in which the command was typed, else
// the only one there is for this person. Where there is none, the answer to give is in ask. Nobody
// is told of networks with which they may not do what they want to.
func (r *reply) network(ctx context.Context, act staff.Act) (n contacts.Network, ask *message, err error) {
	list, err := r.networks(ctx, act)
	if err != nil {
		return n, nil, err
	}
	if r.Network == "" {
		for _, n := range list {
			if n.SlackChannel != "" && n.SlackChannel == r.in.Channel || len(list) == 1 {
				return n, nil, nil
			}
		}
		return n, r.which(list, "bot.network.which", nil), nil
	}
	switch found := find(list, r.Network); len(found) {
	case 0:
		return n, r.nearest(list), nil
	case 1:
		return found[0], nil, nil
	default:
		return n, r.which(found, "bot.network.several", i18n.Args{"network": name(r.Network)}), nil
	}
}

// networks are those with which this person may do something.
func (r *reply) networks(ctx context.Context, act staff.Act) ([]contacts.Network, error) {
	list, err := r.desk.Networks(ctx)
	return slices.DeleteFunc(slices.Clone(list), func(n contacts.Network) bool { return !r.rights.May(act, n.ID) }), err
}

func (r *reply) nearest(list []contacts.Network) *message {
	near, ok := nearestNetwork(list, r.Network)
	args := i18n.Args{"network": name(r.Network)}
	if !ok {
		return r.which(list, "bot.network.unknown", args)
	}
	args["guess"], args["id"], args["verb"] = name(near.Name.In(r.lang)), literal(near.ID), r.Verb.word(r.lang)
	m := r.short("bot.network.unknown_near", args)
	m.actions(r.named(near.Name.In(r.lang), string(r.Verb), near.ID))
	return &m
}

// A menu that is sent as an answer has to fit into it, with the same networks as text.
const (
	offeredNetworks = 60
	listedNetworks  = 20
)

// which asks for a network, offering those there are: as buttons where they are few, else as a menu.
func (r *reply) which(list []contacts.Network, key string, args i18n.Args) *message {
	m := r.short(key, merge(args, i18n.Args{"verb": r.Verb.word(r.lang)}))
	var buttons []*element
	var options []option
	lines := ""
	for i, n := range list[:min(len(list), offeredNetworks)] {
		called := n.Name.In(r.lang)
		buttons = append(buttons, r.named(clip(oneLine(called), shortButton), string(r.Verb), n.ID))
		options = append(options, choose(clip(oneLine(called), shortButton), n.ID))
		if i == listedNetworks {
			lines += "\n…"
		}
		if i >= listedNetworks {
			continue
		}
		lines += "\n• " + code(n.ID) + " " + name(called)
	}
	switch {
	case len(list) == 0:
		return &m
	case len(list) <= maxRow:
		m.actions(buttons...)
	default:
		m.actions(r.choice("bot.network.choose", string(r.Verb), options))
	}
	m.lines = append(m.lines, lines[1:])
	return &m
}
