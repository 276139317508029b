package messenger

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"lobby/internal/people"
)

// claim is whom a page says that it was opened by, and its proof.
type claim struct {
	userID, email string
	hash, token   string
	// proven are the settings that a token brought, which nobody but the site could have written.
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

// coversEmail reports whether a good proof is one of the address, too: a hash over the user id says nothing of it.
func (c *claim) coversEmail() bool { return c.email != "" && (c.token != "" || c.userID == "") }

// check refuses a claim without the site's own proof, made with one of its secrets. Where there is a token, it alone
// counts, and says who it is. It refuses names, too, that cannot be meant as one.
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
	if err := people.CheckIdentifier("user_id", c.userID); err != nil {
		return err
	}
	return people.CheckIdentifier("email", c.email)
}

// isSigned reports whether the hash is over the user id or, only without one, over the email address. Every secret is
// tried, so that the time it takes tells nothing.
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

// longestToken is in bytes.
const longestToken = 8 << 10

// readToken takes from a token whom it is for and what else it says.
func (c *claim) readToken(secrets []string, now time.Time) error {
	if len(c.token) > longestToken {
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
	// What a token says of its key is not asked: it is whoever made it that says so.
	if _, err := parser.ParseWithClaims(c.token, claims, func(*jwt.Token) (any, error) { return keys, nil }); err != nil {
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
