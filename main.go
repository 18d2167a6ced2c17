// Command viesti passes a questionnaire on through networks of people by email and Slack, hosts
// it, reminds, counts, and reports so that nobody can be found.
package main

import (
	"context"
	_ "embed"
	"os"
	"os/signal"
	"syscall"

	"viesti/cli"
)

//go:embed config.toml
var sample []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := cli.Run(ctx, os.Args[1:], cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lookup: os.LookupEnv, Sample: sample,
	})
	stop()
	os.Exit(status)
}
