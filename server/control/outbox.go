package control

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
)

func (a *API) outbox(c *gin.Context) {
	states := []outbox.State{outbox.Uncertain, outbox.Failed}
	if s := outbox.State(c.Query("state")); s != "" {
		if !slices.Contains(outbox.States, s) {
			a.fail(c, fault.New(fault.Invalid, "control.unknown_state", i18n.Args{"state": string(s)}))
			return
		}
		states = []outbox.State{s}
	}
	list, err := a.Outbox(c, states)
	if list == nil {
		list = []Trouble{}
	}
	a.answer(c, list, err)
}

func (a *API) settle(c *gin.Context) {
	var in Verdict
	if !a.body(c, &in) {
		return
	}
	if !slices.Contains(outbox.Verdicts, in.Verdict) {
		a.fail(c, fault.New(fault.Invalid, "control.unknown_verdict", i18n.Args{"verdict": string(in.Verdict)}))
		return
	}
	out := Settlement{Settled: []string{}, Unchanged: []string{}, Unknown: []string{}}
	var keys []outbox.Key
	for _, name := range in.Keys {
		found, err := a.named(c, name)
		if err != nil {
			a.fail(c, err)
			return
		}
		if found == nil {
			out.Unknown = append(out.Unknown, name)
		}
		keys = append(keys, found...)
	}
	if in.All {
		uncertain, err := a.keys(c, outbox.Query{Wave: a.Wave, States: []outbox.State{outbox.Uncertain}})
		if err != nil {
			a.fail(c, err)
			return
		}
		keys = append(keys, uncertain...)
	}
	done, err := outbox.Settle(c, a.Store, in.Verdict, keys, a.Day(), a.Now())
	for _, k := range done.Settled {
		out.Settled = append(out.Settled, k.String())
	}
	for _, k := range done.Unchanged {
		out.Unchanged = append(out.Unchanged, k.String())
	}
	if err == nil {
		a.Wake()
	}
	a.answer(c, out, err)
}

// named are the messages that a key or an address names: one, or those of a person that need
// somebody. None is unknown.
func (a *API) named(ctx context.Context, name string) ([]outbox.Key, error) {
	q := outbox.Query{Wave: a.Wave}
	if key, ok := outbox.ParseKey(name, a.Wave); ok {
		q.Recipients = []string{key.Recipient}
		list, err := a.keys(ctx, q)
		return slices.DeleteFunc(list, func(k outbox.Key) bool { return k != key }), err
	}
	if !strings.Contains(name, "@") {
		return nil, nil
	}
	known, err := a.Store.ContactByEmail(ctx, name)
	if errors.Is(err, contacts.ErrNoContact) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	q.Recipients, q.States = []string{known.ID}, []outbox.State{outbox.Uncertain}
	return a.keys(ctx, q)
}

func (a *API) keys(ctx context.Context, q outbox.Query) (list []outbox.Key, err error) {
	err = a.Store.Messages(ctx, q, func(m outbox.Message) error {
		list = append(list, m.Key)
		return nil
	})
	return list, err
}
