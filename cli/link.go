package cli

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"viesti/app"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/server/control"
	"viesti/survey"
)

func (p *program) link() *cobra.Command {
	in := control.LinkRequest{}
	var qr, poster, lang string
	cmd := p.command("link NETWORK", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		in.Network = args[0]
		l, ok := i18n.ParseLang(lang)
		if !ok {
			p.note("cli.bad_lang", i18n.Args{"lang": lang})
			return exit{Usage}
		}
		if in.Channel == "" && (qr != "" || poster != "") {
			in.Channel = string(link.Poster) // what is printed is counted as print
		}
		if in.Channel == "" && in.Forward {
			in.Channel = string(link.Mail) // what is passed on is mostly a letter
		}
		if in.Channel == "" {
			in.Channel = string(link.Web)
		}
		return p.with(ctx, func(c *client) error {
			var out control.LinkAnswer
			if err := c.call(ctx, http.MethodPost, "/link", in, &out); err != nil {
				return err
			}
			said, err := p.sheet(ctx, c, out, l)
			if err != nil {
				return err
			}
			files, err := p.printed(out, said, print{qr, poster})
			if err != nil {
				return err
			}
			shown := out.URL
			if in.Forward {
				out.Text = said.Forward()
				shown = out.Text
			}
			return p.show(out, func() {
				p.Stdout.Write([]byte(shown + "\n")) //nolint:errcheck // Stdout tells for itself when it is gone
				for _, f := range files {
					p.note("cli.wrote_file", i18n.Args{"file": f})
				}
			})
		})
	})
	cmd.Flags().StringVar(&in.Channel, "channel", "", p.t("cli.flag.link_channel", nil))
	cmd.Flags().BoolVar(&in.Forward, "forward", false, p.t("cli.flag.forward", nil))
	cmd.Flags().StringVar(&qr, "qr", "", p.t("cli.flag.qr", nil))
	cmd.Flags().StringVar(&poster, "poster", "", p.t("cli.flag.poster", nil))
	cmd.Flags().StringVar(&lang, "lang", string(i18n.Fi), p.t("cli.flag.lang", nil))
	return cmd
}

// print is what to make of a link on paper.
type print struct {
	qr, poster string // files; empty: none
}

// pixels is how wide a module of a QR code is in a PNG: some 300 pixels in all.
const pixels = 8

func (p *program) printed(l control.LinkAnswer, said link.Sheet, want print) (files []string, err error) {
	if want.qr != "" {
		var raw []byte
		switch filepath.Ext(want.qr) {
		case ".svg":
			raw, err = link.SVG(l.URL, l.URL)
		case ".png":
			raw, err = link.PNG(l.URL, pixels)
		default:
			err = fault.New(fault.Invalid, "cli.qr_type", i18n.Args{"file": want.qr})
		}
		if err == nil {
			err = p.put(want.qr, raw)
		}
		files = append(files, want.qr)
	}
	if want.poster != "" && err == nil {
		var raw []byte
		if raw, err = said.PDF(); err == nil {
			err = p.put(want.poster, raw)
		}
		files = append(files, want.poster)
	}
	return files, err
}

func (p *program) put(name string, raw []byte) error {
	if err := write(name, bytes.NewReader(raw)); err != nil {
		return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": name})
	}
	return nil
}

// sheet is what is said of the survey beside the link.
func (p *program) sheet(ctx context.Context, c *client, l control.LinkAnswer, lang i18n.Lang) (link.Sheet, error) {
	conf, err := p.config()
	if err != nil {
		return link.Sheet{}, err
	}
	q, err := survey.Load(conf.QuestionnaireName())
	if err != nil {
		return link.Sheet{}, err
	}
	var networks []contacts.Network
	if err := c.call(ctx, http.MethodGet, "/networks", nil, &networks); err != nil {
		return link.Sheet{}, err
	}
	i := slices.IndexFunc(networks, func(n contacts.Network) bool { return n.ID == l.Network })
	if i < 0 {
		i, networks = 0, []contacts.Network{{ID: l.Network}} // it is gone since
	}
	return app.Sheet(conf, q, networks[i], l.URL, lang), nil
}
