package bot

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"viesti/outbox"
)

// metrics count what goes to and fro between Slack and us, by kinds that the program knows and
// never by ids of people, channels or messages.
type metrics struct {
	answers *prometheus.HistogramVec
	repeats *prometheus.CounterVec
	refusal *prometheus.CounterVec
	losses  *prometheus.CounterVec
	calls   *prometheus.CounterVec
	seconds *prometheus.HistogramVec
}

func newMetrics(r prometheus.Registerer, h *health) *metrics {
	m := &metrics{
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "viesti_slack_answer_seconds", Help: "How long it took to acknowledge what came from Slack, by kind.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
		}, []string{"kind"}),
		repeats: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "viesti_slack_repeats_total", Help: "What Slack delivered again, or somebody sent again, by kind.",
		}, []string{"kind"}),
		refusal: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "viesti_slack_refused_total", Help: "Requests that were refused, by HTTP status.",
		}, []string{"status"}),
		losses: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "viesti_slack_lost_total", Help: "What could not be read or acknowledged over a socket, by reason.",
		}, []string{"reason"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "viesti_slack_calls_total", Help: "Calls of Slack's Web API, by method and what became of them.",
		}, []string{"method", "result"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "viesti_slack_call_seconds", Help: "How long calls of Slack's Web API took, by method.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method"}),
	}
	if r != nil {
		r.MustRegister(m.answers, m.repeats, m.refusal, m.losses, m.calls, m.seconds, reachable(h))
	}
	return m
}

// reachable is whether commands can reach us, as far as that can be known from here.
func reachable(h *health) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "viesti_slack_up", Help: "Whether Slack can reach us: 1 when a socket is connected, or by HTTP.",
	}, func() float64 {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.state == StateConnected || h.state == StateReady {
			return 1
		}
		return 0
	})
}

func (m *metrics) answered(k Kind, took time.Duration) {
	m.answers.WithLabelValues(string(k)).Observe(took.Seconds())
}

func (m *metrics) repeated(k Kind) { m.repeats.WithLabelValues(string(k)).Inc() }

func (m *metrics) refused(status int) { m.refusal.WithLabelValues(strconv.Itoa(status)).Inc() }

func (m *metrics) lost(reason string) { m.losses.WithLabelValues(reason).Inc() }

// called counts a call by the class of its failure. Methods are those that we call.
func (m *metrics) called(x *exchange, took time.Duration) {
	result := "uncertain"
	class, known := x.class()
	switch {
	case x.ok():
		result = "ok"
	case x.status == 0 && !x.begun.Load():
		result = string(outbox.RelayDown)
	case known:
		result = string(class)
	}
	m.calls.WithLabelValues(x.method, result).Inc()
	m.seconds.WithLabelValues(x.method).Observe(took.Seconds())
}

// take handles what came in, and counts how long that took.
func (b *Bot) take(ctx context.Context, in Inbound) Ack {
	begun := b.now()
	a := b.handle(ctx, in)
	b.metrics.answered(in.Kind, b.now().Sub(begun))
	return a
}
