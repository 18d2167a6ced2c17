package bot

import (
	"bytes"
	"context"
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
		until(t, func() bool { return len(w.Posts(somewhere)) == 2 }) // the figures, and below them their picture
		p := w.Posts(somewhere)[0]
		if p.Text != shown || p.User != "" || strings.Contains(p.Text, "/viesti") && !strings.Contains(shown, "/viesti") {
			t.Errorf("everybody sees %q, they saw %q", p.Text, shown)
		}
		raw, _ := json.Marshal(p.Blocks)
		if strings.Contains(string(raw), "action_id") {
			t.Errorf("everybody can press %s", raw)
		}
		pictured(t, w.Posts(somewhere)[1], "Curve of ")
		w.typed(t, "U0COORD", "rates pomako public")
		until(t, func() bool { return len(w.Posts(somewhere)) == 4 })
		pictured(t, w.Posts(somewhere)[3], "Curve of pomako")
		if p := w.Posts(somewhere)[2]; !strings.Contains(p.Text, "Response rate") {
			t.Errorf("everybody sees %q", p.Text)
		}
		until(t, func() bool { // before or after the figures: the two go different ways
			return slices.ContainsFunc(w.Seen(somewhere, "U0COORD"), func(p chat.Post) bool {
				return strings.Contains(p.Text, "The figures are now in <#"+somewhere+">")
			})
		})
	})
}

// pictured fails unless a message is the picture, as it was drawn and with its words.
func pictured(t *testing.T, p chat.Post, title string) {
	t.Helper()
	if len(p.Files) != 1 || p.Files[0].Title != title || p.Files[0].Alt != "By Sunday, 12 answers." || !bytes.Equal(p.Files[0].Data, somePNG) {
		t.Errorf("pictured is %+v", p)
	}
}

// Who asks for the picture alone gets it as a direct message, and what they were shown stays.
func TestPictureForOne(t *testing.T) {
	inBothModes(t, func(t *testing.T, w *workspace, _ *Bot, _ *busyDesk) {
		w.typed(t, "U0COORD", "rates pomako")
		w.press(t, "U0COORD", "rates.picture")
		until(t, func() bool { return len(w.DMs("U0COORD")) == 1 })
		pictured(t, w.DMs("U0COORD")[0], "Curve of pomako")
		w.sees(t, "U0COORD", i18n.T(i18n.En, "bot.rates.drawn", nil))
		if last := w.last("U0COORD").Text; !strings.Contains(last, "Response rate") {
			t.Errorf("the figures are gone: %s", last)
		}
		if n := len(w.Posts(somewhere)); n != 0 {
			t.Errorf("everybody sees %d messages", n)
		}
	})
}

// Without the permission there is no button, figures are shared as before, and what Slack refuses is
// told; nobody gets the picture of networks that they may not look at.
func TestNoPicture(t *testing.T) {
	w := newWorkspace(t)
	b := w.bot(t, newBusyDesk(), HTTP)
	w.typed(t, "U0COORD", "rates pomako")
	w.Fail("files.completeUploadExternal", &chat.Fault{Body: `{"ok":false,"error":"restricted_action"}`})
	w.press(t, "U0COORD", "rates.picture")
	w.sees(t, "U0COORD", i18n.T(i18n.En, "bot.rates.undrawn", nil))
	if r := (&reply{Bot: b, lang: i18n.En}); r.drawable(t.Context(), "pomako") {
		t.Error("somebody without rights can have a picture")
	}
	b.access.slack = narrow{b.access.slack}
	w.typed(t, "U0COORD", "rates pomako public")
	until(t, func() bool { return len(w.Posts(somewhere)) == 1 })
	w.typed(t, "U0COORD", "rates pomako")
	if raw, _ := json.Marshal(w.last("U0COORD").Blocks); strings.Contains(string(raw), "rates.picture") {
		t.Errorf("a picture is offered: %s", raw)
	}
	if len(w.DMs("U0COORD")) != 0 {
		t.Error("a picture was sent")
	}
}

// narrow is a workspace that gave no permission for files.
type narrow struct{ directory }

func (narrow) scopes(context.Context) (string, error) { return "chat:write", nil }

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
