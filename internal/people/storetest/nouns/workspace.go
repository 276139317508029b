package nouns

import (
	"errors"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Workspaces(s fixtures.Suite) {
	s.Test("a workspace comes back as it was and changes as it is told", wholeWorkspace)
	s.Test("workspaces are listed oldest first", workspacesByAge)
	s.Test("a new workspace has an admin and a token that may do everything", createdWorkspace)
	s.Test("a new workspace may choose its id and its token", chosenWorkspace)
	s.Test("a workspace that exists is not made again", existingWorkspace)
	s.TestEmpty("an empty store gets a first workspace and no other", firstWorkspace)
	s.Test("a workspace's settings change all or nothing", changedWorkspace)
	s.Test("an unknown workspace is not there", unknownWorkspace)
	s.Test("several identity secrets of a platform are good at once", identitySecrets)
}

func wholeWorkspace(t *testing.T, w *fixtures.Fixtures) {
	ws := &workspace.Workspace{
		ID: "zoë-1", Name: "Zoë's 🦊", APIVersion: "2.11", ResolveMerged: true,
		Timezone: "Europe/Dublin", Settings: map[string]string{"cookie_mode": "ask", "origins": "zoë.example.com"}, CreatedAt: fixtures.Begin,
	}
	w.Write(t, func(tx people.Writer) error { return fixtures.Office(tx).InsertWorkspace(ws) })
	fixtures.Expect(t, "the workspace", ws, w.StoredWorkspace(t, ws.ID))
	ws.Name, ws.APIVersion, ws.ResolveMerged, ws.Timezone, ws.Settings = "Z", "", false, "", nil
	w.Write(t, func(tx people.Writer) error { return fixtures.Office(tx).UpdateWorkspace(ws) })
	fixtures.Expect(t, "the changed workspace", ws, w.StoredWorkspace(t, ws.ID))
	fixtures.Expect(t, "another", &workspace.Workspace{ID: fixtures.Acme, Name: "acme", CreatedAt: fixtures.Begin}, w.StoredWorkspace(t, fixtures.Acme))
	w.Taken(t, "a second one with the id", func(tx people.Writer) error { return fixtures.Office(tx).InsertWorkspace(ws) })
}

func workspacesByAge(t *testing.T, w *fixtures.Fixtures) {
	w.Write(t, func(tx people.Writer) error {
		return errors.Join(
			fixtures.Office(tx).InsertWorkspace(&workspace.Workspace{ID: "aaa", Name: "newest", CreatedAt: fixtures.Begin + 1}),
			fixtures.Office(tx).InsertWorkspace(&workspace.Workspace{ID: "zzz", Name: "oldest", CreatedAt: fixtures.Begin - 1}),
		)
	})
	all, err := w.Workspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []workspace.ID
	for _, ws := range all {
		got = append(got, ws.ID)
	}
	fixtures.Expect(t, "the workspaces", []workspace.ID{"zzz", fixtures.Acme, fixtures.Rival, "aaa"}, got)
}

func createdWorkspace(t *testing.T, w *fixtures.Fixtures) {
	made, err := w.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	if made.Workspace.ID == "" || made.Workspace.Name == "" || len(made.Workspace.IdentitySecrets) != 1 || made.Token.Secret == "" {
		t.Errorf("something is empty in %+v, %+v", made.Workspace, made.Token)
	}
	fixtures.Expect(t, "the workspace", made.Workspace, w.StoredWorkspace(t, made.Workspace.ID))
	admins := fixtures.Get(t, w, func(r people.Reader) ([]*workspace.Admin, error) { return r.Admins(made.Workspace.ID) })
	fixtures.Expect(t, "its admins", []*workspace.Admin{made.Admin}, admins)
	token, ws, err := w.Authenticate(t.Context(), made.Token.Secret)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "whose token it is", made.Workspace, ws)
	fixtures.Expect(t, "the token", made.Token.Token, token)
	fixtures.Expect(t, "what it may do", workspace.AllScopes, token.Scopes)
	fixtures.Expect(t, "for whom it acts", made.Admin.ID, token.AdminID)
}

