package messenger

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// anonymizer turns addresses into keys from which nobody can get an address back, not even this server on the next day.
// Nothing of an address is ever kept but such a key, in memory.
type anonymizer struct {
	mu   sync.Mutex
	seed maphash.Seed
	day  int64
}

// key returns the key of an address or, for IPv6, of its /64 network, within which anybody has as many addresses as they
// like.
func (a *anonymizer) key(addr netip.Addr, now time.Time) uint64 {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		network = netip.Prefix{} // requests without an address share one key
	}
	a.mu.Lock()
	if day := now.Unix() / (24 * 60 * 60); day != a.day || a.seed == (maphash.Seed{}) {
		a.day, a.seed = day, maphash.MakeSeed()
	}
	seed := a.seed
	a.mu.Unlock()
	return maphash.Comparable(seed, network)
}
