package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
)

func linearizability(s fixtures.Suite) {
	s.Test("all converts, updates and reads of a visitor happen in one order", oneOrder)
}

// Of each visitor the model knows its name, in the end the one that the journal keeps, and whose it became.
type visitorState struct {
	name string
	into string // the id of the contact, empty while the visitor lives
}

// request is one call: of a target, a conversion into it; of a name, an update; of neither, a read.
type request struct{ visitor, target, name string }

// answer is what the call said: the state as a read sees it, or that there is no such visitor.
type answer struct {
	state   visitorState
	refused bool
}

var visitorModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byVisitor := map[string][]porcupine.Operation{}
		for _, op := range history {
			visitor := op.Input.(request).visitor
			byVisitor[visitor] = append(byVisitor[visitor], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byVisitor {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return visitorState{} },
	Step: func(state, input, output any) (bool, any) {
		now, call, got := state.(visitorState), input.(request), output.(answer)
		want := answer{}
		switch {
		case call.target != "" && now.into == "":
			now.into = call.target
			want.state = now
		case call.target != "":
			if want.refused = now.into != call.target; !want.refused {
				want.state = now
			}
		case call.name != "" && now.into == "":
			now.name = call.name
			want.state = now
		case call.name != "":
			want.refused = true
		default:
			want.state = now
		}
		return got == want, now
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

func oneOrder(t *testing.T, w *fixtures.Fixtures) {
	const clients, callsEach = 8, 4
	visitors := fixtures.Sized(40, 15)
	all := make([]*people.Person, visitors)
	for i := range all {
		all[i] = w.Person(people.Visitor)
	}
	users := []*people.Person{w.Person(people.User), w.Person(people.User)}
	w.Insert(t, append(all, users...)...)

	var mu sync.Mutex
	var history []porcupine.Operation
	start := time.Now()
	fixtures.Crowded(clients, func(client int) {
		for n := range visitors * callsEach {
			call := request{visitor: all[n/callsEach].ID} // all are at about the same one
			switch rand.IntN(8) {
			case 0, 1:
				call.target = users[rand.IntN(2)].ID
			case 2, 3, 4, 5:
				call.name = fmt.Sprintf("%d-%d", client, n)
			}
			called := time.Since(start)
			got, err := makeCall(t, w, call)
			returned := time.Since(start)
			if err != nil {
				t.Errorf("%+v: %v", call, err)
				return
			}
			mu.Lock()
			history = append(history, porcupine.Operation{
				ClientId: client, Input: call, Output: got, Call: called.Nanoseconds(), Return: returned.Nanoseconds(),
			})
			mu.Unlock()
		}
	})
	if !porcupine.CheckOperations(visitorModel, history) {
		t.Errorf("%d calls in no single order", len(history))
	}
}

// makeCall makes one call, and returns what it said in the words of the model.
func makeCall(t *testing.T, w *fixtures.Fixtures, call request) (answer, error) {
	ref := people.VisitorRef{ID: call.visitor}
	var p *people.Person
	var err error
	switch {
	case call.target != "":
		var result *people.ConversionResult
		order := people.ConvertRequest{To: people.User, Visitor: ref, User: people.UserRef{ID: call.target}}
		if result, err = w.ConvertVisitor(t.Context(), w.Caller, order); err == nil {
			p = result.Contact
		}
	case call.name != "":
		p, err = w.UpdateVisitor(t.Context(), w.Caller, ref, people.VisitorUpdate{Name: &call.name})
	default:
		p, err = w.Resolve(t.Context(), fixtures.By(fixtures.Acme), call.visitor)
	}
	switch {
	case errors.Is(err, people.ErrVisitorNotFound):
		return answer{refused: true}, nil
	case err != nil:
		return answer{}, err
	case p.Role == people.Visitor:
		return answer{state: visitorState{name: p.Name}}, nil
	}
	// What the journal says can no longer change, so that it may be read after the call.
	var change *people.Change
	err = w.Store.Read(t.Context(), func(r people.Reader) (err error) {
		change, err = r.ChangeFrom(fixtures.Acme, call.visitor, people.Visitor)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return answer{state: visitorState{name: change.Subject.Name, into: p.ID}}, nil
}
