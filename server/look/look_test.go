package look

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
)

func TestContrast(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"#000", "#fff", 21},
		{"#fff", "#fff", 1},
		{"#767676", "#ffffff", 4.54}, // the lightest grey that passes, as everybody knows it
		{"#777777", "#ffffff", 4.48},
		{"#0000ff", "#ffffff", 8.59},
	} {
		a, _ := parse(tt.a)
		b, _ := parse(tt.b)
		if got := contrast(a, b); math.Abs(got-tt.want) > 0.005 || contrast(b, a) != got {
			t.Errorf("%s on %s: %.3f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

func write(t *testing.T, name, body string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><g id="a"><path d="M0 0h4v4z" fill="#0b5063"/></g><use href="#a"/></svg>`

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name   string
		config Config
		key    string
		says   string
	}{
		{"nothing", Config{}, "", ""},
		{"a colour", Config{Accent: "#5b2a86"}, "", ""},
		{"two colours", Config{Accent: "#5b2a86", AccentDark: "#cdb4e8"}, "", ""},
		{"three letters", Config{Accent: "#036"}, "", ""},
		{"a name", Config{Accent: "rebeccapurple"}, "look.colour", "rebeccapurple"},
		{"too light", Config{Accent: "#e2001a"}, "look.too_light", "4.3:1"}, // 5.0 on white, less on a tint
		{"much too light", Config{Accent: "#ffd34d"}, "look.too_light", "1.3:1"},
		{"too dark", Config{Accent: "#036", AccentDark: "#036"}, "look.too_dark", "1.2:1"},
		{"dark alone", Config{AccentDark: "#cdb4e8"}, "look.dark_alone", ""},
		{"a drawing", Config{Logo: write(t, "logo.svg", drawing)}, "", ""},
		{"no file", Config{Logo: "nowhere.svg"}, "look.logo_missing", "nowhere.svg"},
		{"a text", Config{Logo: write(t, "logo.svg", "hello")}, "look.logo_kind", "SVG"},
		{"a page", Config{Logo: write(t, "logo.svg", "<html><svg/></html>")}, "look.logo_kind", "SVG"},
		{"a script", Config{Logo: write(t, "logo.svg", "<svg><script>alert(1)</script></svg>")}, "look.logo_active", ""},
		{"a handler", Config{Logo: write(t, "logo.svg", `<svg onload="alert(1)"/>`)}, "look.logo_active", ""},
		{"a link", Config{Logo: write(t, "logo.svg", `<svg><use href="https://x.example/a.svg#b"/></svg>`)}, "look.logo_active", ""},
		{"large", Config{Logo: write(t, "logo.svg", "<svg>"+strings.Repeat(" ", MaxLogo)+"</svg>")}, "look.logo_large", "16"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, list := tt.config.Load(t.TempDir())
			if tt.key == "" {
				if len(list) > 0 || (l.Tokens != "") != (tt.config.Accent != "") || (l.Logo != nil) != (tt.config.Logo != "") {
					t.Errorf("%v %+v", list, l)
				}
				return
			}
			if len(list) != 1 || list[0].Key != tt.key || !strings.Contains(fault.Of(list[0]).Say(i18n.En), tt.says) {
				t.Errorf("%v", list)
			}
		})
	}
}

// A colour that was let through is read well wherever the style sheet puts it, by day and by night.
func TestTokensAreReadable(t *testing.T) {
	for _, value := range []string{"#0b5063", "#5b2a86", "#000000", "#7a1f3d", "#004488", "#2d5a1b"} {
		accent, _ := parse(value)
		if light.worst(accent) < Least {
			t.Errorf("%s: %.2f", value, light.worst(accent))
		}
		dark := night.brightened(accent)
		if night.worst(dark) < Least || contrast(dark, night.ground) < Least {
			t.Errorf("%s becomes %v by night: %.2f", value, dark, night.worst(dark))
		}
	}
}

// The grounds here are those of the style sheet.
func TestGroundsAreTheStyleSheets(t *testing.T) {
	css, err := os.ReadFile("../assets/viesti.css")
	if err != nil {
		t.Fatal(err)
	}
	day, rest, _ := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	dark, _, _ := strings.Cut(rest, "\n}")
	for _, tt := range []struct{ text, token string }{
		{day, "--ground: " + light.ground.String()},
		{day, "--sheet: #fff"},
		{dark, "--ground: " + night.ground.String()},
		{dark, "--sheet: " + night.sheet.String()},
	} {
		if !strings.Contains(tt.text, tt.token+";") {
			t.Errorf("the style sheet does not say %s", tt.token)
		}
	}
}
