// Package control is the JSON API that the command line and other programs of the operator use.
// It is served on a unix socket beside the store while the server runs, and in the command's own
// process when it does not: every command has one path either way.
//
// It is never reachable from the network, asks for no password (the socket's file permissions do)
// and makes no decisions: each route calls the room that owns its subject.
package control

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/audit"
	"viesti/bounce"
	"viesti/campaign"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/privacy"
	"viesti/report"
	"viesti/server"
	"viesti/simulation"
	"viesti/staff"
)

// Campaign is what commands want of planning.
type Campaign interface {
	Invite(ctx context.Context, sel campaign.Selection) (campaign.Queued, error)
	Remind(ctx context.Context, sel campaign.Selection, asOf time.Time) (campaign.Queued, error)
	Share(ctx context.Context, network, channel string, dry bool) (campaign.Passed, error)
}

// Store is what commands want of the store beside the rooms.
type Store interface {
	contacts.Store
	outbox.Store
	Backup(ctx context.Context, w io.Writer) error
}

// API is what the routes are made of.
type API struct {
	Campaign Campaign
	Lists    contacts.Lists
	Store    Store
	Links    *link.Links
	// Rates and Plan are of any wave of the configuration; an empty one is that in the field.
	Rates    func(ctx context.Context, wave string, q report.Query) (report.Rates, error)
	Plan     func(ctx context.Context, wave string, asOf time.Time) (campaign.Plan, error)
	Waves    func(ctx context.Context) ([]Wave, error)
	Spread   func(ctx context.Context, q report.Query) (report.Spread, error)
	Simulate func(ctx context.Context, s Simulation) (simulation.Result, error)
	Status   func(ctx context.Context) (Status, error)
	Check    func(ctx context.Context) (faults, notes fault.List)
	Outbox   func(ctx context.Context, states []outbox.State) ([]Trouble, error)
	// Reading is of the open answers of a wave; an empty one is that in the field.
	Reading  func(wave string) (Reading, error)
	Answers  Results
	Bounces  *bounce.Intake
	Roster   *staff.Roster
	Keeper   *privacy.Keeper
	Book     *audit.Book
	Copies   func() []string                             // files beside the store that hold what it may have lost
	Returned func(ctx context.Context) ([]Bounce, error) // all that came back, the last first
	Wake     func()                                      // sending goes on
	Wave     string
	Day      func() string // today in the wave's zone
	Now      func() time.Time
	Log      *slog.Logger

	taking sync.Mutex // a mail that came back
}

// Status is how the survey and its messages fare.
type Status struct {
	Survey    SurveyStatus           `json:"survey"`
	Paused    bool                   `json:"paused"`                    // everything
	Networks  []string               `json:"paused_networks,omitempty"` // those that are paused by themselves
	Held      int64                  `json:"held,omitempty"`            // messages that wait because of it
	Purge     *PurgeStatus           `json:"purge,omitempty"`           // of contacts
	Outbox    map[outbox.State]int64 `json:"outbox"`
	Mail      any                    `json:"mail"`
	Slack     any                    `json:"slack"`
	Uncertain []Trouble              `json:"uncertain,omitempty"` // at most 20
	Failed    []Trouble              `json:"failed,omitempty"`    // at most 20, the rest by number in Outbox
	Bounces   []Bounce               `json:"bounces,omitempty"`   // what came back by mail last, at most 20
}

// SurveyStatus is the wave and whether it is open.
type SurveyStatus struct {
	Wave   string    `json:"wave"`
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes"`
	Open   bool      `json:"open"`
}

// WaveState is where a wave stands.
type WaveState string

// The states of a wave.
const (
	HasBeen    WaveState = "past"
	InTheField WaveState = "open"
	ToCome     WaveState = "planned"
)

