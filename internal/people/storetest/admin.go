package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func admins(s suite) {
	s.test("an admin comes back as it was and changes as it is told", wholeAdmin)
	s.test("admins are listed by id, each workspace its own", adminsByID)
	s.test("an admin's name and address are checked", checkedAdmin)
	s.test("whoever is back has no reason to be away", awayAdmin)
	s.test("an id of an admin is never given twice", adminIDs)
	s.test("admins made at once have different ids", adminsAtOnce)
	s.test("an admin that a working token acts for stays", tokensAdmin)
	s.test("a workspace keeps its last admin", lastAdmin)
}

// hasAdmin adds an admin to a workspace.
func (w *world) hasAdmin(t *testing.T, ws workspace.ID, name string) *workspace.Admin {
	t.Helper()
	admin, err := w.CreateAdmin(t.Context(), by(ws), name, name+"@example.com")
	if err != nil {
		t.Fatal(err)
	}
	return admin
}

func (w *world) adminsOf(t *testing.T, ws workspace.ID) []*workspace.Admin {
	t.Helper()
	all, err := w.Admins(t.Context(), by(ws))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wholeAdmin(t *testing.T, w *world) {
	ada := &workspace.Admin{
		Workspace: acme, ID: 1 << 60, Name: "Ada 🦊", Email: "ada@example.com", CreatedAt: begin,
		Away: workspace.Away{On: true, Reassign: true, ReasonID: 1 << 50},
	}
	w.write(t, func(tx people.Writer) error { return office(tx).InsertAdmin(ada) })
	find := func(ws workspace.ID, id int64) *workspace.Admin {
		return get(t, w, func(r people.Reader) (*workspace.Admin, error) { return r.Admin(ws, id) })
	}
	expect(t, "the admin", ada, find(acme, ada.ID))
	expect(t, "nobody", (*workspace.Admin)(nil), find(acme, 1))
	expect(t, "the id elsewhere", (*workspace.Admin)(nil), find(rival, ada.ID))
	ada.Name, ada.Email, ada.Away = "A", "a@example.com", workspace.Away{}
	w.write(t, func(tx people.Writer) error { return office(tx).UpdateAdmin(ada) })
	expect(t, "the changed admin", ada, find(acme, ada.ID))
	name, email := "Ada L.", " ada@example.com "
	changed, err := w.ChangeAdmin(t.Context(), by(acme), ada.ID, workspace.AdminUpdate{Name: &name, Email: &email})
	if err != nil {
		t.Fatal(err)
	}
	ada.Name, ada.Email = "Ada L.", "ada@example.com"
	expect(t, "the answer to a change", ada, changed)
	expect(t, "the admin after it", ada, find(acme, ada.ID))
	w.taken(t, "a second admin with the id", func(tx people.Writer) error {
		return office(tx).InsertAdmin(&workspace.Admin{Workspace: acme, ID: ada.ID, Name: "Zoe", CreatedAt: begin})
	})
}

func adminsByID(t *testing.T, w *world) {
	ada := &workspace.Admin{Workspace: acme, ID: 2, Name: "Ada 🦊", Email: "ada@example.com", CreatedAt: begin}
	bob := &workspace.Admin{Workspace: acme, ID: 10, Name: "Bob", CreatedAt: begin - 1}
	eve := &workspace.Admin{Workspace: acme, ID: 1 << 60, Email: "eve@example.com", CreatedAt: begin - 2}
	stranger := &workspace.Admin{Workspace: rival, ID: 2, Name: "Mallory", CreatedAt: begin}
	w.write(t, func(tx people.Writer) error {
		for _, a := range []*workspace.Admin{eve, stranger, bob, ada} {
			if err := office(tx).InsertAdmin(a); err != nil {
				return err
			}
		}
		return nil
	})
	expect(t, "acme's admins", []*workspace.Admin{ada, bob, eve}, w.adminsOf(t, acme))
	expect(t, "rival's admins", []*workspace.Admin{stranger}, w.adminsOf(t, rival))
	expect(t, "nobody's admins", []*workspace.Admin(nil), w.adminsOf(t, "nobody"))
}

func checkedAdmin(t *testing.T, w *world) {
	ada := w.hasAdmin(t, acme, "ada")
	for field, bad := range map[string][][2]string{
		"name":  {{"", "x@example.com"}, {" ", "x@example.com"}, {"a\nb", "x@example.com"}},
		"email": {{"X", ""}, {"X", " "}, {"X", "x"}, {"X", "null"}},
	} {
		for _, one := range bad {
			var invalid *workspace.InvalidError
			if _, err := w.CreateAdmin(t.Context(), by(acme), one[0], one[1]); !errors.As(err, &invalid) || invalid.Field != field {
				t.Errorf("CreateAdmin with %q: %v", one, err)
			}
			update := workspace.AdminUpdate{Name: &one[0], Email: &one[1]}
			if _, err := w.ChangeAdmin(t.Context(), by(acme), ada.ID, update); !errors.As(err, &invalid) || invalid.Field != field {
				t.Errorf("ChangeAdmin with %q: %v", one, err)
			}
		}
	}
	expect(t, "the admins", []*workspace.Admin{ada}, w.adminsOf(t, acme))
	for _, ws := range []workspace.ID{rival, "nobody"} {
		if _, err := w.ChangeAdmin(t.Context(), by(ws), ada.ID, workspace.AdminUpdate{}); !errors.Is(err, workspace.ErrAdminNotFound) {
			t.Errorf("ChangeAdmin in %s: %v", ws, err)
		}
		if _, err := w.FindAdmin(t.Context(), by(ws), ada.ID); !errors.Is(err, workspace.ErrAdminNotFound) {
			t.Errorf("FindAdmin in %s: %v", ws, err)
		}
	}
}

func awayAdmin(t *testing.T, w *world) {
	ada := w.hasAdmin(t, acme, "ada")
	w.hasReason(t, acme, "Lunch")
	for _, c := range []struct{ set, want workspace.Away }{
		{workspace.Away{On: true, Reassign: true, ReasonID: 1}, workspace.Away{On: true, Reassign: true, ReasonID: 1}},
		{workspace.Away{On: true}, workspace.Away{On: true}},
		{workspace.Away{Reassign: true, ReasonID: 1}, workspace.Away{Reassign: true}},
	} {
		got, err := w.SetAway(t.Context(), by(acme), ada.ID, c.set)
		if err != nil {
			t.Fatal(err)
		}
		ada.Away = c.want
		expect(t, "the answer", ada, got)
		expect(t, "the admins", []*workspace.Admin{ada}, w.adminsOf(t, acme))
	}
	var invalid *workspace.InvalidError
	if _, err := w.SetAway(t.Context(), by(acme), ada.ID, workspace.Away{On: true, ReasonID: -1}); !errors.As(err, &invalid) {
		t.Errorf("SetAway for no reason: %v", err)
	}
	if _, err := w.SetAway(t.Context(), by(rival), ada.ID, workspace.Away{}); !errors.Is(err, workspace.ErrAdminNotFound) {
		t.Errorf("SetAway elsewhere: %v", err)
	}
}

func adminIDs(t *testing.T, w *world) {
	ada, bob := w.hasAdmin(t, acme, "ada"), w.hasAdmin(t, acme, "bob")
	stranger := w.hasAdmin(t, rival, "mallory")
	deleted, err := w.DeleteAdmin(t.Context(), by(acme), bob.ID)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "who was deleted", bob, deleted)
	eve := w.hasAdmin(t, acme, "eve")
	expect(t, "the ids", []int64{1, 2, 3, 1}, []int64{ada.ID, bob.ID, eve.ID, stranger.ID})
	expect(t, "the admins", []*workspace.Admin{ada, eve}, w.adminsOf(t, acme))
	for _, ws := range []workspace.ID{acme, rival} {
		if _, err := w.DeleteAdmin(t.Context(), by(ws), bob.ID); !errors.Is(err, workspace.ErrAdminNotFound) {
			t.Errorf("DeleteAdmin of who is gone, in %s: %v", ws, err)
		}
	}
}

