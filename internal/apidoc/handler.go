package apidoc

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
)

// Handler serves the description of an API without a token: /openapi.yaml, /openapi.json and /docs, an HTML page. It makes
// the description of a version on the first request for it, and keeps it compressed.
type Handler struct {
	api      API
	mu       sync.Mutex
	rendered map[string]*rendered // by path and version
}

// NewHandler returns the handler of an API's description.
func NewHandler(api API) *Handler { return &Handler{api: api, rendered: map[string]*rendered{}} }

// rendered is a document in one format.
type rendered struct {
	zipped []byte
	etag   string
}

// formats are those in which a document is served, by path.
var formats = map[string]struct {
	contentType string
	render      func(*Document) []byte
}{
	"/openapi.yaml": {"application/yaml; charset=utf-8", (*Document).YAML},
	"/openapi.json": {"application/json; charset=utf-8", (*Document).JSON},
	"/docs":         {"text/html; charset=utf-8", (*Document).Page},
}

// newestNumbered is the version that is described unless the request names another.
const newestNumbered = apiversion.Preview - 1

// Has reports whether a path is one of the handler's.
func (h *Handler) Has(path string) bool {
	_, has := formats[path]
	return has
}

// Serve writes the document at the path of a GET or HEAD request, in the version that its query names, for a client that
// reaches the server at a base without a slash at its end. On an error, such as a version that does not exist, it has written
// nothing.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request, base string) (err error) {
	version := newestNumbered
	if name := r.URL.Query().Get("version"); name != "" {
		if version, err = apiversion.Parse(name); err != nil {
			return err
		}
	}
	document, err := h.get(r.Context(), r.URL.Path, version)
	if err != nil {
		return err
	}
	// Kept for nobody: clients may name the server as they like, and each name would be kept.
	document = document.readAt(base)
	header := w.Header()
	header.Set("Content-Type", formats[r.URL.Path].contentType)
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Vary", "Accept-Encoding")
	header.Set("ETag", document.etag)
	document.write(w, r)
	return nil
}

// get returns the document of a version. The first call for a version renders it in all formats.
func (h *Handler) get(ctx context.Context, path string, v apiversion.Version) (*rendered, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if found := h.rendered[path+v.String()]; found != nil {
		return found, nil
	}
	document, err := Describe(context.WithoutCancel(ctx), h.api, v)
	if err != nil {
		return nil, err
	}
	for path, format := range formats {
		h.rendered[path+v.String()] = newRendered(format.render(document))
	}
	return h.rendered[path+v.String()], nil
}

func newRendered(text []byte) *rendered {
	sum := sha256.Sum256(text)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write(text) // a buffer takes everything
	_ = z.Close()
	return &rendered{bytes.Clone(zipped.Bytes()), `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// readAt returns a document as it reads at a base.
func (d *rendered) readAt(base string) *rendered {
	plain, err := gzip.NewReader(bytes.NewReader(d.zipped))
	if err != nil {
		return d // which cannot be, as it was written above
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return d
	}
	return newRendered(at(text, base))
}

func (d *rendered) write(w http.ResponseWriter, r *http.Request) {
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
