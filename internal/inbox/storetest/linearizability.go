package storetest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"lobby/internal/inbox"
)

// seen is what a caller learns of a conversation: its state, and how many parts it has.
type seen struct {
	state inbox.State
	parts int64
}

// conversationModel is a conversation as its callers may see it. An empty act only reads.
var conversationModel = porcupine.Model{
	Init: func() any { return seen{state: inbox.Open} },
	Step: func(state, input, output any) (bool, any) {
		now := state.(seen)
		if act := input.(inbox.Act); act != "" {
			now = seen{inbox.Transitions[act][now.state].To, now.parts + 1}
		}
		return now == output.(seen), now
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%s → %v", input, output) },
}

// linearizability has several change and read one conversation at once, on two servers. What they see has to be explained
// by some order in which everything happened at once, one after another.
func linearizability(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "<p>Hi</p>")
	_, other := o.server()
	acts := []inbox.Act{"", inbox.ContactComments, inbox.AdminComments, inbox.AdminNotes, inbox.AdminCloses, inbox.AdminOpens, inbox.AdminSnoozes}
	var mu sync.Mutex
	var history []porcupine.Operation
	start := time.Now()
	crowded(6, func(client int) {
		server, random := o.inbox, rand.New(rand.NewPCG(1, uint64(client)))
		if client%2 == 0 {
			server = other
		}
		for range 8 {
			act := acts[random.IntN(len(acts))]
			called := time.Since(start).Nanoseconds()
			c, err := doOrRead(t, o, server, id, act)
			returned := time.Since(start).Nanoseconds()
			if err != nil {
				t.Errorf("%s: %v", act, err)
				return
			}
			mu.Lock()
			history = append(history, porcupine.Operation{ClientId: client, Input: act, Output: seen{c.State, c.PartCount}, Call: called, Return: returned})
			mu.Unlock()
		}
	})
	if porcupine.CheckOperationsTimeout(conversationModel, history, time.Minute) == porcupine.Illegal {
		t.Errorf("no order explains %v", history)
	}
}

// doOrRead does something in a conversation, or reads it.
func doOrRead(t *testing.T, o *office, server *inbox.Inbox, id int64, act inbox.Act) (*inbox.Conversation, error) {
	if act == "" {
		return server.FindConversation(t.Context(), o.caller, id)
	}
	return o.act(t, server, id, act)
}
