// Package cli is the command line: one file a command, each of which asks the control API and
// shows what it says, as sentences and tables for people or as JSON for programs.
//
// It decides nothing about the survey; a command that needs a rule asks the room that has it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"viesti/config"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/mailer/domain"
	"viesti/server/control"
)

// The exit statuses that scripts rely on.
const (
	Done    = 0
	Failed  = 1
	Usage   = 2 // wrong usage or configuration
	Partial = 3 // done in part: some rows were rejected
)

// Env is what a command sees of the world.
type Env struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Lookup func(string) (string, bool) // os.LookupEnv
	Sample []byte                      // the sample config.toml
	DNS    domain.Resolver             // nil: the system's
}

// What a mail server understands of a command that it hands a mail to (sysexits.h).
const (
	dataError   = 65 // it is no mail: give it back
	unavailable = 69 // nobody reads it here: give it back
	tryAgain    = 75 // keep it and come again
)

// exit is an error that carries its status and was already told, or needs no telling.
type exit struct{ status int }

func (e exit) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// program is one run of the command line.
type program struct {
	Env
	lang       i18n.Lang
	configPath string
	json       bool
}

// Run runs one command and gives its exit status.
func Run(ctx context.Context, args []string, env Env) int {
	p := &program{Env: env, lang: speech(env.Lookup)}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	return p.status(root.ExecuteContext(ctx))
}

// speech is the language of the terminal: that of LC_ALL, LC_MESSAGES or LANG, else English.
func speech(lookup func(string) (string, bool)) i18n.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, ok := lookup(name); ok && v != "" {
			if l, ok := i18n.ParseLang(v); ok {
				return l
			}
			return i18n.En
		}
	}
	return i18n.En
}

// status tells the error, if it was not told yet, and gives the exit status for it.
func (p *program) status(err error) int {
	var (
		e    exit
		f    *fault.Fault
		list fault.List
		from answered
	)
	switch {
	case err == nil:
		return Done
	case errors.As(err, &e):
		return e.status
	case errors.As(err, &from):
		p.tell(from.Problems.Problems)
		return Failed
	case errors.As(err, &list) || errors.As(err, &f):
		p.tell(control.Tell(fault.All(err), p.lang))
		return Failed
	default: // cobra's own: an unknown command or flag
		fmt.Fprintln(p.Stderr, p.t("cli.usage", i18n.Args{"detail": err.Error()}))
		return Usage
	}
}

func (p *program) tell(problems []control.Problem) {
	for _, problem := range problems {
		fmt.Fprintln(p.Stderr, problem.Place.String()+problem.Message)
	}
}

func (p *program) t(key string, args i18n.Args) string { return i18n.T(p.lang, key, args) }

func (p *program) say(key string, args i18n.Args) { fmt.Fprintln(p.Stdout, p.t(key, args)) }

// note is for people beside the result: it never mixes with what a program reads.
func (p *program) note(key string, args i18n.Args) { fmt.Fprintln(p.Stderr, p.t(key, args)) }

func (p *program) root() *cobra.Command {
	path, ok := p.Lookup("VIESTI_CONFIG")
	if !ok || path == "" {
		path = "config.toml"
	}
	root := &cobra.Command{
		Use: "viesti", Short: p.t("cli.short.viesti", nil), Long: p.t("cli.long", nil),
		SilenceErrors: true, SilenceUsage: true, CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.PersistentFlags().StringVar(&p.configPath, "config", path, p.t("cli.flag.config", nil))
	root.PersistentFlags().BoolVar(&p.json, "json", false, p.t("cli.flag.json", nil))
	root.AddCommand(
		p.demo(), p.init(), p.check(), p.questionnaire(), p.serve(), p.networks(), p.contacts(), p.link(), p.letter(), p.mail(), p.slack(),
		p.plan(), p.waves(), p.invite(), p.remind(), p.share(), p.statusCommand(), p.outbox(), p.pause(), p.resume(), p.rates(), p.spread(), p.answers(), p.report(), p.results(), p.export(), p.simulate(), p.bounce(), p.bounces(),
		p.suppression(), p.backup(), p.restore(), p.purge(), p.audit(), p.privacy(), p.version(),
	)
	return root
}

// command is a command without sub-commands; its one-line help is the word cli.short.<name>.
func (p *program) command(use string, args cobra.PositionalArgs, run func(ctx context.Context, args []string) error) *cobra.Command {
	name, _, _ := strings.Cut(use, " ")
	return &cobra.Command{
		Use: use, Short: p.t("cli.short."+name, nil), Args: args,
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args) },
	}
}

// config reads the configuration; whatever is wrong with it is a fault of usage.
func (p *program) config() (config.Config, error) {
	c, err := config.Load(p.configPath, p.Lookup)
	if err != nil {
		p.tell(control.Tell(fault.All(err), p.lang))
		return c, exit{Usage}
	}
	return c, nil
}
