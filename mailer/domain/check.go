package domain

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Resolver is what is asked of DNS; net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Check tells what receivers would object to, and notes what a person had better look at because
// nobody can judge it from here.
func (s Setup) Check(ctx context.Context, r Resolver) (faults, notes fault.List) {
	c := &checking{Setup: s, dns: r}
	c.spf(ctx)
	c.dkim(ctx)
	c.dmarc(ctx)
	c.mx(ctx)
	c.reverse(ctx)
	if s.Clear {
		c.note("mail.tls", "domain.clear", i18n.Args{"relay": s.Relay})
	}
	if s.PlainWeb {
		c.note("web.base_url", "domain.plain_web", nil)
	}
	if c.down {
		c.faults = append(c.faults, fault.New(fault.Unavailable, "domain.dns_down", nil))
	}
	return c.faults, c.notes
}

type checking struct {
	Setup
	dns           Resolver
	down          bool // some question had no answer
	faults, notes fault.List
}

func (c *checking) wrong(field, key string, args i18n.Args) {
	c.faults = append(c.faults, fault.New(fault.Invalid, key, args).At(fault.Place{Field: field}))
}

func (c *checking) note(field, key string, args i18n.Args) {
	c.notes = append(c.notes, fault.New(fault.Unavailable, key, args).At(fault.Place{Field: field}))
}

// none tells whether DNS answered that there is nothing; no answer at all is remembered.
func (c *checking) none(err error) bool {
	var e *net.DNSError
	if errors.As(err, &e) && e.IsNotFound {
		return true
	}
	c.down = c.down || err != nil
	return false
}

// txt are the TXT records of a name; ok is false when DNS did not answer.
func (c *checking) txt(ctx context.Context, name string) (records []string, ok bool) {
	records, err := c.dns.LookupTXT(ctx, name)
	if err != nil && !c.none(err) {
		return nil, false
	}
	return records, true
}

// spf looks for the one record that a return path's domain must have, and asks it about the
// relay's addresses. A relay of a provider may send from others, so that is a note.
func (c *checking) spf(ctx context.Context) {
	records, ok := c.txt(ctx, c.ReturnPath)
	if !ok {
		return
	}
	records = slices.DeleteFunc(slices.Clone(records), func(r string) bool {
		first, _, _ := strings.Cut(r, " ")
		return !strings.EqualFold(first, "v=spf1")
	})
	args := i18n.Args{"domain": c.ReturnPath, "relay": c.sending()}
	switch len(records) {
	case 0:
		c.wrong("mail.return_path", "domain.spf_missing", args)
		return
	case 1:
	default:
		c.wrong("mail.return_path", "domain.spf_many", args)
		return
	}
	for _, ip := range c.addresses(ctx, c.sending()) {
		result, err := spf.CheckHostWithSender(ip, c.Host, "postmaster@"+c.ReturnPath, spf.WithResolver(c.dns), spf.WithContext(ctx))
		switch result {
		case spf.Pass:
		case spf.PermError:
			c.faults = append(c.faults, fault.Wrap(err, fault.Invalid, "domain.spf_broken", args).At(fault.Place{Field: "mail.return_path"}))
			return
		case spf.TempError:
			c.down = true
		default:
			args["address"] = ip.String()
			c.note("mail.return_path", "domain.spf_relay", args)
			return
		}
	}
}

// addresses are the public addresses of a host.
func (c *checking) addresses(ctx context.Context, host string) (list []net.IP) {
	all, err := c.dns.LookupIPAddr(ctx, host)
	if err != nil {
		c.none(err)
	}
	for _, a := range all {
		if a.IP.IsGlobalUnicast() && !a.IP.IsPrivate() {
			list = append(list, a.IP)
		}
	}
	return list
}

