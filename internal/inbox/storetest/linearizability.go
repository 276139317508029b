package storetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
)

// What a caller may do besides the acts. Leo is merged into Ada, and the merge taken back.
const (
	reads    inbox.Act = "" // the conversation
	lists    inbox.Act = "list"
	leoSays  inbox.Act = "Leo comments"
	merges   inbox.Act = "merge"
	unmerges inbox.Act = "undo"
)

// seen is what a caller learns of a conversation.
type seen struct {
	state  inbox.State
	parts  int64
	people string // who takes part, as they are today
}

// Who takes part: both, until Leo becomes Ada.
const (
	both  = "Ada Leo"
	alone = "Ada"
)

// conversationModel is a conversation as its callers may see it. A merge shows nothing of it.
var conversationModel = porcupine.Model{
	Init: func() any { return seen{state: inbox.Open, parts: 1, people: both} },
	Step: func(state, input, output any) (bool, any) {
		now := state.(seen)
		switch act := input.(inbox.Act); act {
		case merges, unmerges:
			now.people = map[inbox.Act]string{merges: alone, unmerges: both}[act]
			return true, now
		case reads, lists:
		default:
			if act == leoSays {
				act = inbox.ContactComments
			}
			now.state, now.parts = inbox.Transitions[act][now.state].To, now.parts+1
			// Who takes part is shown as it was in some moment of the call: nobody locks persons for it.
			got := output.(seen)
			return got.state == now.state && got.parts == now.parts, now
		}
		return now == output.(seen), now
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%v → %v", input, output) },
}

// history is what several callers did, and what they saw.
type history struct {
	mu    sync.Mutex
	start time.Time
	all   []porcupine.Operation
}

// take has a caller do something, and adds it.
func (h *history) take(client int, act inbox.Act, do func() (seen, error)) error {
	called := time.Since(h.start).Nanoseconds()
	got, err := do()
	returned := time.Since(h.start).Nanoseconds()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, porcupine.Operation{ClientId: client, Input: act, Output: got, Call: called, Return: returned})
	return err
}

// linearizability has several change and read one conversation at once, on two servers, while one of its two participants
// is merged into the other and comes back. What they see has to be explained by some order in which everything happened at
// once, one after another.
func linearizability(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "<p>Hi</p>")
	if _, err := o.inbox.AttachContact(t.Context(), o.caller, id, inbox.Actor{AdminID: o.adminID}, inbox.ContactRef{ID: o.leo.ID}); err != nil {
		t.Fatal(err)
	}
	_, other := o.server()
	acts := []inbox.Act{
		reads, lists, leoSays, inbox.ContactComments, inbox.AdminComments, inbox.AdminNotes, inbox.AdminCloses, inbox.AdminOpens,
		inbox.AdminSnoozes, inbox.AdminAssigns,
	}
	h := &history{start: time.Now()}
	crowded(6, func(client int) {
		if client == 5 {
			o.mergeAgain(t, h, client, 4)
			return
		}
		server, random := o.inbox, rand.New(rand.NewPCG(1, uint64(client)))
		if client%2 == 0 {
			server = other
		}
		for range 12 {
			act := acts[random.IntN(len(acts))]
			if err := h.take(client, act, func() (seen, error) { return o.doOrRead(t, server, id, act) }); err != nil {
				t.Errorf("%s: %v", act, err)
				return
			}
		}
	})
	if porcupine.CheckOperationsTimeout(conversationModel, h.all, time.Minute) == porcupine.Illegal {
		t.Errorf("no order explains %v", h.all)
	}
}

// mergeAgain merges Leo into Ada and takes it back, some times.
func (o *office) mergeAgain(t *testing.T, h *history, client, times int) {
	for range times {
		var changeID string
		err := h.take(client, merges, func() (seen, error) {
			merge, err := o.MergeContacts(t.Context(), o.caller, people.MergeOrder{FromID: o.leo.ID, IntoID: o.ada.ID})
			if err == nil {
				changeID = merge.ChangeID
			}
			return seen{}, err
		})
		if err == nil {
			err = h.take(client, unmerges, func() (seen, error) {
				_, _, err := o.UndoChange(t.Context(), o.caller, changeID)
				return seen{}, err
			})
		}
		if err != nil {
			t.Errorf("merge and undo: %v", err)
		}
	}
}

// doOrRead does something in a conversation, or reads it.
func (o *office) doOrRead(t *testing.T, server *inbox.Inbox, id int64, act inbox.Act) (seen, error) {
	var c *inbox.Conversation
	var err error
	switch act {
	case reads:
		c, err = server.FindConversation(t.Context(), o.caller, id)
	case lists:
		var page *search.Page[*inbox.Conversation]
		page, err = server.Search(t.Context(), o.caller, inbox.ContactRef{}, search.Order{Limit: 10})
		if err == nil && (len(page.Found) != 1 || page.Total != 1) {
			err = fmt.Errorf("%d of %d conversations", len(page.Found), page.Total)
		}
		if err == nil {
			c = page.Found[0]
		}
	case leoSays:
		reply := inbox.Reply{Act: inbox.ContactComments, Contact: inbox.ContactRef{ID: o.leo.ID}, Body: "<p>Leo's</p>"}
		c, err = server.Reply(t.Context(), o.caller, inbox.Target{ID: id}, reply)
	default:
		c, err = o.act(t, server, id, act)
	}
	if err != nil {
		return seen{}, err
	}
	var names []string
	for _, p := range c.Participants {
		names = append(names, p.Name)
	}
	return seen{c.State, c.PartCount, strings.Join(names, " ")}, nil
}
