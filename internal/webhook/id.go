package webhook

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// NotificationID returns the id of the notification about one part of an outbox entry to a subscription: "notif_" and a
// UUID of version 8. It is the same however often it is made, so that a delivery repeated after a crash can be recognised.
// The ids sort like those of the entries, which have 24 hexadecimal digits.
func NotificationID(entryID, webhookID string, part int) string {
	entry, err := hex.DecodeString(entryID)
	if err != nil || len(entry) != 12 {
		sum := sha256.Sum256([]byte(entryID))
		entry = sum[:12]
	}
	receiver := sha256.Sum256([]byte(webhookID))
	first, last := binary.BigEndian.Uint64(entry), uint64(binary.BigEndian.Uint32(entry[8:]))
	// The high half has 48 bits of the entry, the version, and 12 bits. The low half has the variant, the other 36 bits of
	// the entry, two zeros, the part, and 20 bits for the subscription.
	high := first&^0xffff | 8<<12 | first>>4&0xfff
	low := 1<<63 | first&15<<58 | last<<26 | uint64(part)&15<<20 | uint64(binary.BigEndian.Uint32(receiver[:]))>>12
	return fmt.Sprintf("notif_%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1))
}
