package control

import (
	"context"

	"github.com/gin-gonic/gin"
)

func (a *API) share(c *gin.Context) {
	var in ShareRequest
	if a.body(c, &in) {
		out, err := a.Campaign.Share(c, in.Network, in.Channel, in.DryRun)
		a.answer(c, out, err)
	}
}

// pause stops everything or some networks, or lets them go on. A network that is paused by itself
// stays so when everything goes on.
func (a *API) pause(pause bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in PauseRequest
		if c.Request.ContentLength != 0 && !a.body(c, &in) {
			return
		}
		out, err := a.setPaused(c, in.Networks, pause)
		a.answer(c, out, err)
	}
}

func (a *API) setPaused(ctx context.Context, networks []string, pause bool) (out PauseAnswer, err error) {
	for _, network := range networks {
		if err := a.known(ctx, network); err != nil {
			return out, err
		}
	}
	if len(networks) > 0 {
		err = a.Store.PauseNetworks(ctx, networks, pause)
	} else {
		err = a.Store.SetPaused(ctx, pause)
	}
	if err != nil {
		return out, err
	}
	a.Wake()
	if out.Paused, err = a.Store.Paused(ctx); err != nil {
		return out, err
	}
	out.Networks, err = a.Store.PausedNetworks(ctx)
	if out.Networks == nil {
		out.Networks = []string{}
	}
	return out, err
}
