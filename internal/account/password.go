package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"lobby/internal/workspace"
)

// The cost of a password, as OWASP advises for argon2id: 19 MiB, two passes, one thread.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLength = 32 // bytes
	saltLength = 16 // bytes
	// maxHashing is how many passwords are hashed at once. It bounds the memory that strangers can ask for.
	maxHashing = 2
)

const (
	minPassword = 12  // characters
	maxPassword = 256 // bytes
	maxEmail    = 512 // bytes
)

// noPassword is the hash of no password: 16 and 32 zero bytes are not what any text gives.
var noPassword = encodeHash(make([]byte, saltLength), make([]byte, hashLength))

// checkPassword refuses a password that is quickly guessed.
func checkPassword(password, email string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return workspace.Invalid("password", "must have at least 12 characters")
	case len(password) > maxPassword:
		return workspace.Invalid("password", "must have at most 256 bytes")
	case strings.EqualFold(strings.TrimSpace(password), email):
		return workspace.Invalid("password", "must not be the email address")
	case strings.Count(password, password[:1]) == len(password):
		return workspace.Invalid("password", "must not repeat one character")
	}
	return nil
}

// hashPassword returns the hash of a password with a new salt. It waits while too many others are hashed.
func (a *Accounts) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt) //nolint:errcheck // it never fails
	key, err := a.derive(ctx, password, salt)
	return encodeHash(salt, key), err
}

// isPassword reports whether a hash is that of a password.
func (a *Accounts) isPassword(ctx context.Context, password, hash string) (bool, error) {
	salt, want, ok := decodeHash(hash)
	if !ok {
		return false, fmt.Errorf("a stored password has another form than this program writes")
	}
	key, err := a.derive(ctx, password, salt)
	return subtle.ConstantTimeCompare(key, want) == 1, err
}

func (a *Accounts) derive(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
		return argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, 1, hashLength), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: too many passwords to check: %w", workspace.ErrUnavailable, ctx.Err())
	}
}

// hashPrefix says how a hash was made.
var hashPrefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$", argon2.Version, hashMemory, hashPasses)

func encodeHash(salt, key []byte) string {
	return hashPrefix + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(key)
}

func decodeHash(hash string) (salt, key []byte, ok bool) {
	rest, known := strings.CutPrefix(hash, hashPrefix)
	first, second, two := strings.Cut(rest, "$")
	salt, saltErr := base64.RawStdEncoding.DecodeString(first)
	key, keyErr := base64.RawStdEncoding.DecodeString(second)
	return salt, key, known && two && saltErr == nil && keyErr == nil
}
