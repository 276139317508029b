package app_test

import (
	"context"
	"testing"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

func TestAServerEndsSnoozesByItself(t *testing.T) {
	t.Parallel()
	s := serve(t, "--ephemeral")
	defer s.ends(t, nil)
	created, err := s.Lobby.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	c, email := created.Workspace.Caller(), "ada@example.com"
	ada, err := s.Lobby.CreateContact(t.Context(), c, people.ContactFields{Email: &email})
	if err != nil {
		t.Fatal(err)
	}
	started, err := s.Inbox.StartConversation(t.Context(), c, inbox.Start{From: inbox.ContactRef{ID: ada.ID}, Body: "Hi"})
	if err != nil {
		t.Fatal(err)
	}
	to := inbox.Target{ID: started.ConversationID}
	if _, err := s.Inbox.Reply(t.Context(), c, to, inbox.Reply{Act: inbox.AdminSnoozes, AdminID: 1, Until: time.Now().Unix() + 1}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for {
		found, err := s.Inbox.FindConversation(ctx, c, to.ID)
		if err != nil {
			t.Fatalf("nothing ended the snooze: %v", err)
		}
		if len(found.Parts) == 2 {
			if last := found.Parts[1]; last.Type != inbox.TimerUnsnoozePart || found.State != inbox.Open {
				t.Errorf("it ends with %s, and is %s", last.Type, found.State)
			}
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
