package console

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/internal/fault"
	"viesti/server"
)

// reportPolicy lets the report's own style stand in its pages, which load nothing and run nothing.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// fresh is how long the pages of the report are kept before they are made anew: open answers may be
// released meanwhile.
const fresh = time.Minute

// reportPages are the pages of the report, by name, as they were made last.
type reportPages struct {
	mu    sync.Mutex
	files map[string][]byte
	made  time.Time
}

func (s *pages) reported(ctx context.Context) (map[string][]byte, error) {
	r := &s.made
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.files != nil && s.Now().Sub(r.made) < fresh {
		return r.files, nil
	}
	files := map[string][]byte{}
	err := s.Report(ctx, func(name string, body []byte) error {
		files[name] = body
		return nil
	})
	if err == nil {
		r.files, r.made = files, s.Now()
	}
	return files, err
}

// report shows a page of the report to who is signed in, once the survey is over.
func (s *pages) report(c *gin.Context) {
	if s.coordinator(c) == "" || !s.Over() {
		c.Redirect(http.StatusSeeOther, "/console/?lang="+string(server.Lang(c)))
		return
	}
	name := c.Param("page")
	if name == "" {
		c.Redirect(http.StatusSeeOther, "/console/report/"+string(server.Lang(c))+".html")
		return
	}
	files, err := s.reported(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	body, ok := files[name]
	if !ok {
		server.Fail(c, fault.New(fault.NotFound, "server.not_found", nil))
		return
	}
	c.Header("Content-Security-Policy", reportPolicy)
	c.Data(http.StatusOK, "text/html; charset=utf-8", body)
}
