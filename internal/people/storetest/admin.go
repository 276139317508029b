package storetest

import (
	"testing"

	"lobby/internal/people"
)

func admins(s suite) {
	s.test("admins are listed by id, each workspace its own", adminsByID)
}

func adminsByID(t *testing.T, w *world) {
	ada := &people.Admin{Workspace: acme, ID: 2, Name: "Ada 🦊", Email: "ada@example.com", CreatedAt: begin}
	bob := &people.Admin{Workspace: acme, ID: 10, Name: "Bob", CreatedAt: begin - 1}
	eve := &people.Admin{Workspace: acme, ID: 1 << 60, Email: "eve@example.com", CreatedAt: begin - 2}
	stranger := &people.Admin{Workspace: rival, ID: 2, Name: "Mallory", CreatedAt: begin}
	w.write(t, func(tx people.Writer) error {
		for _, a := range []*people.Admin{eve, stranger, bob, ada} {
			if err := tx.InsertAdmin(a); err != nil {
				return err
			}
		}
		return nil
	})
	of := func(ws people.WorkspaceID) []*people.Admin {
		return get(t, w, func(r people.Reader) ([]*people.Admin, error) { return r.Admins(ws) })
	}
	expect(t, "acme's admins", []*people.Admin{ada, bob, eve}, of(acme))
	expect(t, "rival's admins", []*people.Admin{stranger}, of(rival))
	expect(t, "nobody's admins", []*people.Admin(nil), of("nobody"))
	w.taken(t, "a second admin with the id", func(tx people.Writer) error {
		return tx.InsertAdmin(&people.Admin{Workspace: acme, ID: 2, Name: "Zoe", CreatedAt: begin})
	})
}
