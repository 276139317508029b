package httpserver

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// worthwhile is the number of bytes from which a body is compressed. A shorter one fits into one packet as it is.
const worthwhile = 1024

var varyByEncoding = []string{"Accept-Encoding"}

// compress sends the longer JSON answers of next through gzip for clients that take it.
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Vary"] = varyByEncoding
		if !acceptsGzip(r.Header) {
			next.ServeHTTP(w, r)
			return
		}
		c := &compressor{ResponseWriter: w}
		next.ServeHTTP(c, r)
		c.finish()
	})
}

// compressor decides on the first bytes of an answer whether it is compressed. It keeps header and body back until the
// length is known to be on one side of worthwhile: at once where Content-Length is set, which is nearly always.
// An answer to HEAD goes the same way, so that its headers are those of GET; net/http drops its body.
type compressor struct {
	http.ResponseWriter
	status  int // as said by the handler, 0 until then
	decided bool
	zipped  bool         // what was decided
	held    *[]byte      // the beginning of the body, nil if none is held
	zip     *gzip.Writer // nil until there is something to compress, which HEAD may leave out
}

var (
	holders = sync.Pool{New: func() any { b := make([]byte, 0, worthwhile); return &b }}
	// zips compress fast rather than well: JSON shrinks to nearly the same size, at a fraction of the time.
	zips = sync.Pool{New: func() any {
		z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant
		}
		return z
	}}
)

func (c *compressor) WriteHeader(status int) {
	switch {
	case c.decided, status < 200:
		c.ResponseWriter.WriteHeader(status)
	case c.status == 0:
		c.status = status
		if length, known := c.length(); known {
			c.decide(length)
		}
	}
}

// length returns how long the body will be, where the handler has said so.
func (c *compressor) length() (n int, known bool) {
	if c.status == http.StatusNoContent || c.status == http.StatusNotModified {
		return 0, true
	}
	declared := c.Header()["Content-Length"]
	if len(declared) == 0 {
		return 0, false
	}
	n, err := strconv.Atoi(declared[0])
	return n, err == nil
}

func (c *compressor) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.WriteHeader(http.StatusOK)
	}
	if !c.decided {
		if c.heldBytes()+len(p) < worthwhile {
			c.hold(p)
			return len(p), nil
		}
		if err := c.release(worthwhile); err != nil {
			return 0, err
		}
	}
	return c.send(p)
}

// send is Write once it is decided how.
func (c *compressor) send(p []byte) (int, error) {
	if !c.zipped {
		return c.ResponseWriter.Write(p)
	}
	if c.zip == nil {
		c.zip = zips.Get().(*gzip.Writer)
		c.zip.Reset(c.ResponseWriter)
	}
	return c.zip.Write(p)
}

func (c *compressor) hold(p []byte) {
	if c.held == nil {
		c.held = holders.Get().(*[]byte)
	}
	*c.held = append(*c.held, p...)
}

func (c *compressor) heldBytes() int {
	if c.held == nil {
		return 0
	}
	return len(*c.held)
}

// decide sends the header of a body of n bytes.
func (c *compressor) decide(n int) {
	c.decided = true
	h := c.Header()
	if n >= worthwhile && len(h["Content-Encoding"]) == 0 && strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		c.zipped = true
	}
	c.ResponseWriter.WriteHeader(c.status)
}

// release decides on a body of n bytes and sends what was held of it.
func (c *compressor) release(n int) (err error) {
	c.decide(n)
	if c.held == nil {
		return nil
	}
	_, err = c.send(*c.held)
	*c.held = (*c.held)[:0]
	holders.Put(c.held)
	c.held = nil
	return err
}

// FlushError sends what was written so far. A body that is flushed before it is worthwhile stays plain.
func (c *compressor) FlushError() error {
	if c.status == 0 {
		c.WriteHeader(http.StatusOK)
	}
	if !c.decided {
		if err := c.release(c.heldBytes()); err != nil {
			return err
		}
	}
	if c.zip != nil {
		if err := c.zip.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Flush is FlushError for handlers that ask for an [http.Flusher].
func (c *compressor) Flush() { _ = c.FlushError() }

// Unwrap lets [http.ResponseController] set the deadlines of a connection.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// finish ends the answer of a handler that has returned. After a panic nothing is owed to the client, and what is held
// is given up.
func (c *compressor) finish() {
	if !c.decided && c.status != 0 {
		_ = c.release(c.heldBytes()) // an error means the client is gone
	}
	if c.zip != nil {
		_ = c.zip.Close()
		zips.Put(c.zip)
	}
}