func adminsAtOnce(t *testing.T, w *world) {
	const crowd = 8
	made := make(chan int64, crowd)
	for range crowd {
		go func() {
			admin, err := w.CreateAdmin(t.Context(), by(acme), "one of many", "many@example.com")
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
	expect(t, "the ids", []int64{1, 2, 3, 4, 5, 6, 7, 8}, ids)
}

func tokensAdmin(t *testing.T, w *world) {
	ada, bob := w.hasAdmin(t, acme, "ada"), w.hasAdmin(t, acme, "bob")
	token, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "for whom the token acts", ada.ID, token.AdminID)
	var owner *workspace.OwnerError
	if _, err := w.DeleteAdmin(t.Context(), by(acme), ada.ID); !errors.As(err, &owner) || owner.TokenID != token.ID {
		t.Errorf("DeleteAdmin: %v, want that %s is in the way", err, token.ID)
	}
	expect(t, "the admins", []*workspace.Admin{ada, bob}, w.adminsOf(t, acme))
	w.clock.pass(time.Second)
	if err := w.RevokeToken(t.Context(), by(acme), token.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.DeleteAdmin(t.Context(), by(acme), ada.ID); err != nil {
		t.Errorf("DeleteAdmin without a token that works: %v", err)
	}
	if token, err = w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes}); err != nil || token.AdminID != bob.ID {
		t.Errorf("the next token acts for %+v, %v", token, err)
	}
}

func lastAdmin(t *testing.T, w *world) {
	if _, err := w.CreateToken(t.Context(), by(acme), workspace.TokenDraft{Name: "", Scopes: workspace.AllScopes}); !errors.Is(err, workspace.ErrAdminNotFound) {
		t.Errorf("CreateToken for nobody: %v", err)
	}
	ada := w.hasAdmin(t, acme, "ada")
	w.hasAdmin(t, rival, "mallory")
	if _, err := w.DeleteAdmin(t.Context(), by(acme), ada.ID); !errors.Is(err, workspace.ErrLastAdmin) {
		t.Errorf("DeleteAdmin: %v", err)
	}
	expect(t, "the admins", []*workspace.Admin{ada}, w.adminsOf(t, acme))
}
