package api_test

import (
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

var contacts = []scenario{
	one("a user is found by id", step{
		do: "GET /contacts/$ada",
		has: `{"type":"contact","id":"$ada","external_id":"ada-1","role":"user","email":"Ada@example.com","name":"Ada","phone":null,
			"custom_attributes":{"plan":"free"},"last_seen_at":1699913600,"signed_up_at":1699913600}`,
	}),
	one("a lead is found by id", step{
		do: "GET /contacts/$leo/", has: `{"id":"$leo","role":"lead","email":"leo@example.com","signed_up_at":null}`,
	}),
	one("an unknown id", step{do: "GET /contacts/6657a9246abd0160d35d1f68", status: 404, refused: noUser}),
	one("an external id is no id", step{do: "GET /contacts/ada-1", status: 404, refused: noUser}),
	one("an archived contact is not seen", step{do: "GET /contacts/$archie", status: 404, refused: noUser}),
	one("a blocked contact is not seen", step{do: "GET /contacts/$bob", status: 404, refused: noUser}),
	one("a visitor is not seen", step{do: "GET /contacts/$vera", status: 404, refused: noUser}),
	one("any id leads to a person: its own", step{
		do: "GET /lobby/v1/people/$ada",
		has: `{"type":"person","id":"$ada","role":"user","state":"active","external_id":"ada-1","visitor_user_id":null,
			"asked_for":"$ada","contact":{"type":"contact","id":"$ada"}}`,
	}),
	one("any id leads to a person: an external id", step{do: "GET /lobby/v1/people/ada-1", has: `{"id":"$ada","asked_for":"ada-1"}`}),
	one("any id leads to a person: a visitor's", step{
		do: "GET /lobby/v1/people/$vera",
		has: `{"id":"$vera","role":"visitor","visitor_user_id":"$vera.user_id","external_id":null,
			"visitor":{"type":"visitor","id":"$vera"}}`,
	}),
	one("any id leads to a person: a visitor's user_id", step{do: "GET /lobby/v1/people/$vera.user_id", has: `{"id":"$vera"}`}),
	one("any id leads to a person: one merged away", step{do: "GET /lobby/v1/people/$olga", has: `{"id":"$ada","asked_for":"$olga"}`}),
	one("any id leads to a person: an external id merged away", step{do: "GET /lobby/v1/people/lena-1", has: `{"id":"$ada"}`}),
	one("any id leads to a person: an archived one", step{do: "GET /lobby/v1/people/archie-1", has: `{"id":"$archie","state":"archived"}`}),
	one("any id leads to a person: a blocked one", step{do: "GET /lobby/v1/people/$bob", has: `{"id":"$bob","state":"blocked"}`}),
	one("an email is no id", step{do: "GET /lobby/v1/people/ada@example.com", status: 404, refused: "not_found: Person Not Found"}),
	one("no id leads to nobody", step{
		do: "GET /lobby/v1/people/6657a9246abd0160d35d1f68", status: 404, refused: "not_found: Person Not Found",
	}),
}

func TestContacts(t *testing.T) {
	t.Parallel()
	play(t, groups{"read": contacts})
}

func TestAMergedContactIsGoneFrom216OnAndAlwaysSaysWhereTo(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	link := on.fill(`</contacts/$ada>; rel="canonical"`)
	const gone = "contact_merged: This contact has been merged. See the 'Link' header for the canonical contact."
	for _, version := range apiversion.All() {
		for _, name := range []string{"$olga", "$lena"} {
			r := s.Do(t, "GET", on.fill("/contacts/"+name), nil, "Intercom-Version: "+version.String())
			status, refused := 404, noUser
			if version.AtLeast(apiversion.V2_16) {
				status, refused = 410, gone
			}
			if r.Status != status || r.Refusal() != refused || r.Header.Get("Link") != link {
				t.Errorf("%s at %v: %d %q, Link %q", name, version, r.Status, r.Refusal(), r.Header.Get("Link"))
			}
		}
	}
}

// becomeMerged merges Vera into Ada.
func (s *stage) becomeMerged(t *testing.T) {
	t.Helper()
	order := people.ConvertRequest{
		To: people.User, Visitor: people.VisitorRef{ID: s.ids["$vera"]}, User: people.UserRef{ID: s.ids["$ada"]},
	}
	if _, err := s.Lobby.ConvertVisitor(t.Context(), workspace.Caller{Workspace: s.client.Workspace}, order); err != nil {
		t.Fatal(err)
	}
}

func TestAMergedVisitorNeverWasAContactAndSaysWhereTo(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	on.becomeMerged(t)
	for _, version := range []string{"2.7", "2.16", "Preview"} {
		r := s.Do(t, "GET", on.fill("/contacts/$vera"), nil, "Intercom-Version: "+version)
		if link := on.fill(`</contacts/$ada>; rel="canonical"`); r.Status != 404 || r.Refusal() != noUser || r.Header.Get("Link") != link {
			t.Errorf("at %s: %d %q, Link %q", version, r.Status, r.Refusal(), r.Header.Get("Link"))
		}
	}
}

func TestAWorkspaceMayFollowMergedIDs(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	on.becomeMerged(t)
	_, err := s.Lobby.ChangeWorkspace(t.Context(), workspace.Caller{Workspace: s.Workspace}, func(ws *workspace.Workspace) error {
		ws.ResolveMerged = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"$olga", "$lena", "$vera"} {
		for _, version := range []string{"2.7", "2.16"} {
			r := s.Do(t, "GET", on.fill("/contacts/"+name), nil, "Intercom-Version: "+version)
			if r.Status != 200 || r.Get("id") != on.ids["$ada"] {
				t.Errorf("%s at %s: %d %s", name, version, r.Status, r.Text)
			}
		}
	}
	for _, name := range []string{"$archie", "$bob", "$victor", "nobody"} {
		if r := s.Do(t, "GET", on.fill("/contacts/"+name), nil); r.Refusal() != noUser {
			t.Errorf("%s: %d %s", name, r.Status, r.Text)
		}
	}
}

func TestTheOwnerOfAContactIsAStringFrom216On(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	visitor := s.Do(t, "POST", "/lobby/v1/visitors", `{"owner_id":1,"phone":"+353 (1) 234-5678"}`)
	id := visitor.Get("id").(string)
	s.Do(t, "POST", "/visitors/convert", map[string]any{"type": "lead", "visitor": map[string]string{"id": id}})
	for _, version := range apiversion.All() {
		r := s.Do(t, "GET", "/contacts/"+id, nil, "Intercom-Version: "+version.String())
		var owner any = 1.0
		if version.AtLeast(apiversion.V2_16) {
			owner = "1"
		}
		var formatted any
		if version == apiversion.Preview {
			formatted = "+35312345678"
		}
		if r.Get("owner_id") != owner || r.Get("formatted_phone") != formatted {
			t.Errorf("at %v owner_id is %v and formatted_phone %v", version, r.Get("owner_id"), r.Get("formatted_phone"))
		}
	}
}
