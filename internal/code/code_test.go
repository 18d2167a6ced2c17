package code

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

func TestDraw(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		c, err := Draw(rand.Reader, Length)
		if err != nil {
			t.Fatal(err)
		}
		if back, ok := Parse(c, Length); !ok || back != c || seen[c] || strings.ContainsAny(c, "01ilo") {
			t.Fatalf("code %q", c)
		}
		seen[c] = true
	}
	// 256 is not a multiple of the alphabet: bytes above the last whole multiple are drawn again.
	if c, err := Draw(bytes.NewReader(append(bytes.Repeat([]byte{255}, 7), make([]byte, Length)...)), Length); err != nil || c != strings.Repeat("a", Length) {
		t.Errorf("%q %v", c, err)
	}
	if _, err := Draw(bytes.NewReader(nil), Length); err == nil {
		t.Error("a code was drawn from nothing")
	}
	if c, err := Draw(rand.Reader, 100); err != nil || len(c) != 100 {
		t.Errorf("%q %v", c, err)
	}
}

func TestParseForgivesHowPeopleCopy(t *testing.T) {
	const want = "abcdefghjkmn2"
	for _, s := range []string{
		want, " ABCDEFGHJKMN2 ", "<" + want + ">", want + ".", "„" + want + "”", want + "\u00a0", "abcdef ghjkmn2",
		"abcd-efgh-jkmn2", "ABCD–EFGH—JKMN2", "abcd\u00adefgh\u200bjkmn2\r\n", Show(want),
	} {
		if got, ok := Parse(s, Length); !ok || got != want {
			t.Errorf("%q: %q %v", s, got, ok)
		}
	}
	for _, s := range []string{
		"", "abc", want + "2", "abcdefghjkmn0", "abcdefghjkmnä", strings.Repeat("a", 1000), "abcdefghjkmn2\x00", want + strings.Repeat(" ", 1000), "abcdefghjkm\xff2",
	} {
		if got, ok := Parse(s, Length); ok {
			t.Errorf("%q was read as %q", s, got)
		}
	}
}

func TestShow(t *testing.T) {
	for code, want := range map[string]string{
		"abcdefghjkmn2": "abcd-efgh-jkmn2", "abcdefgh": "abcd-efgh", "abcdefghj": "abcd-efghj", "abc": "abc", "": "",
	} {
		if got := Show(code); got != want {
			t.Errorf("%q: %q", code, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("abcdefghjkmn2")
	f.Add("<ABCD-EFGH-JKMN2>.")
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := Parse(s, Length)
		if !ok {
			return
		}
		if again, ok := Parse(Show(c), Length); !ok || again != c || len(c) != Length {
			t.Errorf("%q gave %q", s, c)
		}
	})
}
