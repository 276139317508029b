package nouns

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Admins(s fixtures.Suite) {
	s.Test("an admin comes back as it was and changes as it is told", wholeAdmin)
	s.Test("admins are listed by id, each workspace its own", adminsByID)
	s.Test("an admin's name and address are checked", checkedAdmin)
	s.Test("whoever is back has no reason to be away", awayAdmin)
	s.Test("an id of an admin is never given twice", adminIDs)
	s.Test("admins made at once have different ids", adminsAtOnce)
	s.Test("an admin that a working token acts for stays", tokensAdmin)
	s.Test("a workspace keeps its last admin", lastAdmin)
}

func wholeAdmin(t *testing.T, w *fixtures.Fixtures) {
	ada := &workspace.Admin{
		Workspace: fixtures.Acme, ID: 1 << 60, Name: "Ada 🦊", Email: "ada@example.com", CreatedAt: fixtures.Begin,
		Away: workspace.Away{On: true, Reassign: true, ReasonID: 1 << 50},
	}
	w.Write(t, func(tx people.Writer) error { return fixtures.Office(tx).InsertAdmin(ada) })
	find := func(ws workspace.ID, id int64) *workspace.Admin {
		return fixtures.Get(t, w, func(r people.Reader) (*workspace.Admin, error) { return r.Admin(ws, id) })
	}
	fixtures.Expect(t, "the admin", ada, find(fixtures.Acme, ada.ID))
	fixtures.Expect(t, "nobody", (*workspace.Admin)(nil), find(fixtures.Acme, 1))
	fixtures.Expect(t, "the id elsewhere", (*workspace.Admin)(nil), find(fixtures.Rival, ada.ID))
	ada.Name, ada.Email, ada.Away = "A", "a@example.com", workspace.Away{}
	w.Write(t, func(tx people.Writer) error { return fixtures.Office(tx).UpdateAdmin(ada) })
	fixtures.Expect(t, "the changed admin", ada, find(fixtures.Acme, ada.ID))
	name, email := "Ada L.", " ada@example.com "
	changed, err := w.ChangeAdmin(t.Context(), fixtures.By(fixtures.Acme), ada.ID, workspace.AdminUpdate{Name: &name, Email: &email})
	if err != nil {
		t.Fatal(err)
	}
	ada.Name, ada.Email = "Ada L.", "ada@example.com"
	fixtures.Expect(t, "the answer to a change", ada, changed)
	fixtures.Expect(t, "the admin after it", ada, find(fixtures.Acme, ada.ID))
	w.Taken(t, "a second admin with the id", func(tx people.Writer) error {
		return fixtures.Office(tx).InsertAdmin(&workspace.Admin{Workspace: fixtures.Acme, ID: ada.ID, Name: "Zoe", CreatedAt: fixtures.Begin})
	})
}

func adminsByID(t *testing.T, w *fixtures.Fixtures) {
	ada := &workspace.Admin{Workspace: fixtures.Acme, ID: 2, Name: "Ada 🦊", Email: "ada@example.com", CreatedAt: fixtures.Begin}
	bob := &workspace.Admin{Workspace: fixtures.Acme, ID: 10, Name: "Bob", CreatedAt: fixtures.Begin - 1}
	eve := &workspace.Admin{Workspace: fixtures.Acme, ID: 1 << 60, Email: "eve@example.com", CreatedAt: fixtures.Begin - 2}
	stranger := &workspace.Admin{Workspace: fixtures.Rival, ID: 2, Name: "Mallory", CreatedAt: fixtures.Begin}
	w.Write(t, func(tx people.Writer) error {
		for _, a := range []*workspace.Admin{eve, stranger, bob, ada} {
			if err := fixtures.Office(tx).InsertAdmin(a); err != nil {
				return err
			}
		}
		return nil
	})
	fixtures.Expect(t, "acme's admins", []*workspace.Admin{ada, bob, eve}, w.AdminsOf(t, fixtures.Acme))
	fixtures.Expect(t, "rival's admins", []*workspace.Admin{stranger}, w.AdminsOf(t, fixtures.Rival))
	fixtures.Expect(t, "nobody's admins", []*workspace.Admin(nil), w.AdminsOf(t, "nobody"))
}

func checkedAdmin(t *testing.T, w *fixtures.Fixtures) {
	ada := w.HasAdmin(t, fixtures.Acme, "ada")
	for field, bad := range map[string][][2]string{
		"name":  {{"", "x@example.com"}, {" ", "x@example.com"}, {"a\nb", "x@example.com"}},
		"email": {{"X", ""}, {"X", " "}, {"X", "x"}, {"X", "null"}},
	} {
		for _, one := range bad {
			var invalid *workspace.InvalidError
			if _, err := w.CreateAdmin(t.Context(), fixtures.By(fixtures.Acme), one[0], one[1]); !errors.As(err, &invalid) || invalid.Field != field {
				t.Errorf("CreateAdmin with %q: %v", one, err)
			}
			update := workspace.AdminUpdate{Name: &one[0], Email: &one[1]}
			if _, err := w.ChangeAdmin(t.Context(), fixtures.By(fixtures.Acme), ada.ID, update); !errors.As(err, &invalid) || invalid.Field != field {
				t.Errorf("ChangeAdmin with %q: %v", one, err)
			}
		}
	}
	fixtures.Expect(t, "the admins", []*workspace.Admin{ada}, w.AdminsOf(t, fixtures.Acme))
	for _, ws := range []workspace.ID{fixtures.Rival, "nobody"} {
		if _, err := w.ChangeAdmin(t.Context(), fixtures.By(ws), ada.ID, workspace.AdminUpdate{}); !errors.Is(err, workspace.ErrAdminNotFound) {
			t.Errorf("ChangeAdmin in %s: %v", ws, err)
		}
		if _, err := w.FindAdmin(t.Context(), fixtures.By(ws), ada.ID); !errors.Is(err, workspace.ErrAdminNotFound) {
			t.Errorf("FindAdmin in %s: %v", ws, err)
		}
	}
}

