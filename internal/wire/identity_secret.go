package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// IdentitySecret is a key by which a site proves who its users are. The public API has no such object.
type IdentitySecret struct {
	Secret *workspace.IdentitySecret
	// Masked shows only the end of the secret: the whole of it is shown once, when it is made.
	Masked bool
}

// AppendJSON appends the secret.
func (s IdentitySecret) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "identity_secret")
	o.Text("id", strconv.FormatInt(s.Secret.ID, 10))
	o.Text("platform", string(s.Secret.Platform))
	if s.Masked {
		o.Text("secret", s.Secret.Masked())
	} else {
		o.Text("secret", s.Secret.Secret)
	}
	o.Int("created_at", s.Secret.CreatedAt)
	return o.End()
}

// IdentitySecretList is the list of all identity secrets of a workspace, masked, oldest first.
type IdentitySecretList struct{ Secrets []*workspace.IdentitySecret }

// AppendJSON appends the list.
func (l IdentitySecretList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, s := range l.Secrets {
		o.Next()
		o.Buf = IdentitySecret{s, true}.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

func identitySecretSamples(apiversion.Version) []Shape {
	s := full[workspace.IdentitySecret]()
	return []Shape{IdentitySecret{Secret: s}, IdentitySecretList{[]*workspace.IdentitySecret{s}}}
}
