package webhook

import (
	"crypto/sha256"
	"encoding/hex"
)

// NotificationID returns the id of the notification about one part of an outbox entry to a subscription: "notif_" and a
// UUID of version 8. It is the same however often it is made, so that a delivery repeated after a crash can be recognised.
// The ids sort like those of the entries, which have 24 hexadecimal digits.
func NotificationID(entryID, webhookID string, part int) string {
	var entry [12]byte
	if n, err := hex.Decode(entry[:], []byte(entryID)); err != nil || n != len(entry) {
		sum := sha256.Sum256([]byte(entryID))
		copy(entry[:], sum[:])
	}
	of := sha256.Sum256([]byte(webhookID))
	// 48 bits, the version, 12 bits, the variant, 62 bits: the entry fills the first 96 of the free ones in order.
	bits := make([]byte, 0, 32)
	for _, b := range entry {
		bits = append(bits, b>>4, b&15)
	}
	nibbles := append(bits[:12:12], 8)
	nibbles = append(nibbles, bits[12:15]...)
	nibbles = append(nibbles, 8|bits[15]>>2)
	// From here on the entry is shifted by two bits, which the variant took.
	for i := 15; i < 23; i++ {
		nibbles = append(nibbles, bits[i]<<2&15|bits[i+1]>>2)
	}
	nibbles = append(nibbles, bits[23]<<2&15, byte(part)&15, of[0]>>4, of[0]&15, of[1]>>4, of[1]&15, of[2]>>4)
	text := []byte("notif_")
	for i, n := range nibbles {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			text = append(text, '-')
		}
		text = append(text, "0123456789abcdef"[n])
	}
	return string(text)
}
