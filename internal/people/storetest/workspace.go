package storetest

import (
	"errors"
	"testing"

	"lobby/internal/people"
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
}

func (w *world) workspace(t *testing.T, id people.WorkspaceID) *people.Workspace {
	t.Helper()
	return get(t, w, func(r people.Reader) (*people.Workspace, error) { return r.Workspace(id) })
}

func wholeWorkspace(t *testing.T, w *world) {
	ws := &people.Workspace{
		ID: "zoë-1", Name: "Zoë's 🦊", APIVersion: "2.11", ResolveMerged: true, IdentitySecret: "secret",
		Timezone: "Europe/Dublin", CreatedAt: begin,
	}
	w.write(t, func(tx people.Writer) error { return tx.InsertWorkspace(ws) })
	expect(t, "the workspace", ws, w.workspace(t, ws.ID))
	ws.Name, ws.APIVersion, ws.ResolveMerged, ws.IdentitySecret, ws.Timezone = "Z", "", false, "other", ""
	w.write(t, func(tx people.Writer) error { return tx.UpdateWorkspace(ws) })
	expect(t, "the changed workspace", ws, w.workspace(t, ws.ID))
	expect(t, "another", &people.Workspace{ID: acme, Name: "acme", CreatedAt: begin}, w.workspace(t, acme))
	w.taken(t, "a second one with the id", func(tx people.Writer) error { return tx.InsertWorkspace(ws) })
}

func workspacesByAge(t *testing.T, w *world) {
	w.write(t, func(tx people.Writer) error {
		return errors.Join(
			tx.InsertWorkspace(&people.Workspace{ID: "aaa", Name: "newest", CreatedAt: begin + 1}),
			tx.InsertWorkspace(&people.Workspace{ID: "zzz", Name: "oldest", CreatedAt: begin - 1}),
		)
	})
	all, err := w.Workspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []people.WorkspaceID
	for _, ws := range all {
		got = append(got, ws.ID)
	}
	expect(t, "the workspaces", []people.WorkspaceID{"zzz", acme, rival, "aaa"}, got)
}

func createdWorkspace(t *testing.T, w *world) {
	made, err := w.CreateWorkspace(t.Context(), people.NewWorkspace{})
	if err != nil {
		t.Fatal(err)
	}
	if made.Workspace.ID == "" || made.Workspace.Name == "" || made.Workspace.IdentitySecret == "" || made.Token.Secret == "" {
		t.Errorf("something is empty in %+v, %+v", made.Workspace, made.Token)
	}
	expect(t, "the workspace", made.Workspace, w.workspace(t, made.Workspace.ID))
	admins := get(t, w, func(r people.Reader) ([]*people.Admin, error) { return r.Admins(made.Workspace.ID) })
	expect(t, "its admins", []*people.Admin{made.Admin}, admins)
	token, ws, err := w.Authenticate(t.Context(), made.Token.Secret)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "whose token it is", made.Workspace, ws)
	expect(t, "the token", made.Token.Token, token)
	expect(t, "what it may do", people.AllScopes, token.Scopes)
	expect(t, "for whom it acts", made.Admin.ID, token.AdminID)
}

func chosenWorkspace(t *testing.T, w *world) {
	chosen := people.NewWorkspace{ID: "chosen", Name: "Chosen", APIVersion: "2.9", AccessToken: "dG9rOmNob3Nlbg=="}
	if _, err := w.CreateWorkspace(t.Context(), chosen); err != nil {
		t.Fatal(err)
	}
	_, ws, err := w.Authenticate(t.Context(), chosen.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Workspace{ID: "chosen", Name: "Chosen", APIVersion: "2.9", IdentitySecret: ws.IdentitySecret, CreatedAt: begin}
	expect(t, "the workspace", want, ws)
}

func existingWorkspace(t *testing.T, w *world) {
	_, err := w.CreateWorkspace(t.Context(), people.NewWorkspace{ID: acme, Name: "another", AccessToken: "token"})
	if !errors.Is(err, people.ErrWorkspaceExists) {
		t.Errorf("CreateWorkspace: %v, want that it exists", err)
	}
	if name := w.workspace(t, acme).Name; name != "acme" {
		t.Errorf("the workspace is now called %s", name)
	}
	if _, _, err := w.Authenticate(t.Context(), "token"); !errors.Is(err, people.ErrTokenNotFound) {
		t.Errorf("Authenticate: %v, want that the token was not made", err)
	}
}

func firstWorkspace(t *testing.T, w *world) {
	all, made, err := w.FirstWorkspace(t.Context(), people.NewWorkspace{ID: "first"})
	if err != nil || made == nil {
		t.Fatalf("FirstWorkspace: %v, %v", made, err)
	}
	expect(t, "the workspaces", []*people.Workspace{made.Workspace}, all)
	again, second, err := w.FirstWorkspace(t.Context(), people.NewWorkspace{ID: "second"})
	if err != nil || second != nil {
		t.Errorf("FirstWorkspace again: %v, %v", second, err)
	}
	expect(t, "the workspaces again", all, again)
}

func changedWorkspace(t *testing.T, w *world) {
	rename := func(ws *people.Workspace) error {
		ws.Name, ws.ResolveMerged = "Acme", true
		return nil
	}
	changed, err := w.ChangeWorkspace(t.Context(), acme, rename)
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Workspace{ID: acme, Name: "Acme", ResolveMerged: true, CreatedAt: begin}
	expect(t, "the answer", want, changed)
	_, err = w.ChangeWorkspace(t.Context(), acme, func(ws *people.Workspace) error {
		ws.Name = "spoilt"
		return errOnPurpose
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("ChangeWorkspace: %v", err)
	}
	expect(t, "the workspace", want, w.workspace(t, acme))
}

func unknownWorkspace(t *testing.T, w *world) {
	expect(t, "the workspace", (*people.Workspace)(nil), w.workspace(t, "nobody"))
	if _, err := w.Workspace(t.Context(), "nobody"); !errors.Is(err, people.ErrWorkspaceNotFound) {
		t.Errorf("Workspace: %v", err)
	}
	nothing := func(*people.Workspace) error { return nil }
	if _, err := w.ChangeWorkspace(t.Context(), "nobody", nothing); !errors.Is(err, people.ErrWorkspaceNotFound) {
		t.Errorf("ChangeWorkspace: %v", err)
	}
	if _, err := w.CreateToken(t.Context(), "nobody", "token", people.AllScopes); !errors.Is(err, people.ErrWorkspaceNotFound) {
		t.Errorf("CreateToken: %v", err)
	}
}
