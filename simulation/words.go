package simulation

import "viesti/i18n"

// Name is what the plan is called.
func (o Outcome) Name(l i18n.Lang) string { return i18n.T(l, "simulation.plan."+o.Plan, nil) }

// Words say what the figures are, and what they are not.
func (r Result) Words(l i18n.Lang) []string {
	b := r.Behaviour
	return []string{
		i18n.T(l, "simulation.model", nil),
		i18n.T(l, "simulation.played", i18n.Args{"runs": r.Runs, "people": r.People, "seed": int64(r.Seed)}), //nolint:gosec // shown as it was typed
		i18n.T(l, "simulation.assumed", i18n.Args{"invitation": i18n.Percent(l, b.Invitation), "passed_on": i18n.Percent(l, b.PassedOn)}),
		i18n.T(l, "simulation.left_out", nil),
	}
}
