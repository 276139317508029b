package apidoc

import (
	"context"
	"net/http"
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
)

// API is the API to describe. It lists its operations and shapes, and opens empty servers to run the examples on.
type API interface {
	// Routes returns every operation, in any order.
	Routes() []Route
	// Samples returns values of every shape in a version: some with all members, some with as few as possible.
	Samples(v apiversion.Version) []Sample
	// Refusals returns all errors of the API, in the order of the list.
	Refusals() []Refusal
	ShapeNames() ShapeNames
	// NewSandbox opens an empty server. Two of them return the same to the same requests, byte for byte.
	NewSandbox(ctx context.Context) (Sandbox, error)
}

// Route is an operation of the API.
type Route struct {
	// Method and Path identify it; a segment of the path in braces is a parameter.
	Method, Path string
	// Since is the first version that has it.
	Since apiversion.Version
	// Scopes are the scopes that allow it; a token needs one of them.
	Scopes []string
}

// Sample is a value of a shape. A member whose name begins with * stands for members of any name.
type Sample struct {
	Shape string
	JSON  []byte
}

// ShapeNames are the names of the shapes that descriptions refer to.
type ShapeNames struct {
	// Error is the shape of every error response, and Query that of a search's condition.
	Error, Query string
}

// Sandbox is an empty server with a clock of its own. It is used by one goroutine.
type Sandbox interface {
	// NewWorkspace creates a workspace whose default is version v, and returns an access token of it.
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
	// ErrorCode is the code of the error response; empty when the request succeeded.
	ErrorCode string
}