// Wave is a wave of the configuration, with what came of it.
type Wave struct {
	ID      string    `json:"wave"`
	State   WaveState `json:"state"`
	Current bool      `json:"current"` // the one that links lead to
	Opens   time.Time `json:"opens"`
	Closes  time.Time `json:"closes"`
	// Questionnaire and Version are empty where the questionnaire of a past wave is gone.
	Questionnaire string `json:"questionnaire"`
	Version       string `json:"version"`
	Contacted     int64  `json:"contacted"`
	Complete      int64  `json:"complete"` // of those who came by the networks' own links
	Answers       int64  `json:"answers"`  // complete ones, by whatever way
	Target        int64  `json:"target"`
}

// Trouble is a message that a person should know of.
type Trouble struct {
	Key     string       `json:"key"`
	State   outbox.State `json:"state"`
	Contact string       `json:"contact"` // an address, or the network of a channel
	Network string       `json:"network"`
	Kind    outbox.Kind  `json:"kind"`
	Channel link.Channel `json:"channel"`
	At      time.Time    `json:"at"`
	Reply   outbox.Reply `json:"reply"`
	// MessageID and Attempt are what a relay's log can be searched for.
	MessageID string `json:"message_id,omitempty"`
	Attempt   int    `json:"attempt,omitempty"`
	Reason    string `json:"reason,omitempty"` // why it was cancelled
}

// Verdict is the body of /outbox/settle: keys as the list shows them, or addresses.
type Verdict struct {
	Verdict outbox.Verdict `json:"verdict"`
	Keys    []string       `json:"keys"`
	All     bool           `json:"all"` // every uncertain message
}

// Settlement is what /outbox/settle gives.
type Settlement struct {
	Settled   []string `json:"settled"`
	Unchanged []string `json:"unchanged"` // there was nothing to settle any more
	Unknown   []string `json:"unknown"`
}

// Problem is a fault as the API tells it.
type Problem struct {
	Kind    fault.Kind  `json:"kind"`
	Message string      `json:"message"` // in the language asked for
	Place   fault.Place `json:"place,omitzero"`
}

// Problems is the body of every answer that is not 200.
type Problems struct {
	Problems []Problem `json:"problems"`
}

// Checked is what check found. Notes are no faults: a person has to judge them.
type Checked struct {
	Problems
	Notes []Problem `json:"notes"`
}

// Selection is the body of invite and remind.
type Selection struct {
	Networks []string  `json:"networks"`
	Channel  string    `json:"channel"`
	DryRun   bool      `json:"dry_run"`
	AsOf     time.Time `json:"as_of,omitzero"`
}

// ShareRequest is the body of share.
type ShareRequest struct {
	Network string `json:"network"`
	Channel string `json:"channel"` // a Slack channel's id
	DryRun  bool   `json:"dry_run"`
}

// PauseRequest is the body of pause and resume: some networks, or without any everything.
type PauseRequest struct {
	Networks []string `json:"networks"`
}

// PauseAnswer is what is paused now.
type PauseAnswer struct {
	Paused   bool     `json:"paused"`
	Networks []string `json:"paused_networks"`
}

// HoldAnswer is what pausing a contact or the end of it gives.
type HoldAnswer struct {
	Email    string `json:"email"`
	Paused   bool   `json:"paused"`
	Released int    `json:"released"` // messages that go out after all
}

// ImportRequest is the body of the imports.
type ImportRequest struct {
	contacts.Source
	contacts.ImportOptions
}

// Simulation is the body of simulate.
type Simulation struct {
	simulation.Behaviour
	Seed uint64 `json:"seed"`
	Runs int    `json:"runs"`
}

// LinkRequest is the body of link.
type LinkRequest struct {
	Network string `json:"network"`
	Channel string `json:"channel"`
	Forward bool   `json:"forward,omitempty"` // the link with which that of the channel is passed on
}

// LinkAnswer is what link gives.
type LinkAnswer struct {
	Network string `json:"network"`
	Channel string `json:"channel"`
	Token   string `json:"token"`
	URL     string `json:"url"`
	Text    string `json:"text,omitempty"` // to be pasted, where it was asked for
}