// dkim verifies a letter as a receiver would.
func (c *checking) dkim(ctx context.Context) {
	if len(c.Keys) == 0 {
		c.note("mail.dkim.key_file", "domain.dkim_none", nil)
		return
	}
	for _, k := range c.Keys {
		if records, ok := c.txt(ctx, k.Name()); ok && len(records) == 0 {
			c.wrong("mail.dkim.selector", "domain.dkim_missing", i18n.Args{"name": k.Name()})
		}
	}
	results, err := dkim.VerifyWithOptions(bytes.NewReader(c.Sample), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return c.dns.LookupTXT(ctx, name) },
	})
	if err != nil || len(results) != len(c.Keys) {
		c.faults = append(c.faults, fault.Wrap(err, fault.Internal, "fault.internal", nil))
		return
	}
	for i, v := range results {
		if records, ok := c.txt(ctx, c.Keys[i].Name()); v.Err != nil && ok && len(records) > 0 {
			c.wrong("mail.dkim.selector", "domain.dkim_wrong", i18n.Args{"name": c.Keys[i].Name()})
		}
	}
}

// dmarc looks for the policy and whether the letters meet it: by their return path or by a
// signature, whichever is of the sender's domain (RFC 7489, 3.1).
func (c *checking) dmarc(ctx context.Context) {
	record, err := c.policy(ctx, c.From)
	if errors.Is(err, dmarc.ErrNoPolicy) {
		if whole := organisation(c.From); whole != c.From {
			record, err = c.policy(ctx, whole)
		}
	}
	switch {
	case errors.Is(err, dmarc.ErrNoPolicy):
		c.wrong("mail.from", "domain.dmarc_missing", i18n.Args{"name": "_dmarc." + c.From})
		record = &dmarc.Record{}
	case c.down && err != nil:
		return
	case err != nil:
		c.wrong("mail.from", "domain.dmarc_broken", i18n.Args{"name": "_dmarc." + c.From})
		return
	}
	aligned := align(c.ReturnPath, c.From, record.SPFAlignment)
	for _, k := range c.Keys {
		aligned = aligned || align(k.Domain, c.From, record.DKIMAlignment)
	}
	args := i18n.Args{"from": c.From, "domain": c.ReturnPath}
	switch {
	case aligned:
	case len(c.Keys) == 0: // the relay may sign
		c.note("mail.from", "domain.unaligned", args)
	default:
		c.wrong("mail.from", "domain.unaligned", args)
	}
}

func (c *checking) policy(ctx context.Context, domain string) (*dmarc.Record, error) {
	return dmarc.LookupWithOptions(domain, &dmarc.LookupOptions{LookupTXT: func(name string) ([]string, error) {
		records, err := c.dns.LookupTXT(ctx, name)
		if err != nil {
			c.none(err)
		}
		return records, err
	}})
}

// organisation is the domain that somebody registered (RFC 7489, 3.2).
func organisation(domain string) string {
	whole, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return whole
}

func align(domain, from string, mode dmarc.AlignmentMode) bool {
	if mode == dmarc.AlignmentStrict {
		return strings.EqualFold(domain, from)
	}
	return strings.EqualFold(organisation(domain), organisation(from))
}

// mx: without a host that takes mail for the return path no bounce comes back, and receivers
// refuse such senders.
func (c *checking) mx(ctx context.Context) {
	hosts, err := c.dns.LookupMX(ctx, c.ReturnPath)
	if err != nil && !c.none(err) {
		return
	}
	hosts = slices.DeleteFunc(slices.Clone(hosts), func(mx *net.MX) bool { return mx.Host == "." }) // RFC 7505
	if len(hosts) > 0 {
		return
	}
	if addresses, err := c.dns.LookupIPAddr(ctx, c.ReturnPath); len(addresses) == 0 && (err == nil || c.none(err)) {
		c.wrong("mail.return_path", "domain.mx_missing", i18n.Args{"domain": c.ReturnPath})
	}
}

// reverse: an address that sends mail needs a name that leads back to it.
func (c *checking) reverse(ctx context.Context) {
	for _, ip := range c.addresses(ctx, c.sending()) {
		names, err := c.dns.LookupAddr(ctx, ip.String())
		if err != nil && !c.none(err) {
			return
		}
		if !slices.ContainsFunc(names, func(name string) bool {
			return slices.ContainsFunc(c.addresses(ctx, strings.TrimSuffix(name, ".")), ip.Equal)
		}) {
			c.note("mail.host", "domain.ptr", i18n.Args{"address": ip.String(), "host": c.sending()})
			return
		}
	}
}
