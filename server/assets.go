package server

import (
	"embed"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

//go:embed assets
var assetFiles embed.FS

// asset is a file under an address that has its hash in it, so that it may be kept for ever.
type asset struct {
	*Prepared
	path string
}

func newAsset(name string, body []byte, kind string) *asset {
	p := Prepare(body, kind, "public, max-age=31536000, immutable")
	stem, ext, _ := strings.Cut(name, ".")
	return &asset{p, "/assets/" + stem + "." + p.Tag() + "." + ext}
}

// assets are read once and never change. They are few, and every page names each.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	for name, kind := range map[string]string{
		"viesti.css": "text/css; charset=utf-8", "viesti.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		body, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // the embedded files are named just above
		}
		all[name] = *newAsset(name, body, kind)
	}
	return all
})

// Asset is the address of an asset: viesti.css, viesti.js or icon.svg.
func Asset(name string) string { return assets()[name].path }

func serveAssets(r gin.IRoutes) {
	for _, a := range assets() {
		Get(r, a.path, a.Serve)
	}
}
