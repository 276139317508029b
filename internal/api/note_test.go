package api_test

import (
	"fmt"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const (
	adasNotes  = "/contacts/$ada/notes"
	verasNotes = "/lobby/v1/visitors/$vera/notes"
	hello      = `{"body":"Hello"}`
	noteOfAda  = `{"type":"note","id":"1","created_at":1700000000,"contact":{"type":"contact","id":"$ada"},
		"author":{"type":"admin","id":"1","name":"Lobby","away_mode_enabled":false,"away_mode_reassign":false},"body":"<p>Hello</p>"}`
	noteOfVera = `{"type":"note","id":"1","contact":null,"visitor":{"type":"visitor","id":"$vera"},"author":{"id":"1"},"body":"<p>Hello</p>"}`
)

var contactNotes = []scenario{
	{"a note is written, listed, read and counted", []step{
		{do: "GET " + adasNotes, has: `{"type":"list","data":[],"total_count":0,"pages":{"type":"pages","next":null,"page":1,"per_page":50,"total_pages":0}}`},
		{do: "POST " + adasNotes, body: hello, has: noteOfAda, fires: []string{"note.created ada"}},
		{do: "GET /notes/1", has: noteOfAda},
		{do: "GET " + adasNotes, has: `{"data":[` + noteOfAda + `],"total_count":1,"pages":{"next":null,"page":1,"per_page":50,"total_pages":1}}`},
		{do: "GET /contacts/$ada", has: `{"notes":{"data":[{"type":"note","id":"1","url":"/notes/1"}],"url":"/contacts/$ada/notes","total_count":1,"has_more":false}}`},
		{do: "GET /notes/1", headers: at("2.16"), has: `{"contact":{"id":"$ada"},"company":null}`},
	}},
	{"an admin may be named as its author", []step{
		{do: "POST /lobby/v1/admins", body: makeAda},
		{do: "POST " + adasNotes, body: `{"body":"Hi","admin_id":2,"contact_id":"$leo"}`, has: `{"contact":{"id":"$ada"},"author":{"id":"2","name":"Ada"}}`, fires: []string{"note.created ada"}},
		{do: "POST " + adasNotes, body: `{"body":"Hi","admin_id":"2"}`, has: `{"author":{"id":"2"}}`, fires: []string{"note.created ada"}},
		{do: "POST " + adasNotes, body: `{"body":"Hi","admin_id":null}`, has: `{"author":{"id":"1"}}`, fires: []string{"note.created ada"}},
		{do: "DELETE /lobby/v1/admins/2"},
		{do: "GET /notes/1", has: `{"author":{"type":"admin","id":"2","name":"","email":""}}`},
		{do: "GET " + adasNotes, has: `{"data":[{"author":{"id":"1"}},{"author":{"id":"2"}},{"author":{"id":"2"}}]}`},
	}},
	one("HTML loses what could harm a reader", step{
		do: "POST " + adasNotes, body: `{"body":"<p onclick=\"f()\">Hi <b>you</b><script>alert(1)</script></p>"}`, has: `{"body":"<p>Hi <b>you</b></p>"}`,
		fires: []string{"note.created ada"},
	}),
	{"a note about who is hidden is hidden", []step{
		{do: "POST " + adasNotes, body: hello, fires: []string{"note.created ada"}},
		{do: "POST /contacts/$ada/archive", fires: []string{"contact.archived ada"}},
		{do: "GET /notes/1", status: 404, refused: noSuchTag},
		{do: "GET " + adasNotes, status: 404, refused: noUser},
	}},
	{"the contact is looked for before the admin, and the admin before the body", []step{
		{do: "POST /contacts/x/notes", body: `{"body":"Hi","admin_id":"7"}`, status: 404, refused: noUser},
		{do: "POST " + adasNotes, body: `{"body":"","admin_id":"7"}`, status: 404, refused: noSuchTag},
		{do: "POST " + adasNotes, body: `{"body":"Hi","admin_id":"Ada"}`, status: 404, refused: noSuchTag},
		{do: "GET /contacts/x/notes", status: 404, refused: noUser},
	}},
	turnsDown("no body", "POST "+adasNotes, `{}`, 400, "parameter_not_found: body not specified"),
	turnsDown("a null body", "POST "+adasNotes, `{"body":null}`, 400, "parameter_not_found: body not specified"),
	turnsDown("a blank body", "POST "+adasNotes, `{"body":" \n "}`, 400, "parameter_invalid: body is blank"),
	turnsDown("a body of which nothing is left", "POST "+adasNotes, `{"body":"<script>alert(1)</script>"}`, 400, "parameter_invalid: body is blank"),
	turnsDown("a number for a body", "POST "+adasNotes, `{"body":1}`, 400, "type_mismatch: body must be a string"),
	turnsDown("too long a body", "POST "+adasNotes, `{"body":"`+strings.Repeat("x", 100_000)+`"}`, 400, "parameter_invalid: body is longer than 100000 bytes"),
	turnsDown("a broken admin", "POST "+adasNotes, `{"body":"Hi","admin_id":true}`, 400, "type_mismatch: admin_id must be a string or a whole number"),
	turnsDown("a visitor is no contact", "POST /contacts/$vera/notes", hello, 404, noUser),
	turnsDown("an archived one cannot be seen", "GET /contacts/$archie/notes", "", 404, noUser),
	turnsDown("an unknown note", "GET /notes/1", "", 404, noSuchTag),
	turnsDown("a note that is none", "GET /notes/x", "", 404, noSuchTag),
	turnsDown("a page of words", "GET "+adasNotes+"?page=two", "", 400, "parameter_invalid: page must be a whole number"),
	turnsDown("a page size of words", "GET "+adasNotes+"?per_page=two", "", 400, "parameter_invalid: per_page must be a whole number"),
	turnsDown("a page beyond all numbers", "GET "+adasNotes+"?page=99999999999", "", 400, "parameter_invalid: page must be a whole number"),
}

var visitorNotes = []scenario{
	{"a visitor has notes, and keeps them as a lead", []step{
		{do: "POST " + verasNotes, body: hello, has: noteOfVera, fires: []string{"note.created vera"}},
		{do: "GET /lobby/v1/visitors/$vera.user_id/notes", has: `{"data":[` + noteOfVera + `],"total_count":1}`},
		{do: "GET /notes/1", has: noteOfVera},
		{
			do: convert, body: `{"type":"lead","visitor":{"id":"$vera"}}`, has: `{"notes":{"data":[{"id":"1"}],"total_count":1}}`, identity: "converted",
			fires: []string{"visitor.converted vera"}, writes: "converted visitor→lead vera→vera",
		},
		{do: "GET /notes/1", has: `{"contact":{"type":"contact","id":"$vera"}}`},
		{do: "GET /contacts/$vera/notes", has: `{"data":[{"id":"1"}]}`},
		{do: "GET " + verasNotes, status: 404, refused: noVisitor},
	}},
	{"a visitor brings its notes into a user", []step{
		{do: "POST " + verasNotes, body: hello, fires: []string{"note.created vera"}},
		{do: "POST " + adasNotes, body: hello, fires: []string{"note.created ada"}},
		{
			do: convert, body: `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$ada"}}`, identity: "merged",
			has:   `{"notes":{"data":[{"id":"2"},{"id":"1"}],"total_count":2}}`,
			fires: []string{"visitor.converted ada"}, writes: "merged visitor→user vera→ada",
		},
		{do: "GET " + adasNotes, has: `{"data":[{"id":"2"},{"id":"1","contact":{"id":"$ada"}}],"total_count":2}`},
		{do: "GET /notes/1", has: `{"contact":{"id":"$ada"}}`},
	}},
	turnsDown("a contact is no visitor", "POST /lobby/v1/visitors/$ada/notes", hello, 404, noVisitor),
	turnsDown("nobody", "GET /lobby/v1/visitors/x/notes", "", 404, noVisitor),
}

func TestNotes(t *testing.T) {
	t.Parallel()
	play(t, groups{"of a contact": contactNotes, "of a visitor": visitorNotes})
}

// Two kinds of clients page: some follow the link, others count pages until one is empty.
func TestNotesAreReadPageByPage(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	path := on.fill(adasNotes)
	for range 7 {
		s.Do(t, "POST", path, hello)
	}
	want := "7 6 5 4 3 2 1 "
	read := func(path string) (ids string, r *testkit.Response) {
		r = s.Do(t, "GET", path, nil)
		for i := range r.Get("data").([]any) {
			ids += r.Get(fmt.Sprintf("data.%d.id", i)).(string) + " "
		}
		return ids, r
	}
	followed := ""
	for next, pages := any(s.URL+path+"?per_page=3&display=x%26y"), 0; next != nil && pages < 10; pages++ {
		rest, ours := strings.CutPrefix(next.(string), s.URL)
		if !ours || pages > 0 && !strings.Contains(rest, "display=x%26y") {
			t.Fatalf("the next page is at %v", next)
		}
		ids, r := read(rest)
		followed += ids
		next = r.Get("pages.next")
	}
	if followed != want {
		t.Errorf("by links the notes are %s", followed)
	}
	counted := ""
	for page := 1; page < 10; page++ {
		ids, r := read(fmt.Sprint(path, "?per_page=3&page=", page))
		if ids == "" {
			if page != 4 || r.Get("pages.next") != nil || r.Get("total_count") != 7.0 {
				t.Errorf("page %d is empty: %s", page, r.Text)
			}
			break
		}
		counted += ids
	}
	if counted != want {
		t.Errorf("by numbers the notes are %s", counted)
	}
	if _, r := read(path + "?page=-1&per_page=0"); r.Get("pages.page") != 1.0 || r.Get("pages.per_page") != 50.0 {
		t.Errorf("page -1 is %s", r.Text)
	}
}

func TestAnotherWorkspacesTagsAndNotesAreLikeUnknownOnes(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		ours, theirs := set(t, s, s.NewWorkspace(t)), set(t, s, s.NewWorkspace(t))
		for _, on := range []*stage{ours, theirs} {
			for _, do := range [][2]string{
				{"/tags", makeVIP}, {adasTags, `{"id":"1"}`}, {verasTags, `{"id":"1"}`}, {adasNotes, hello}, {verasNotes, hello},
			} {
				on.client.Do(t, "POST", on.fill(do[0]), do[1])
			}
		}
		for range 2 {
			theirs.client.Do(t, "POST", "/lobby/v1/admins", makeAda)
			theirs.client.Do(t, "POST", theirs.fill(adasNotes), hello)
		}
		theirs.client.Do(t, "POST", "/tags", `{"name":"Theirs"}`)
		before := theirs.snapshot(t)
		for _, do := range [][2]string{
			{"GET /contacts/ADA/tags", ""},
			{"POST /contacts/ADA/tags", `{"id":"1"}`},
			{"DELETE /contacts/ADA/tags/1", ""},
			{"GET /contacts/ADA/notes", ""},
			{"POST /contacts/ADA/notes", hello},
			{"GET /lobby/v1/visitors/VERA/tags", ""},
			{"POST /lobby/v1/visitors/VERA/tags", `{"id":"1"}`},
			{"DELETE /lobby/v1/visitors/VERA/tags/1", ""},
			{"GET /lobby/v1/visitors/VERA/notes", ""},
			{"POST /lobby/v1/visitors/VERA/notes", hello},
			{"POST /tags", `{"name":"VIP","users":[{"id":"ADA"}]}`},
			{"POST $ada/tags", `{"id":"2"}`},
			{"DELETE $ada/tags/2", ""},
			{"POST $ada/notes", `{"body":"Hi","admin_id":2}`},
			{"GET /tags/2", ""},
			{"DELETE /tags/2", ""},
			{"POST /tags", `{"id":"2","name":"Ours"}`},
			{"GET /notes/3", ""},
		} {
			answer := func(ada, vera string) *testkit.Response {
				fill := strings.NewReplacer("ADA", ada, "VERA", vera, "$ada/", "/contacts/"+ours.ids["$ada"]+"/")
				method, path, _ := strings.Cut(fill.Replace(do[0]), " ")
				return ours.client.Do(t, method, path, fill.Replace(do[1]))
			}
			foreign, unknown := answer(theirs.ids["$ada"], theirs.ids["$vera"]), answer(strangersID, strangersID)
			if foreign.Status != 404 || answerOf(foreign) != answerOf(unknown) {
				t.Errorf("%s %s: with ids of theirs\n%s\nwith unknown ones\n%s", do[0], do[1], answerOf(foreign), answerOf(unknown))
			}
		}
		if diff := theirs.changed(t, before); diff != "" {
			t.Errorf("the other workspace changed:\n%s", diff)
		}
		if n := len(ours.notes(t)); n != 1 {
			t.Errorf("our contact has %d notes", n)
		}
	})
}

// notes are those of Ada.
func (s *stage) notes(t *testing.T) (all []*people.Note) {
	t.Helper()
	s.read(t, func(r people.Reader) (err error) {
		all, _, err = r.Notes(s.client.Workspace, s.ids["$ada"], workspace.Page{Number: 1, Size: people.MaxPage})
		return err
	})
	return all
}
