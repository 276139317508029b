package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// IdentitySecret is a key by which a site proves who its users are, in Lobby's own words.
type IdentitySecret struct{ Secret *people.IdentitySecret }

// AppendJSON appends the secret.
func (s IdentitySecret) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "identity_secret")
	o.text("id", strconv.FormatInt(s.Secret.ID, 10))
	o.text("platform", string(s.Secret.Platform))
	o.text("secret", s.Secret.Secret)
	o.int("created_at", s.Secret.CreatedAt)
	return o.end()
}

// IdentitySecretList is all of a workspace's, oldest first.
type IdentitySecretList struct{ Secrets []*people.IdentitySecret }

// AppendJSON appends the list.
func (l IdentitySecretList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, s := range l.Secrets {
		o.next()
		o.buf = IdentitySecret{s}.AppendJSON(o.buf)
	}
	o.closeList()
	return o.end()
}

func identitySecretSamples(apiversion.Version) []Shape {
	s := full[people.IdentitySecret]()
	return []Shape{IdentitySecret{s}, IdentitySecretList{[]*people.IdentitySecret{s}}}
}
