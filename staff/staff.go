// Package staff is the people who run the survey: who may do what in which network, the one-time
// code by which the first of them becomes administrator, the language they are answered in, and
// when a network's digest is told to them.
//
// It sends nothing, plans nothing and knows no chat system: a person is an id, and what a user
// group's members are is asked elsewhere. The people a survey is sent to are in contacts.
package staff

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Role is what somebody is to a network, or to all of them.
type Role string

// The roles. Each may do what the ones before it may.
const (
	None        Role = "none"
	Viewer      Role = "viewer"      // sees rates and links
	Coordinator Role = "coordinator" // also invites, reminds, shares, pauses
	Admin       Role = "admin"       // everything, in all networks, and gives roles
)

// Roles are all roles, the least first.
var Roles = []Role{None, Viewer, Coordinator, Admin}

func (r Role) rank() int { return slices.Index(Roles, r) }

// Act is a kind of thing to do.
type Act int

// The acts.
const (
	Ask    Act = iota // for help, or to be somebody
	Look              // at figures and links
	Work              // with a network: messages, pauses, digests
	Govern            // the survey as a whole, and who has which role
)

// least is the role that an act takes.
var least = map[Act]Role{Ask: None, Look: Viewer, Work: Coordinator, Govern: Admin}

// Grant is a role that somebody was given.
type Grant struct {
	Who     string `json:"who"`               // a user's id (U…, W…) or a user group's (S…)
	Network string `json:"network,omitempty"` // empty: all
	Role    Role   `json:"role"`
	By      string `json:"by,omitempty"` // who gave it: a user's id; empty: the operator
	Day     string `json:"day,omitempty"`
}

// IsGroup tells whether the role is a user group's.
func (g Grant) IsGroup() bool { return strings.HasPrefix(g.Who, "S") }

// Rights are what one person may do. The zero Rights are of a stranger.
type Rights struct {
	everywhere Role
	in         map[string]Role
}

// Decide gives a person's rights: the greatest of what was given to them and to the groups they
// are in. A role of administrator counts everywhere, whatever network it was given for.
func Decide(grants []Grant, is func(who string) bool) Rights {
	r := Rights{in: map[string]Role{}}
	for _, g := range grants {
		if !is(g.Who) {
			continue
		}
		if g.Network == "" || g.Role == Admin {
			r.everywhere = greater(r.everywhere, g.Role)
		} else {
			r.in[g.Network] = greater(r.in[g.Network], g.Role)
		}
	}
	return r
}

func greater(a, b Role) Role {
	if a.rank() > b.rank() {
		return a
	}
	return b
}

// Role is the role in a network; with network empty, that in all of them.
func (r Rights) Role(network string) Role {
	return greater(None, greater(r.everywhere, r.in[network]))
}

// May tells whether the person may do something with a network; with network empty, with all.
func (r Rights) May(a Act, network string) bool {
	return r.Role(network).rank() >= least[a].rank()
}

// Seeing adds the sight of networks that lie under those in which the person has a role: their figures
// count them, so they may look at them. To work with one takes a role of its own. above gives, of each
// network, those it lies under.
func (r Rights) Seeing(above map[string][]string) Rights {
	in := maps.Clone(r.in)
	for network, parents := range above {
		for _, parent := range parents {
			if r.in[parent].rank() >= Viewer.rank() {
				in[network] = greater(in[network], Viewer)
			}
		}
	}
	r.in = in
	return r
}

// Several tells whether the person has a role in some networks and not in all.
func (r Rights) Several() bool { return len(r.in) > 0 && !r.May(Look, "") }

// Anywhere tells whether the person may do something with at least one network.
func (r Rights) Anywhere(a Act) bool {
	if r.May(a, "") {
		return true
	}
	for _, role := range r.in {
		if role.rank() >= least[a].rank() {
			return true
		}
	}
	return false
}

// Holders are the users and groups that have at least a role in a network, in order. Without a
// network they are those who have it everywhere.
func Holders(grants []Grant, role Role, network string) []string {
	var list []string
	for _, g := range grants {
		if (g.Network == "" || g.Network == network || g.Role == Admin) && g.Role.rank() >= role.rank() {
			list = append(list, g.Who)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Person is what somebody has chosen for themselves.
type Person struct {
	User string    `json:"user"`
	Lang i18n.Lang `json:"lang,omitempty"` // of replies to them; empty: the language they write in
}

// Store keeps roles, choices, claims and digests. Each method is one transaction and is on disk
// when it returns. The functions it is given run inside it, possibly more than once.
type Store interface {
	// Grants are all roles, by who has them and then by network.
	Grants(ctx context.Context) ([]Grant, error)
	// ChangeGrants puts what change makes of somebody's roles in their place.
	ChangeGrants(ctx context.Context, who string, change func([]Grant) []Grant) error
	// ChangeClaim changes the claim there is, the zero Claim when there is none, and puts the
	// grant that comes of it, if any.
	ChangeClaim(ctx context.Context, change func(*Claim) *Grant) error
	// Person is what a user has chosen; without a record only User is set.
	Person(ctx context.Context, user string) (Person, error)
	PutPerson(ctx context.Context, p Person) error
	// Digests are the settings of the networks that have any, by network.
	Digests(ctx context.Context) ([]Digest, error)
	PutDigest(ctx context.Context, d Digest) error
	// Spend uses up what may be used once, and tells whether this was the first time. It is
	// remembered until the given time; what is older than now is forgotten.
	Spend(ctx context.Context, id string, until, now time.Time) (first bool, err error)
}

// whoForm is an id of Slack's: a person's, also on Enterprise Grid, or a user group's.
var whoForm = regexp.MustCompile(`^[UWS][A-Z0-9]{2,}$`)

// IsWho tells whether a string can name somebody who is given a role.
func IsWho(s string) bool { return whoForm.MatchString(s) }

// ParseRole reads a role's name.
func ParseRole(s string) (Role, bool) {
	r := Role(strings.ToLower(s))
	return r, r.rank() >= 0
}

// Give is somebody's roles after another was given. Administrators have no network, and what was
// taken everywhere is taken in each network.
func Give(have []Grant, g Grant) []Grant {
	if g.Role == Admin {
		g.Network = ""
	}
	if g.Role == None && g.Network == "" {
		return nil
	}
	list := slices.DeleteFunc(slices.Clone(have), func(h Grant) bool { return h.Network == g.Network })
	if g.Role != None {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b Grant) int { return cmp.Compare(a.Network, b.Network) })
	return list
}

// check finds what is wrong with a grant that somebody wants to make.
func (g Grant) check() error {
	if !IsWho(g.Who) {
		return fault.New(fault.Invalid, "staff.who", i18n.Args{"who": g.Who})
	}
	if g.Role.rank() < 0 {
		return fault.New(fault.Invalid, "staff.role", i18n.Args{"role": string(g.Role)})
	}
	return nil
}
