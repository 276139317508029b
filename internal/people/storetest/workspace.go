package storetest

import (
	"errors"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func workspaces(s suite) {
	s.test("a workspace comes back as it was and changes as it is told", wholeWorkspace)
	s.test("workspaces are listed oldest first", workspacesByAge)
	s.test("a new workspace has an admin and a token that may do everything", createdWorkspace)
	s.test("a new workspace may choose its id and its token", chosenWorkspace)
	s.test("a workspace that exists is not made again", existingWorkspace)
	s.testEmpty("an empty store gets a first workspace and no other", firstWorkspace)
	s.test("a workspace's settings change all or nothing", changedWorkspace)
	s.test("an unknown workspace is not there", unknownWorkspace)
	s.test("several identity secrets of a platform are good at once", identitySecrets)
}

func (w *world) workspace(t *testing.T, id workspace.ID) *workspace.Workspace {
	t.Helper()
	return get(t, w, func(r people.Reader) (*workspace.Workspace, error) { return office(r).Workspace(id) })
}

func wholeWorkspace(t *testing.T, w *world) {
	ws := &workspace.Workspace{
		ID: "zoë-1", Name: "Zoë's 🦊", APIVersion: "2.11", ResolveMerged: true,
		Timezone: "Europe/Dublin", Settings: map[string]string{"cookie_mode": "ask", "origins": "zoë.example.com"}, CreatedAt: begin,
	}
	w.write(t, func(tx people.Writer) error { return office(tx).InsertWorkspace(ws) })
	expect(t, "the workspace", ws, w.workspace(t, ws.ID))
	ws.Name, ws.APIVersion, ws.ResolveMerged, ws.Timezone, ws.Settings = "Z", "", false, "", nil
	w.write(t, func(tx people.Writer) error { return office(tx).UpdateWorkspace(ws) })
	expect(t, "the changed workspace", ws, w.workspace(t, ws.ID))
	expect(t, "another", &workspace.Workspace{ID: acme, Name: "acme", CreatedAt: begin}, w.workspace(t, acme))
	w.taken(t, "a second one with the id", func(tx people.Writer) error { return office(tx).InsertWorkspace(ws) })
}

func workspacesByAge(t *testing.T, w *world) {
	w.write(t, func(tx people.Writer) error {
		return errors.Join(
			office(tx).InsertWorkspace(&workspace.Workspace{ID: "aaa", Name: "newest", CreatedAt: begin + 1}),
			office(tx).InsertWorkspace(&workspace.Workspace{ID: "zzz", Name: "oldest", CreatedAt: begin - 1}),
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
	expect(t, "the workspaces", []workspace.ID{"zzz", acme, rival, "aaa"}, got)
}

func createdWorkspace(t *testing.T, w *world) {
	made, err := w.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	if made.Workspace.ID == "" || made.Workspace.Name == "" || len(made.Workspace.IdentitySecrets) != 1 || made.Token.Secret == "" {
		t.Errorf("something is empty in %+v, %+v", made.Workspace, made.Token)
	}
	expect(t, "the workspace", made.Workspace, w.workspace(t, made.Workspace.ID))
	admins := get(t, w, func(r people.Reader) ([]*workspace.Admin, error) { return r.Admins(made.Workspace.ID) })
	expect(t, "its admins", []*workspace.Admin{made.Admin}, admins)
	token, ws, err := w.Authenticate(t.Context(), made.Token.Secret)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "whose token it is", made.Workspace, ws)
	expect(t, "the token", made.Token.Token, token)
	expect(t, "what it may do", workspace.AllScopes, token.Scopes)
	expect(t, "for whom it acts", made.Admin.ID, token.AdminID)
}

func chosenWorkspace(t *testing.T, w *world) {
	chosen := workspace.Draft{ID: "chosen", Name: "Chosen", APIVersion: "2.9", AccessToken: "dG9rOmNob3Nlbg=="}
	if _, err := w.CreateWorkspace(t.Context(), chosen); err != nil {
		t.Fatal(err)
	}
	_, ws, err := w.Authenticate(t.Context(), chosen.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	want := &workspace.Workspace{ID: "chosen", Name: "Chosen", APIVersion: "2.9", IdentitySecrets: ws.IdentitySecrets, CreatedAt: begin}
	expect(t, "the workspace", want, ws)
}

func existingWorkspace(t *testing.T, w *world) {
	_, err := w.CreateWorkspace(t.Context(), workspace.Draft{ID: acme, Name: "another", AccessToken: "token"})
	if !errors.Is(err, workspace.ErrWorkspaceExists) {
		t.Errorf("CreateWorkspace: %v, want that it exists", err)
	}
	if name := w.workspace(t, acme).Name; name != "acme" {
		t.Errorf("the workspace is now called %s", name)
	}
	if _, _, err := w.Authenticate(t.Context(), "token"); !errors.Is(err, workspace.ErrTokenNotFound) {
		t.Errorf("Authenticate: %v, want that the token was not made", err)
	}
}

func firstWorkspace(t *testing.T, w *world) {
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

func changedWorkspace(t *testing.T, w *world) {
	rename := func(ws *workspace.Workspace) error {
		ws.Name, ws.ResolveMerged = "Acme", true
		return nil
	}
	changed, err := w.ChangeWorkspace(t.Context(), by(acme), rename)
	if err != nil {
		t.Fatal(err)
	}
	want := &workspace.Workspace{ID: acme, Name: "Acme", ResolveMerged: true, CreatedAt: begin}
	expect(t, "the answer", want, changed)
	_, err = w.ChangeWorkspace(t.Context(), by(acme), func(ws *workspace.Workspace) error {
		ws.Name = "spoilt"
		return errOnPurpose
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("ChangeWorkspace: %v", err)
	}
	expect(t, "the workspace", want, w.workspace(t, acme))
}

func unknownWorkspace(t *testing.T, w *world) {
	expect(t, "the workspace", (*workspace.Workspace)(nil), w.workspace(t, "nobody"))
	if _, err := w.Workspace(t.Context(), "nobody"); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("Workspace: %v", err)
	}
	nothing := func(*workspace.Workspace) error { return nil }
	if _, err := w.ChangeWorkspace(t.Context(), by("nobody"), nothing); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("ChangeWorkspace: %v", err)
	}
	if _, err := w.CreateToken(t.Context(), by("nobody"), workspace.TokenDraft{Name: "token", Scopes: workspace.AllScopes}); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("CreateToken: %v", err)
	}
}

func identitySecrets(t *testing.T, w *world) {
	create := func(p workspace.Platform, secret string) *workspace.IdentitySecret {
		s, err := w.CreateIdentitySecret(t.Context(), by(acme), p, secret)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, phone, second := create(workspace.Web, ""), create(workspace.IOS, ""), create(workspace.Web, "brought from elsewhere")
	if first.Secret == "" || first.Secret == phone.Secret {
		t.Errorf("the secrets %q and %q were made up", first.Secret, phone.Secret)
	}
	ws := w.workspace(t, acme)
	expect(t, "all secrets", []*workspace.IdentitySecret{first, phone, second}, ws.IdentitySecrets)
	expect(t, "those of pages", []string{first.Secret, "brought from elsewhere"}, ws.SecretsOf(workspace.Web))
	expect(t, "another workspace's", 0, len(w.workspace(t, rival).IdentitySecrets))

	if err := w.DeleteIdentitySecret(t.Context(), by(rival), first.ID); !errors.Is(err, workspace.ErrIdentitySecretNotFound) {
		t.Errorf("another workspace deletes it: %v", err)
	}
	if err := w.DeleteIdentitySecret(t.Context(), by(acme), first.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteIdentitySecret(t.Context(), by(acme), first.ID); !errors.Is(err, workspace.ErrIdentitySecretNotFound) {
		t.Errorf("once more: %v", err)
	}
	expect(t, "those of pages then", []string{"brought from elsewhere"}, w.workspace(t, acme).SecretsOf(workspace.Web))
	if third := create(workspace.Web, ""); third.ID == first.ID {
		t.Errorf("a new secret has the id of a deleted one, %d", third.ID)
	}
	if _, err := w.CreateIdentitySecret(t.Context(), by("nobody"), workspace.Web, ""); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("in no workspace: %v", err)
	}
	for _, refused := range []struct{ platform, secret string }{{"tv", ""}, {"", ""}, {"web", "too short"}, {"web", strings.Repeat("x", 256)}} {
		var invalid *workspace.InvalidError
		if _, err := w.CreateIdentitySecret(t.Context(), by(acme), workspace.Platform(refused.platform), refused.secret); !errors.As(err, &invalid) {
			t.Errorf("%q, %q: %v", refused.platform, refused.secret, err)
		}
	}
}
