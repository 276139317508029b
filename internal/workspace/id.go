package workspace

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
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
