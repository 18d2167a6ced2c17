package bot

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"viesti/demo/chat"
	"viesti/i18n"
)

func TestFiguresAreShownToTheChannel(t *testing.T) {
	inBothModes(t, func(t *testing.T, w *workspace, _ *Bot, _ *busyDesk) {
		w.typed(t, "U0ADMIN", "rates")
		shown := w.last("U0ADMIN").Text
		w.press(t, "U0ADMIN", "rates.share")
		until(t, func() bool { return len(w.Posts(somewhere)) == 1 })
		p := w.Posts(somewhere)[0]
		if p.Text != shown || p.User != "" || strings.Contains(p.Text, "/viesti") && !strings.Contains(shown, "/viesti") {
			t.Errorf("everybody sees %q, they saw %q", p.Text, shown)
		}
		raw, _ := json.Marshal(p.Blocks)
		if strings.Contains(string(raw), "action_id") {
			t.Errorf("everybody can press %s", raw)
		}
		w.typed(t, "U0COORD", "rates pomako public")
		until(t, func() bool { return len(w.Posts(somewhere)) == 2 })
		if p := w.Posts(somewhere)[1]; !strings.Contains(p.Text, "Response rate") {
			t.Errorf("everybody sees %q", p.Text)
		}
		until(t, func() bool { // before or after the figures: the two go different ways
			return slices.ContainsFunc(w.Seen(somewhere, "U0COORD"), func(p chat.Post) bool {
				return strings.Contains(p.Text, "The figures are now in <#"+somewhere+">")
			})
		})
	})
}

func TestFiguresWhereTheAppMayNotPost(t *testing.T) {
	w := newWorkspace(t)
	w.bot(t, newBusyDesk(), HTTP)
	w.ChangeChannel(somewhere, func(c *chat.Channel) { c.Joined, c.Private = false, true })
	w.typed(t, "U0ADMIN", "rates")
	w.press(t, "U0ADMIN", "rates.share")
	until(t, func() bool { return len(w.Posts(somewhere)) == 1 })
}

func TestPagesOfManyNetworks(t *testing.T) {
	w, d := newWorkspace(t), newBusyDesk()
	d.networks = nil
	for i := range 200 {
		n := someNetworks()[i%3]
		n.ID, n.SlackChannel = "network-"+string(rune('a'+i/26))+string(rune('a'+i%26)), ""
		n.Name = i18n.Text{i18n.Fi: "Verkosto " + n.ID + " <!channel> *" + strings.Repeat("ä", 200)}
		d.networks = append(d.networks, n)
	}
	w.bot(t, d, Socket)
	w.typed(t, "U0ADMIN", "rates")
	w.press(t, "U0ADMIN", "rates.page")
	seen := map[string]bool{}
	names := regexp.MustCompile(`Verkosto (network-\w\w)`)
	for page := 1; page <= 14; page++ {
		w.sees(t, "U0ADMIN", "Page "+i18n.Number(i18n.En, int64(page))+" of 14")
		for _, m := range names.FindAllStringSubmatch(w.last("U0ADMIN").Text, -1) {
			seen[m[1]] = true
		}
		if page == 14 {
			break
		}
		p := w.last("U0ADMIN")
		raw, _ := json.Marshal(p.Blocks)
		ids := regexp.MustCompile(`"action_id":"(rates\.page/[^"]*)"`).FindAllStringSubmatch(string(raw), -1)
		if err := w.Press(t.Context(), "U0ADMIN", chat.Action{Channel: somewhere, TS: p.TS, ID: ids[len(ids)-1][1]}); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 200 {
		t.Errorf("%d networks on all pages", len(seen))
	}
	w.press(t, "U0ADMIN", "rates")
	w.sees(t, "U0ADMIN", "Highest")
	w.typed(t, "U0ADMIN", "link")
	w.press(t, "U0ADMIN", "link", "network-ab") // from a menu
	w.sees(t, "U0ADMIN", "https://kysely.example.org/r/network-abmail")
}
