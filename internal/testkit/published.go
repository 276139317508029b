package testkit

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"lobby/internal/apiversion"
)

// PublishedOperation is an operation of a published description, with the chapters that it is in, and the bodies of its
// examples by their names.
type PublishedOperation struct {
	Method, Path string
	Chapters     []string
	Requests     map[string]any
}

// requestsOf returns the bodies of an operation's examples.
func requestsOf(operation *openapi3.Operation) map[string]any {
	all := map[string]any{}
	if operation.RequestBody == nil || operation.RequestBody.Value == nil {
		return all
	}
	media := operation.RequestBody.Value.Content.Get("application/json")
	if media == nil {
		return all
	}
	for name, example := range media.Examples {
		all[name] = example.Value.Value
	}
	return all
}

// Published returns the operations of a version's published description. It skips the test when there is none.
func Published(t testing.TB, v apiversion.Version) (all []PublishedOperation) {
	t.Helper()
	load, known := described[v]
	if !known {
		t.Fatalf("nothing is published of %v", v)
	}
	description, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if description == nil {
		t.Skip("the published descriptions are not here")
	}
	for path, item := range description.Paths.Map() {
		for method, operation := range item.Operations() {
			all = append(all, PublishedOperation{method, path, operation.Tags, requestsOf(operation)})
		}
	}
	return all
}
