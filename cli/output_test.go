package cli

import (
	"bytes"
	"testing"
)

// TestColumnsHold has rows that end early among others, as the links in spread do.
func TestColumnsHold(t *testing.T) {
	var out bytes.Buffer
	tab := &table{}
	tab.row("network", "links", "begun", "share")
	tab.row("a", "1", "1,000", "2%")
	tab.row("   Email", "", "7")
	tab.row("a longer one", "2", "3", "4%")
	(&program{Env: Env{Stdout: &out}}).print(tab)
	want := "network       links  begun  share\n" +
		"a             1      1,000  2%\n" +
		"   Email             7\n" +
		"a longer one  2      3      4%\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
