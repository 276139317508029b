package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"lobby/internal/apiversion"
	"lobby/internal/openapi"
)

// docs serves what the API says of itself, which needs no token: /openapi.yaml, /openapi.json and /docs, a page to read. Each
// version is written down when it is asked for first, and kept compressed.
type docs struct {
	describe func(context.Context, apiversion.Version) (*openapi.Document, error)
	mu       sync.Mutex
	written  map[string]*written // by path and version
}

// written is one document.
type written struct {
	zipped []byte
	etag   string
}

// forms are in what a document is written, by the path where it is found.
var forms = map[string]struct {
	contentType string
	write       func(*openapi.Document) []byte
}{
	"/openapi.yaml": {"application/yaml; charset=utf-8", (*openapi.Document).YAML},
	"/openapi.json": {"application/json; charset=utf-8", (*openapi.Document).JSON},
	"/docs":         {"text/html; charset=utf-8", (*openapi.Document).Page},
}

// newestNumbered is the version that is described unless another is named.
const newestNumbered = apiversion.Preview - 1

// get answers a document, written now if it has not been.
func (d *docs) get(ctx context.Context, path string, v apiversion.Version) (*written, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if found := d.written[path+v.String()]; found != nil {
		return found, nil
	}
	document, err := d.describe(context.WithoutCancel(ctx), v)
	if err != nil {
		return nil, err
	}
	for path, form := range forms {
		text := form.write(document)
		sum := sha256.Sum256(text)
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, _ = z.Write(text) // a buffer takes everything
		_ = z.Close()
		d.written[path+v.String()] = &written{bytes.Clone(zipped.Bytes()), `"` + hex.EncodeToString(sum[:12]) + `"`}
	}
	return d.written[path+v.String()], nil
}

// serveDocs answers a request for a document. It reports whether the request was for one.
func (a *API) serveDocs(c *call) bool {
	form, is := forms[c.r.URL.Path]
	if !is || a.docs == nil {
		return false
	}
	c.r.Pattern = c.r.URL.Path // for the access log
	h := c.w.Header()
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
	default:
		h.Set("Allow", "GET, HEAD")
		c.write(a.refuse(c, errMethod))
		return true
	}
	version, err := newestNumbered, error(nil)
	if named := c.r.URL.Query().Get("version"); named != "" {
		version, err = apiversion.Parse(named)
	}
	var found *written
	if err == nil {
		found, err = a.docs.get(c.r.Context(), c.r.URL.Path, version)
	}
	if err != nil {
		c.write(a.refuse(c, err))
		return true
	}
	h.Set("Content-Type", form.contentType)
	h.Set("Content-Security-Policy", openapi.PagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", found.etag)
	found.write(c.w, c.r)
	return true
}

func (d *written) write(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("If-None-Match"), d.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if accepts := r.Header.Get("Accept-Encoding"); strings.Contains(accepts, "gzip") && !strings.Contains(accepts, "gzip;q=0") {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(d.zipped)))
		_, _ = w.Write(d.zipped) // the client is gone; there is nobody to tell
		return
	}
	if plain, err := gzip.NewReader(bytes.NewReader(d.zipped)); err == nil {
		_, _ = io.Copy(w, plain)
	}
}
