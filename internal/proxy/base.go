package proxy

import (
	"net"
	"net/http"
	"strings"
)

// Base returns the URL at which the client of a request reaches the server, without a slash at the end, for absolute
// links: the public URL, or what trusted proxies say, or the request itself. It is made of plain letters, whatever was sent.
//
// isForwarded says that it depends on headers by which no cache tells responses apart: a response that has it may be kept
// for this client only, because a proxy can pass on what a client invented.
func (p Proxies) Base(r *http.Request) (base string, isForwarded bool) {
	if p.PublicURL != "" {
		return p.PublicURL, false
	}
	scheme, host, prefix := "http", r.Host, ""
	if r.TLS != nil {
		scheme = "https"
	}
	if p.Trusts(r) {
		said := p.said(r)
		isForwarded = said != address{}
		if said.scheme != "" {
			scheme = said.scheme
		}
		if said.host != "" {
			host = said.host
		}
		if said.port != "" && port(host) == "" {
			host += ":" + said.port
		}
		prefix = said.prefix
	}
	if !isHost(host) {
		host = localHost(r)
	}
	return scheme + "://" + withoutDefaultPort(host, scheme) + prefix, isForwarded
}

// address is what proxies say of where a client reached them; what they do not say, or not well, is empty.
type address struct{ scheme, host, port, prefix string }

// said returns what the outermost of the trusted proxies says. X-Forwarded-… come before Forwarded.
func (p Proxies) said(r *http.Request) (said address) {
	depth := p.depth(r)
	if elements := parseForwarded(r.Header["Forwarded"]); len(elements) > 0 {
		e := elements[max(len(elements)-depth, 0)]
		said.scheme, said.host = e.proto, e.host
	}
	for _, header := range [...]struct {
		name string
		part *string
	}{
		{"X-Forwarded-Proto", &said.scheme},
		{"X-Forwarded-Host", &said.host},
		{"X-Forwarded-Port", &said.port},
		{"X-Forwarded-Prefix", &said.prefix},
	} {
		if values := list(r.Header[header.name]); len(values) > 0 {
			*header.part = values[max(len(values)-depth, 0)]
		}
	}
	said.scheme = strings.ToLower(said.scheme)
	if said.scheme != "http" && said.scheme != "https" {
		said.scheme = ""
	}
	if !isHost(said.host) {
		said.host = ""
	}
	// A proxy behind the one that ends TLS often names its own port, which is of no use to a client.
	if !isPort(said.port) || said.port == "80" || said.port == "443" {
		said.port = ""
	}
	said.prefix = strings.TrimRight(said.prefix, "/")
	if !isPrefix(said.prefix) {
		said.prefix = ""
	}
	return said
}

// MaxHost is the max length of a host with its port, in bytes: RFC 1035 has names of up to 253.
const MaxHost = 253 + len(":65535")

// isHost reports whether a text is a name or an address, with or without a port.
func isHost(text string) bool {
	if len(text) > MaxHost {
		return false
	}
	name, number := text, port(text)
	if number != "" {
		name = text[:len(text)-len(number)-1]
		if !isPort(number) {
			return false
		}
	}
	if inner, isAddress := strings.CutPrefix(name, "["); isAddress {
		inner, isAddress = strings.CutSuffix(inner, "]")
		return isAddress && parseAddr(inner).Is6() && !strings.Contains(inner, "%")
	}
	return name != "" && isPlain(name, "-._")
}

// port returns the port of a host, or "".
func port(host string) string {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.HasSuffix(host, "]") {
		return ""
	}
	return host[i+1:]
}

func isPort(text string) bool {
	return len(text) > 0 && len(text) <= 5 && strings.Trim(text, "0123456789") == ""
}

// maxPrefix is the length of the longest prefix of a path that is believed, in bytes.
const maxPrefix = 256

// isPrefix reports whether a text is the beginning of a path, of segments that lead down.
func isPrefix(text string) bool {
	if text == "" {
		return true
	}
	if len(text) > maxPrefix || text[0] != '/' || !isPlain(text, "/-._~") {
		return false
	}
	for segment := range strings.SplitSeq(text[1:], "/") {
		if segment == "" || segment[0] == '.' {
			return false
		}
	}
	return true
}

// isPlain reports whether a text has nothing but letters and digits of ASCII and some marks.
func isPlain(text, marks string) bool {
	for i := range len(text) {
		c := text[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(marks, c) >= 0) {
			return false
		}
	}
	return true
}

func withoutDefaultPort(host, scheme string) string {
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// localHost is the address that a request without a usable host was sent to.
func localHost(r *http.Request) string {
	if local, isTCP := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); isTCP {
		return net.JoinHostPort(local.IP.String(), port(local.String()))
	}
	return "localhost"
}
