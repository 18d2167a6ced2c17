// Package journal is the outbox's journal in one small file: notes that are durable after a single
// write, where a transaction of the store costs several. It keeps them for a moment only, and
// losing the file loses no message: what the outbox cannot look up in it, it takes for uncertain.
//
// It is not a store. It holds no recipient and no address, knows nothing of what it keeps, and is
// no part of a backup.
package journal

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
)

// The file has two halves. One is written, frame after frame; when it is full, what is still of
// use goes as the first frame into the other half, and writing goes on there. So there is at any
// moment a half that is whole. It is as long from the beginning as it will ever be: writes that
// move no end of a file are those that cost one sync.
//
// A frame is its length, its checksum, and JSON. A frame belongs to a half when it has the
// generation of the first frame, and the next number; what follows it is of an earlier use.
const (
	defaultHalf = 2 << 20
	head        = 8 // bytes before a frame's JSON
)

var checksums = crc32.MakeTable(crc32.Castagnoli)

// frame is what one write makes durable.
type frame struct {
	Generation uint64        `json:"g"`
	Number     uint64        `json:"n"`
	Run        string        `json:"run,omitempty"` // in the first of a half
	Notes      []outbox.Note `json:"notes,omitempty"`
}

// Journal is the outbox's journal in a file, opened when it is first needed: commands that send
// nothing leave it alone.
type Journal struct {
	path string
	half int64

	mu     sync.Mutex
	file   *os.File
	at     int64 // where the next frame goes
	frame  frame // the last one's generation and number
	run    string
	relays map[string]outbox.Note
	live   map[uint64]outbox.Note // outcomes not yet forgotten
}

var _ outbox.Journal = (*Journal)(nil)

// Path is where the journal of a store lies.
func Path(store string) string { return store + ".journal" }

// New is the journal in a file that need not be there.
func New(path string) *Journal { return &Journal{path: path, half: defaultHalf} }

// Close closes the file, if it was opened.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	defer func() { j.file = nil }()
	return j.file.Close()
}

// Recall implements outbox.Journal.
func (j *Journal) Recall(context.Context) (run string, notes []outbox.Note, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.open(); err != nil {
		return "", nil, err
	}
	return j.run, j.notes(), nil
}

// Begin implements outbox.Journal.
func (j *Journal) Begin(_ context.Context, run string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.open(); err != nil {
		return err
	}
	j.run = run
	j.clear()
	return j.turn()
}

// Write implements outbox.Journal.
func (j *Journal) Write(_ context.Context, notes []outbox.Note, forget []uint64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.open(); err != nil {
		return err
	}
	for _, seq := range forget {
		delete(j.live, seq)
	}
	raw, err := seal(frame{Generation: j.frame.Generation, Number: j.frame.Number + 1, Notes: notes})
	if err != nil {
		return err
	}
	j.keep(notes)
	if end := (1 + int64(j.frame.Generation%2)) * j.half; j.at+int64(len(raw)) > end {
		return j.turn()
	}
	if err := j.put(raw, j.at); err != nil {
		return err
	}
	j.frame.Number++
	return nil
}

// Wipe overwrites all frames but one with what is still of use. A file that is not there stays so.
func (j *Journal) Wipe(context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := os.Stat(j.path); j.file == nil && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := j.open(); err != nil {
		return err
	}
	if err := j.turn(); err != nil {
		return err
	}
	live, other := int64(j.frame.Generation%2), int64(1-j.frame.Generation%2)
	for _, from := range [][2]int64{{j.at, (live + 1) * j.half}, {other * j.half, (other + 1) * j.half}} {
		if _, err := j.file.WriteAt(make([]byte, from[1]-from[0]), from[0]); err != nil {
			return fmt.Errorf("journal: %w", err)
		}
	}
	return nil
}

