// Package openapi writes an API down: it infers schemas from samples of JSON, and renders one document as OpenAPI 3.1, in
// YAML or JSON, and as a page to read.
// Package api fills the document and serves what comes out.
// It must not know which API it is, nor serve anything itself.
package openapi