// Address is the body of opt-out and erase.
type Address struct {
	Email string `json:"email"`
}

// Handler serves the API.
func (a *API) Handler() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(a.recovered)
	r.POST("/networks/import", a.importNetworks)
	r.GET("/networks", a.networks)
	r.POST("/contacts/import", a.importContacts)
	r.GET("/contacts", a.noting(audit.ListedContacts, a.contacts))
	r.GET("/contacts/export", a.noting(audit.ExportedContacts, a.export))
	r.POST("/contacts/opt-out", a.optOut)
	r.POST("/contacts/erase", a.erase)
	r.POST("/contacts/held", a.held)
	r.POST("/contacts/pause", a.hold(contacts.Hold))
	r.POST("/contacts/resume", a.hold(contacts.Release))
	r.POST("/link", a.link)
	r.GET("/plan", a.plan)
	r.GET("/waves", a.waves)
	r.POST("/invite", a.invite)
	r.POST("/remind", a.remind)
	r.POST("/share", a.share)
	r.POST("/contacts/restore", a.restore)
	r.POST("/bounce", a.takeBounce)
	r.GET("/bounces", a.bounces)
	r.POST("/bounces/undo", a.undoBounce)
	r.GET("/suppression", a.noting(audit.ListedSuppressed, a.suppressions))
	r.POST("/suppression/import", a.importSuppressions)
	r.GET("/suppression/export", a.noting(audit.ListedSuppressed, a.exportSuppressions))
	r.GET("/status", a.status)
	r.GET("/outbox", a.outbox)
	r.POST("/outbox/settle", a.settle)
	r.POST("/pause", a.pause(true))
	r.POST("/resume", a.pause(false))
	r.GET("/rates", a.rates)
	a.resultRoutes(r)
	r.GET("/spread", a.spread)
	r.POST("/simulate", a.simulate)
	r.POST("/claim", a.noting(audit.MadeClaim, a.claim))
	r.GET("/roles", a.roles)
	r.POST("/roles", a.setRole)
	r.GET("/answers", a.answers)
	r.GET("/answers/export", a.exportOpen)
	r.POST("/answers/import", a.importOpen)
	r.GET("/check", a.check)
	r.GET("/backup", a.noting(audit.BackedUp, a.backup))
	r.POST("/purge", a.purge)
	r.GET("/audit", a.audit)
	return r
}

func (a *API) recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(p) // the answer has begun and is to break off
		}
		if p != nil {
			a.Log.Error("panic", "route", c.FullPath(), "panic", p)
			a.fail(c, errors.New("panic"))
		}
	}()
	c.Next()
}

func (a *API) fail(c *gin.Context, err error) {
	if fault.KindOf(err) == fault.Internal {
		a.Log.Error("command failed", "route", c.FullPath(), "err", err)
	}
	c.AbortWithStatusJSON(server.Status(fault.KindOf(err)), Problems{Tell(fault.All(err), lang(c))})
}

// Tell puts faults into words.
func Tell(list fault.List, l i18n.Lang) []Problem {
	out := make([]Problem, len(list))
	for i, f := range list {
		out[i] = Problem{Kind: f.Kind, Message: i18n.T(l, f.Key, f.Args), Place: f.Place}
	}
	return out
}

func lang(c *gin.Context) i18n.Lang {
	if l, ok := i18n.ParseLang(c.GetHeader("Accept-Language")); ok {
		return l
	}
	return i18n.En
}

// answer is v, or the fault in err.
func (a *API) answer(c *gin.Context, v any, err error) {
	if err != nil {
		a.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, v)
}

// body reads the request's JSON.
func (a *API) body(c *gin.Context, into any) bool {
	if err := c.ShouldBindJSON(into); err != nil {
		a.fail(c, fault.Wrap(err, fault.Invalid, "control.bad_request", nil))
		return false
	}
	return true
}
