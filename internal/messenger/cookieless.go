package messenger

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"sync"
	"time"

	"lobby/internal/workspace"
)

// cookieless identifies browsers that keep nothing, for a day: by their address, their user agent and the app. The salt is
// in memory only and changes every day, so that not even this server can tell later whose an id was.
type cookieless struct {
	mu   sync.Mutex
	day  int64
	salt [32]byte
}

// id returns the id of a browser for the present day, in UTC. It has the form of every other anonymous id.
func (k *cookieless) id(ws workspace.ID, addr netip.Addr, agent string, now time.Time) string {
	k.mu.Lock()
	if day := now.Unix()/(24*60*60) + 1; day != k.day { // day 0 is none
		k.day = day
		rand.Read(k.salt[:]) //nolint:errcheck // it never fails
	}
	mac := hmac.New(sha256.New, k.salt[:])
	k.mu.Unlock()
	for _, part := range []string{string(ws), addr.String(), agent} {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	id := mac.Sum(nil)[:16]
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	text := hex.EncodeToString(id)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
