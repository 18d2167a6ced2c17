package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// Prepared is an answer whose bytes are known beforehand: kept plain and compressed, with an
// entity tag for each. It never changes.
type Prepared struct {
	kind, cache   string
	plain, zipped variant
}

type variant struct {
	body         []byte
	length, etag string
}

func newVariant(body []byte, etag string) variant {
	return variant{body: body, length: strconv.Itoa(len(body)), etag: `"` + etag + `"`}
}

// Prepare makes an answer of a body, with its media type and its Cache-Control.
func Prepare(body []byte, kind, cache string) *Prepared {
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:8])
	var z bytes.Buffer
	w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression) // the level is known to be good
	_, _ = w.Write(body)                                  // a bytes.Buffer takes all
	_ = w.Close()
	return &Prepared{
		kind: kind, cache: cache,
		plain: newVariant(body, tag), zipped: newVariant(z.Bytes(), tag+"-gz"),
	}
}

// Tag is the hash of the body, for names that change with it.
func (p *Prepared) Tag() string { return strings.Trim(p.plain.etag, `"`) }

// Serve answers a request, compressed if the client takes it and with 304 if the client has it.
func (p *Prepared) Serve(c *gin.Context) {
	h := c.Writer.Header()
	v := &p.plain
	if acceptsGzip(c.GetHeader("Accept-Encoding")) {
		v = &p.zipped
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Etag", v.etag)
	h.Set("Cache-Control", p.cache)
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(c.GetHeader("If-None-Match"), v.etag) { // a list, or weakened on the way
		h.Del("Content-Encoding")
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return
	}
	h.Set("Content-Type", p.kind)
	h.Set("Content-Length", v.length)
	c.Status(http.StatusOK)
	_, _ = c.Writer.Write(v.body) // a visitor who has gone cannot be told
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3) as far as gzip goes.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding = strings.TrimSpace(coding); strings.EqualFold(coding, "gzip") || coding == "*" {
			weight = strings.TrimSpace(weight)
			return weight == "" || strings.Trim(weight, "q=0. ") != "" // q=0 is a refusal
		}
	}
	return false
}
