package proxy

import (
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"
)

// noticePause is how long nothing more is said of proxies that are not named.
const noticePause = time.Hour

// Notice remembers when a proxy that nobody has named was noticed last.
type Notice struct{ last atomic.Int64 } // Unix nanoseconds; 0 for never

// nearby are the networks from which no client of the internet connects, so that their addresses are those of proxies.
var nearby = func() (all []netip.Prefix) {
	for _, text := range []string{
		"127.0.0.0/8", "::1/128", // this machine
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", // private networks
		"100.64.0.0/10",               // of providers, and of some clusters (RFC 6598)
		"169.254.0.0/16", "fe80::/10", // of one link
	} {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}()

// Unnamed returns the network that a request comes from if its other end is a proxy that is not among the trusted ones, at
// most once an hour. A client from the internet can send the headers of a proxy, but not from a network nearby.
func (n *Notice) Unnamed(p Proxies, r *http.Request, now time.Time) (network netip.Prefix, is bool) {
	h := r.Header
	if len(h["X-Forwarded-For"]) == 0 && len(h["X-Real-Ip"]) == 0 && len(h["Forwarded"]) == 0 {
		return network, false
	}
	last := n.last.Load()
	if last != 0 && now.Sub(time.Unix(0, last)) < noticePause || p.Trusts(r) {
		return network, false
	}
	addr := peer(r)
	i := slices.IndexFunc(nearby, func(network netip.Prefix) bool { return network.Contains(addr) })
	if i < 0 {
		return network, false
	}
	return nearby[i], n.last.CompareAndSwap(last, now.UnixNano())
}
