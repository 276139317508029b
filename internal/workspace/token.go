package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// ErrTokenNotFound refuses an access token.
var ErrTokenNotFound = errors.New("no such access token")

// Scope is something that an access token allows.
type Scope string

// The scopes of the public API, with its names for them.
const (
	ReadUsers      Scope = "read_users_companies"
	WriteUsers     Scope = "write_users_companies"
	ReadWriteUsers Scope = "read_write_users"
)

// The scopes of conversations, with the names of the public API.
const (
	ReadConversations  Scope = "read_conversations"
	WriteConversations Scope = "write_conversations"
)

// The scopes of Lobby's own operations that decide who is believed to be whom, and who is told.
const (
	WriteSettings Scope = "lobby_settings"
	WriteSecrets  Scope = "lobby_secrets"
	// WriteWebhooks decides who is told what happens, so it shows the data of everybody.
	WriteWebhooks Scope = "lobby_webhooks"
)

// AllScopes is what a token may do unless it is told otherwise.
var AllScopes = []Scope{
	ReadUsers, WriteUsers, ReadWriteUsers, ReadConversations, WriteConversations, WriteSettings, WriteSecrets, WriteWebhooks,
}

// ParseScopes reads scopes separated by commas; an empty text means all.
func ParseScopes(text string) ([]Scope, error) {
	if strings.TrimSpace(text) == "" {
		return AllScopes, nil
	}
	var scopes []Scope
	for name := range strings.SplitSeq(text, ",") {
		s := Scope(strings.TrimSpace(name))
		if !slices.Contains(AllScopes, s) {
			return nil, Invalid("scopes", "has the unknown scope "+string(s))
		}
		scopes = append(scopes, s)
	}
	return scopes, nil
}

// Token is an access token. Its secret is not kept, only a hash: forty random letters need no salt.
type Token struct {
	Workspace ID
	ID        string
	// AdminID is the admin for whom the token acts.
	AdminID   int64
	Name      string
	Hash      string
	Scopes    []Scope
	CreatedAt int64
	RevokedAt int64
	// ExpiresAt is when the token ends by itself; 0 for never.
	ExpiresAt int64
	// LastUsedAt is when it was used last, true to the hour; 0 for never.
	LastUsedAt int64
}

// Works reports whether the token is good at a time: neither revoked nor expired.
func (t *Token) Works(at int64) bool {
	return t.RevokedAt == 0 && (t.ExpiresAt == 0 || at < t.ExpiresAt)
}

// Allows reports whether the token has one of the scopes.
func (t *Token) Allows(any ...Scope) bool {
	return slices.ContainsFunc(any, func(s Scope) bool { return slices.Contains(t.Scopes, s) })
}

// NewToken is a token just created: the only time that its secret is seen.
type NewToken struct {
	*Token
	Secret string
}

// HashToken is the form in which a token's secret is stored and looked up.
func HashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// TokenDraft is what is decided about a token before there is one.
type TokenDraft struct {
	Name   string
	Scopes []Scope
	// ExpiresAt is when the token ends by itself; 0 for never.
	ExpiresAt int64
}

// CreateToken makes an access token that acts for the workspace's first admin; ErrWorkspaceNotFound, ErrAdminNotFound,
// InvalidError.
func (g *Registry) CreateToken(ctx context.Context, c Caller, draft TokenDraft) (*NewToken, error) {
	if err := CheckLine("name", draft.Name); err != nil {
		return nil, err
	}
	if draft.ExpiresAt != 0 && draft.ExpiresAt <= g.Unix() {
		return nil, Invalid("expires", "must be in the future")
	}
	return Write(ctx, g.Store, func(w Writer) (token *NewToken, err error) {
		found, err := w.Workspace(c.Workspace)
		if err != nil {
			return nil, err
		}
		if found == nil {
			return nil, ErrWorkspaceNotFound
		}
		admins, err := w.Admins(c.Workspace)
		if err != nil {
			return nil, err
		}
		if len(admins) == 0 {
			return nil, ErrAdminNotFound
		}
		return g.createToken(w, admins[0], draft, "")
	})
}

func (g *Registry) createToken(w Writer, admin *Admin, draft TokenDraft, secret string) (*NewToken, error) {
	if secret == "" {
		secret = "lobby_" + g.Secret(40)
	}
	now := g.Unix()
	t := &Token{
		Workspace: admin.Workspace, ID: g.IDAt(now), AdminID: admin.ID, Name: draft.Name,
		Hash: HashToken(secret), Scopes: draft.Scopes, CreatedAt: now, ExpiresAt: draft.ExpiresAt,
	}
	if err := w.InsertToken(t); err != nil {
		return nil, err
	}
	return &NewToken{t, secret}, nil
}

// Tokens lists a workspace's tokens, revoked ones among them, oldest first.
func (g *Registry) Tokens(ctx context.Context, c Caller) ([]*Token, error) {
	return Read(ctx, g.Store, func(r Reader) ([]*Token, error) { return r.Tokens(c.Workspace) })
}

// RevokeToken ends a token for good; ErrTokenNotFound. Servers that know it notice within a second.
func (g *Registry) RevokeToken(ctx context.Context, c Caller, id string) error {
	return g.Store.Write(ctx, func(w Writer) error {
		all, err := w.Tokens(c.Workspace)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(t *Token) bool { return t.ID == id })
		if i < 0 {
			return ErrTokenNotFound
		}
		if all[i].RevokedAt != 0 {
			return nil
		}
		return w.RevokeToken(c.Workspace, id, g.Unix())
	})
}

// Authenticate returns the token with this secret and its workspace, or ErrTokenNotFound when there is none or it is
// revoked or expired. It notes that the token was used; [Registry.FlushTokenUses] writes that down.
func (g *Registry) Authenticate(ctx context.Context, secret string) (*Token, *Workspace, error) {
	var token *Token
	var ws *Workspace
	err := g.Store.Read(ctx, func(r Reader) (err error) {
		if token, err = r.TokenByHash(HashToken(secret)); err != nil {
			return err
		}
		if token == nil || !token.Works(g.Unix()) {
			return ErrTokenNotFound
		}
		ws, err = r.Workspace(token.Workspace)
		return err
	})
	if err == nil {
		g.uses.note(token, g.Unix())
	}
	return token, ws, err
}
