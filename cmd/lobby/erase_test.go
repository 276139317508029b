package main

import (
	"bytes"
	"strings"
	"testing"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// TestARowThatWasKeptIsNoSuccess erases a person whose image is left in an entry of the outbox about another one.
func TestARowThatWasKeptIsNoSuccess(t *testing.T) {
	t.Parallel()
	folder, store, lobby, created := openAcme(t)
	name, external, role := "Zoe Q7zkept", "zoe-q7z", people.User
	zoe, err := lobby.CreateContact(t.Context(), created.Workspace.Caller(), people.ContactFields{Role: &role, ExternalID: &external, Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	image := zoe.Clone()
	image.ID = "6553f1000000000000000abc"
	err = store.Write(t.Context(), func(w people.Writer) error {
		return w.Emit(&workspace.OutboxEntry{Workspace: "acme", ID: "6553f1000000000000000abd", Topic: people.ContactDeleted, PersonID: image.ID, Image: image})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := &program{
		args: []string{"erase", "acme", external, "--prove", "--data", folder}, stdout: &out, stderr: &out,
		getenv: func(string) string { return "" }, environ: func() []string { return nil },
	}
	if status := p.main(t.Context()); status != 1 || !strings.Contains(out.String(), "the database: image of table outbox, row id=6553f1000000000000000abd person_id="+
		image.ID+", has something of the person") {
		t.Errorf("status %d:\n%s", status, &out)
	}
}

// What a receiver of webhooks says of everybody is nothing of the person.
func TestTheSameAnswerForAnotherIsNoTrace(t *testing.T) {
	t.Parallel()
	folder, store, lobby, created := openAcme(t)
	for _, external := range []string{"zoe", "yan"} {
		role := people.User
		p, err := lobby.CreateContact(t.Context(), created.Workspace.Caller(), people.ContactFields{Role: &role, ExternalID: &external})
		if err != nil {
			t.Fatal(err)
		}
		err = store.Webhooks().Write(t.Context(), func(w webhook.Writer) error {
			return w.PutDelivery(&webhook.Delivery{
				Workspace: "acme", WebhookID: "6553f1000000000000000abc", ID: "notif_" + external, Topic: "contact.user.created", PersonID: p.ID,
				Body: "{}", State: webhook.Failed, Status: 500, Answer: "we are closed today", Error: "the answer was 500",
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := &program{
		args: []string{"erase", "acme", "zoe", "--prove", "--data", folder}, stdout: &out, stderr: &out,
		getenv: func(string) string { return "" }, environ: func() []string { return nil },
	}
	if status := p.main(t.Context()); status != 0 {
		t.Errorf("status %d:\n%s", status, &out)
	}
}

// openAcme opens a database in a new folder, with the workspace acme.
func openAcme(t *testing.T) (folder string, store *sqlstore.Store, lobby *people.Lobby, created *workspace.Created) {
	t.Helper()
	folder = t.TempDir()
	store, err := app.Open(t.Context(), config.Config{Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	lobby, _ = app.Join(store)
	created, err = lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	return folder, store, lobby, created
}
