package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// whole reads a conversation back as it was written, with all that one can have.
func whole(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "<p>Hello 🦊</p>", &inbox.Attachment{Name: "a.png", URL: "https://example.com/a.png", ContentType: "image/png"})
	o.pass(10)
	o.reply(t, id, inbox.Reply{
		Act: inbox.AdminComments, Body: "<p>Here</p>", Attachments: []*inbox.Attachment{{Name: "b.txt", ContentType: "text/plain", Size: 2, Content: "aGk="}},
	})
	o.reply(t, id, inbox.Reply{Act: inbox.AdminAssigns, Assignee: inbox.Assignee{Kind: inbox.AdminAssignee, ID: o.adminID}})
	o.reply(t, id, inbox.Reply{Act: inbox.AdminAsks, Options: []inbox.QuickReply{{Text: "Yes", UUID: "a"}, {Text: "No", UUID: "b"}}})
	c := o.find(t, id)
	if c.CreatedAt != began || c.UpdatedAt != began+10 || c.AdminAssigneeID != o.adminID || c.IsRead || c.WaitingSince != 0 || c.FirstReplyAt != began {
		t.Errorf("the conversation is %+v", c)
	}
	if c.Source.Body != "<p>Hello 🦊</p>" || len(c.Source.Attachments) != 1 || c.Source.Attachments[0].URL != "https://example.com/a.png" {
		t.Errorf("the source is %+v", c.Source)
	}
	if got := fmt.Sprint(typesOf(c)); got != "[comment assignment quick_reply]" || c.PartCount != 3 || len(c.Teammates) != 1 {
		t.Errorf("the parts are %s of %d, by %v", got, c.PartCount, c.Teammates)
	}
	if d := c.Parts[2].Details; len(d.Options) != 2 || d.Options[1] != (inbox.QuickReply{Text: "No", UUID: "b"}) {
		t.Errorf("the question is %+v", d)
	}
	file := c.Parts[0].Attachments
	if len(file) != 1 || file[0].URL != "" || file[0].Size != 2 || file[0].Content != "" {
		t.Fatalf("the files are %+v", file)
	}
	found, err := o.inbox.FindUpload(t.Context(), acme, file[0].ID)
	if err != nil || found.Content != "aGk=" || found.Name != "b.txt" {
		t.Errorf("the file is %+v, %v", found, err)
	}
	for ws, secret := range map[workspace.ID]string{rival: file[0].ID, acme: c.Source.Attachments[0].ID} {
		if _, err := o.inbox.FindUpload(t.Context(), ws, secret); !errors.Is(err, inbox.ErrUploadNotFound) {
			t.Errorf("a file that was not uploaded in %s: %v", ws, err)
		}
	}
	person, err := o.FindContact(t.Context(), o.caller, o.ada.ID)
	if err != nil || person.LastRepliedAt != began || person.LastContactedAt != began+10 || person.UpdatedAt != o.ada.UpdatedAt {
		t.Errorf("Ada was heard at %d and written to at %d, and updated at %d: %v", person.LastRepliedAt, person.LastContactedAt, person.UpdatedAt, err)
	}
}

// latestParts writes more parts than a view shows, some of them imported.
func latestParts(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "<p>Hi</p>")
	for i := range inbox.MaxParts + 2 {
		o.reply(t, id, inbox.Reply{Act: inbox.AdminNotes, Body: fmt.Sprintf("<p>%d</p>", i), CreatedAt: began - int64(i%2)*1000})
	}
	c := o.find(t, id)
	if len(c.Parts) != inbox.MaxParts || c.PartCount != inbox.MaxParts+2 {
		t.Fatalf("%d of %d parts", len(c.Parts), c.PartCount)
	}
	if !slices.IsSortedFunc(c.Parts, func(p, q *inbox.Part) int {
		if p.CreatedAt != q.CreatedAt {
			return int(p.CreatedAt - q.CreatedAt)
		}
		return int(p.ID - q.ID)
	}) {
		t.Error("the parts are not in the order of their times")
	}
	if first := c.Parts[0]; first.Body != "<p>5</p>" { // 1 and 3, the oldest, are left out
		t.Errorf("the first part is %s", first.Body)
	}
}

