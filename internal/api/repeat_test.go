package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

// The three ways in which Vera's life as a visitor ends.
var (
	becameUser = step{
		do: convert, body: `{"type":"user","visitor":{"user_id":"$vera.user_id"},"user":{"user_id":"new-1","email":"new@example.com"}}`,
		has: `{"id":"$vera","role":"user"}`, identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera",
	}
	becameLead = step{
		do: convert, body: `{"type":"lead","visitor":{"user_id":"$vera.user_id"}}`,
		has: `{"id":"$vera","role":"lead"}`, identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→lead vera→vera",
	}
	wentIntoAda = step{
		do: convert, body: `{"type":"user","visitor":{"user_id":"$vera.user_id"},"user":{"user_id":"ada-1"}}`,
		has: `{"id":"$ada"}`, identity: "merged", fires: []string{"visitor.converted ada"},
		writes: "merged visitor→user vera→ada",
	}
)

func repeated(body, has string) step {
	return step{do: convert, body: body, has: has, identity: "repeated"}
}

func elsewhere(body string) step {
	return step{do: convert, body: body, status: 404, refused: noVisitor, identity: "refused; reason=not_found"}
}

var repeats = []scenario{
	{"a client that lost the answer gets it again, for a new user", []step{
		becameUser,
		repeated(becameUser.body, `{"id":"$vera","role":"user","external_id":"new-1","updated_at":1700000000}`),
		repeated(becameUser.body, `{"id":"$vera"}`),
		repeated(`{"type":"user","visitor":{"id":"$vera"},"user":{"email":"NEW@example.com"}}`, `{"id":"$vera"}`),
		repeated(`{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$vera"}}`, `{"id":"$vera"}`),
	}},
	{"a client that lost the answer gets it again, for a lead", []step{
		becameLead, repeated(becameLead.body, `{"id":"$vera","role":"lead","external_id":"$vera.user_id"}`),
	}},
	{"a client that lost the answer gets it again, for a merge", []step{
		wentIntoAda,
		repeated(wentIntoAda.body, `{"id":"$ada"}`),
		repeated(`{"type":"user","visitor":{"id":"$vera"},"user":{"email":"ada@example.com"}}`, `{"id":"$ada"}`),
	}},
	{"a visitor that became a user goes nowhere else", []step{
		becameUser,
		elsewhere(`{"type":"user","visitor":{"user_id":"$vera.user_id"},"user":{"user_id":"ada-1"}}`),
		elsewhere(`{"type":"user","visitor":{"user_id":"$vera.user_id"},"user":{"user_id":"new-2","email":"new@example.com"}}`),
		elsewhere(`{"type":"user","visitor":{"user_id":"$vera.user_id"}}`),
		elsewhere(becameLead.body),
	}},
	{"a visitor that became a lead goes nowhere else", []step{becameLead, elsewhere(becameUser.body), elsewhere(wentIntoAda.body)}},
	{"a visitor that went into a user goes nowhere else", []step{
		wentIntoAda, elsewhere(becameUser.body), elsewhere(becameLead.body),
		elsewhere(`{"type":"user","visitor":{"user_id":"$vera.user_id"},"user":{"id":"$eve"}}`),
	}},
	{"a converted visitor is a contact and no visitor", append([]step{
		becameUser,
		{do: "GET /contacts/$vera", has: `{"type":"contact","id":"$vera","external_id":"new-1"}`},
		{do: "GET /lobby/v1/people/$vera.user_id", has: `{"type":"person","id":"$vera","role":"user","visitor_user_id":"$vera.user_id"}`},
	}, noLonger("$vera")...)},
	{"a lead is no visitor, also by its user_id", append([]step{
		becameLead, {do: "GET /contacts/$vera", has: `{"id":"$vera","role":"lead"}`},
	}, noLonger("$vera")...)},
	{"a visitor that was merged is neither, and still leads to the user", append([]step{
		wentIntoAda,
		{do: "GET /contacts/$vera", status: 404, refused: noUser},
		{do: "GET /contacts/$vera", headers: []string{"Intercom-Version: 2.16"}, status: 404, refused: noUser},
		{do: "GET /lobby/v1/people/$vera", has: `{"id":"$ada","asked_for":"$vera"}`},
		{do: "GET /lobby/v1/people/$vera.user_id", has: `{"id":"$ada","asked_for":"$vera.user_id","contact":{"id":"$ada"}}`},
	}, noLonger("$ada")...)},
	{"a visitor is no contact before it becomes one", []step{{do: "GET /contacts/$vera", status: 404, refused: noUser}}},
	{"the user_id of a user made in place names nobody among contacts", []step{
		becameUser,
		{
			do: convert, body: `{"type":"user","visitor":{"id":"$victor"},"user":{"user_id":"$vera.user_id"}}`,
			has: `{"id":"$victor","external_id":"$vera.user_id"}`, identity: "converted", fires: []string{"visitor.converted victor"},
			writes: "converted visitor→user victor→victor",
		},
	}},
}

// noLonger is what the Visitors API says of Vera once her life as a visitor is over, and who is in the way of another one.
func noLonger(now string) []step {
	return []step{
		{do: "GET /visitors?user_id=$vera.user_id", status: 404, refused: noVisitor},
		{do: "GET /visitors?id=$vera", status: 404, refused: noVisitor},
		{do: "GET /visitors/$vera", status: 404, refused: noVisitor},
		{do: "PUT /visitors", body: `{"user_id":"$vera.user_id","name":"Ghost"}`, status: 404, refused: noVisitor},
		{do: "PUT /visitors", body: `{"id":"$vera","custom_attributes":{"ghost":true}}`, status: 404, refused: noVisitor},
		{do: "POST /visitors", body: `{"id":"$vera","name":"Ghost"}`, status: 404, refused: noVisitor},
		{do: "DELETE /visitors/$vera", status: 404, refused: noVisitor},
		{do: "POST /lobby/v1/visitors", body: `{"user_id":"$vera.user_id"}`, status: 409, refused: "conflict: A contact matching those details already exists with id=" + now},
	}
}

func TestALifeAsAVisitorEndsOnce(t *testing.T) {
	t.Parallel()
	play(t, groups{"repeat": repeats})
}

func TestOfManyConversionsAtOnceOneConvertsAndTheOthersRepeat(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		on := set(t, s, s.Client)
		const crowd = 8
		decisions := make(chan string, crowd)
		for range crowd {
			go func() {
				r := s.Do(t, "POST", "/visitors/convert", on.fill(becameUser.body))
				decision, _, _ := strings.Cut(r.Header.Get("Lobby-Identity"), ";")
				decisions <- fmt.Sprint(r.Status, " ", decision, " ", r.Get("id") == on.ids["$vera"])
			}()
		}
		got := map[string]int{}
		for range crowd {
			got[<-decisions]++
		}
		if want := map[string]int{"200 converted true": 1, "200 repeated true": crowd - 1}; !maps.Equal(got, want) {
			t.Errorf("the decisions are %v, want %v", got, want)
		}
		if events := on.tell(on.snapshot(t).Outbox); !slices.Equal(events, becameUser.fires) {
			t.Errorf("fired %q, want %q", events, becameUser.fires)
		}
	})
}