// turn begins the other half with all that is of use.
func (j *Journal) turn() error {
	next := frame{Generation: j.frame.Generation + 1, Run: j.run, Notes: j.notes()}
	raw, err := seal(next)
	if err != nil {
		return err
	}
	if int64(len(raw)) > j.half {
		return fmt.Errorf("journal: %d bytes of notes are more than it can hold", len(raw))
	}
	at := int64(next.Generation%2) * j.half
	if err := j.put(raw, at); err != nil {
		return err
	}
	j.frame = frame{Generation: next.Generation}
	return nil
}

func (j *Journal) put(raw []byte, at int64) error {
	if _, err := j.file.WriteAt(raw, at); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.at = at + int64(len(raw))
	return nil
}

func (j *Journal) clear() { j.relays, j.live = map[string]outbox.Note{}, map[uint64]outbox.Note{} }

func (j *Journal) keep(notes []outbox.Note) {
	for _, n := range notes {
		if n.Seq == 0 {
			j.relays[n.Lane] = n
		} else {
			j.live[n.Seq] = n
		}
	}
}

func (j *Journal) notes() []outbox.Note {
	list := slices.Collect(maps.Values(j.relays))
	return slices.AppendSeq(list, maps.Values(j.live))
}

// open opens the file, or makes it, and reads what it holds.
func (j *Journal) open() error {
	if j.file != nil {
		return nil
	}
	err := j.read()
	if err != nil && j.file != nil {
		_ = j.file.Close()
		j.file = nil
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.journal", i18n.Args{"path": j.path})
	}
	return nil
}

func (j *Journal) read() (err error) {
	// O_SYNC: a write is on disk when it returns.
	if j.file, err = os.OpenFile(j.path, os.O_RDWR|os.O_CREATE|os.O_SYNC, 0o600); err != nil {
		return err
	}
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if short := 2*j.half - info.Size(); short > 0 { // new, or its making was cut short
		if _, err := j.file.WriteAt(make([]byte, short), info.Size()); err != nil {
			return err
		}
		syncFolder(j.path)
	}
	var best []frame
	raw := make([]byte, j.half)
	for _, from := range []int64{0, j.half} {
		frames, err := j.frames(from, raw)
		if err != nil {
			return err
		}
		if len(frames) > 0 && (best == nil || frames[0].Generation > best[0].Generation) {
			best = frames
		}
	}
	j.clear()
	for _, f := range best {
		j.keep(f.Notes)
	}
	if best != nil {
		j.run, j.frame = best[0].Run, frame{Generation: best[0].Generation}
	}
	j.at = 2 * j.half // nothing goes on where another process has ended: the next write turns
	return nil
}

// frames are those of a half, up to the first that is not whole or not of its generation.
func (j *Journal) frames(from int64, raw []byte) (list []frame, err error) {
	if _, err := io.ReadFull(io.NewSectionReader(j.file, from, j.half), raw); err != nil {
		return nil, err
	}
	for len(raw) > head {
		var f frame
		n, err := unseal(raw, &f)
		if err != nil || f.Number != uint64(len(list)) || len(list) > 0 && f.Generation != list[0].Generation {
			return list, nil //nolint:nilerr // the end of what was written
		}
		list = append(list, f)
		raw = raw[n:]
	}
	return list, nil
}

func seal(f frame) ([]byte, error) {
	raw := make([]byte, head)
	body, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	raw = append(raw, body...)
	binary.LittleEndian.PutUint32(raw, uint32(len(body))) //nolint:gosec // far less
	binary.LittleEndian.PutUint32(raw[4:], crc32.Checksum(body, checksums))
	return raw, nil
}

var errTorn = errors.New("journal: not a whole frame")

// unseal reads the frame at the beginning of raw and gives its length.
func unseal(raw []byte, f *frame) (int, error) {
	n := int64(binary.LittleEndian.Uint32(raw))
	if n == 0 || n > int64(len(raw)-head) {
		return 0, errTorn
	}
	body := raw[head : head+n]
	if crc32.Checksum(body, checksums) != binary.LittleEndian.Uint32(raw[4:]) {
		return 0, errTorn
	}
	return head + int(n), json.Unmarshal(body, f)
}

// syncFolder makes the new file's name durable, where a system can do that.
func syncFolder(path string) {
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}
