package app_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// postfix is a real mail server on the loopback interface, with a configuration and a queue of its
// own. Mail to people.test goes to folders of files, mail to return.test into a pipe.
type postfix struct {
	t    *testing.T
	dir  string
	port int
	grey *greylist
}

// A message is tried again later than its last attempt can take to end: the queue manager that finds
// one still being delivered does not come back to it.
const mainCF = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = %[1]s/log
maillog_file_prefixes = %[1]s
myhostname = mx.viesti.test
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = check_policy_service inet:%[2]s, permit_mynetworks, reject
virtual_mailbox_domains = people.test
virtual_mailbox_base = %[1]s/mail
virtual_mailbox_maps = texthash:%[1]s/etc/mailboxes
virtual_uid_maps = static:%[3]s
virtual_gid_maps = static:%[4]s
virtual_minimum_uid = 1
message_size_limit = 200000
virtual_mailbox_limit = 200000
relay_domains = return.test
transport_maps = inline:{return.test=viesti:}
recipient_delimiter = +
fast_flush_domains =
minimal_backoff_time = 3s
maximal_backoff_time = 3s
queue_run_delay = 1s
`

const masterCF = `127.0.0.1:%[1]d inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - 5 virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
viesti unix - n n - 2 pipe flags=R user=nobody argv=%[2]s bounce --config %[3]s --to ${original_recipient}
`

// newPostfix lays out a server that is not started yet, with mailboxes of these names and one called
// full that has no room. The test is skipped where there is no Postfix, or nobody may start it: its
// master runs as root.
func newPostfix(t *testing.T, viesti, config string, names []string) *postfix {
	t.Helper()
	if _, err := exec.LookPath("postfix"); err != nil || os.Geteuid() != 0 {
		t.Skip("needs Postfix, and root to start it")
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip(err)
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	owner, err := user.Lookup("postfix")
	if err != nil {
		t.Skip(err)
	}
	ownerID, _ := strconv.Atoi(owner.Uid)
	dir, err := os.MkdirTemp("", "viesti-mx-") // short: Postfix has sockets in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &postfix{t: t, dir: dir, grey: newGreylist(t)}
	_, port, _ := net.SplitHostPort(freeAddress(t))
	p.port, _ = strconv.Atoi(port)
	must(t, os.Chmod(dir, 0o755)) //nolint:gosec // Postfix's users have to get in
	for name, id := range map[string]int{"etc": 0, "queue": 0, "data": ownerID, "mail": uid} {
		must(t, os.Mkdir(filepath.Join(dir, name), 0o755)) //nolint:gosec // as above
		must(t, os.Chown(filepath.Join(dir, name), id, -1))
	}
	p.write("log", "")
	must(t, os.Chmod(filepath.Join(dir, "log"), 0o666)) //nolint:gosec // its programs write there as several users
	p.write("etc/main.cf", fmt.Sprintf(mainCF, dir, p.grey.address, nobody.Uid, nobody.Gid))
	p.write("etc/master.cf", fmt.Sprintf(masterCF, p.port, viesti, config))
	boxes := "full@people.test full\n"
	for _, name := range names {
		boxes += name + "@people.test " + name + "/\n"
	}
	p.write("etc/mailboxes", boxes)
	p.write("mail/full", strings.Repeat("x", 199_990))
	must(t, os.Chown(filepath.Join(dir, "mail/full"), uid, gid))
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *postfix) write(name, text string) {
	p.t.Helper()
	must(p.t, os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644)) //nolint:gosec // others read it
}

func (p *postfix) command(word string) {
	p.t.Helper()
	out, err := exec.Command("postfix", "-c", filepath.Join(p.dir, "etc"), word).CombinedOutput()
	if err != nil {
		p.t.Fatalf("postfix %s: %v\n%s%s", word, err, out, p.lately())
	}
}

// start starts the server and stops it when the test ends.
func (p *postfix) start() {
	p.t.Helper()
	p.command("start")
	p.t.Cleanup(func() { _ = exec.Command("postfix", "-c", filepath.Join(p.dir, "etc"), "abort").Run() })
}

func (p *postfix) log() string {
	raw, _ := os.ReadFile(filepath.Join(p.dir, "log"))
	return string(raw)
}

// lately is the end of the log.
func (p *postfix) lately() string {
	log := p.log()
	return log[max(0, len(log)-3000):]
}

// letters are the mails in a mailbox.
func (p *postfix) letters(name string) (list []string) {
	files, _ := filepath.Glob(filepath.Join(p.dir, "mail", name, "new", "*"))
	for _, f := range files {
		raw, err := os.ReadFile(f)
		must(p.t, err)
		list = append(list, string(raw))
	}
	return list
}

// wait waits for what another program does.
func (p *postfix) wait(what string, done func() bool) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("%s did not come about\n%s", what, p.lately())
		}
	}
}

// greylist is a policy service (Postfix's SMTPD_POLICY_README): who writes to grey…@ for the first
// time is told to come again.
type greylist struct {
	address string
	mu      sync.Mutex
	asked   map[string]int
}

func newGreylist(t *testing.T) *greylist {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	g := &greylist{address: l.Addr().String(), asked: map[string]int{}}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go g.serve(conn)
		}
	}()
	return g
}

func (g *greylist) serve(conn net.Conn) {
	defer conn.Close()
	recipient := ""
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), "recipient="); ok {
			recipient = v
		}
		if lines.Text() == "" {
			fmt.Fprintf(conn, "action=%s\n\n", g.answer(recipient))
		}
	}
}

func (g *greylist) answer(recipient string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asked[recipient]++; strings.HasPrefix(recipient, "grey") && g.asked[recipient] == 1 {
		return "450 4.7.1 Greylisted, come again"
	}
	return "dunno"
}
