package journal

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"viesti/outbox"
)

func open(t *testing.T, path string, half int64) *Journal {
	t.Helper()
	j := New(path)
	j.half = half
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func note(seq uint64) outbox.Note {
	return outbox.Note{Lane: "mail/1", Seq: seq, Outcome: outbox.Outcome{State: outbox.Sent, Reply: outbox.Reply{Text: fmt.Sprint("queued as ", seq)}}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// recalled is what a new process finds.
func recalled(t *testing.T, path string, half int64) (run string, notes map[uint64]outbox.Note) {
	t.Helper()
	j := open(t, path, half)
	defer j.Close()
	run, list, err := j.Recall(t.Context())
	must(t, err)
	notes = map[uint64]outbox.Note{}
	for _, n := range list {
		notes[n.Seq] = n
	}
	return run, notes
}

func TestNothingThere(t *testing.T) {
	if run, notes := recalled(t, filepath.Join(t.TempDir(), "j"), 4096); run != "" || len(notes) != 0 {
		t.Errorf("an empty journal recalls %q, %v", run, notes)
	}
}

// TestOverManyTurns writes many times what the file holds, forgetting a while later, through
// processes that end without a word.
func TestOverManyTurns(t *testing.T) {
	const half, kept = 4096, 12
	path := filepath.Join(t.TempDir(), "j")
	seq := uint64(0)
	for process := range 5 {
		run := fmt.Sprint("run ", process)
		j := open(t, path, half)
		must(t, j.Begin(t.Context(), run))
		must(t, j.Write(t.Context(), []outbox.Note{{Lane: "mail/1", Relay: "one"}, {Lane: "mail/1", Relay: "two"}}, nil))
		first := seq + 1
		for range 400 {
			seq++
			var forget []uint64
			if seq > first+kept {
				forget = []uint64{seq - kept - 1}
			}
			must(t, j.Write(t.Context(), []outbox.Note{note(seq)}, forget))
			if seq%97 == 0 {
				was, notes := recalled(t, path, half)
				if was != run || notes[0].Relay != "two" {
					t.Fatalf("recalled run %q, relay %q", was, notes[0].Relay)
				}
				for s := max(first, seq-kept); s <= seq; s++ {
					if notes[s] != note(s) {
						t.Fatalf("note %d of %d is recalled as %+v", s, seq, notes[s])
					}
				}
			}
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 2*half {
		t.Errorf("the file has %d bytes, want %d", info.Size(), 2*half)
	}
}

// TestTorn cuts or spoils the last write at any place: what was written before it is all there,
// and it is there whole or not at all.
func TestTorn(t *testing.T) {
	const half = 2048
	dice := rand.New(rand.NewPCG(1, 1))
	for writes := 1; writes < 40; writes++ {
		path := filepath.Join(t.TempDir(), "j")
		j := open(t, path, half)
		must(t, j.Begin(t.Context(), "run"))
		var before []byte
		for seq := range uint64(writes) {
			var err error
			before, err = os.ReadFile(path)
			must(t, err)
			must(t, j.Write(t.Context(), []outbox.Note{note(seq + 1)}, []uint64{seq - 1}))
		}
		after, err := os.ReadFile(path)
		must(t, err)
		for range 20 {
			spoilt := append([]byte(nil), before...)
			at := dice.IntN(len(after))
			copy(spoilt[:at], after[:at]) // the bytes from here on did not reach the disk
			torn := filepath.Join(t.TempDir(), "torn")
			must(t, os.WriteFile(torn, spoilt, 0o600))
			run, notes := recalled(t, torn, half)
			last := uint64(writes)
			if run != "run" || last > 1 && notes[last-1] != note(last-1) {
				t.Fatalf("%d writes, torn at %d: recalled %q and %v", writes, at, run, notes)
			}
			if n, ok := notes[last]; ok && n != note(last) {
				t.Fatalf("%d writes, torn at %d: the last is %+v", writes, at, n)
			}
		}
	}
}

func TestTooMuch(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "j"), 1024)
	must(t, j.Begin(t.Context(), "run"))
	var list []outbox.Note
	for seq := range uint64(50) {
		list = append(list, note(seq+1))
	}
	if err := j.Write(t.Context(), list, nil); err == nil {
		t.Error("more was taken than can be kept")
	}
}

func TestNoFolder(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "missing", "j"), 1024)
	if err := j.Begin(t.Context(), "run"); err == nil {
		t.Error("a journal in a folder that is not there")
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzUnseal(f *testing.F) {
	raw, err := seal(frame{Generation: 3, Notes: []outbox.Note{note(7)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) <= head {
			return
		}
		var got frame
		if n, err := unseal(raw, &got); err == nil && (n <= head || n > len(raw)) {
			t.Errorf("a frame of %d bytes in %d", n, len(raw))
		}
	})
}

// TestWipe leaves on the disk what is still of use, and nothing else.
func TestWipe(t *testing.T) {
	const half = 4096
	path := filepath.Join(t.TempDir(), "j")
	j := open(t, path, half)
	must(t, j.Wipe(t.Context()))
	if _, err := os.Stat(path); err == nil {
		t.Error("wiping made a file")
	}
	must(t, j.Begin(t.Context(), "run"))
	for seq := range uint64(60) {
		must(t, j.Write(t.Context(), []outbox.Note{note(seq + 1)}, []uint64{seq}))
	}
	must(t, j.Wipe(t.Context()))
	raw, err := os.ReadFile(path)
	must(t, err)
	if n := bytes.Count(raw, []byte("queued as")); n != 1 || len(raw) != 2*half {
		t.Errorf("%d notes are left in %d bytes", n, len(raw))
	}
	must(t, j.Write(t.Context(), []outbox.Note{note(61)}, nil))
	if run, notes := recalled(t, path, half); run != "run" || len(notes) != 2 {
		t.Errorf("recalled %q, %v", run, notes)
	}
}
