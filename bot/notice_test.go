package bot

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/outbox"
	"viesti/report"
)

// someDays are the answers of a week, by day, with one of long before it.
func someDays() (list []report.Row) {
	for day, n := range map[string]int64{"2027-02-01": 340, "2027-03-07": 4, "2027-03-09": 1, "2027-03-11": 17, "2027-03-14": 2} {
		list = append(list, report.Row{Day: day, Counts: report.Counts{Visits: n + 1, Complete: n}})
	}
	return list
}

// hostile is a network that would do harm if its name were not made safe.
func hostile() contacts.Network {
	return contacts.Network{ID: "hostile", SlackChannel: "C0HOSTILE1", Name: i18n.Text{
		i18n.En: "<!channel> *Evil* `code` & _co_\n\u202efield " + strings.Repeat("🙂", 300),
	}}
}

func noticeOf(n contacts.Network, kind outbox.Kind, to string) outbox.Delivery {
	return outbox.Delivery{Network: n, Message: outbox.Message{
		Network: n.ID, Key: outbox.Key{Recipient: outbox.Staff(n.ID, to), Wave: "2027", Kind: kind},
	}}
}

func TestNotices(t *testing.T) {
	kinds := []outbox.Kind{
		outbox.Digest(2027, 11), outbox.AlertLow, outbox.Card,
		outbox.Problem("not_in_channel", "C0PLACE"), outbox.Problem("is_archived", "C0PLACE"), outbox.Problem("channel_not_found", "C0PLACE"),
		outbox.Problem("token_revoked", "C0PLACE"), outbox.Problem("restricted_action", "C0PLACE"), outbox.PurgeSoon(time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)),
	}
	list := append(someNetworks(), hostile())
	for _, l := range i18n.Langs {
		bot := testBot(t, testDesk{networks: list, days: someDays()}, nil)
		var b strings.Builder
		for _, kind := range kinds {
			for _, n := range list {
				n.Name = i18n.Text{l: n.Name.In(l)} // it is told in the network's first language
				m, err := bot.notice(t.Context(), noticeOf(n, kind, "C0STAFF"), "C0STAFF")
				if err != nil {
					t.Fatal(err)
				}
				within(t, m.text(), m.blocks)
				if strings.Contains(m.text(), "<!") || strings.Contains(m.text(), "\u202e") {
					t.Errorf("%s %s: a name does harm: %s", kind, n.ID, m.text())
				}
				fmt.Fprintf(&b, "=== %s %s\n%s\n", kind, n.ID, show(m.text(), m.blocks))
			}
		}
		golden(t, "notices."+string(l)+".txt", b.String())
	}
}

// TestDigestSaysWhatItDraws compares the chart with the words and the words with the days.
func TestDigestSaysWhatItDraws(t *testing.T) {
	bot := testBot(t, testDesk{networks: someNetworks(), days: someDays()}, nil)
	m, err := bot.notice(t.Context(), noticeOf(someNetworks()[1], outbox.Digest(2027, 11), "C0STAFF"), "C0STAFF")
	if err != nil {
		t.Fatal(err)
	}
	var drawn []point
	for _, b := range m.blocks {
		if b.Chart != nil {
			drawn = append(drawn, b.Chart.Series[0].Data...)
		}
	}
	if len(drawn) != 8 || drawn[0] != (point{"7.3.", 4}) || drawn[7] != (point{"14.3.", 2}) {
		t.Errorf("drawn: %v", drawn)
	}
	var sum int64
	for _, p := range drawn {
		sum += p.Value
		if !strings.Contains(m.text(), fmt.Sprintf("%s: %d", p.Label, p.Value)) {
			t.Errorf("%v is not in the text", p)
		}
	}
	if want := i18n.T(i18n.Fi, "report.week.since", i18n.Args{"n": sum, "date": "7.3.2027"}); sum != 24 || !strings.Contains(m.text(), want) {
		t.Errorf("%q is not in %s", want, m.text())
	}
	for _, b := range withoutCharts(m.blocks) {
		if b.Chart != nil || b.Type == typeChart {
			t.Error("a chart is left")
		}
	}
}

