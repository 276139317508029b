package standin

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// IDs makes ids and secrets that a seed determines, in the order in which they are asked for. It is safe for concurrent use.
type IDs struct {
	seed uint64
	mu   sync.Mutex
	idState
}

// idState says which ids come next.
type idState struct {
	random rand.PCG
	made   uint64
	last   int64 // Unix second of the last id of an outbox entry
}

// NewIDs returns the ids of a seed.
func NewIDs(seed uint64) *IDs {
	return &IDs{seed: seed, idState: idState{random: *rand.NewPCG(seed, seed)}}
}

// keep returns what has the ids of now come again.
func (ids *IDs) keep() (rewind func()) {
	if ids == nil {
		return func() {}
	}
	ids.mu.Lock()
	defer ids.mu.Unlock()
	kept := ids.idState
	return func() {
		ids.mu.Lock()
		defer ids.mu.Unlock()
		ids.idState = kept
	}
}

// ID returns an id of 24 hexadecimal digits that begins with a second.
func (ids *IDs) ID(at time.Time) string {
	ids.mu.Lock()
	defer ids.mu.Unlock()
	return ids.id(at.Unix())
}

func (ids *IDs) id(at int64) string {
	ids.made++
	return fmt.Sprintf("%08x%08x%08x", uint32(at), uint32(ids.seed), uint32(ids.made))
}

// EntryID is ID for entries of the outbox. They sort in the order in which they were made, also after the clock was set back.
func (ids *IDs) EntryID(at time.Time) string {
	ids.mu.Lock()
	defer ids.mu.Unlock()
	ids.last = max(ids.last, at.Unix())
	return ids.id(ids.last)
}

// UUID returns a version 4 UUID.
func (ids *IDs) UUID() string {
	ids.mu.Lock()
	defer ids.mu.Unlock()
	high, low := ids.random.Uint64(), ids.random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&0xffffffffffff)
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789"

// Secret returns a text of n letters and digits.
func (ids *IDs) Secret(n int) string {
	ids.mu.Lock()
	defer ids.mu.Unlock()
	text, random := make([]byte, n), rand.New(&ids.random)
	for i := range text {
		text[i] = letters[random.IntN(len(letters))]
	}
	return string(text)
}
