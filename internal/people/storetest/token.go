package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func tokens(s suite) {
	s.test("a token comes back as it was, each workspace its own", wholeToken)
	s.test("two tokens never have one secret", tokenKey)
	s.test("a token opens its workspace until it is revoked", tokenLife)
	s.test("a token ends when it was said to", tokenEnd)
	s.test("the last use of a token is written once an hour", tokenUse)
	s.test("a token is revoked once and within its workspace", revokedOnce)
}

func wholeToken(t *testing.T, w *world) {
	token := func(ws workspace.ID, hash string, scopes ...workspace.Scope) *workspace.Token {
		w.clock.pass(time.Second)
		return &workspace.Token{
			Workspace: ws, ID: w.NewID(w.Now()), AdminID: 1 << 60, Name: "Zoë 🦊 " + hash, Hash: hash, Scopes: scopes,
			CreatedAt: w.Now().Unix(), ExpiresAt: w.Now().Unix() + 100, LastUsedAt: w.Now().Unix() + 10,
		}
	}
	all := token(acme, "h9", workspace.AllScopes...)
	none := token(acme, "h2")
	theirs := token(rival, "h3", workspace.ReadUsers)
	theirs.ID = all.ID
	revoked := token(acme, "h4", workspace.WriteUsers)
	revoked.RevokedAt, revoked.Name = begin, ""
	w.write(t, func(tx people.Writer) error {
		return errors.Join(office(tx).InsertToken(revoked), office(tx).InsertToken(theirs), office(tx).InsertToken(none), office(tx).InsertToken(all))
	})
	for _, want := range []*workspace.Token{all, none, theirs, revoked} {
		got := get(t, w, func(r people.Reader) (*workspace.Token, error) { return office(r).TokenByHash(want.Hash) })
		expect(t, "the token by its hash", want, got)
	}
	for ws, want := range map[workspace.ID][]*workspace.Token{acme: {all, none, revoked}, rival: {theirs}, "nobody": nil} {
		got, err := w.Tokens(t.Context(), by(ws))
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "the tokens of "+string(ws), want, got)
	}
	for _, hash := range []string{"", "H1", "h"} {
		got := get(t, w, func(r people.Reader) (*workspace.Token, error) { return office(r).TokenByHash(hash) })
		expect(t, "the token with another hash", (*workspace.Token)(nil), got)
	}
}

func tokenKey(t *testing.T, w *world) {
	token := func(ws workspace.ID, hash string) *workspace.Token {
		return &workspace.Token{Workspace: ws, ID: w.NewID(w.Now()), Hash: hash, CreatedAt: begin}
	}
	first := token(acme, "hash")
	w.write(t, func(tx people.Writer) error { return office(tx).InsertToken(first) })
	for _, ws := range []workspace.ID{acme, rival} {
		w.taken(t, "a second token", func(tx people.Writer) error { return office(tx).InsertToken(token(ws, "hash")) })
	}
	again := token(acme, "other")
	again.ID = first.ID
	w.taken(t, "a token with the id", func(tx people.Writer) error { return office(tx).InsertToken(again) })
}

func tokenLife(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	token, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Name: "for reading", Scopes: []workspace.Scope{workspace.ReadUsers}})
	if err != nil {
		t.Fatal(err)
	}
	got, ws, err := w.Authenticate(t.Context(), token.Secret)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the token", token.Token, got)
	expect(t, "its workspace", w.workspace(t, acme), ws)
	if !got.Allows(workspace.ReadUsers) || got.Allows(workspace.WriteUsers) {
		t.Errorf("the token allows %v", got.Scopes)
	}
	for _, secret := range []string{"", token.Secret + " ", token.Hash} {
		if _, _, err := w.Authenticate(t.Context(), secret); !errors.Is(err, workspace.ErrTokenNotFound) {
			t.Errorf("Authenticate with %q: %v", secret, err)
		}
	}
	w.clock.pass(time.Minute)
	if err := w.RevokeToken(t.Context(), by(acme), token.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Authenticate(t.Context(), token.Secret); !errors.Is(err, workspace.ErrTokenNotFound) {
		t.Errorf("Authenticate with a revoked token: %v", err)
	}
}

func revokedOnce(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	token, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	other, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	for _, ws := range []workspace.ID{rival, "nobody"} {
		if err := w.RevokeToken(t.Context(), by(ws), token.ID); !errors.Is(err, workspace.ErrTokenNotFound) {
			t.Errorf("RevokeToken in %s: %v", ws, err)
		}
	}
	for range 2 {
		w.clock.pass(time.Minute)
		if err := w.RevokeToken(t.Context(), by(acme), token.ID); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.Tokens(t.Context(), by(acme))
	if err != nil {
		t.Fatal(err)
	}
	revoked := *token.Token
	revoked.RevokedAt = begin + 60
	expect(t, "the tokens", []*workspace.Token{&revoked, other.Token}, all)
}

func tokenEnd(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	token, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Scopes: workspace.AllScopes, ExpiresAt: w.Unix() + 60})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.pass(59 * time.Second)
	if _, _, err := w.Authenticate(t.Context(), token.Secret); err != nil {
		t.Errorf("before its end: %v", err)
	}
	w.clock.pass(time.Second)
	if _, _, err := w.Authenticate(t.Context(), token.Secret); !errors.Is(err, workspace.ErrTokenNotFound) {
		t.Errorf("at its end: %v", err)
	}
	for _, at := range []int64{w.Unix(), w.Unix() - 1, -1} {
		var invalid *workspace.InvalidError
		if _, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{ExpiresAt: at}); !errors.As(err, &invalid) {
			t.Errorf("a token that ends at %d: %v", at, err)
		}
	}
}

func tokenUse(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	token, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Scopes: workspace.AllScopes})
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
		all, err := w.Tokens(t.Context(), by(acme))
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "the last use", want, all[0].LastUsedAt)
	}
	first := w.Unix()
	use(first)
	w.clock.pass(59 * time.Minute)
	use(first)
	w.clock.pass(time.Minute)
	use(w.Unix())
	w.write(t, func(tx people.Writer) error { return office(tx).TouchToken(acme, token.ID, first) })
	use(w.Unix())
}
