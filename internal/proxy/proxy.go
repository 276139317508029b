// Package proxy tells what the proxies in front of the server say of a request: for which client they ask, and at which
// URL that client reaches the server.
// The fronts, httpserver and app use it. It must not believe a proxy that the operator has not named, and it keeps nothing
// of a request.
package proxy

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are what the operator said of the way to the server. The zero value believes nobody but programs that connect
// through a socket file.
type Proxies struct {
	// PublicURL is where clients reach the server, without a slash at the end; empty takes it from each request.
	PublicURL string
	// Trusted are the networks of the proxies that are believed.
	Trusted []netip.Prefix
}

// Has reports whether an address is that of a trusted proxy.
func (p Proxies) Has(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(p.Trusted, func(network netip.Prefix) bool { return network.Contains(addr) })
}

// Trusts reports whether the other end of a request's connection is believed: a trusted proxy, or a program of this
// machine that was let at the socket file.
func (p Proxies) Trusts(r *http.Request) bool { return p.Has(peer(r)) || isLocal(r) }

// Client returns the address of the client of a request: the last hop that is no trusted proxy. Anybody can have written
// what stands before it. A header that the proxy passes on without adding to it can be the client's invention, so
// headers that name different clients are believed as little as none: the client is then the proxy. The address is
// invalid where there is none, as for a socket file.
func (p Proxies) Client(r *http.Request) netip.Addr {
	client := peer(r)
	if !p.Trusts(r) {
		return client
	}
	isNamed := false
	for _, path := range hops(r.Header) {
		found, _ := p.walk(path)
		switch {
		case !found.IsValid():
		case !isNamed || found == client:
			client, isNamed = found, !p.Has(found)
		case !p.Has(found):
			return peer(r)
		}
	}
	return client
}

// walk returns the last hop of a path that is no trusted proxy, or else the first hop of the trusted ones, and how many
// proxies of the path are trusted, with the one that sent the request.
func (p Proxies) walk(path []string) (client netip.Addr, trusted int) {
	for _, hop := range slices.Backward(path) {
		addr := parseAddr(hop)
		if !addr.IsValid() {
			return client, max(trusted, 1)
		}
		client, trusted = addr, trusted+1
		if !p.Has(addr) {
			break
		}
	}
	return client, max(trusted, 1)
}

// depth is how many of the proxies that a request came through are trusted, at least one.
func (p Proxies) depth(r *http.Request) int {
	depth := 1
	for _, path := range hops(r.Header) {
		_, trusted := p.walk(path)
		depth = max(depth, trusted)
	}
	return depth
}

// hops are the paths that the headers of a request tell, each from the client to the last proxy but one.
func hops(h http.Header) [][]string {
	var all [][]string
	for _, name := range [...]string{"X-Forwarded-For", "X-Real-Ip"} {
		if path := list(h[name]); len(path) > 0 {
			all = append(all, path)
		}
	}
	if elements := parseForwarded(h["Forwarded"]); len(elements) > 0 {
		path := make([]string, len(elements))
		for i, e := range elements {
			path[i] = e.client
		}
		all = append(all, path)
	}
	return all
}

// list splits the values of a header at their commas.
func list(values []string) (all []string) {
	for _, value := range values {
		for one := range strings.SplitSeq(value, ",") {
			all = append(all, strings.TrimSpace(one))
		}
	}
	return all
}

// peer is the other end of a request's connection; it is invalid for a socket file.
func peer(r *http.Request) netip.Addr {
	if with, err := netip.ParseAddrPort(r.RemoteAddr); err == nil { // as net/http writes it; an error would cost more than the rest
		return with.Addr().Unmap().WithZone("")
	}
	return parseAddr(r.RemoteAddr)
}

func isLocal(r *http.Request) bool {
	_, isFile := r.Context().Value(http.LocalAddrContextKey).(*net.UnixAddr)
	return isFile
}

// parseAddr parses an address, with or without a port, into its plain form.
func parseAddr(text string) netip.Addr {
	if addr, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return addr.Unmap().WithZone("")
	}
	with, err := netip.ParseAddrPort(text)
	if err != nil {
		return netip.Addr{}
	}
	return with.Addr().Unmap().WithZone("")
}
