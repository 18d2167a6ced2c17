package bolt

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

// clients is how many respondents answer at once.
const clients = 32

// BenchmarkUpdateDraft is the acknowledged writing of one page of answers, a draft of 2 kB, by
// 32 clients at once. Compare with BenchmarkBareGroupCommit in the same run.
func BenchmarkUpdateDraft(b *testing.B) {
	s := openIn(b, b.TempDir())
	ctx := context.Background()
	for i := range clients {
		must(b, s.CreateDraft(ctx, benchKey(i), benchDraft()))
	}
	parallel(b, func(client, n int) error {
		return s.UpdateDraft(ctx, benchKey(client), func(r *survey.Response) error {
			r.Answers["trust"] = survey.Answer{Value: strconv.Itoa(n%10 + 1)}
			return nil
		})
	})
}

// BenchmarkBareGroupCommit is the bare loop: a goroutine that puts whatever values of 2 kB wait in
// one transaction.
func BenchmarkBareGroupCommit(b *testing.B) {
	put, stop := bareLoop(b, filepath.Join(b.TempDir(), "bare.db"))
	defer stop()
	value := make([]byte, 2000)
	parallel(b, func(client, _ int) error { return put([]byte(benchKey(client)), value) })
}

// BenchmarkBareGroupCommitJSON is the bare loop whose callers read and write their record as JSON,
// with no store between: what is lost against it is the store's own cost.
func BenchmarkBareGroupCommitJSON(b *testing.B) {
	put, stop := bareLoop(b, filepath.Join(b.TempDir(), "bare.db"))
	defer stop()
	var drafts [clients][]byte
	for i := range drafts {
		drafts[i], _ = encode(benchDraft())
	}
	parallel(b, func(client, n int) error {
		r, err := decode[survey.Response](drafts[client])
		if err != nil {
			return err
		}
		r.Answers["trust"] = survey.Answer{Value: strconv.Itoa(n%10 + 1)}
		if drafts[client], err = encode(r); err != nil {
			return err
		}
		return put([]byte(benchKey(client)), drafts[client])
	})
}