func TestChartsStayWithinLimits(t *testing.T) {
	var m message
	m.bars("none", "none", nil)
	m.bars("zeros", "zeros", []point{{"a", 0}, {"b", 0}})
	if m.blocks != nil {
		t.Errorf("nothing is drawn: %v", m.blocks)
	}
	var many []point
	for i := range 30 {
		many = append(many, point{fmt.Sprintf("%d %s", i, strings.Repeat("ä", 40)), int64(i)})
	}
	m.bars(strings.Repeat("Ö", 80), strings.Repeat("å", 80), many)
	c := m.blocks[0]
	if n := len([]rune(c.Title)); n != maxChartTitle {
		t.Errorf("a title of %d characters", n)
	}
	if n := len(c.Chart.Series[0].Data); n != maxPoints || len(c.Chart.Axis.Categories) != n || c.Chart.Series[0].Data[n-1].Value != 29 {
		t.Errorf("%d points", n)
	}
	for i, p := range c.Chart.Series[0].Data {
		if len([]rune(p.Label)) > maxChartLabel || p.Label != c.Chart.Axis.Categories[i] {
			t.Errorf("label %q", p.Label)
		}
	}
}

// TestWhatSlackDoesNotDraw lets a server refuse charts, then all blocks: the digest arrives each
// time, with what is taken.
func TestWhatSlackDoesNotDraw(t *testing.T) {
	for name, c := range map[string]struct {
		refuses string // blocks with this are refused
		posts   int    // until one is taken
		blocks  bool   // of the one that is taken
	}{
		"all is taken": {"nothing", 1, true},
		"no charts":    {typeChart, 2, true},
		"no blocks":    {"section", 3, false},
	} {
		var posts []url.Values
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			posts = append(posts, r.PostForm)
			answer := `{"ok":true,"channel":"C0STAFF","ts":"1.000001"}`
			if strings.Contains(r.PostForm.Get("blocks"), c.refuses) {
				answer = `{"ok":false,"error":"invalid_blocks"}`
			}
			_, _ = w.Write([]byte(answer))
		}))
		bot := testBot(t, testDesk{networks: someNetworks(), days: someDays()}, func(o *Options) { o.Config.APIURL = s.URL + "/api/" })
		out := bot.Carrier().Sender().Send(t.Context(), noticeOf(someNetworks()[1], outbox.Digest(2027, 11), "C0STAFF"), outbox.OpenGate)
		s.Close()
		if out.State != outbox.Sent || out.Reply.Ref != "C0STAFF 1.000001" || len(posts) != c.posts {
			t.Errorf("%s: %+v after %d posts", name, out, len(posts))
			continue
		}
		last := posts[len(posts)-1]
		if last.Get("channel") != "C0STAFF" || (last.Get("blocks") != "") != c.blocks || !strings.Contains(last.Get("text"), "11.3.: 17") {
			t.Errorf("%s: taken %v", name, last)
		}
	}
}

func TestNoticeWaitsForFigures(t *testing.T) {
	bot := testBot(t, testDesk{err: errBroken}, nil)
	out := bot.Carrier().Sender().Send(t.Context(), noticeOf(someNetworks()[1], outbox.AlertLow, "U0COORD"), outbox.OpenGate)
	if out.State != outbox.Retrying || out.Reply.Class != outbox.Transient {
		t.Errorf("got %+v", out)
	}
}

// TestChannelsThatRefuseAreTold lets a server refuse posts, and looks at whom it concerns.
func TestChannelsThatRefuseAreTold(t *testing.T) {
	for name, c := range map[string]struct {
		to, code string
		want     string
	}{
		"a network's channel":   {outbox.Channel("etno_east"), "is_archived", "etno_east is_archived C0ETNOEAST"},
		"a further channel":     {outbox.Shared("etno_east", "C0FURTHER"), "channel_not_found", "etno_east channel_not_found C0FURTHER"},
		"the coordinators' own": {outbox.Staff("etno_east", "C0STAFF"), "restricted_action", "etno_east restricted_action C0STAFF"},
		"a person":              {outbox.Staff("etno_east", "U0COORD"), "user_disabled", ""},
		"a fault of ours":       {outbox.Channel("etno_east"), "token_revoked", ""},
	} {
		var told []string
		bot := testBot(t, testDesk{networks: someNetworks(), told: &told}, func(o *Options) {
			o.Config.APIURL = answered(t, 200, "", `{"ok":false,"error":"`+c.code+`"}`)
		})
		d := someDelivery()
		d.Key, d.Network = outbox.Key{Recipient: c.to, Wave: "2027", Kind: outbox.Card}, someNetworks()[1]
		bot.Carrier().Sender().Send(t.Context(), d, outbox.OpenGate)
		if got := strings.Join(told, ", "); got != c.want {
			t.Errorf("%s: told %q, want %q", name, got, c.want)
		}
	}
}
