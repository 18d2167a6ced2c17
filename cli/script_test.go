package cli_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"viesti/cli"
	"viesti/internal/smtptest"
)

// The command line is tested as a user types it: `viesti` in a script is this test's own binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"viesti": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		raw, err := os.ReadFile(os.Getenv("SAMPLE"))
		if err != nil {
			panic(err)
		}
		os.Exit(cli.Run(ctx, os.Args[1:], cli.Env{ //nolint:gocritic // the context ends with the process
			DNS:   zone{},
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lookup: os.LookupEnv, Sample: raw,
		}))
	}})
}

// zone is what DNS says of the sample's sender in the scripts.
type zone struct{}

func (zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	switch name {
	case "example.org":
		return []string{"v=spf1 ip4:192.0.2.1 ~all"}, nil
	case "_dmarc.example.org":
		return []string{"v=DMARC1; p=none"}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (zone) LookupMX(context.Context, string) ([]*net.MX, error) {
	return []*net.MX{{Host: "mx.example.org.", Pref: 10}}, nil
}

func (zone) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) {
	return []net.IPAddr{{IP: net.IPv4(127, 0, 0, 1)}}, nil
}

func (zone) LookupAddr(context.Context, string) ([]string, error) { return nil, nil }

func TestScripts(t *testing.T) {
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	relay := smtptest.New(t, smtptest.Sink())
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			port := freePort(t)
			e.Setenv("SAMPLE", wd+"/../config.toml")
			e.Setenv("LC_ALL", "C")
			e.Setenv("VIESTI_WEB_LISTEN", "127.0.0.1:"+port)
			e.Setenv("VIESTI_WEB_BASE_URL", "http://127.0.0.1:"+port)
			e.Setenv("RELAY_HOST", relay.Host)
			e.Setenv("RELAY_PORT", fmt.Sprint(relay.Port))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "answers": answers, "write": write},
	})
}

// exits runs a command and wants its exit status: `exits 3 viesti contacts import contacts.csv`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	status := "0"
	if err != nil {
		status = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if status != args[0] {
		ts.Fatalf("%v: exit status %s, want %s", args[1:], status, args[0])
	}
}
