package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"viesti/internal/fault"
)

// metrics count requests by the route's pattern, never by path: paths carry tokens.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "viesti_http_requests_total", Help: "HTTP requests by route, method and status.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "viesti_http_request_seconds", Help: "How long HTTP requests took, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .5, 2.5},
		}, []string{"route"}),
	}
	if r != nil {
		r.MustRegister(m.requests, m.seconds)
	}
	return m
}

func (m *metrics) count(route, method string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
	default:
		method = "other" // a visitor must not be able to invent labels
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// serveHealth adds what watches over the program asks: alive, ready, and the figures.
func serveHealth(r gin.IRoutes, o Options) {
	Get(r, "/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	Get(r, "/readyz", func(c *gin.Context) {
		if o.Ready != nil {
			if err := o.Ready(c.Request.Context()); err != nil {
				Log(c, fault.Wrap(err, fault.Unavailable, "fault.internal", nil))
				c.String(http.StatusServiceUnavailable, "not ready\n")
				return
			}
		}
		c.String(http.StatusOK, "ok\n")
	})
	if o.Gatherer != nil {
		Get(r, "/metrics", gin.WrapH(promhttp.HandlerFor(o.Gatherer, promhttp.HandlerOpts{})))
	}
}
