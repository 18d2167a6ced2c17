// Package imap fetches what came back from a mailbox that a mail server keeps: it hands over each
// mail once, and moves or flags it when it was taken.
//
// It reads no mail itself, and it never deletes one: in a mailbox that people share, what it does
// not understand stays where it is.
package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"viesti/bounce"
	"viesti/i18n"
	"viesti/internal/fault"
)

// Every is how often the mailbox is looked into.
const Every = time.Minute

// patience is how long one look may take: a mail of 50 MB over a slow line is the longest.
const patience = 10 * time.Minute

// Handled marks a mail that was looked at and stays where it is.
const Handled goimap.Flag = "$ViestiHandled"

// Mailbox is a mailbox to which bounces are delivered.
type Mailbox struct {
	Config bounce.IMAP
	Take   func(ctx context.Context, mail bounce.Mail) (bounce.Record, error)
	Log    *slog.Logger
	TLS    *tls.Config // nil trusts the system's authorities

	seen map[seen]bool // where the server keeps no flags of ours
}

// seen names a mail for good (RFC 9051, 2.3.1.1).
type seen struct {
	validity uint32
	uid      goimap.UID
}

// Run looks into the mailbox every now and then until ctx ends.
func (m *Mailbox) Run(ctx context.Context) error {
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	ill := false
	for {
		switch err := m.Look(ctx); {
		case ctx.Err() != nil:
			return nil
		case err != nil && !ill:
			m.Log.Error("the mailbox of bounces cannot be read", "host", m.Config.Host, "err", err)
			ill = true
		case err == nil && ill:
			m.Log.Info("the mailbox of bounces can be read again", "host", m.Config.Host)
			ill = false
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Ping looks whether the mailbox is there. Its error is a *fault.Fault that says what to mend.
func (m *Mailbox) Ping(ctx context.Context) error {
	c, err := m.open(ctx)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "bounce.imap", i18n.Args{"host": m.Config.Addr(), "mailbox": m.Config.Mailbox}).
			At(fault.Place{Field: "mail.bounces.imap.host"})
	}
	c.close()
	return nil
}

// Look takes what is new in the mailbox.
func (m *Mailbox) Look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	found, err := c.UIDSearch(&goimap.SearchCriteria{NotFlag: []goimap.Flag{Handled, goimap.FlagDeleted}}, nil).Wait()
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	for _, uid := range found.AllUIDs() {
		if m.seen[seen{c.validity, uid}] {
			continue
		}
		if err := m.one(ctx, c, uid); err != nil {
			return err
		}
	}
	return nil
}

// one takes one mail. An error ends the look: the mail is there for the next.
func (m *Mailbox) one(ctx context.Context, c *conversation, uid goimap.UID) error {
	raw, err := c.fetch(uid)
	if err != nil {
		return err
	}
	stays := raw == nil // too large, or gone
	if raw != nil {
		_, err := m.Take(ctx, bounce.Mail{Raw: raw})
		switch kind := fault.KindOf(err); {
		case err == nil:
		case kind == fault.Invalid || kind == fault.Conflict: // not ours to handle, now or later
			m.Log.Warn("a mail stays in the mailbox of bounces", "uid", uid, "err", err)
			stays = true
		default:
			return fmt.Errorf("take mail %d: %w", uid, err)
		}
	}
	return m.put(c, uid, stays)
}

// put moves a mail that was handled away, or flags it where that is not wanted or not possible.
// Only a server that can MOVE is asked to: the old way round it can lose mail, or expunge other
// people's.
func (m *Mailbox) put(c *conversation, uid goimap.UID, stays bool) error {
	set := goimap.UIDSetNum(uid)
	if m.Config.Processed != "" && !stays && c.Caps().Has(goimap.CapMove) {
		if _, err := c.Move(set, m.Config.Processed).Wait(); err != nil {
			return fmt.Errorf("move mail %d to %s: %w", uid, m.Config.Processed, err)
		}
		return nil
	}
	if !c.flags {
		if m.seen == nil {
			m.seen = map[seen]bool{}
		}
		m.seen[seen{c.validity, uid}] = true
		return nil
	}
	add := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Silent: true, Flags: []goimap.Flag{Handled}}
	if err := c.Store(set, add, nil).Close(); err != nil {
		return fmt.Errorf("flag mail %d: %w", uid, err)
	}
	return nil
}

