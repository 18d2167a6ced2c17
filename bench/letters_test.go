package bench

import (
	"cmp"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"viesti/app"
	"viesti/campaign"
	"viesti/contacts"
	"viesti/internal/smtptest"
	"viesti/mailer"
	"viesti/outbox"
)

// TestBenchLetters measures a whole campaign, every state durable, against a loop of net/smtp that
// sends the same bytes over as many connections to the same sink.
func TestBenchLetters(t *testing.T) {
	enabled(t)
	for _, connections := range []int{10, 50} {
		for _, offers := range []string{"", "PIPELINING"} {
			name := strings.TrimSuffix(fmt.Sprintf("letters, %d connections, %s", connections, offers), ", ")
			pair(t, name, "/s", 0.55,
				func() (float64, time.Duration, error) { return campaignRate(t, connections, people, offers, "") },
				func() (float64, time.Duration, error) { return bareRate(t, connections, people, nil) })
		}
	}
}

const people = 20000

// TestBenchSigned measures the same with a DKIM signature on each letter, against a bare loop that
// makes one RSA signature for each.
func TestBenchSigned(t *testing.T) {
	enabled(t)
	const people, connections = 5000, 10
	file := filepath.Join(t.TempDir(), "rsa.pem")
	raw, _, err := mailer.NewKeys()
	if err == nil {
		err = os.WriteFile(file, raw, 0o600)
	}
	key, keyErr := rsa.GenerateKey(nil, 2048)
	if err := cmp.Or(err, keyErr); err != nil {
		t.Fatal(err)
	}
	pair(t, "letters signed with RSA-2048, 10 connections", "/s", 0.5,
		func() (float64, time.Duration, error) {
			return campaignRate(t, connections, people, "", fmt.Sprintf("dkim.key_file = %q\n", file))
		},
		func() (float64, time.Duration, error) {
			return bareRate(t, connections, people, func() error {
				sum := sha256.Sum256(make([]byte, 8<<10))
				_, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
				return err
			})
		})
}

func campaignRate(t *testing.T, connections, people int, offers, more string) (float64, time.Duration, error) {
	relay := sink(t, offers)
	defer relay.Close()
	a := program(t, fmt.Sprintf("[mail]\nhost = %q\nport = %d\ntls = \"none\"\nfrom = \"a@example.org\"\nconnections = %d\n%s", relay.Host, relay.Port, connections, more))
	defer a.Close(context.Background()) //nolint:errcheck // measured
	ctx := context.Background()
	if _, err := a.Lists.ImportContacts(ctx, contacts.Source{Name: "c.csv", Data: []byte(list(people))}, contacts.ImportOptions{}); err != nil {
		return 0, 0, err
	}
	if _, err := a.Campaign.Invite(ctx, campaign.Selection{}); err != nil {
		return 0, 0, err
	}
	sending, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	begun := time.Now()
	go func() { done <- a.Send(sending) }()
	for sentOf(a) < int64(people) {
		time.Sleep(5 * time.Millisecond)
	}
	elapsed := time.Since(begun)
	stop()
	return float64(people) / elapsed.Seconds(), 0, <-done
}

func sink(t *testing.T, offers string) *smtptest.Relay {
	if offers == "" {
		return smtptest.New(t, smtptest.Sink())
	}
	return smtptest.New(t, smtptest.Sink(), smtptest.Offers(offers))
}

// list is so many contacts as CSV.
func list(people int) string {
	var csv strings.Builder
	csv.WriteString("email,name,organisation,language,network,slack_user\n")
	for i := range people {
		fmt.Fprintf(&csv, "p%d@example.org,Person %d,Org,fi,net,\n", i, i)
	}
	return csv.String()
}

func sentOf(a *app.App) (n int64) {
	counts, _ := a.Store.Counts(context.Background(), "bench")
	for _, c := range counts {
		if c.State == outbox.Sent {
			n += c.N
		}
	}
	return n
}

func bareRate(t *testing.T, connections, people int, each func() error) (float64, time.Duration, error) {
	relay := smtptest.New(t, smtptest.Sink())
	defer relay.Close()
	letter := []byte("Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 125)) // 10 kB, as ours
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, connections)
	begun := time.Now()
	for range connections {
		wg.Go(func() {
			c, err := smtp.Dial(net.JoinHostPort(relay.Host, fmt.Sprint(relay.Port)))
			for err == nil && next.Add(1) <= int64(people) {
				if each != nil {
					err = each()
				}
				err = cmp.Or(err, c.Mail("a@example.org"), c.Rcpt("b@example.org"))
				if err != nil {
					break
				}
				var w io.WriteCloser
				if w, err = c.Data(); err == nil {
					_, err = w.Write(letter)
					err = cmp.Or(err, w.Close())
				}
			}
			if err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return 0, 0, err
	default:
		return float64(people) / time.Since(begun).Seconds(), 0, nil
	}
}
