package api

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lobby/internal/apidoc"
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// encoder is an object that knows its JSON.
type encoder interface {
	AppendJSON(buf []byte) []byte
}

// call is one request on its way through the adapter.
type call struct {
	w         http.ResponseWriter
	r         *http.Request
	requestID string
	params    []param
	token     *workspace.Token
	workspace *workspace.Workspace
	version   apiversion.Version
	status    int // 0 for 200, or for 204 when there is nothing to encode
	// in is the body, nil until it is read; heeded are the query parameters that were read.
	in     *jsonio.Object
	heeded []string
	// sent is the query; nil until it is parsed, and when it is not well-formed.
	sent url.Values
	// isStreamed says that the handler has written the response itself.
	isStreamed bool
	// observed takes what the handler reads of the request; nil unless the request is an example.
	observed *apidoc.Observed
	// reads takes what the handler reads of the body; nil unless somebody wants to know. isStrict refuses what is not read.
	reads    *jsonio.Recorder
	isStrict bool
}

type param struct{ name, value string }

// param returns a part of the path by the name it has in the route, or "".
func (c *call) param(name string) string {
	for _, p := range c.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// number returns a part of the path that is a decimal id.
func (c *call) number(name string) int64 { return number(c.param(name)) }

// number reads a decimal id; 0, which no record has, for everything else.
func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != id {
		return 0
	}
	return n
}

// numberIn returns a decimal id of a body: 0 when it is not given, and -1, which no record has, for what is none.
func numberIn(id jsonio.Opt[string]) int64 {
	text := id.Or("")
	if n := number(text); n != 0 || text == "" {
		return n
	}
	return -1
}

// caller says on whose behalf the request runs.
func (c *call) caller() workspace.Caller {
	by := c.workspace.Caller()
	by.Actor, by.RequestID, by.AdminID = workspace.Actor{Kind: "token", ID: c.token.ID}, c.requestID, c.token.AdminID
	return by
}

// pickVersion reads the Intercom-Version header; without it the workspace's own version counts.
func (c *call) pickVersion() (err error) {
	c.version, err = apiversion.Parse(c.r.Header.Get("Intercom-Version"))
	if !errors.Is(err, apiversion.ErrMissing) {
		return err
	}
	if c.version, err = apiversion.Parse(c.workspace.APIVersion); err != nil {
		c.version, err = apiversion.Default, nil
	}
	return err
}

// parameters are those of the request's query.
type parameters struct {
	url.Values
	call *call
}

// Get returns a text, "" when the parameter is absent.
func (p parameters) Get(name string) string { return p.read(name, jsonio.TextMember) }

func (p parameters) read(name string, kind jsonio.MemberKind) string {
	if p.call.observed != nil {
		p.call.observed.Query.Add(name, kind)
	}
	if p.call.r.URL.RawQuery != "" {
		p.call.heeded = append(p.call.heeded, name)
	}
	return p.Values.Get(name)
}

// query parses the request's parameters. What no database could hold is refused here, for all of them.
func (c *call) query() (parameters, error) {
	values, err := c.parseQuery()
	if err != nil {
		return parameters{call: c}, &workspace.InvalidError{Field: "query", Reason: "is not well-formed"}
	}
	var wrong []string
	for name, all := range values {
		if slices.ContainsFunc(all, func(value string) bool { return !workspace.IsText(value) }) {
			wrong = append(wrong, name)
		}
	}
	if wrong != nil {
		return parameters{call: c}, &workspace.InvalidError{Field: strings.ToValidUTF8(slices.Min(wrong), "?"), Reason: "must be valid UTF-8 without NUL"}
	}
	return parameters{values, c}, nil
}

// parseQuery parses the query once. With an error it returns what is well-formed.
func (c *call) parseQuery() (all url.Values, err error) {
	if c.sent != nil {
		return c.sent, nil
	}
	if all, err = url.ParseQuery(c.r.URL.RawQuery); err == nil {
		c.sent = all
	}
	return all, err
}

// body decodes the request's JSON. Any Content-Type will do, since clients in use send several; but what is no JSON and
// does not claim to be is answered with that.
func (c *call) body() (*jsonio.Object, error) {
	data, err := io.ReadAll(c.r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case err != nil:
		return nil, errBodyLost
	}
	object, err := jsonio.Read(data)
	if coding := c.r.Header.Get("Content-Encoding"); err != nil && isCompressed(coding) {
		return nil, errCompressed
	}
	if err != nil && isOtherType(c.r.Header.Get("Content-Type"), data) {
		return nil, errContentType
	}
	if err == nil && c.observed != nil {
		c.observed.Body = new(jsonio.Recorder)
		object.RecordReads(c.observed.Body)
	}
	if err == nil && c.reads != nil {
		object.RecordReads(c.reads)
	}
	if err == nil && c.isStrict {
		object.Strict()
	}
	c.in = object
	return object, err
}

// isCompressed reports whether a Content-Encoding names a coding, and not, as some clients have it, a character set.
func isCompressed(coding string) bool {
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity", "utf-8", "utf8":
		return false
	}
	return true
}

// isOtherType reports whether a body is meant as something else than JSON. "curl -d" says of everything that it is a form.
func isOtherType(contentType string, body []byte) bool {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return false
	}
	return contentType != "" && !strings.Contains(contentType, "json")
}

// base is where this server is reached, for absolute links.
func (a *API) base(c *call) string {
	base, _ := a.proxies.Base(c.r) // no cache keeps what the API returns
	return base
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxPooled keeps the buffer of one large answer from staying for ever. A page of 150 contacts fits into it.
const maxPooled = 512 << 10

func (c *call) write(answer encoder) {
	if answer == nil {
		c.w.WriteHeader(cmp.Or(c.status, http.StatusNoContent))
		return
	}
	pooled := buffers.Get().(*[]byte)
	body := answer.AppendJSON((*pooled)[:0])
	header := c.w.Header()
	header["Content-Type"] = contentType
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	if c.status != 0 {
		c.w.WriteHeader(c.status)
	}
	c.w.Write(body) //nolint:errcheck // the client is gone; there is nobody to tell
	if cap(body) <= maxPooled {
		*pooled = body
		buffers.Put(pooled)
	}
}

var contentType = []string{"application/json; charset=utf-8"}
