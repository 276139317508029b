package apidoc

import (
	"context"
	"net/http"
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
)

// API is the API that is described. It says what it consists of, and opens empty servers to run the examples on.
type API interface {
	// Routes returns every operation, in any order.
	Routes() []Route
	// Samples returns responses of every shape in a version: some with all that there is, some with as little as possible.
	Samples(v apiversion.Version) []Sample
	// Refusals returns all ways in which a request is refused, in the order in which they are listed.
	Refusals() []Refusal
	ShapeNames() ShapeNames
	// NewSandbox opens an empty server. Two of them return the same to the same requests, byte for byte.
	NewSandbox(ctx context.Context) (Sandbox, error)
}

// Route is an operation of the API.
type Route struct {
	// Method and Path name it; a part of the path in braces is a parameter.
	Method, Path string
	// Since is the first version that has it.
	Since apiversion.Version
	// Scopes are those of which a token needs one.
	Scopes []string
}

// Sample is a response of a shape. A member whose name begins with * stands for members of any name.
type Sample struct {
	Shape string
	JSON  []byte
}

// ShapeNames are the names of the shapes that descriptions refer to.
type ShapeNames struct {
	// Error is the body of every refusal, Query the condition of a search.
	Error, Query string
}

// Sandbox is an empty server with a clock of its own. It is used by one goroutine.
type Sandbox interface {
	// NewWorkspace makes a workspace that uses a version by default, and returns an access token of it.
	NewWorkspace(ctx context.Context, id string, v apiversion.Version) (token string, err error)
	// Do makes a request and returns what was observed of it.
	Do(r *http.Request) *Observed
	// Advance sets the clock forward.
	Advance(d time.Duration)
	Close() error
}

// Observed is what a sandbox observed of one request.
type Observed struct {
	// Route is the method and the path of the route, as in [Route]; empty when there is none.
	Route string
	// Query has the parameters that the handler read.
	Query jsonio.Recorder
	// Body has the members that the handler read; nil when it did not read the body.
	Body   *jsonio.Recorder
	Status int
	Header http.Header
	// Shape is the name of the shape of the response; empty when the response has no body.
	Shape    string
	Response []byte
	// ErrorCode is the code of the refusal; empty when the request succeeded.
	ErrorCode string
}