func awayAdmin(t *testing.T, w *fixtures.Fixtures) {
	ada := w.HasAdmin(t, fixtures.Acme, "ada")
	w.HasReason(t, fixtures.Acme, "Lunch")
	for _, c := range []struct{ set, want workspace.Away }{
		{workspace.Away{On: true, Reassign: true, ReasonID: 1}, workspace.Away{On: true, Reassign: true, ReasonID: 1}},
		{workspace.Away{On: true}, workspace.Away{On: true}},
		{workspace.Away{Reassign: true, ReasonID: 1}, workspace.Away{Reassign: true}},
	} {
		got, err := w.SetAway(t.Context(), fixtures.By(fixtures.Acme), ada.ID, c.set)
		if err != nil {
			t.Fatal(err)
		}
		ada.Away = c.want
		fixtures.Expect(t, "the answer", ada, got)
		fixtures.Expect(t, "the admins", []*workspace.Admin{ada}, w.AdminsOf(t, fixtures.Acme))
	}
	var invalid *workspace.InvalidError
	if _, err := w.SetAway(t.Context(), fixtures.By(fixtures.Acme), ada.ID, workspace.Away{On: true, ReasonID: -1}); !errors.As(err, &invalid) {
		t.Errorf("SetAway for no reason: %v", err)
	}
	if _, err := w.SetAway(t.Context(), fixtures.By(fixtures.Rival), ada.ID, workspace.Away{}); !errors.Is(err, workspace.ErrAdminNotFound) {
		t.Errorf("SetAway elsewhere: %v", err)
	}
}

func adminIDs(t *testing.T, w *fixtures.Fixtures) {
	ada, bob := w.HasAdmin(t, fixtures.Acme, "ada"), w.HasAdmin(t, fixtures.Acme, "bob")
	stranger := w.HasAdmin(t, fixtures.Rival, "mallory")
	deleted, err := w.DeleteAdmin(t.Context(), fixtures.By(fixtures.Acme), bob.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "who was deleted", bob, deleted)
	eve := w.HasAdmin(t, fixtures.Acme, "eve")
	fixtures.Expect(t, "the ids", []int64{1, 2, 3, 1}, []int64{ada.ID, bob.ID, eve.ID, stranger.ID})
	fixtures.Expect(t, "the admins", []*workspace.Admin{ada, eve}, w.AdminsOf(t, fixtures.Acme))
	for _, ws := range []workspace.ID{fixtures.Acme, fixtures.Rival} {
		if _, err := w.DeleteAdmin(t.Context(), fixtures.By(ws), bob.ID); !errors.Is(err, workspace.ErrAdminNotFound) {
			t.Errorf("DeleteAdmin of who is gone, in %s: %v", ws, err)
		}
	}
}

func adminsAtOnce(t *testing.T, w *fixtures.Fixtures) {
	const crowd = 8
	made := make(chan int64, crowd)
	for range crowd {
		go func() {
			admin, err := w.CreateAdmin(t.Context(), fixtures.By(fixtures.Acme), "one of many", "many@example.com")
			if err != nil {
				t.Error(err)
				made <- 0
				return
			}
			made <- admin.ID
		}()
	}
	var ids []int64
	for range crowd {
		ids = append(ids, <-made)
	}
	slices.Sort(ids)
	fixtures.Expect(t, "the ids", []int64{1, 2, 3, 4, 5, 6, 7, 8}, ids)
}

func tokensAdmin(t *testing.T, w *fixtures.Fixtures) {
	ada, bob := w.HasAdmin(t, fixtures.Acme, "ada"), w.HasAdmin(t, fixtures.Acme, "bob")
	token, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "for whom the token acts", ada.ID, token.AdminID)
	var owner *workspace.OwnerError
	if _, err := w.DeleteAdmin(t.Context(), fixtures.By(fixtures.Acme), ada.ID); !errors.As(err, &owner) || owner.TokenID != token.ID {
		t.Errorf("DeleteAdmin: %v, want that %s is in the way", err, token.ID)
	}
	fixtures.Expect(t, "the admins", []*workspace.Admin{ada, bob}, w.AdminsOf(t, fixtures.Acme))
	w.Clock.Pass(time.Second)
	if err := w.RevokeToken(t.Context(), fixtures.By(fixtures.Acme), token.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.DeleteAdmin(t.Context(), fixtures.By(fixtures.Acme), ada.ID); err != nil {
		t.Errorf("DeleteAdmin without a token that works: %v", err)
	}
	if token, err = w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes}); err != nil || token.AdminID != bob.ID {
		t.Errorf("the next token acts for %+v, %v", token, err)
	}
}

func lastAdmin(t *testing.T, w *fixtures.Fixtures) {
	if _, err := w.CreateToken(t.Context(), fixtures.By(fixtures.Acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes}); !errors.Is(err, workspace.ErrAdminNotFound) {
		t.Errorf("CreateToken for nobody: %v", err)
	}
	ada := w.HasAdmin(t, fixtures.Acme, "ada")
	w.HasAdmin(t, fixtures.Rival, "mallory")
	if _, err := w.DeleteAdmin(t.Context(), fixtures.By(fixtures.Acme), ada.ID); !errors.Is(err, workspace.ErrLastAdmin) {
		t.Errorf("DeleteAdmin: %v", err)
	}
	fixtures.Expect(t, "the admins", []*workspace.Admin{ada}, w.AdminsOf(t, fixtures.Acme))
}
