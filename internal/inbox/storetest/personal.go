package storetest

import (
	"slices"
	"strings"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// personal returns what a person may know of conversations: of each the words with who wrote them.
func (o *office) personal(t *testing.T, personID string) (all []string) {
	t.Helper()
	found, err := workspace.Read(t.Context(), o.inbox.Store, func(r inbox.Reader) ([]*inbox.Conversation, error) {
		return inbox.Personal(r, acme, personID, o.clock.Load())
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found {
		var words []string
		say := func(by *inbox.Author, body string, files []*inbox.Attachment) {
			name := "admin"
			if by.Contact != nil {
				name = by.Contact.Name
			}
			for _, f := range files {
				body += "+" + f.Name
			}
			words = append(words, name+" "+body)
		}
		if c.Source != nil {
			say(&c.Source.Author, c.Source.Body, c.Source.Attachments)
		}
		for _, p := range c.Parts {
			say(&p.Author, p.Body, p.Attachments)
		}
		for _, tag := range c.Tags {
			words = append(words, "#"+tag.Name)
		}
		all = append(all, strings.Join(words, ", "))
	}
	return all
}

// personal tests what a person may know: what it wrote under any id, and what it could see where it takes part.
func personal(t *testing.T, o *office) {
	expect := func(when string, p *people.Person, want ...string) {
		t.Helper()
		if got := o.personal(t, p.ID); !slices.Equal(got, want) {
			t.Errorf("%s: %s may know\n%q, not\n%q", when, p.Name, got, want)
		}
	}
	note := func(id int64, body string) { o.reply(t, id, inbox.Reply{Act: inbox.AdminNotes, Body: body}) }
	alone := o.begin(t, o.ada, "Alone", &inbox.Attachment{Name: "a.txt", URL: "https://example.com/a.txt"})
	o.reply(t, alone, inbox.Reply{Act: inbox.AdminComments, Body: "Hi"})
	note(alone, "A note")
	o.reply(t, alone, inbox.Reply{Act: inbox.AdminCloses})
	both := o.begin(t, o.leo, "Of Leo")
	if _, err := o.inbox.AttachContact(t.Context(), o.caller, both, inbox.Actor{AdminID: o.adminID}, inbox.ContactRef{ID: o.ada.ID}); err != nil {
		t.Fatal(err)
	}
	o.reply(t, both, inbox.Reply{Act: inbox.ContactComments, Body: "By Ada"})
	note(both, "On both")
	expect("at first", o.ada, "Ada Alone+a.txt, admin Hi, admin A note, admin ", "Leo Of Leo, Ada By Ada")
	expect("at first", o.leo, "Leo Of Leo, Ada By Ada")

	if _, err := o.inbox.DetachContact(t.Context(), o.caller, both, inbox.Actor{AdminID: o.adminID}, o.ada.ID); err != nil {
		t.Fatal(err)
	}
	o.reply(t, both, inbox.Reply{Act: inbox.AdminComments, Body: "Without Ada"})
	expect("when she has left", o.ada, "Ada Alone+a.txt, admin Hi, admin A note, admin ", "Ada By Ada")
	expect("when he is alone", o.leo, "Leo Of Leo, admin , Ada By Ada, admin On both, admin , admin Without Ada")

	if _, err := o.MergeContacts(t.Context(), o.caller, people.MergeOrder{FromID: o.leo.ID, IntoID: o.ada.ID}); err != nil {
		t.Fatal(err)
	}
	expect("after the merge", o.ada,
		"Ada Alone+a.txt, admin Hi, admin A note, admin ", "Ada Of Leo, admin , Ada By Ada, admin On both, admin , admin Without Ada")
	for range inbox.MaxParts + 5 {
		o.reply(t, alone, inbox.Reply{Act: inbox.ContactComments, Body: "Again"})
	}
	if got := o.personal(t, o.ada.ID); strings.Count(got[0], "Again") != inbox.MaxParts+5 {
		t.Errorf("of %d parts there are %d", inbox.MaxParts+5, strings.Count(got[0], "Again"))
	}
}
