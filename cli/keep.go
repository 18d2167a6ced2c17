package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"viesti/app"
	"viesti/audit"
	"viesti/i18n"
	"viesti/internal/fault"
)

func (p *program) backup() *cobra.Command {
	return p.command("backup FILE", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		if _, err := os.Lstat(args[0]); err == nil {
			return fault.New(fault.Conflict, "cli.exists", i18n.Args{"file": args[0]})
		}
		return p.with(ctx, func(c *client) error {
			res, err := c.send(ctx, http.MethodGet, "/backup", nil)
			if err != nil {
				return err
			}
			defer res.Body.Close() //nolint:errcheck // read to its end
			if err := write(args[0], res.Body); err != nil {
				return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": args[0]})
			}
			out := map[string]string{"file": args[0]}
			return p.show(out, func() { p.say("cli.backed_up", i18n.Args{"file": args[0]}) })
		})
	})
}

// write puts a whole file in place or none: a name is only given to what is on disk.
func write(name string, from io.Reader) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".viesti-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone when it was renamed
	_, err = io.Copy(f, from)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func (p *program) restore() *cobra.Command {
	return p.command("restore FILE", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		c, err := p.config()
		if err != nil {
			return err
		}
		if conn, err := net.Dial("unix", app.SocketPath(c.Store.Path)); err == nil {
			_ = conn.Close()
			return fault.New(fault.Conflict, "cli.stop_first", nil)
		}
		aside, err := app.Restore(ctx, audit.Operator(account()), c.Store.Path, args[0], time.Now())
		if err != nil {
			return err
		}
		return p.show(map[string]string{"restored": args[0], "aside": aside}, func() {
			p.say("cli.restored", i18n.Args{"file": args[0]})
			if aside != "" {
				p.say("cli.aside", i18n.Args{"file": aside})
			}
		})
	})
}

func (p *program) version() *cobra.Command {
	return p.command("version", cobra.NoArgs, func(context.Context, []string) error {
		v := struct {
			Version string `json:"version"`
			Commit  string `json:"commit"`
			Go      string `json:"go"`
		}{"(devel)", "", runtime.Version()}
		if info, ok := debug.ReadBuildInfo(); ok {
			v.Version = info.Main.Version
			for _, s := range info.Settings {
				if s.Key == "vcs.revision" {
					v.Commit = s.Value
				}
			}
		}
		return p.show(v, func() {
			p.say("cli.version", i18n.Args{"version": v.Version, "commit": v.Commit, "go": v.Go})
		})
	})
}

// exists tells whether a file is there.
func exists(name string) bool {
	_, err := os.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}
