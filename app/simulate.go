package app

import (
	"context"

	"viesti/contacts"
	"viesti/outbox"
	"viesti/server/control"
	"viesti/simulation"
)

// simulate plays the wave with the people that the lists have.
func (a *App) simulate(ctx context.Context, s control.Simulation) (simulation.Result, error) {
	in := simulation.Input{Wave: a.Campaign.Wave, Behaviour: s.Behaviour, Seed: s.Seed, Runs: s.Runs}
	people := map[string]int64{}
	err := a.Store.Contacts(ctx, func(k contacts.Known) error {
		if k.Email != "" && outbox.Unwanted(k.Standing, "") == "" { // that they answered would be a wave's
			people[k.Home()]++
		}
		return nil
	})
	if err != nil {
		return simulation.Result{}, err
	}
	networks, err := a.Store.Networks(ctx)
	if err != nil {
		return simulation.Result{}, err
	}
	for _, n := range networks {
		in.Networks = append(in.Networks, simulation.Network{ID: n.ID, People: people[n.ID], Target: int64(n.Target)})
	}
	return simulation.Run(in)
}
