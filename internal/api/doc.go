// Package api is the public REST API, and Lobby's own operations under /lobby/v1 beside it: one list of routes, one
// adapter around all of them, one table of errors.
// httpserver mounts it; a handler decodes its request, calls one method of people and encodes the answer with wire.
// It must not know rules, storage or shapes, and the router library is known to router.go only.
package api