// BenchmarkExchange is a result and the next claim for 20 connections at once; the figure is
// messages a second.
func BenchmarkExchange(b *testing.B) {
	s := openIn(b, b.TempDir())
	ctx, now := context.Background(), time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	fillQueue(b, s, b.N, now)
	claim := outbox.Claim{Carrier: link.Mail, Now: now, Limit: 20, Decide: func(m *outbox.Message, _ contacts.Known, _ contacts.Network) bool {
		m.State, m.Claimed, m.Attempt = outbox.Sending, now, m.Attempt+1
		return true
	}}
	var changes []outbox.Change
	b.ResetTimer()
	for done := 0; done < b.N; {
		got, err := s.Exchange(ctx, changes, claim)
		must(b, err)
		done += len(changes)
		changes = changes[:0]
		for _, d := range got {
			changes = append(changes, outbox.Change{Key: d.Key, Day: "2027-03-01", Apply: func(m *outbox.Message) contacts.Event {
				m.State, m.Settled = outbox.Sent, now
				return contacts.Accepted
			}})
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkOpen opens a store of 20,000 responses.
func BenchmarkOpen(b *testing.B) {
	dir, ctx := b.TempDir(), context.Background()
	s := openIn(b, dir)
	must(b, s.update(ctx, func(t *tx) error {
		for i := range 20000 {
			r := benchDraft()
			if err := t.save(responses(r.Wave), []byte(benchKey(i)), r); err != nil {
				return err
			}
		}
		return nil
	}))
	must(b, s.Close())
	for b.Loop() {
		s, err := Open(ctx, Options{Path: filepath.Join(dir, "viesti.db")})
		must(b, err)
		must(b, s.Close())
	}
}

// BenchmarkCompact writes a store of 100,000 answers anew, while nobody else writes. Compare with
// BenchmarkBareCopy, which copies the same bytes and syncs them.
func BenchmarkCompact(b *testing.B) {
	s, size := large(b)
	b.SetBytes(size)
	for b.Loop() {
		must(b, s.Compact(context.Background(), ""))
	}
}

// BenchmarkBackup is the same as a stream.
func BenchmarkBackup(b *testing.B) {
	s, size := large(b)
	b.SetBytes(size)
	for b.Loop() {
		must(b, s.Backup(context.Background(), io.Discard))
	}
}

func BenchmarkBareCopy(b *testing.B) {
	s, size := large(b)
	b.SetBytes(size)
	for b.Loop() {
		raw, err := os.ReadFile(s.path)
		must(b, err)
		f, err := os.Create(filepath.Join(b.TempDir(), "copy"))
		must(b, err)
		_, err = f.Write(raw[:size])
		must(b, err)
		must(b, f.Sync())
		must(b, f.Close())
	}
}

func large(b *testing.B) (*Store, int64) {
	b.Helper()
	s := openIn(b, b.TempDir())
	for from := 0; from < 100_000; from += 10_000 {
		must(b, s.update(context.Background(), func(t *tx) error {
			for i := range 10_000 {
				r := benchDraft()
				if err := t.save(responses(r.Wave), []byte(benchKey(from+i)), r); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	must(b, s.Compact(context.Background(), ""))
	size := int64(0)
	must(b, s.db.Load().View(func(btx *bbolt.Tx) error { size = btx.Size(); return nil }))
	return s, size
}

func parallel(b *testing.B, do func(client, n int) error) {
	b.Helper()
	var next atomic.Int64
	b.SetParallelism(clients) // a multiple of GOMAXPROCS, so those over the number idle
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		client := int(next.Add(1)) - 1
		if client >= clients {
			return
		}
		for n := 0; pb.Next(); n++ {
			if err := do(client, n); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
}

type bareJob struct {
	key, value []byte
	done       chan error
}

func bareLoop(b *testing.B, path string) (put func(k, v []byte) error, stop func()) {
	b.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	must(b, err)
	name := []byte("drafts")
	must(b, db.Update(func(btx *bbolt.Tx) error { _, err := btx.CreateBucket(name); return err }))
	jobs := make(chan bareJob, 1024)
	go func() {
		for first := range jobs {
			group := []bareJob{first}
			for len(jobs) > 0 {
				group = append(group, <-jobs)
			}
			err := db.Update(func(btx *bbolt.Tx) error {
				for _, j := range group {
					if err := btx.Bucket(name).Put(j.key, j.value); err != nil {
						return err
					}
				}
				return nil
			})
			for _, j := range group {
				j.done <- err
			}
		}
	}()
	put = func(k, v []byte) error {
		j := bareJob{k, v, make(chan error, 1)}
		jobs <- j
		return <-j.done
	}
	return put, func() { close(jobs); must(b, db.Close()) }
}

func benchKey(i int) survey.DraftKey { return survey.KeyOf(fmt.Sprint("respondent ", i)) }

// benchDraft is a response of about 2 kB, with the kinds of answers a questionnaire has.
func benchDraft() survey.Response {
	r := survey.Response{Wave: "2027", Link: "abcdefghjkmnp", Lang: i18n.Sv, Day: "2027-03-01", State: survey.Partial, Version: "1"}
	r.Answers = survey.Answers{"open": {Text: strings.Repeat("Samverkan fungerar bra. ", 40)}}
	for i := range 6 {
		rows := map[string]string{}
		for j := range 5 {
			rows[fmt.Sprint("condition-", j)] = "agree"
		}
		r.Answers[fmt.Sprint("matrix-", i)] = survey.Answer{Rows: rows}
		r.Answers[fmt.Sprint("grade-", i)] = survey.Answer{Value: strconv.Itoa(i + 1)}
	}
	return r
}

func fillQueue(b *testing.B, s *Store, n int, now time.Time) {
	b.Helper()
	ctx := context.Background()
	people, queue := make([]contacts.Contact, n), make([]outbox.Message, n)
	for i := range n {
		id := fmt.Sprintf("c%08d", i)
		people[i] = contacts.Contact{ID: id, Token: "t" + id, Email: id + "@example.org", Name: "Aino Esimerkki", Language: i18n.Fi, Networks: []string{"pomako"}}
		queue[i] = outbox.Message{
			Key: outbox.Key{Recipient: id, Wave: "2027", Kind: outbox.Invitation}, Network: "pomako",
			Carrier: link.Mail, State: outbox.Pending, Due: now, Queued: now,
		}
	}
	_, err := s.SaveContacts(ctx, people)
	must(b, err)
	_, err = s.Enqueue(ctx, queue)
	must(b, err)
}

func openIn(tb testing.TB, dir string) *Store {
	tb.Helper()
	s, err := Open(context.Background(), Options{Path: filepath.Join(dir, "viesti.db")})
	must(tb, err)
	tb.Cleanup(func() { must(tb, s.Close()) })
	return s
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
