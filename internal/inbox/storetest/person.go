package storetest

import (
	"errors"
	"strings"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
)

// mergeAndUndo reads conversations through a merge, and finds them as they were after its undo.
func mergeAndUndo(t *testing.T, o *office) {
	ofLeo, ofAda, ofBoth := o.begin(t, o.leo, "<p>Leo's</p>"), o.begin(t, o.ada, "<p>Ada's</p>"), o.begin(t, o.ada, "<p>Both</p>")
	if _, err := o.inbox.AttachContact(t.Context(), o.caller, ofBoth, inbox.Actor{AdminID: o.adminID}, inbox.ContactRef{ID: o.leo.ID}); err != nil {
		t.Fatal(err)
	}
	o.reply(t, ofBoth, inbox.Reply{Act: inbox.ContactComments, Contact: inbox.ContactRef{ID: o.leo.ID}, Body: "<p>By Leo</p>"})
	var before []string
	for _, id := range []int64{ofLeo, ofAda, ofBoth} {
		before = append(before, shown(o.find(t, id)))
	}
	merge, err := o.MergeContacts(t.Context(), o.caller, people.MergeOrder{FromID: o.leo.ID, IntoID: o.ada.ID})
	if err != nil {
		t.Fatal(err)
	}
	if c := o.find(t, ofLeo); len(c.Participants) != 1 || c.Participants[0].ID != o.ada.ID || c.Source.Contact.ID != o.ada.ID {
		t.Errorf("after the merge, Leo's conversation is\n%s", shown(c))
	}
	if c := o.find(t, ofBoth); len(c.Participants) != 1 || c.Parts[1].Contact.Name != o.ada.Name {
		t.Errorf("after the merge, the shared conversation is\n%s", shown(c))
	}
	if _, err := o.inbox.DetachContact(t.Context(), o.caller, ofBoth, inbox.Actor{AdminID: o.adminID}, o.leo.ID); !errors.Is(err, inbox.ErrLastParticipant) {
		t.Errorf("the only participant leaves: %v", err)
	}
	if _, _, err := o.UndoChange(t.Context(), o.caller, merge.ChangeID); err != nil {
		t.Fatal(err)
	}
	for i, id := range []int64{ofLeo, ofAda, ofBoth} {
		if after := shown(o.find(t, id)); after != before[i] {
			t.Errorf("after the undo, conversation %d is\n%snot\n%s", id, after, before[i])
		}
	}
	o.reply(t, ofLeo, inbox.Reply{Act: inbox.ContactComments, Contact: inbox.ContactRef{ID: o.leo.ID}, Body: "<p>Back</p>"})
}

// undoneConversion makes a visitor again of who wrote; the conversation stays, and the next word makes it a lead again.
func undoneConversion(t *testing.T, o *office) {
	visitor, err := o.CreateVisitor(t.Context(), o.caller, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	started, err := o.inbox.StartConversation(t.Context(), o.caller, inbox.Start{From: inbox.ContactRef{ID: visitor.ID}, Body: "<p>Hi</p>"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.UndoChange(t.Context(), o.caller, started.Author.ConvertedBy); err != nil {
		t.Fatal(err)
	}
	if c := o.find(t, started.ConversationID); len(c.Participants) != 1 || c.Participants[0].Role != "visitor" {
		t.Errorf("the conversation is\n%s", shown(c))
	}
	o.reply(t, started.ConversationID, inbox.Reply{Act: inbox.ContactComments, Contact: inbox.ContactRef{ID: visitor.ID}, Body: "<p>Again</p>"})
	if lead, err := o.FindContact(t.Context(), o.caller, visitor.ID); err != nil || lead.Role != people.Lead {
		t.Errorf("the visitor is %+v, %v", lead, err)
	}
	gone, err := o.CreateVisitor(t.Context(), o.caller, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.DeleteVisitor(t.Context(), o.caller, people.VisitorRef{ID: gone.ID}); err != nil {
		t.Fatal(err)
	}
}

// What only an erased person wrote, and sent.
const (
	secretWords = "My card is 4111"
	secretFile  = "TXkgY2FyZA=="
)

// erasure erases a person with one that it absorbed. [Run] then looks for what is left.
func erasure(t *testing.T, o *office) {
	file := &inbox.Attachment{Name: "x.txt", ContentType: "text/plain", Size: 7, Content: secretFile}
	mia := o.contact(t, people.User, "mia@example.com")
	alone, shared, ofLeo := o.begin(t, o.ada, secretWords, file), o.begin(t, o.ada, secretWords, file), o.begin(t, o.leo, secretWords, file)
	for _, id := range []int64{shared, ofLeo} {
		if _, err := o.inbox.AttachContact(t.Context(), o.caller, id, inbox.Actor{AdminID: o.adminID}, inbox.ContactRef{ID: mia.ID}); err != nil {
			t.Fatal(err)
		}
	}
	foreign := o.begin(t, mia, "<p>Mia's</p>")
	o.write(t, secretWords, o.leo)
	forBoth := o.write(t, "<p>For both</p>", o.leo, mia)
	o.answer(t, o.write(t, secretWords, o.ada), o.ada)
	for _, id := range []int64{alone, shared} {
		o.reply(t, id, inbox.Reply{Act: inbox.ContactComments, Body: secretWords, Attachments: []*inbox.Attachment{file}})
		o.reply(t, id, inbox.Reply{Act: inbox.AdminComments, Body: "<p>Fine</p>"})
	}
	if _, err := o.MergeContacts(t.Context(), o.caller, people.MergeOrder{FromID: o.leo.ID, IntoID: o.ada.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.DeleteContact(t.Context(), o.caller, o.ada.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.inbox.FindConversation(t.Context(), o.caller, alone); !errors.Is(err, inbox.ErrConversationNotFound) {
		t.Errorf("the conversation of nobody else: %v", err)
	}
	for _, id := range []int64{shared, ofLeo} {
		c := o.find(t, id)
		if len(c.Participants) != 1 || c.Participants[0].ID != mia.ID || !c.Source.Redacted || c.Source.Contact != nil || len(c.Source.Attachments) != 0 {
			t.Errorf("the shared conversation is\n%s", shown(c))
		}
		for _, p := range c.Parts {
			if p.ContactID != "" && !p.Redacted || p.AdminID != 0 && p.Redacted {
				t.Errorf("%s by %q%d is redacted: %v", p.Body, p.ContactID, p.AdminID, p.Redacted)
			}
		}
	}
	if c := o.answer(t, forBoth, mia); c.Source.Body != "<p>For both</p>" {
		t.Errorf("the message for both is\n%s", shown(c))
	}
	if c := o.find(t, foreign); c.Source.Redacted || strings.Contains(shown(c), "deleted") {
		t.Errorf("the conversation of another is\n%s", shown(c))
	}
}
