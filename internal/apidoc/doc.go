// Package apidoc describes a versioned API: it infers schemas from samples of JSON, runs the examples of the reference on an
// empty server, and renders one document as OpenAPI 3.1, in YAML or JSON, and as a page to read.
// Package api implements [API] and mounts the [Handler].
// It must not import the API that it describes, nor the domain and the storage behind that.
package apidoc
