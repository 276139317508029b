// Package apidoc describes a versioned API. It infers schemas from JSON samples, runs the examples of the reference on an
// empty server, and renders one document as OpenAPI 3.1, in YAML or JSON, and as an HTML page.
// Package api implements [API] and mounts the [Handler].
// It must not import the API that it describes, nor the domain and the storage behind that.
package apidoc
