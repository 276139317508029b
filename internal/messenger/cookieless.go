package messenger

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"sync"
	"time"

	"lobby/internal/workspace"
)

// cookieless identifies browsers that keep nothing, for a day: by their address, their user agent and the app. The salt of
// an app is in the database for that day only, so that all servers give a browser the same id, and that nobody can tell
// later whose an id was.
type cookieless struct {
	// load returns the salt of a workspace for a day.
	load func(ctx context.Context, ws workspace.ID, day int64) (string, error)

	mu    sync.Mutex
	day   int64
	salts map[workspace.ID]string // of the day
}

// id returns the id of a browser for the present day, in UTC. It has the form of every other anonymous id.
func (k *cookieless) id(ctx context.Context, ws workspace.ID, addr netip.Addr, agent string, now time.Time) (string, error) {
	salt, err := k.salt(ctx, ws, workspace.DayOf(now))
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(salt))
	for _, part := range []string{string(ws), addr.String(), agent} {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	id := mac.Sum(nil)[:16]
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	text := hex.EncodeToString(id)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:], nil
}

// forget has the salts loaded again.
func (k *cookieless) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.salts)
}

func (k *cookieless) salt(ctx context.Context, ws workspace.ID, day int64) (string, error) {
	k.mu.Lock()
	if day != k.day || k.salts == nil {
		k.day, k.salts = day, map[workspace.ID]string{}
	}
	salt := k.salts[ws]
	k.mu.Unlock()
	if salt != "" {
		return salt, nil
	}
	salt, err := k.load(ctx, ws, day)
	if err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.day == day {
		k.salts[ws] = salt
	}
	return salt, nil
}