// conversation is a login with the mailbox selected.
type conversation struct {
	*imapclient.Client
	validity uint32
	flags    bool // the server keeps flags of our own
	unhook   func() bool
}

func (c *conversation) close() {
	c.unhook()
	_ = c.Logout().Wait()
	_ = c.Close()
}

func (m *Mailbox) open(ctx context.Context) (*conversation, error) {
	client, err := m.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &conversation{Client: client}
	c.unhook = context.AfterFunc(ctx, func() { _ = client.Close() })
	if err := m.enter(c); err != nil {
		c.unhook()
		_ = client.Close()
		return nil, err
	}
	return c, nil
}

func (m *Mailbox) enter(c *conversation) error {
	if err := c.Login(m.Config.Username, m.Config.Password.Reveal()).Wait(); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	if m.Config.Processed != "" { // made when it is not there
		if err := c.Create(m.Config.Processed, nil).Wait(); err != nil && !isAnswer(err) {
			return fmt.Errorf("create %s: %w", m.Config.Processed, err)
		}
	}
	box, err := c.Select(m.Config.Mailbox, nil).Wait()
	if err != nil {
		return fmt.Errorf("select %s: %w", m.Config.Mailbox, err)
	}
	c.validity = box.UIDValidity
	c.flags = slices.Contains(box.PermanentFlags, goimap.FlagWildcard) || slices.Contains(box.PermanentFlags, Handled)
	return nil
}

// isAnswer tells a server's "no" from a line that broke.
func isAnswer(err error) bool {
	var said *goimap.Error
	return errors.As(err, &said)
}

func (m *Mailbox) dial(ctx context.Context) (*imapclient.Client, error) {
	wire, err := (&net.Dialer{Timeout: 30 * time.Second}).DialContext(ctx, "tcp", m.Config.Addr())
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	options := &imapclient.Options{TLSConfig: m.TLS.Clone()}
	if options.TLSConfig == nil {
		options.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if options.TLSConfig.ServerName == "" {
		options.TLSConfig.ServerName = m.Config.Host
	}
	switch m.Config.TLS {
	case "none":
		return imapclient.New(wire, options), nil
	case "starttls":
		client, err := imapclient.NewStartTLS(wire, options)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("STARTTLS: %w", err), wire.Close())
		}
		return client, nil
	default:
		secured := tls.Client(wire, options.TLSConfig)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("TLS: %w", err), wire.Close())
		}
		return imapclient.New(secured, options), nil
	}
}

// fetch reads a mail without marking it as read; nil when it is too large, or gone.
func (c *conversation) fetch(uid goimap.UID) ([]byte, error) {
	set := goimap.UIDSetNum(uid)
	sizes, err := c.Fetch(set, &goimap.FetchOptions{UID: true, RFC822Size: true}).Collect()
	if err != nil {
		return nil, fmt.Errorf("size of mail %d: %w", uid, err)
	}
	if len(sizes) == 0 || sizes[0].RFC822Size > bounce.MaxMail {
		return nil, nil
	}
	whole := &goimap.FetchItemBodySection{Peek: true}
	mails, err := c.Fetch(set, &goimap.FetchOptions{UID: true, BodySection: []*goimap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		return nil, fmt.Errorf("fetch mail %d: %w", uid, err)
	}
	if len(mails) == 0 {
		return nil, nil
	}
	return mails[0].FindBodySection(whole), nil
}
