package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func notes(s suite) {
	s.test("a note comes back as it was written, and says who is who", wholeNote)
	s.test("notes are listed by pages, newest first", pagesOfNotes)
	s.test("what was noted about a visitor is read with the contact, in place and merged", convertedNotes)
	s.test("a note about who cannot be seen cannot be seen", hiddenNotes)
}

// writes writes a note for an admin.
func (w *world) writes(t *testing.T, about *people.Person, adminID int64, body string) *people.Note {
	t.Helper()
	n, err := w.CreateNote(t.Context(), w.caller, holderOf(about), adminID, body)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) notesOf(t *testing.T, p *people.Person, page workspace.Page) ([]string, int) {
	t.Helper()
	all, total, err := w.Notes(t.Context(), w.caller, holderOf(p), page)
	if err != nil {
		t.Fatal(err)
	}
	bodies := []string{}
	for _, n := range all {
		bodies = append(bodies, n.Body)
	}
	return bodies, total
}

var wholePage = workspace.Page{Number: 1, Size: people.MaxPage}

func wholeNote(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	bob := w.hasAdmin(t, acme, "bob")
	w.caller.AdminID = bob.ID
	for i, role := range []people.Role{people.Visitor, people.Lead, people.User} {
		p := w.has(t, role)
		w.clock.pass(time.Minute)
		n := w.writes(t, p, 0, "<p>Hello 🦊</p>")
		p.Attached, p.UpdatedAt = true, w.Now().Unix()
		want := &people.Note{
			Workspace: acme, ID: int64(i + 1), PersonID: p.ID, AdminID: bob.ID, Body: "<p>Hello 🦊</p>", CreatedAt: w.Now().Unix(),
			Person: n.Person, Author: bob,
		}
		expect(t, "what was written", want, n)
		want.Person = w.stored(t, p.ID)
		expect(t, "the person", p, want.Person)
		found, err := w.FindNote(t.Context(), by(acme), n.ID)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "the note", want, found)
		all, total, err := w.Notes(t.Context(), w.caller, holderOf(p), wholePage)
		if err != nil || total != 1 {
			t.Fatalf("%d notes, %v", total, err)
		}
		expect(t, "the list", []*people.Note{want}, all)
		last := w.outbox(t)[i]
		if last.Topic != people.NoteCreated || last.PersonID != p.ID || last.SubjectID != string(rune('1'+i)) {
			t.Errorf("what was told is %v", last)
		}
		if _, err := w.FindNote(t.Context(), by(rival), n.ID); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("FindNote elsewhere: %v", err)
		}
	}
	if _, err := w.DeleteAdmin(t.Context(), by(acme), bob.ID); err != nil {
		t.Fatal(err)
	}
	orphan, err := w.FindNote(t.Context(), by(acme), 1)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "who wrote it, and is gone", &workspace.Admin{Workspace: acme, ID: bob.ID}, orphan.Author)

	user := w.has(t, people.User)
	theirs := w.hasAdmin(t, rival, "mallory")
	for range 2 {
		theirs = w.hasAdmin(t, rival, "trudy")
	}
	for what, c := range map[string]struct {
		adminID int64
		body    string
		want    error
	}{
		"an admin who is gone":      {bob.ID, "x", people.ErrResourceNotFound},
		"an admin from elsewhere":   {theirs.ID, "x", people.ErrResourceNotFound},
		"nobody":                    {-1, "x", people.ErrResourceNotFound},
		"the caller's, who is gone": {0, "x", people.ErrResourceNotFound},
		"a blank":                   {1, "", nil},
		"too much":                  {1, strings.Repeat("x", 100_001), nil},
	} {
		_, err := w.CreateNote(t.Context(), w.caller, holderOf(user), c.adminID, c.body)
		var invalid *workspace.InvalidError
		if c.want != nil && !errors.Is(err, c.want) || c.want == nil && (!errors.As(err, &invalid) || invalid.Field != "body") {
			t.Errorf("a note by %s: %v", what, err)
		}
	}
	if w.stored(t, user.ID).Attached {
		t.Error("what was refused hangs on the user")
	}
}

func pagesOfNotes(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	user := w.has(t, people.User)
	for _, body := range strings.Split("abcde", "") {
		w.writes(t, user, 1, body)
	}
	w.writes(t, w.has(t, people.User), 1, "another's")
	for page, want := range map[workspace.Page]string{
		{Number: 1, Size: 2}: "ed", {Number: 2, Size: 2}: "cb", {Number: 3, Size: 2}: "a", {Number: 4, Size: 2}: "",
		{Number: 1, Size: 5}: "edcba", {Number: 1<<31 - 1, Size: 150}: "",
	} {
		if got, total := w.notesOf(t, user, page); strings.Join(got, "") != want || total != 5 {
			t.Errorf("page %v has %v of %d, want %s of 5", page, got, total, want)
		}
	}
	if got, total := w.notesOf(t, w.has(t, people.User), wholePage); len(got) != 0 || total != 0 {
		t.Errorf("who has no notes has %v", got)
	}
}

func convertedNotes(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	visitor, another, user := w.has(t, people.Visitor), w.has(t, people.Visitor), w.has(t, people.User)
	w.writes(t, visitor, 1, "of a visitor")
	lead := w.convert(t, people.Conversion{To: people.Lead, Visitor: people.VisitorRef{ID: visitor.ID}}).Contact
	got, _ := w.notesOf(t, lead, wholePage)
	expect(t, "the lead's notes", []string{"of a visitor"}, got)

	first := w.writes(t, another, 1, "of another")
	w.writes(t, user, 1, "of the user")
	merged := w.convert(t, toUser(another, people.UserRef{ID: user.ID})).Contact
	expect(t, "what the user shows", people.Linked{First: []string{"3", "2"}, Total: 2}, merged.Links.Notes)
	got, total := w.notesOf(t, user, wholePage)
	expect(t, "the user's notes", []string{"of the user", "of another"}, got)
	if total != 2 {
		t.Errorf("the user has %d notes", total)
	}
	found, err := w.FindNote(t.Context(), by(acme), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if found.Person.ID != user.ID || found.PersonID != another.ID {
		t.Errorf("the note that was written about %s is about %s", found.PersonID, found.Person.ID)
	}
}

func hiddenNotes(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	user, erased := w.has(t, people.User), w.has(t, people.User)
	seen, gone := w.writes(t, user, 1, "x"), w.writes(t, erased, 1, "x")
	find := func(n *people.Note) error {
		_, err := w.FindNote(t.Context(), by(acme), n.ID)
		return err
	}
	if _, err := w.ArchiveContact(t.Context(), w.caller, user.ID); err != nil {
		t.Fatal(err)
	}
	if err := find(seen); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("a note about an archived contact: %v", err)
	}
	if _, err := w.UnarchiveContact(t.Context(), w.caller, user.ID); err != nil {
		t.Fatal(err)
	}
	if err := find(seen); err != nil {
		t.Errorf("a note about a contact that came back: %v", err)
	}
	if _, err := w.DeleteContact(t.Context(), w.caller, erased.ID); err != nil {
		t.Fatal(err)
	}
	if err := find(gone); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("a note about who was erased: %v", err)
	}
	if n := get(t, w, func(r people.Reader) (*people.Note, error) { return r.Note(acme, gone.ID) }); n != nil {
		t.Error("a note outlives whom it was about")
	}
}
