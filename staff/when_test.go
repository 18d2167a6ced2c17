package staff

import (
	"testing"
	"time"
)

func TestParseWhen(t *testing.T) {
	for s, want := range map[string]Digest{
		"mon 09:00": {Day: time.Monday, At: 540}, " Friday  15.30 ": {Day: time.Friday, At: 930}, "SUN 0": {Day: time.Sunday},
	} {
		if day, at, ok := ParseWhen(s); !ok || day != want.Day || at != want.At {
			t.Errorf("%q: %s %s %v", s, day, at, ok)
		}
	}
	for _, s := range []string{"", "mon", "09:00", "mo 09:00", "mond 09:00", "mon 25:00", "mon 09:00 Helsinki", "ma 09:00"} {
		if day, at, ok := ParseWhen(s); ok {
			t.Errorf("%q: %s %s", s, day, at)
		}
	}
}
