package messenger

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"lobby/internal/workspace"
)

// claim is the user whom a page names, and the proof that it shows.
type claim struct {
	userID, email string
	hash, token   string
	// proven are the settings in a token, which nobody but the site can have written.
	proven settings
}

func (s settings) claim() claim {
	return claim{
		userID: s.text("user_id"), email: s.text("email"),
		hash: s.text("user_hash"), token: s.text("intercom_user_jwt"),
	}
}

// isMade reports whether the page names anybody.
func (c *claim) isMade() bool { return c.userID != "" || c.email != "" || c.token != "" }

// hasProof reports whether the page shows any proof, good or bad.
func (c *claim) hasProof() bool { return c.hash != "" || c.token != "" }

// coversEmail reports whether a good proof covers the address, too. A hash over the user id does not.
func (c *claim) coversEmail() bool { return c.email != "" && (c.token != "" || c.userID == "") }

// check refuses a claim without the site's own proof, made with one of its secrets. A token counts before everything else,
// and names the user. Placeholders for an identifier are refused, too.
func (c *claim) check(secrets []string, now time.Time) error {
	if c.token != "" {
		if err := c.readToken(secrets, now); err != nil {
			return err
		}
	} else if c.hash == "" {
		return &missing
	} else if !c.isSigned(secrets) {
		return &unproven
	}
	if err := workspace.CheckIdentifier("user_id", c.userID); err != nil {
		return err
	}
	return workspace.CheckIdentifier("email", c.email)
}

// isSigned reports whether the hash is over the user id or, without one, over the email address. It tries every secret, so
// that the time it takes tells nothing.
func (c *claim) isSigned(secrets []string) bool {
	subject := c.userID
	if subject == "" {
		subject = c.email
	}
	given, err := hex.DecodeString(c.hash)
	if err != nil || subject == "" {
		return false
	}
	signed := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(subject))
		signed = hmac.Equal(given, mac.Sum(nil)) || signed
	}
	return signed
}

// leeway is how far the clocks of a site and of this server may be apart.
const leeway = time.Minute

// maxToken is the length of the longest token in bytes.
const maxToken = 8 << 10

// readToken takes the user and the settings from a token.
func (c *claim) readToken(secrets []string, now time.Time) error {
	if len(c.token) > maxToken {
		return &badToken
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithLeeway(leeway), jwt.WithIssuedAt(),
		jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithJSONNumber(), jwt.WithStrictDecoding(),
	)
	var keys jwt.VerificationKeySet
	for _, secret := range secrets {
		keys.Keys = append(keys.Keys, []byte(secret))
	}
	claims := jwt.MapClaims{}
	// The header of a token is not asked for the key: an attacker writes that, too.
	token, err := parser.ParseWithClaims(c.token, claims, func(*jwt.Token) (any, error) { return keys, nil })
	if err != nil {
		return &badToken
	}
	if _, isCritical := token.Header["crit"]; isCritical { // RFC 7515: what is critical and not understood makes a token invalid
		return &badToken
	}
	c.proven = settings(claims)
	for _, registered := range []string{"exp", "nbf", "iat", "iss", "sub", "aud", "jti"} {
		delete(c.proven, registered)
	}
	switch id := c.proven["user_id"].(type) {
	case string:
		c.userID = c.proven.text("user_id")
	case json.Number:
		c.userID = id.String()
	default:
		return &badToken
	}
	if c.userID == "" {
		return &badToken
	}
	c.email = c.proven.text("email")
	return nil
}
