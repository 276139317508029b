package httpserver

import (
	"container/list"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"lobby/internal/proxy"
)

// Limits are how many connections there may be at once; 0 is no limit. Beyond a limit, a new connection takes the place
// of the one that has waited longest for a request or for the rest of its header. Only when all are being answered is the
// new one closed. So nobody is kept out by connections that do nothing.
type Limits struct {
	// Connections is for all together, AddressConnections for one network address, which with IPv6 is a /64 network.
	Connections, AddressConnections int
}

// connections are those of a listener.
type connections struct {
	limits  Limits
	proxies proxy.Proxies // which stand for many clients: AddressConnections does not count for them

	mu        sync.Mutex
	all       *crowd
	addresses map[netip.Addr]*crowd
}

// crowd is connections that share a limit.
type crowd struct {
	count int
	// conns are *counted: those that wait, the longest first, then the divider, then those that are being answered.
	conns   list.List
	divider *list.Element
}

func newCrowd() *crowd {
	c := new(crowd)
	c.divider = c.conns.PushBack(nil)
	return c
}

// counted is a connection that was accepted.
type counted struct {
	net.Conn
	from   netip.AddrPort
	in     []*crowd        // that it counts for
	places []*list.Element // in their lists
	isBusy bool            // whether it is being answered
	isGone bool            // whether it counts no more
	owner  *connections
}

func newConnections(limits Limits, proxies proxy.Proxies) *connections {
	return &connections{limits: limits, proxies: proxies, all: newCrowd(), addresses: map[netip.Addr]*crowd{}}
}

// limited is a listener whose connections are counted.
type limited struct {
	net.Listener
	*connections
}

// Accept implements [net.Listener].
func (l limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, isTCP := c.RemoteAddr().(*net.TCPAddr)
		if !isTCP {
			return c, nil
		}
		if admitted := l.admit(c, from.AddrPort()); admitted != nil {
			return admitted, nil
		}
		_ = c.Close() // nothing was promised to it
	}
}

// admit counts a new connection, or returns nil when there is no place for it.
func (all *connections) admit(c net.Conn, from netip.AddrPort) *counted {
	all.mu.Lock()
	defer all.mu.Unlock()
	added := &counted{Conn: c, from: from, owner: all}
	if all.limits.AddressConnections > 0 && !all.proxies.Has(from.Addr()) {
		key := network(from.Addr())
		same := all.addresses[key]
		if same == nil {
			same = newCrowd()
			all.addresses[key] = same
		}
		if same.count >= all.limits.AddressConnections && !all.makePlace(same) {
			return nil
		}
		added.in = append(added.in, same)
	}
	if all.limits.Connections > 0 && all.all.count >= all.limits.Connections && !all.makePlace(all.all) {
		all.forgetEmpty(from.Addr())
		return nil
	}
	added.in = append(added.in, all.all)
	for _, in := range added.in {
		in.count++
		added.places = append(added.places, in.conns.InsertBefore(added, in.divider))
	}
	// What made place may have been the last of the same address.
	if len(added.in) > 1 {
		all.addresses[network(from.Addr())] = added.in[0]
	}
	return added
}

// makePlace ends the connection that has waited longest. It reports false when none waits.
func (all *connections) makePlace(in *crowd) bool {
	longest := in.conns.Front()
	if longest == in.divider {
		return false
	}
	c := longest.Value.(*counted)
	c.leave()
	_ = c.Conn.Close() // net/http sees the end of the connection
	return true
}

// network is what counts as one address.
func network(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		prefix, _ := addr.Prefix(64) // which every IPv6 address has
		return prefix.Addr()
	}
	return addr
}

func (all *connections) forgetEmpty(addr netip.Addr) {
	if same := all.addresses[network(addr)]; same != nil && same.count == 0 {
		delete(all.addresses, network(addr))
	}
}

// observe is the ConnState of an [http.Server]. Of net/http a connection is active from the end of a header to the end of
// the response.
func (all *connections) observe(c net.Conn, state http.ConnState) {
	known := countedOf(c)
	if known == nil || state != http.StateActive && state != http.StateIdle {
		return
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	known.turn(state == http.StateActive)
}

// countedOf returns the connection that was counted within one that net/http has; nil for none.
func countedOf(c net.Conn) *counted {
	for {
		switch outer := c.(type) {
		case *counted:
			return outer
		case *refusalConn:
			c = outer.Conn
		case *tls.Conn:
			c = outer.NetConn()
		default:
			return nil
		}
	}
}

// turn and leave are called under the lock of the owner. Turn begins or ends the time in which a connection is being answered.
func (c *counted) turn(isBusy bool) {
	if c.isGone || c.isBusy == isBusy {
		return
	}
	c.isBusy = isBusy
	for i, in := range c.in {
		if isBusy {
			in.conns.MoveAfter(c.places[i], in.divider)
		} else {
			in.conns.MoveBefore(c.places[i], in.divider)
		}
	}
}

// leave ends the counting of a connection. It may be called again.
func (c *counted) leave() {
	if c.isGone {
		return
	}
	c.isGone = true
	for i, in := range c.in {
		in.count--
		in.conns.Remove(c.places[i])
	}
	c.owner.forgetEmpty(c.from.Addr())
}

// Close implements [net.Conn].
func (c *counted) Close() error {
	c.owner.mu.Lock()
	c.leave()
	c.owner.mu.Unlock()
	return c.Conn.Close()
}

// CloseWrite lets net/http end a response before it stops reading, so that the client sees the response and no reset.
func (c *counted) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Close()
}
