package mailer

import (
	"fmt"
	"net/smtp"
	"sync"
	"sync/atomic"
	"testing"

	"viesti/internal/smtptest"
	"viesti/outbox"
)

// BenchmarkSend compares a carrier with a bare net/smtp loop that sends the same bytes over as
// many kept connections to the same relay.
func BenchmarkSend(b *testing.B) {
	for _, connections := range []int{1, 10, 50} {
		b.Run(fmt.Sprintf("bare/%d", connections), func(b *testing.B) {
			relay := smtptest.New(b, smtptest.Sink())
			letter, err := newComposer(b).Compose(b.Context(), letterTo(1), now)
			if err != nil {
				b.Fatal(err)
			}
			share(b, connections, func() (func() error, func()) { return bare(b, relay.Addr(), letter) })
		})
		b.Run(fmt.Sprintf("carrier/%d", connections), func(b *testing.B) {
			c := newCarrier(b, smtptest.New(b, smtptest.Sink()))
			c.Limits = DefaultLimits()
			share(b, connections, func() (func() error, func()) {
				s := c.Sender()
				return func() error {
					if got := s.Send(b.Context(), letterTo(1), outbox.OpenGate); got.State != outbox.Sent {
						return fmt.Errorf("outcome %+v", got)
					}
					return nil
				}, func() { _ = s.Close() }
			})
		})
	}
}

// bare is a kept connection of net/smtp.
func bare(b *testing.B, addr string, letter []byte) (send func() error, end func()) {
	c, err := smtp.Dial(addr)
	if err != nil {
		b.Fatal(err)
	}
	return func() error {
		if err := c.Mail("palautukset@example.org"); err != nil {
			return err
		}
		if err := c.Rcpt("person1@kunta.example.fi"); err != nil {
			return err
		}
		w, err := c.Data()
		if err != nil {
			return err
		}
		if _, err := w.Write(letter); err != nil {
			return err
		}
		return w.Close()
	}, func() { _ = c.Quit() }
}

// share lets workers send b.N letters between them and reports letters a second.
func share(b *testing.B, workers int, open func() (send func() error, end func())) {
	var sent atomic.Int64
	var wg sync.WaitGroup
	sends := make([]func() error, workers)
	for i := range sends {
		send, end := open()
		defer end()
		sends[i] = send
	}
	b.ResetTimer()
	for _, send := range sends {
		wg.Go(func() {
			for sent.Add(1) <= int64(b.N) {
				if err := send(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}
