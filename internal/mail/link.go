package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"lobby/internal/workspace"
)

// Prefix begins the paths of all links.
const Prefix = "/email/"

// linkKind says what a link is for.
type linkKind string

const (
	unsubscribeLink linkKind = "unsubscribe"
	openLink        linkKind = "open"
	clickLink       linkKind = "click"
)

// link is a link in a mail to a person of a workspace. Whoever has it needs no login: it is signed with the workspace's key.
type link struct {
	kind      linkKind
	workspace workspace.ID
	personID  string
	// target is where a clickLink leads; "" for other kinds. It is signed too, so that nobody redirects through this server.
	target string
}

// signature returns the signature of a link by a key, as 22 characters of base64url.
func (l link) signature(key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(strings.Join([]string{string(l.kind), string(l.workspace), l.personID, l.target}, "\n")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// isSignedBy reports whether a signature is that of the link by a key.
func (l link) isSignedBy(key, signature string) bool {
	return key != "" && hmac.Equal([]byte(l.signature(key)), []byte(signature))
}

// url returns the URL of a link below that of the server.
func (l link) url(base, key string) string {
	address := base + Prefix + string(l.kind) + "/" + url.PathEscape(string(l.workspace)) + "/" + url.PathEscape(l.personID) + "/" + l.signature(key)
	if l.target != "" {
		address += "?to=" + url.QueryEscape(l.target)
	}
	return address
}
