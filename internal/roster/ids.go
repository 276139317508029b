package roster

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// MaxBulk is how many people one form is about: their ids are in it, and finding them costs CPU time.
const MaxBulk = 2000

// PackIDs writes ids as a short text for a form.
func PackIDs(ids []string) string {
	raw, _ := hex.DecodeString(strings.Join(ids, "")) // ids are hexadecimal digits
	return base64.RawURLEncoding.EncodeToString(raw)
}

// UnpackIDs reads what PackIDs wrote. It is false for any other text.
func UnpackIDs(text string) (ids []string, ok bool) {
	const size = 12
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw)%size != 0 || len(raw) > MaxBulk*size {
		return nil, false
	}
	for id := range slices.Chunk(raw, size) {
		ids = append(ids, hex.EncodeToString(id))
	}
	return ids, true
}
