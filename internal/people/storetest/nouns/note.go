package nouns

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Notes(s fixtures.Suite) {
	s.Test("a note comes back as it was written, and says who is who", wholeNote)
	s.Test("notes are listed by pages, newest first", pagesOfNotes)
	s.Test("what was noted about a visitor is read with the contact, in place and merged", convertedNotes)
	s.Test("a note about who cannot be seen cannot be seen", hiddenNotes)
}

var wholePage = workspace.Page{Number: 1, Size: people.MaxPage}

func wholeNote(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	bob := w.HasAdmin(t, fixtures.Acme, "bob")
	w.Caller.AdminID = bob.ID
	for i, role := range []people.Role{people.Visitor, people.Lead, people.User} {
		p := w.Has(t, role)
		w.Clock.Pass(time.Minute)
		n := w.Writes(t, p, 0, "<p>Hello 🦊</p>")
		p.Attached, p.UpdatedAt = true, w.Now().Unix()
		want := &people.Note{
			Workspace: fixtures.Acme, ID: int64(i + 1), PersonID: p.ID, AdminID: bob.ID, Body: "<p>Hello 🦊</p>", CreatedAt: w.Now().Unix(),
			Person: n.Person, Author: bob,
		}
		fixtures.Expect(t, "what was written", want, n)
		want.Person = w.Stored(t, p.ID)
		fixtures.Expect(t, "the person", p, want.Person)
		found, err := w.FindNote(t.Context(), fixtures.By(fixtures.Acme), n.ID)
		if err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "the note", want, found)
		all, total, err := w.Notes(t.Context(), w.Caller, fixtures.HolderOf(p), wholePage)
		if err != nil || total != 1 {
			t.Fatalf("%d notes, %v", total, err)
		}
		fixtures.Expect(t, "the list", []*people.Note{want}, all)
		last := w.Outbox(t)[i]
		if last.Topic != people.NoteCreated || last.PersonID != p.ID || last.SubjectID != string(rune('1'+i)) {
			t.Errorf("what was told is %v", last)
		}
		if _, err := w.FindNote(t.Context(), fixtures.By(fixtures.Rival), n.ID); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("FindNote elsewhere: %v", err)
		}
	}
	if _, err := w.DeleteAdmin(t.Context(), fixtures.By(fixtures.Acme), bob.ID); err != nil {
		t.Fatal(err)
	}
	orphan, err := w.FindNote(t.Context(), fixtures.By(fixtures.Acme), 1)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "who wrote it, and is gone", &workspace.Admin{Workspace: fixtures.Acme, ID: bob.ID}, orphan.Author)

	user := w.Has(t, people.User)
	theirs := w.HasAdmin(t, fixtures.Rival, "mallory")
	for range 2 {
		theirs = w.HasAdmin(t, fixtures.Rival, "trudy")
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
		_, err := w.CreateNote(t.Context(), w.Caller, fixtures.HolderOf(user), c.adminID, c.body)
		var invalid *workspace.InvalidError
		if c.want != nil && !errors.Is(err, c.want) || c.want == nil && (!errors.As(err, &invalid) || invalid.Field != "body") {
			t.Errorf("a note by %s: %v", what, err)
		}
	}
	if w.Stored(t, user.ID).Attached {
		t.Error("what was refused hangs on the user")
	}
}

func pagesOfNotes(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	user := w.Has(t, people.User)
	for _, body := range strings.Split("abcde", "") {
		w.Writes(t, user, 1, body)
	}
	w.Writes(t, w.Has(t, people.User), 1, "another's")
	for page, want := range map[workspace.Page]string{
		{Number: 1, Size: 2}: "ed", {Number: 2, Size: 2}: "cb", {Number: 3, Size: 2}: "a", {Number: 4, Size: 2}: "",
		{Number: 1, Size: 5}: "edcba", {Number: 1<<31 - 1, Size: 150}: "",
	} {
		if got, total := w.NotesOf(t, user, page); strings.Join(got, "") != want || total != 5 {
			t.Errorf("page %v has %v of %d, want %s of 5", page, got, total, want)
		}
	}
	if got, total := w.NotesOf(t, w.Has(t, people.User), wholePage); len(got) != 0 || total != 0 {
		t.Errorf("who has no notes has %v", got)
	}
}

func convertedNotes(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	visitor, another, user := w.Has(t, people.Visitor), w.Has(t, people.Visitor), w.Has(t, people.User)
	w.Writes(t, visitor, 1, "of a visitor")
	lead := w.Convert(t, people.ConvertRequest{To: people.Lead, Visitor: people.VisitorRef{ID: visitor.ID}}).Contact
	got, _ := w.NotesOf(t, lead, wholePage)
	fixtures.Expect(t, "the lead's notes", []string{"of a visitor"}, got)

	first := w.Writes(t, another, 1, "of another")
	w.Writes(t, user, 1, "of the user")
	merged := w.Convert(t, fixtures.ToUser(another, people.UserRef{ID: user.ID})).Contact
	fixtures.Expect(t, "what the user shows", people.FirstIDs{First: []string{"3", "2"}, Total: 2}, merged.Associations.Notes)
	got, total := w.NotesOf(t, user, wholePage)
	fixtures.Expect(t, "the user's notes", []string{"of the user", "of another"}, got)
	if total != 2 {
		t.Errorf("the user has %d notes", total)
	}
	found, err := w.FindNote(t.Context(), fixtures.By(fixtures.Acme), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if found.Person.ID != user.ID || found.PersonID != another.ID {
		t.Errorf("the note that was written about %s is about %s", found.PersonID, found.Person.ID)
	}
}

func hiddenNotes(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	user, erased := w.Has(t, people.User), w.Has(t, people.User)
	seen, gone := w.Writes(t, user, 1, "x"), w.Writes(t, erased, 1, "x")
	find := func(n *people.Note) error {
		_, err := w.FindNote(t.Context(), fixtures.By(fixtures.Acme), n.ID)
		return err
	}
	if _, err := w.ArchiveContact(t.Context(), w.Caller, user.ID); err != nil {
		t.Fatal(err)
	}
	if err := find(seen); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("a note about an archived contact: %v", err)
	}
	if _, err := w.UnarchiveContact(t.Context(), w.Caller, user.ID); err != nil {
		t.Fatal(err)
	}
	if err := find(seen); err != nil {
		t.Errorf("a note about a contact that came back: %v", err)
	}
	if _, err := w.DeleteContact(t.Context(), w.Caller, erased.ID); err != nil {
		t.Fatal(err)
	}
	if err := find(gone); !errors.Is(err, people.ErrResourceNotFound) {
		t.Errorf("a note about who was erased: %v", err)
	}
	if n := fixtures.Get(t, w, func(r people.Reader) (*people.Note, error) { return r.Note(fixtures.Acme, gone.ID) }); n != nil {
		t.Error("a note outlives whom it was about")
	}
}
