package bench

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// installed is the program as a process of its own.
type installed struct {
	t           *testing.T
	dir, binary string
	address     string // of its pages
	serve       *exec.Cmd
}

func install(t *testing.T, mail string) *installed {
	t.Helper()
	dir := t.TempDir()
	in := &installed{t: t, dir: dir, binary: filepath.Join(dir, "viesti")}
	if out, err := exec.Command("go", "build", "-o", in.binary, "viesti").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	in.address = l.Addr().String()
	_ = l.Close()
	now := time.Now()
	in.write("config.toml", fmt.Sprintf("[survey]\nwave = \"bench\"\nopens = %s\ncloses = %s\norganiser = \"Bench\"\ncontact.email = \"a@example.org\"\n[web]\nlisten = %q\n%s",
		now.Add(-time.Hour).Format(time.RFC3339), now.Add(240*time.Hour).Format(time.RFC3339), in.address, mail))
	return in
}

func (in *installed) write(name, text string) {
	in.t.Helper()
	if err := os.WriteFile(filepath.Join(in.dir, name), []byte(text), 0o600); err != nil {
		in.t.Fatal(err)
	}
}

func (in *installed) run(args ...string) string {
	in.t.Helper()
	cmd := exec.Command(in.binary, args...)
	cmd.Dir = in.dir
	out, err := cmd.Output()
	if err != nil {
		in.t.Fatalf("%v: %v", args, err)
	}
	return string(out)
}

// start serves, until stop.
func (in *installed) start() {
	in.t.Helper()
	in.serve = exec.Command(in.binary, "serve")
	in.serve.Dir = in.dir
	out, err := in.serve.StdoutPipe()
	if err == nil {
		err = in.serve.Start()
	}
	if err == nil {
		_, err = io.ReadFull(out, make([]byte, 1))
	}
	if err != nil {
		in.t.Fatal(err)
	}
}

func (in *installed) stop() {
	_ = in.serve.Process.Signal(syscall.SIGTERM)
	_ = in.serve.Wait()
}

func (in *installed) memory() []byte {
	in.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", in.serve.Process.Pid))
	if err != nil {
		in.t.Fatal(err)
	}
	return status
}

// TestBenchMemory measures the resident memory of `viesti serve` while people answer.
func TestBenchMemory(t *testing.T) {
	enabled(t)
	in := install(t, "")
	in.start()
	script := record(t, "http://"+in.address, "")
	post := answering(client(), "http://"+in.address, script)
	rate, _, err := load(clients, post)
	if err != nil {
		t.Fatal(err)
	}
	status := in.memory()
	in.stop()
	fmt.Printf("| resident memory of serve at %.0f pages/s | %.0f MiB (most: %.0f MiB) | | | < 80 MiB | |\n",
		rate, mebibytes(status, "RssAnon"), mebibytes(status, "VmHWM"))
}

// TestBenchMemoryOfSending measures it while letters leave.
func TestBenchMemoryOfSending(t *testing.T) {
	enabled(t)
	relay := sink(t, "PIPELINING")
	in := install(t, fmt.Sprintf("[mail]\nhost = %q\nport = %d\ntls = \"none\"\nfrom = \"a@example.org\"\nconnections = 50\n", relay.Host, relay.Port))
	in.write("networks.csv", "id,name_fi,name_sv,name_en,kind,region,target,slack_channel\nnet,Verkko,,,mixed,national,10,\n")
	in.write("contacts.csv", list(people))
	in.run("networks", "import", "networks.csv")
	in.run("contacts", "import", "contacts.csv")
	in.run("invite")
	in.start()
	own, begun := 0.0, time.Now()
	for len(relay.Counts()) < people {
		own = max(own, mebibytes(in.memory(), "RssAnon"))
		time.Sleep(20 * time.Millisecond)
	}
	rate := people / time.Since(begun).Seconds()
	most := mebibytes(in.memory(), "VmHWM")
	in.stop()
	fmt.Printf("| resident memory of serve at %.0f letters/s over 50 connections | %.0f MiB (most: %.0f MiB) | | | < 64 MiB | |\n", rate, own, most)
}

// mebibytes reads a line of /proc/PID/status (proc(5)). RssAnon is the program's own memory; VmHWM
// also counts the pages of the program and the store that the kernel holds in its cache.
func mebibytes(status []byte, name string) float64 {
	for line := range bytes.Lines(status) {
		if key, value, ok := strings.Cut(string(line), ":"); ok && key == name {
			var kb float64
			_, _ = fmt.Sscanf(value, "%f kB", &kb)
			return kb / 1024
		}
	}
	return 0
}

// answering is people who answer the whole survey, one after another, each client one at a time.
func answering(web *http.Client, base string, script []sent) func(client int) error {
	type browser struct {
		cookie string
		at     int
	}
	browsers := make([]browser, clients)
	return func(c int) error {
		b := &browsers[c]
		step := script[b.at]
		req, err := http.NewRequest(http.MethodPost, base+step.path, strings.NewReader(step.body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if b.cookie != "" && b.at > 0 {
			req.Header.Set("Cookie", b.cookie)
		}
		res, err := web.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return err
		}
		if res.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("%s answered %d", step.path, res.StatusCode)
		}
		if b.at == 0 {
			b.cookie, _, _ = strings.Cut(res.Header.Get("Set-Cookie"), ";")
		}
		b.at = (b.at + 1) % len(script)
		return nil
	}
}
