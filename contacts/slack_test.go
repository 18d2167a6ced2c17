package contacts

import (
	"testing"
	"time"
)

func TestAskSlack(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		contact Contact
		want    bool
	}{
		"never asked":      {Contact{Email: "a@example.org"}, true},
		"known":            {Contact{Email: "a@example.org", SlackUser: "U1"}, false},
		"no address":       {Contact{}, false},
		"asked last week":  {Contact{Email: "a@example.org"}.WithAccount("", "2026-11-21"), false},
		"asked long ago":   {Contact{Email: "a@example.org"}.WithAccount("", "2026-09-21"), true},
		"found since then": {Contact{Email: "a@example.org"}.WithAccount("", "2026-09-21").WithAccount("U1", "2026-11-21"), false},
	} {
		if got := c.contact.AskSlack(now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	listed := Contact{SlackAsked: "2026-11-21"}.Merge(Contact{SlackUser: "U2"})
	if listed.SlackUser != "U2" || listed.SlackAsked != "" {
		t.Errorf("an import says otherwise: %+v", listed)
	}
}
