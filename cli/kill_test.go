package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"viesti/internal/smtptest"
	"viesti/outbox"
)

// rounds is how often a long test repeats its attack: a few times as a rule, all of them in
// `make soak`.
func rounds(few, all int) int {
	if os.Getenv("VIESTI_SOAK") != "" {
		return all
	}
	return few
}

// built is the program as its users have it.
func built(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "viesti")
	out, err := exec.Command("go", "build", "-o", path, "viesti").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// installation is a configured folder with a program to run in it.
type installation struct {
	t      *testing.T
	binary string
	dir    string
	base   string // address of the pages
}

func install(t *testing.T, relay *smtptest.Relay, more string) *installation {
	t.Helper()
	return installFor(t, relay.Port, more)
}

// installFor expects the relay at a port of this machine, now or later.
func installFor(t *testing.T, relay int, more string) *installation {
	t.Helper()
	in := &installation{t: t, binary: built(t), dir: t.TempDir()}
	port := freePort(t)
	in.base = "http://127.0.0.1:" + port
	now := time.Now()
	config := fmt.Sprintf(`[survey]
wave = "test"
opens = %s
closes = %s
organiser = "Test"
contact.email = "test@example.org"
[web]
listen = "127.0.0.1:%s"
[mail]
host = "127.0.0.1"
port = %d
tls = "none"
from = "test@example.org"
connections = 3
[reminders]
hours = ""
weekdays_only = false
holidays = ""
%s`, now.Add(-time.Hour).Format(time.RFC3339), now.Add(24*time.Hour).Format(time.RFC3339), port, relay, more)
	in.write("config.toml", config)
	in.write("networks.csv", "id,name_fi,name_sv,name_en,kind,region,target,slack_channel\nnet,Verkko,Nät,Net,mixed,national,10,\n")
	in.run("networks", "import", "networks.csv")
	return in
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func (in *installation) write(name, text string) {
	in.t.Helper()
	if err := os.WriteFile(filepath.Join(in.dir, name), []byte(text), 0o600); err != nil {
		in.t.Fatal(err)
	}
}

func (in *installation) command(args ...string) *exec.Cmd {
	cmd := exec.Command(in.binary, args...)
	cmd.Dir, cmd.Env = in.dir, append(os.Environ(), "LC_ALL=C")
	return cmd
}

// run runs a command to its end and gives what it said on stdout.
func (in *installation) run(args ...string) string {
	in.t.Helper()
	var stderr strings.Builder
	cmd := in.command(args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		in.t.Fatalf("viesti %v: %v\n%s%s", args, err, out, stderr.String())
	}
	return string(out)
}

// serve starts the server and returns when it says that it listens.
func (in *installation) serve() *exec.Cmd {
	in.t.Helper()
	cmd := in.command("serve")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		_, err = io.ReadFull(out, make([]byte, 1))
	}
	if err != nil {
		in.t.Fatalf("serve: %v", err)
	}
	go io.Copy(io.Discard, out) //nolint:errcheck // ends with the process
	return cmd
}

func (in *installation) kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// stop ends the server as an operator does.
func (in *installation) stop(cmd *exec.Cmd) {
	in.t.Helper()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		in.t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		in.t.Fatalf("SIGTERM: %v", err)
	}
}

func (in *installation) states() map[outbox.State]int64 {
	in.t.Helper()
	var s struct {
		Outbox map[outbox.State]int64 `json:"outbox"`
	}
	if err := json.Unmarshal([]byte(in.run("status", "--json")), &s); err != nil {
		in.t.Fatal(err)
	}
	return s.Outbox
}

func addresses(n int) (list []string, csv string) {
	var b strings.Builder
	b.WriteString("email,name,organisation,language,network,slack_user\n")
	for i := range n {
		list = append(list, fmt.Sprintf("person%d@example.org", i))
		fmt.Fprintf(&b, "%s,Person %d,,%s,net,\n", list[i], i, []string{"fi", "sv", "en"}[i%3])
	}
	return list, b.String()
}
