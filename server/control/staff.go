package control

import (
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/audit"
	"viesti/staff"
)

// ClaimAnswer is the code by which somebody becomes administrator in the chat.
type ClaimAnswer struct {
	Code  string    `json:"code"`
	Until time.Time `json:"until"`
}

// GrantRequest is the body of /roles.
type GrantRequest struct {
	Who     string     `json:"who"`
	Role    staff.Role `json:"role"`
	Network string     `json:"network"` // empty: all
}

func (a *API) claim(c *gin.Context) {
	code, until, err := a.Roster.NewClaim(c)
	a.answer(c, ClaimAnswer{code, until}, err)
}

func (a *API) roles(c *gin.Context) {
	list, err := a.Roster.Store.Grants(c)
	if list == nil {
		list = []staff.Grant{}
	}
	a.answer(c, list, err)
}

// setRole gives a role, and answers with all that somebody has then.
func (a *API) setRole(c *gin.Context) {
	var in GrantRequest
	if !a.body(c, &in) {
		return
	}
	if in.Network != "" {
		if err := a.known(c, in.Network); err != nil {
			a.fail(c, err)
			return
		}
	}
	_, known := staff.ParseRole(string(in.Role)) // what will be refused is not written down
	if known && staff.IsWho(in.Who) && !a.noted(c, audit.GaveRole, "", strings.TrimSpace(in.Who+" "+string(in.Role)+" "+in.Network)) {
		return
	}
	list, err := a.Roster.Give(c, staff.Grant{Who: in.Who, Role: in.Role, Network: in.Network})
	if list == nil {
		list = []staff.Grant{}
	}
	a.answer(c, list, err)
}
