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

// TestBenchMemory measures the resident memory of `viesti serve` while people answer.
func TestBenchMemory(t *testing.T) {
	enabled(t)
	dir := t.TempDir()
	binary := filepath.Join(dir, "viesti")
	if out, err := exec.Command("go", "build", "-o", binary, "viesti").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	now := time.Now()
	config := fmt.Sprintf("[survey]\nwave = \"bench\"\nopens = %s\ncloses = %s\norganiser = \"Bench\"\ncontact.email = \"a@example.org\"\n[web]\nlisten = %q\n",
		now.Add(-time.Hour).Format(time.RFC3339), now.Add(240*time.Hour).Format(time.RFC3339), address)
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	serve := exec.Command(binary, "serve")
	serve.Dir = dir
	out, err := serve.StdoutPipe()
	if err == nil {
		err = serve.Start()
	}
	if err == nil {
		_, err = io.ReadFull(out, make([]byte, 1))
	}
	if err != nil {
		t.Fatal(err)
	}
	script := record(t, "http://"+address, "")
	post := answering(client(), "http://"+address, script)
	rate, _, err := load(clients, post)
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", serve.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_ = serve.Process.Signal(syscall.SIGTERM)
	_ = serve.Wait()
	fmt.Printf("| resident memory of serve at %.0f pages/s | %.0f MiB (most: %.0f MiB) | | | < 80 MiB | |\n",
		rate, mebibytes(status, "RssAnon"), mebibytes(status, "VmHWM"))
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
