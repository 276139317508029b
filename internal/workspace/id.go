package workspace

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"
)

// newIDs returns a source of ids in the form of the public API: four bytes of Unix seconds, five random bytes per process
// and a counter of three. The ids of one process sort in the order in which they were made.
func newIDs() func(time.Time) string {
	var process [8]byte
	rand.Read(process[:]) //nolint:errcheck // it never fails
	var count atomic.Uint32
	return func(at time.Time) string {
		var id [12]byte
		binary.BigEndian.PutUint32(id[:4], uint32(at.Unix()))
		copy(id[4:9], process[:5])
		n := count.Add(1)
		id[9], id[10], id[11] = byte(n>>16), byte(n>>8), byte(n)
		return hex.EncodeToString(id[:])
	}
}

// entryIDs is a source of ids for outbox entries, in the order in which the entries were made: by one server, and by the
// next one on the same machine, even within the same second. So what a server that was killed left without a sequence is
// told before what came after the restart. The zero value is ready.
type entryIDs struct {
	mu sync.Mutex
	// last is the time of the last id, in units of 2^-32 seconds.
	last    uint64
	process [4]byte
}

// setBack is the max time by which a clock may be set back without effect on the order of ids, in units of 2^-32 seconds.
const setBack = 10 << 32

// next returns a new id: eight bytes of time, of which the first four are Unix seconds, and four random ones per process.
func (ids *entryIDs) next(now time.Time) string {
	ids.mu.Lock()
	defer ids.mu.Unlock()
	if ids.last == 0 {
		rand.Read(ids.process[:]) //nolint:errcheck // it never fails
	}
	at := uint64(now.Unix())<<32 | uint64(now.Nanosecond())<<32/uint64(time.Second)
	if at <= ids.last && ids.last-at < setBack {
		at = ids.last + 1
	}
	ids.last = at
	return hex.EncodeToString(append(binary.BigEndian.AppendUint64(nil, at), ids.process[:]...))
}

// RandomUUID returns a version 4 UUID.
func RandomUUID() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	text := make([]byte, 0, 36)
	for i, part := range [][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, part)
	}
	return string(text)
}

// randomSecret returns n random letters and digits, each worth a little over five bits.
func randomSecret(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	text := make([]byte, 0, n)
	for len(text) < n {
		var b [64]byte
		rand.Read(b[:]) //nolint:errcheck // it never fails
		for _, c := range b {
			// What is above the largest multiple would make some letters likelier than others.
			if int(c) < 256/len(letters)*len(letters) && len(text) < n {
				text = append(text, letters[int(c)%len(letters)])
			}
		}
	}
	return string(text)
}
