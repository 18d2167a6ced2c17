package span

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"7d": 168 * time.Hour, "36h": 36 * time.Hour, "1d12h": 36 * time.Hour, "5s": 5 * time.Second,
		"90m": 90 * time.Minute, "0d": 0,
	} {
		got, err := Parse(in)
		if err != nil || got.Duration() != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
		if back, err := Parse(got.String()); err != nil || back != got {
			t.Errorf("%q does not come back: %v, %v", got, back, err)
		}
	}
	for _, bad := range []string{"", "d", "7", "-1d", "1.5d", "7dd", "7 d", "x", "-5s", "99999999d", "1d-2h5x"} {
		if got, err := Parse(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}
