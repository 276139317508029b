package nouns

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Tokens(s fixtures.Suite) {
	s.Test("a token comes back as it was, each workspace its own", wholeToken)
	s.Test("two tokens never have one secret", tokenKey)
	s.Test("a token opens its workspace until it is revoked", tokenLife)
	s.Test("a token ends when it was said to", tokenEnd)
	s.Test("the last use of a token is written once an hour", tokenUse)
	s.Test("a token is revoked once and within its workspace", revokedOnce)
}

func wholeToken(t *testing.T, w *fixtures.Fixtures) {
	token := func(ws workspace.ID, hash string, scopes ...workspace.Scope) *workspace.Token {
		w.Clock.Pass(time.Second)
		return &workspace.Token{
			Workspace: ws, ID: w.NewID(w.Now()), AdminID: 1 << 60, Name: "Zoë 🦊 " + hash, Hash: hash, Scopes: scopes,
			CreatedAt: w.Now().Unix(), ExpiresAt: w.Now().Unix() + 100, LastUsedAt: w.Now().Unix() + 10,
		}
	}
	all := token(fixtures.Acme, "h9", workspace.AllScopes...)
	none := token(fixtures.Acme, "h2")
	theirs := token(fixtures.Rival, "h3", workspace.ReadUsers)
	theirs.ID = all.ID
	revoked := token(fixtures.Acme, "h4", workspace.WriteUsers)
	revoked.RevokedAt, revoked.Name = fixtures.Begin, ""
	w.Write(t, func(tx people.Writer) error {
		return errors.Join(fixtures.Office(tx).InsertToken(revoked), fixtures.Office(tx).InsertToken(theirs), fixtures.Office(tx).InsertToken(none), fixtures.Office(tx).InsertToken(all))
	})
	for _, want := range []*workspace.Token{all, none, theirs, revoked} {
		got := fixtures.Get(t, w, func(r people.Reader) (*workspace.Token, error) { return fixtures.Office(r).TokenByHash(want.Hash) })
		fixtures.Expect(t, "the token by its hash", want, got)
	}
	for ws, want := range map[workspace.ID][]*workspace.Token{fixtures.Acme: {all, none, revoked}, fixtures.Rival: {theirs}, "nobody": nil} {
		got, err := w.Tokens(t.Context(), fixtures.By(ws))
		if err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "the tokens of "+string(ws), want, got)
	}
	for _, hash := range []string{"", "H1", "h"} {
		got := fixtures.Get(t, w, func(r people.Reader) (*workspace.Token, error) { return fixtures.Office(r).TokenByHash(hash) })
		fixtures.Expect(t, "the token with another hash", (*workspace.Token)(nil), got)
	}
}

func tokenKey(t *testing.T, w *fixtures.Fixtures) {
	token := func(ws workspace.ID, hash string) *workspace.Token {
		return &workspace.Token{Workspace: ws, ID: w.NewID(w.Now()), Hash: hash, CreatedAt: fixtures.Begin}
	}
	first := token(fixtures.Acme, "hash")
	w.Write(t, func(tx people.Writer) error { return fixtures.Office(tx).InsertToken(first) })
	for _, ws := range []workspace.ID{fixtures.Acme, fixtures.Rival} {
		w.Taken(t, "a second token", func(tx people.Writer) error { return fixtures.Office(tx).InsertToken(token(ws, "hash")) })
	}
	again := token(fixtures.Acme, "other")
	again.ID = first.ID
	w.Taken(t, "a token with the id", func(tx people.Writer) error { return fixtures.Office(tx).InsertToken(again) })
}

func tokenLife(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	token, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Name: "for reading", Scopes: []workspace.Scope{workspace.ReadUsers}})
	if err != nil {
		t.Fatal(err)
	}
	got, ws, err := w.Authenticate(t.Context(), token.Secret)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the token", token.Token, got)
	fixtures.Expect(t, "its workspace", w.StoredWorkspace(t, fixtures.Acme), ws)
	if !got.Allows(workspace.ReadUsers) || got.Allows(workspace.WriteUsers) {
		t.Errorf("the token allows %v", got.Scopes)
	}
	for _, secret := range []string{"", token.Secret + " ", token.Hash} {
		if _, _, err := w.Authenticate(t.Context(), secret); !errors.Is(err, workspace.ErrTokenNotFound) {
			t.Errorf("Authenticate with %q: %v", secret, err)
		}
	}
	w.Clock.Pass(time.Minute)
	if err := w.RevokeToken(t.Context(), fixtures.By(fixtures.Acme), token.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Authenticate(t.Context(), token.Secret); !errors.Is(err, workspace.ErrTokenNotFound) {
		t.Errorf("Authenticate with a revoked token: %v", err)
	}
}

func revokedOnce(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	token, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	other, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	for _, ws := range []workspace.ID{fixtures.Rival, "nobody"} {
		if err := w.RevokeToken(t.Context(), fixtures.By(ws), token.ID); !errors.Is(err, workspace.ErrTokenNotFound) {
			t.Errorf("RevokeToken in %s: %v", ws, err)
		}
	}
	for range 2 {
		w.Clock.Pass(time.Minute)
		if err := w.RevokeToken(t.Context(), fixtures.By(fixtures.Acme), token.ID); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.Tokens(t.Context(), fixtures.By(fixtures.Acme))
	if err != nil {
		t.Fatal(err)
	}
	revoked := *token.Token
	revoked.RevokedAt = fixtures.Begin + 60
	fixtures.Expect(t, "the tokens", []*workspace.Token{&revoked, other.Token}, all)
}

func tokenEnd(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	token, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Scopes: workspace.AllScopes, ExpiresAt: w.Unix() + 60})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Pass(59 * time.Second)
	if _, _, err := w.Authenticate(t.Context(), token.Secret); err != nil {
		t.Errorf("before its end: %v", err)
	}
	w.Clock.Pass(time.Second)
	if _, _, err := w.Authenticate(t.Context(), token.Secret); !errors.Is(err, workspace.ErrTokenNotFound) {
		t.Errorf("at its end: %v", err)
	}
	for _, at := range []int64{w.Unix(), w.Unix() - 1, -1} {
		var invalid *workspace.InvalidError
		if _, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{ExpiresAt: at}); !errors.As(err, &invalid) {
			t.Errorf("a token that ends at %d: %v", at, err)
		}
	}
}

func tokenUse(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	token, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	use := func(want int64) {
		t.Helper()
		if _, _, err := w.Authenticate(t.Context(), token.Secret); err != nil {
			t.Fatal(err)
		}
		if err := w.FlushTokenUses(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := w.Tokens(t.Context(), fixtures.By(fixtures.Acme))
		if err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "the last use", want, all[0].LastUsedAt)
	}
	first := w.Unix()
	use(first)
	w.Clock.Pass(59 * time.Minute)
	use(first)
	w.Clock.Pass(time.Minute)
	use(w.Unix())
	w.Write(t, func(tx people.Writer) error { return fixtures.Office(tx).TouchToken(fixtures.Acme, token.ID, first) })
	use(w.Unix())
}
