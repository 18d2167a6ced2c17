// Package look is what an organiser may change of the pages' look: a colour and a logo. It finds
// what would be hard to read or unsafe to serve, and makes the tokens that replace those of the
// style sheet.
//
// It serves nothing and knows no page: server does, with what Load gives.
package look

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Config is the [look] table of the configuration. All of it may be empty.
type Config struct {
	Accent     string `toml:"accent"`      // #0b5063: buttons, links, the band at the top
	AccentDark string `toml:"accent_dark"` // the same for those who read on dark; empty: made of Accent
	Logo       string `toml:"logo"`        // a file, SVG or PNG
}

// Look is a configuration that was read and found good. Its zero value changes nothing.
type Look struct {
	Tokens string // a style sheet; empty: none is needed
	Logo   []byte
	Kind   string // the logo's media type
}

// Least is the contrast that text needs to be read by people with low vision: WCAG 2.2, 1.4.3.
const Least = 4.5

// MaxLogo is how many bytes a logo may have, so that the first page stays below 30 kB.
const MaxLogo = 16_000

// The grounds on which the accent stands in the style sheet (viesti.css; a test compares them).
var (
	white  = colour{255, 255, 255}
	black  = colour{}
	light  = grounds{ground: colour{0xf4, 0xf7, 0xf7}, sheet: white}
	night  = grounds{ground: colour{0x0f, 0x18, 0x1c}, sheet: colour{0x17, 0x24, 0x2a}}
	tinted = 0.08 // how much of the accent is in a tint
)

type grounds struct{ ground, sheet colour }

// tint is the sheet with a breath of the accent.
func (g grounds) tint(accent colour) colour { return g.sheet.mixed(accent, tinted) }

// worst is the lowest contrast of the accent on anything it stands on.
func (g grounds) worst(accent colour) float64 {
	return min(contrast(accent, g.sheet), contrast(accent, g.ground), contrast(accent, g.tint(accent)))
}

// Load reads the table's colours and its logo, which lies relative to dir, and finds all that is
// wrong with them, each fault with its key ("look.accent") as Place.Field.
func (c Config) Load(dir string) (l Look, list fault.List) {
	wrong := func(field, key string, args i18n.Args) {
		list = append(list, fault.New(fault.Invalid, key, args).At(fault.Place{Field: "look." + field}))
	}
	read := func(field, value string, on grounds, unreadable string) (colour, bool) {
		accent, ok := parse(value)
		if !ok {
			wrong(field, "look.colour", i18n.Args{"value": value})
			return accent, false
		}
		if worst := on.worst(accent); worst < Least {
			wrong(field, unreadable, i18n.Args{"value": value, "ratio": ratio(worst)})
			return accent, false
		}
		return accent, true
	}
	if c.AccentDark != "" && c.Accent == "" {
		wrong("accent_dark", "look.dark_alone", nil)
	}
	if c.Accent != "" {
		accent, ok := read("accent", c.Accent, light, "look.too_light")
		dark := night.brightened(accent)
		if c.AccentDark != "" {
			var fine bool
			dark, fine = read("accent_dark", c.AccentDark, night, "look.too_dark")
			ok = ok && fine
		}
		if ok {
			l.Tokens = tokens(accent, dark)
		}
	}
	if c.Logo != "" {
		if !filepath.IsAbs(c.Logo) {
			c.Logo = filepath.Join(dir, c.Logo)
		}
		var err error
		if l.Logo, l.Kind, err = logo(c.Logo); err != nil {
			list = append(list, fault.Of(err).At(fault.Place{Field: "look.logo"}))
		}
	}
	return l, list
}

// ratio is a contrast in words, rounded down: 4.49 is not 4.5.
type ratio float64

// In is the ratio as the language writes it.
func (r ratio) In(l i18n.Lang) string {
	s := fmt.Sprintf("%.1f", float64(int(r*10))/10)
	if l != i18n.En {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// brightened is a colour with as much white as it needs to be read well on these grounds.
func (g grounds) brightened(accent colour) colour {
	for part := 0.0; part < 1; part += 0.05 {
		if c := accent.mixed(white, part); g.worst(c) >= 7 {
			return c
		}
	}
	return white
}

// tokens replace those of the style sheet. White is read on the accent as well as the accent on
// white, and so the ground on the dark one. On paper there are no colours.
func tokens(accent, dark colour) string {
	set := func(accent, ink, deep colour, g grounds) string {
		return fmt.Sprintf("--accent: %v; --accent-ink: %v; --accent-deep: %v; --mark: %v; --tint: %v",
			accent, ink, deep, accent, g.tint(accent))
	}
	return "@media screen {\n  :root { " + set(accent, white, accent.mixed(black, 0.25), light) + "; --focus: " + accent.String() + " }\n}\n" +
		"@media screen and (prefers-color-scheme: dark) {\n  :root { " + set(dark, night.ground, dark.mixed(white, 0.4), night) +
		"; --focus: #fff; --halo: " + accent.String() + " }\n}\n"
}

// logo reads a picture and tells its kind. What is inside counts, not the file's name.
func logo(file string) (body []byte, kind string, err error) {
	refuse := func(key string, args i18n.Args) ([]byte, string, error) {
		return nil, "", fault.New(fault.Invalid, key, args)
	}
	if body, err = os.ReadFile(file); err != nil {
		return nil, "", fault.Wrap(err, fault.Invalid, "look.logo_missing", i18n.Args{"file": file})
	}
	if len(body) > MaxLogo {
		return refuse("look.logo_large", i18n.Args{"size": len(body), "max": MaxLogo})
	}
	if _, err := png.DecodeConfig(bytes.NewReader(body)); err == nil {
		return body, "image/png", nil
	}
	switch drawing, active := drawn(body); {
	case !drawing:
		return refuse("look.logo_kind", i18n.Args{"file": file})
	case active:
		return refuse("look.logo_active", nil)
	}
	return body, "image/svg+xml", nil
}

// drawn tells whether a file is an SVG drawing, and whether there is more in it than a drawing:
// something that runs, or something to be fetched. Browsers do neither for a picture in a page;
// whoever opens the picture alone is to be as safe.
func drawn(body []byte) (drawing, active bool) {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return drawing, active
		case err != nil:
			return false, false
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !drawing && e.Name.Local != "svg" {
			return false, false
		}
		drawing = true
		active = active || slices.Contains([]string{"script", "foreignObject", "iframe", "a", "image"}, e.Name.Local) ||
			slices.ContainsFunc(e.Attr, acts)
	}
}

func acts(a xml.Attr) bool {
	name := strings.ToLower(a.Name.Local)
	return strings.HasPrefix(name, "on") || name == "href" && !strings.HasPrefix(strings.TrimSpace(a.Value), "#")
}
