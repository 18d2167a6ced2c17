package bot

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"viesti/demo/chat"
	"viesti/i18n"
	"viesti/outbox"
)

// Whatever goes wrong, none of these may be told: who has one of them can act as the bot, or as
// whoever typed the command.
var untold = map[string]string{
	"bot token": "xoxb-very-secret", "app token": "xapp-very-secret", "signing secret": "8f742231b10e8888",
	"ticket": "ticket-of-a-socket", "trigger": "397700885554.47445629121", "response url": "96rGlfmibIGlgcZRskXaIFfN",
	"user": "U0ADMIN", "words": "salaisuus",
}

// tape is a log that may be written from anywhere.
type tape struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *tape) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *tape) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func TestSecretsAreNotTold(t *testing.T) {
	var log tape
	registry := prometheus.NewPedanticRegistry()
	secrets := func(o *Options) {
		o.Config.BotToken, o.Config.AppToken = "xoxb-very-secret", "xapp-very-secret"
		o.Config.SigningSecret = "8f742231b10e8888"
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	b := testBot(t, testDesk{err: errBroken}, func(o *Options) { secrets(o); o.Registerer = registry })
	command := url.Values{
		"token": {"8f742231b10e8888"}, "command": {"/viesti"}, "text": {"status salaisuus"}, "user_id": {"U0ADMIN"},
		"trigger_id": {untold["trigger"]}, "response_url": {"https://hooks.slack.com/commands/T1/2/" + untold["response url"]},
	}.Encode()
	slackAsks(b, pathCommands, command, nil)
	slackAsks(b, pathCommands, command+"&x=1", nil) // the same trigger
	slackAsks(b, pathCommands, command, unsigned)
	slackAsks(b, pathInteractions, "payload="+command, nil)
	slackAsks(b, pathEvents, `{"event":{"type":"salaisuus","user":"U0ADMIN"},"type":"event_callback"`, nil)
	for _, body := range []string{`drop`, `<html>`, `{"ok":false,"error":"invalid_auth"}`, `{"ok":false,"error":"no_text"}`} {
		b := testBot(t, nil, func(o *Options) { secrets(o); o.Config.APIURL = answered(t, 200, "", body) })
		out := b.Carrier().Sender().Send(t.Context(), someDelivery(), outbox.OpenGate)
		list, notes := b.Check(t.Context(), someNetworks(), "http://127.0.0.1:1")
		fmt.Fprintf(&log, "%+v %v %v %+v\n", out, list, notes, b.Health())
	}
	inLocal(t, func(t *testing.T, w *local) {
		at := 0
		w.calls = func(method string) *chat.Fault {
			addresses := []string{"ws://slack.test/socket/ticket-of-a-socket", "ws://bad host/ticket-of-a-socket", "ticket-of-a-socket"}
			at++
			return &chat.Fault{Body: `{"ok":true,"url":"` + addresses[at%len(addresses)] + `"}`}
		}
		b, stop := w.run(t, nil, secrets)
		time.Sleep(5 * time.Minute)
		stop()
		for _, p := range b.Health().Problems {
			fmt.Fprintln(&log, p.Fault().Say(i18n.En))
		}
		if at < 3 {
			t.Errorf("only %d addresses were tried", at)
		}
	})
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&log, families)
	told := log.String()
	for _, want := range []string{"signature does not match", "cannot connect", "invalid_auth", "viesti_slack_answer_seconds"} {
		if !strings.Contains(told, want) {
			t.Errorf("nothing is told of: %s", want) // else this test would prove nothing
		}
	}
	for what, secret := range untold {
		if i := strings.Index(told, secret); i >= 0 {
			t.Errorf("the %s is told: %s", what, told[max(0, i-200):i+len(secret)])
		}
	}
}

// TestMetrics: what is counted, by kinds and never by ids.
func TestMetrics(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	b := testBot(t, testDesk{networks: someNetworks()}, func(o *Options) {
		o.Registerer, o.Config.APIURL = registry, answered(t, 200, "", `{"ok":false,"error":"is_archived"}`)
	})
	slackAsks(b, pathCommands, "command=/viesti&text=help&trigger_id=1", nil)
	slackAsks(b, pathCommands, "command=/viesti&text=help&trigger_id=1&x=1", nil)
	slackAsks(b, pathCommands, "command=/viesti", unsigned)
	b.Carrier().Sender().Send(t.Context(), someDelivery(), outbox.OpenGate)
	got := counts(t, registry)
	for name, want := range map[string]float64{
		"viesti_slack_answer_seconds{command}": 2, "viesti_slack_repeats_total{command}": 1,
		"viesti_slack_refused_total{401}": 1, "viesti_slack_up{}": 1,
		"viesti_slack_calls_total{chat.postMessage,destination}": 1, "viesti_slack_call_seconds{chat.postMessage}": 1,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

// counts are the values of all metrics, histograms by how much they have seen.
func counts(t *testing.T, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			all[f.GetName()+"{"+strings.Join(labels, ",")+"}"] = value
		}
	}
	return all
}
