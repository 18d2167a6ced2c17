package sav

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("a", 70)
	for _, test := range []struct{ wanted, want []string }{
		{[]string{"q1", "q2_other"}, []string{"q1", "q2_other"}},
		{[]string{"Q1", "q1"}, []string{"q1_2", "q1"}},
		{[]string{"", "1a", "_x"}, []string{"v", "v1a", "v_x"}},
		{[]string{"työ", "ty\u00f6", "a-b"}, []string{"ty_", "ty__2", "a_b"}},
		{[]string{"all", "with", "To"}, []string{"all_", "with_", "to_"}},
		{[]string{long, long + "b", long[:64]}, []string{long[:62] + "_2", long[:62] + "_3", long[:64]}},
		{[]string{"a", "a", "a_2"}, []string{"a", "a_3", "a_2"}},
	} {
		got := Names(test.wanted)
		if strings.Join(got, " ") != strings.Join(test.want, " ") {
			t.Errorf("%q became %q, want %q", test.wanted, got, test.want)
		}
	}
}

var right = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// Whatever is wanted, each name can be used, and each is another.
func FuzzNames(f *testing.F) {
	f.Add("q1\nq1\nQ1\n_\n" + strings.Repeat("ä", 40))
	f.Add("all\nall_\nnot\n\x00\n\xff")
	f.Fuzz(func(t *testing.T, list string) {
		wanted := strings.Split(list, "\n")
		seen := map[string]bool{}
		for i, name := range Names(wanted) {
			if !right.MatchString(name) || seen[name] {
				t.Errorf("%q became %q", wanted[i], name)
			}
			seen[name] = true
		}
	})
}

func FuzzCut(f *testing.F) {
	f.Add("Mitä kuuluu? €𝄞", 7)
	f.Add("aaaa bbbb  cccc", 4)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 4 || !utf8.ValidString(s) {
			return
		}
		cut := Cut(s, n)
		if len(cut) > n || !utf8.ValidString(cut) || !strings.HasPrefix(s, cut) || len(s) <= n && cut != s {
			t.Errorf("%q in %d bytes: %q", s, n, cut)
		}
		for _, line := range wrap(s, n) {
			if len(line) > n || !utf8.ValidString(line) {
				t.Errorf("%q in lines of %d bytes has %q", s, n, line)
			}
		}
		if joined := strings.Join(wrap(s, n), ""); strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%q in lines of %d bytes became %q", s, n, joined)
		}
	})
}
