package httpserver

import (
	"net/url"
	"strings"
)

// singleSlashes makes one slash of several in a row, since clients in use join an address that ends with a slash with a
// path that begins with one. Slashes that came escaped are parts of a segment and stay.
func singleSlashes(u *url.URL) {
	switch {
	case u.RawPath == "":
		u.Path = withSingleSlashes(u.Path)
	case strings.Contains(u.RawPath, "//"):
		u.RawPath = withSingleSlashes(u.RawPath)
		u.Path, _ = url.PathUnescape(u.RawPath) // net/http has done so before
	}
}

func withSingleSlashes(path string) string {
	if !strings.Contains(path, "//") {
		return path
	}
	var b strings.Builder
	for i := range len(path) {
		if path[i] != '/' || i == 0 || path[i-1] != '/' {
			b.WriteByte(path[i])
		}
	}
	return b.String()
}