// neighbours has two workspaces with conversations of the same ids.
func neighbours(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "<p>Ours</p>")
	theirs := workspace.Caller{Workspace: rival, UploadLimit: 1 << 20}
	email := "mallory@example.com"
	mallory, err := o.CreateContact(t.Context(), theirs, people.ContactFields{Email: &email})
	if err != nil {
		t.Fatal(err)
	}
	before := shown(o.find(t, id))
	if _, err := o.inbox.FindConversation(t.Context(), theirs, id); !errors.Is(err, inbox.ErrConversationNotFound) {
		t.Errorf("our conversation seen from elsewhere: %v", err)
	}
	for _, ref := range []inbox.ContactRef{{ID: o.ada.ID}, {Email: "ada@example.com"}} {
		if _, err := o.inbox.StartConversation(t.Context(), theirs, inbox.Start{From: ref, Body: "x"}); !errors.Is(err, people.ErrUserNotFound) {
			t.Errorf("our contact writes elsewhere: %v", err)
		}
	}
	started, err := o.inbox.StartConversation(t.Context(), theirs, inbox.Start{From: inbox.ContactRef{ID: mallory.ID}, Body: "Theirs"})
	if err != nil || started.ConversationID != id {
		t.Fatalf("%+v, %v", started, err)
	}
	if _, err := o.inbox.Reply(t.Context(), theirs, inbox.Target{ID: id}, inbox.Reply{Act: inbox.AdminCloses, AdminID: 1}); err != nil {
		t.Fatal(err)
	}
	if err := o.inbox.DeleteConversation(t.Context(), theirs, id, true); err != nil {
		t.Fatal(err)
	}
	if after := shown(o.find(t, id)); after != before {
		t.Errorf("our conversation was\n%sand is\n%s", before, after)
	}
}

// pages walks through the list while others write: what was there at the beginning and did not change is seen once.
func pages(t *testing.T, o *office) {
	var ids []int64
	for range 25 {
		ids = append(ids, o.begin(t, o.ada, "<p>Hi</p>"))
		o.pass(1)
	}
	seen := map[int64]int{}
	for order := (search.Order{Limit: 4}); ; {
		page, err := o.inbox.Search(t.Context(), o.caller, inbox.ContactRef{}, order)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Found {
			seen[c.ID]++
		}
		if page.Total != 25 {
			t.Errorf("after %d the total is %d", len(seen), page.Total)
		}
		if order.After = page.Next; page.Next == nil {
			break
		}
		o.begin(t, o.leo, "<p>New</p>")
		o.reply(t, ids[24], inbox.Reply{Act: inbox.AdminNotes, Body: "<p>x</p>"}) // it moves to the top, where the walk began
	}
	for _, id := range ids {
		if seen[id] != 1 {
			t.Errorf("conversation %d was seen %d times", id, seen[id])
		}
	}
}

// snoozes end once, whichever server ends them, and are over for readers before.
func snoozes(t *testing.T, o *office) {
	var ids []int64
	for range 20 {
		id := o.begin(t, o.ada, "<p>Hi</p>")
		o.reply(t, id, inbox.Reply{Act: inbox.AdminSnoozes, Until: began + 60})
		ids = append(ids, id)
	}
	later := o.begin(t, o.leo, "<p>Hi</p>")
	if _, err := o.inbox.Reply(t.Context(), o.caller, inbox.Target{ID: later}, inbox.Reply{Act: inbox.AdminSnoozes, AdminID: o.adminID, Until: began + 61}); err != nil {
		t.Fatal(err)
	}
	o.pass(60)
	if c := o.find(t, ids[0]); c.State != inbox.Open || c.SnoozedUntil != 0 || len(c.Parts) != 1 {
		t.Errorf("before its timer has run, it is %s until %d with %v", c.State, c.SnoozedUntil, typesOf(c))
	}
	if c := o.reply(t, ids[1], inbox.Reply{Act: inbox.AdminNotes, Body: "<p>x</p>"}); fmt.Sprint(typesOf(c)) != "[snoozed timer_unsnooze note]" {
		t.Errorf("what is written before the timer has run: %v", typesOf(c))
	}
	woken := make([]int, 4)
	crowded(4, func(i int) {
		_, node := o.server()
		n, err := node.WakeSnoozed(t.Context())
		if err != nil {
			t.Error(err)
		}
		woken[i] = n
	})
	if n := woken[0] + woken[1] + woken[2] + woken[3]; n != 19 {
		t.Errorf("%v snoozes ended, want 19 together", woken)
	}
	for i, id := range ids {
		if c := o.find(t, id); i != 1 && (fmt.Sprint(typesOf(c)) != "[snoozed timer_unsnooze]" || c.State != inbox.Open || c.Parts[1].CreatedAt != began+60) {
			t.Errorf("conversation %d is %s with %v", id, c.State, typesOf(c))
		}
	}
	if c := o.find(t, later); c.State != inbox.Snoozed {
		t.Errorf("the one that sleeps on is %s", c.State)
	}
	unsnoozed := 0
	for _, entry := range o.told(t, acme) {
		if strings.HasPrefix(entry, string(inbox.ConversationUnsnoozed)) {
			unsnoozed++
		}
	}
	if unsnoozed != 20 {
		t.Errorf("%d ends of snoozes are told, want 20", unsnoozed)
	}
	if n, err := o.inbox.WakeSnoozed(t.Context()); n != 0 || err != nil {
		t.Errorf("%d more end: %v", n, err)
	}
}