func chosenWorkspace(t *testing.T, w *fixtures.Fixtures) {
	chosen := workspace.Draft{ID: "chosen", Name: "Chosen", APIVersion: "2.9", AccessToken: "dG9rOmNob3Nlbg=="}
	if _, err := w.CreateWorkspace(t.Context(), chosen); err != nil {
		t.Fatal(err)
	}
	_, ws, err := w.Authenticate(t.Context(), chosen.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	want := &workspace.Workspace{ID: "chosen", Name: "Chosen", APIVersion: "2.9", IdentitySecrets: ws.IdentitySecrets, CreatedAt: fixtures.Begin}
	fixtures.Expect(t, "the workspace", want, ws)
}

func existingWorkspace(t *testing.T, w *fixtures.Fixtures) {
	_, err := w.CreateWorkspace(t.Context(), workspace.Draft{ID: fixtures.Acme, Name: "another", AccessToken: "token"})
	if !errors.Is(err, workspace.ErrWorkspaceExists) {
		t.Errorf("CreateWorkspace: %v, want that it exists", err)
	}
	if name := w.StoredWorkspace(t, fixtures.Acme).Name; name != "acme" {
		t.Errorf("the workspace is now called %s", name)
	}
	if _, _, err := w.Authenticate(t.Context(), "token"); !errors.Is(err, workspace.ErrTokenNotFound) {
		t.Errorf("Authenticate: %v, want that the token was not made", err)
	}
}

func firstWorkspace(t *testing.T, w *fixtures.Fixtures) {
	all, made, err := w.FirstWorkspace(t.Context(), workspace.Draft{ID: "first"})
	if err != nil || made == nil {
		t.Fatalf("FirstWorkspace: %v, %v", made, err)
	}
	if len(all) != 1 || all[0].ID != made.Workspace.ID {
		t.Errorf("the workspaces are %v", all)
	}
	again, second, err := w.FirstWorkspace(t.Context(), workspace.Draft{ID: "second"})
	if err != nil || second != nil {
		t.Errorf("FirstWorkspace again: %v, %v", second, err)
	}
	if len(again) != 1 || again[0].ID != made.Workspace.ID {
		t.Errorf("the workspaces are then %v", again)
	}
}

func changedWorkspace(t *testing.T, w *fixtures.Fixtures) {
	rename := func(ws *workspace.Workspace) error {
		ws.Name, ws.ResolveMerged = "Acme", true
		return nil
	}
	changed, err := w.ChangeWorkspace(t.Context(), fixtures.By(fixtures.Acme), rename)
	if err != nil {
		t.Fatal(err)
	}
	want := &workspace.Workspace{ID: fixtures.Acme, Name: "Acme", ResolveMerged: true, CreatedAt: fixtures.Begin}
	fixtures.Expect(t, "the answer", want, changed)
	_, err = w.ChangeWorkspace(t.Context(), fixtures.By(fixtures.Acme), func(ws *workspace.Workspace) error {
		ws.Name = "spoilt"
		return fixtures.ErrOnPurpose
	})
	if !errors.Is(err, fixtures.ErrOnPurpose) {
		t.Errorf("ChangeWorkspace: %v", err)
	}
	fixtures.Expect(t, "the workspace", want, w.StoredWorkspace(t, fixtures.Acme))
}

func unknownWorkspace(t *testing.T, w *fixtures.Fixtures) {
	fixtures.Expect(t, "the workspace", (*workspace.Workspace)(nil), w.StoredWorkspace(t, "nobody"))
	if _, err := w.Workspace(t.Context(), "nobody"); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("Workspace: %v", err)
	}
	nothing := func(*workspace.Workspace) error { return nil }
	if _, err := w.ChangeWorkspace(t.Context(), fixtures.By("nobody"), nothing); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("ChangeWorkspace: %v", err)
	}
	if _, err := w.CreateToken(t.Context(), fixtures.By("nobody"), workspace.TokenDraft{Name: "token", Scopes: workspace.AllScopes}); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("CreateToken: %v", err)
	}
}

func identitySecrets(t *testing.T, w *fixtures.Fixtures) {
	create := func(p workspace.Platform, secret string) *workspace.IdentitySecret {
		s, err := w.CreateIdentitySecret(t.Context(), fixtures.By(fixtures.Acme), p, secret)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, phone, second := create(workspace.Web, ""), create(workspace.IOS, ""), create(workspace.Web, "brought from elsewhere")
	if first.Secret == "" || first.Secret == phone.Secret {
		t.Errorf("the secrets %q and %q were made up", first.Secret, phone.Secret)
	}
	ws := w.StoredWorkspace(t, fixtures.Acme)
	fixtures.Expect(t, "all secrets", []*workspace.IdentitySecret{first, phone, second}, ws.IdentitySecrets)
	fixtures.Expect(t, "those of pages", []string{first.Secret, "brought from elsewhere"}, ws.SecretsOf(workspace.Web))
	fixtures.Expect(t, "another workspace's", 0, len(w.StoredWorkspace(t, fixtures.Rival).IdentitySecrets))

	if err := w.DeleteIdentitySecret(t.Context(), fixtures.By(fixtures.Rival), first.ID); !errors.Is(err, workspace.ErrIdentitySecretNotFound) {
		t.Errorf("another workspace deletes it: %v", err)
	}
	if err := w.DeleteIdentitySecret(t.Context(), fixtures.By(fixtures.Acme), first.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteIdentitySecret(t.Context(), fixtures.By(fixtures.Acme), first.ID); !errors.Is(err, workspace.ErrIdentitySecretNotFound) {
		t.Errorf("once more: %v", err)
	}
	fixtures.Expect(t, "those of pages then", []string{"brought from elsewhere"}, w.StoredWorkspace(t, fixtures.Acme).SecretsOf(workspace.Web))
	if third := create(workspace.Web, ""); third.ID == first.ID {
		t.Errorf("a new secret has the id of a deleted one, %d", third.ID)
	}
	if _, err := w.CreateIdentitySecret(t.Context(), fixtures.By("nobody"), workspace.Web, ""); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("in no workspace: %v", err)
	}
	for _, refused := range []struct{ platform, secret string }{{"tv", ""}, {"", ""}, {"web", "too short"}, {"web", strings.Repeat("x", 256)}} {
		var invalid *workspace.InvalidError
		if _, err := w.CreateIdentitySecret(t.Context(), fixtures.By(fixtures.Acme), workspace.Platform(refused.platform), refused.secret); !errors.As(err, &invalid) {
			t.Errorf("%q, %q: %v", refused.platform, refused.secret, err)
		}
	}
}
