package storetest

import (
	"errors"
	"math"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func eventSummaries(s suite) {
	s.test("a summary counts what a person and those it absorbed did, here and elsewhere", summarized)
	s.test("what was said of events elsewhere is replaced by what is said next", summarizedAgain)
	s.test("a summary that could not be one is refused", notSummarized)
	s.test("summaries go with their person", summariesGo)
}

func (w *world) summaries(t *testing.T, id string) []*people.EventSummary {
	t.Helper()
	return get(t, w, func(r people.Reader) ([]*people.EventSummary, error) { return r.EventSummaries(acme, id) })
}

func (w *world) summarize(t *testing.T, id string, all ...people.EventSummary) {
	t.Helper()
	if err := w.SummarizeEvents(t.Context(), w.caller, people.UserRef{ID: id}, all); err != nil {
		t.Fatal(err)
	}
}

func summarized(t *testing.T, w *world) {
	user, other := w.has(t, people.User), w.has(t, people.User)
	spent := w.has(t, people.Lead)
	w.summarize(t, spent.ID, people.EventSummary{Name: "ordered", Count: 40, First: begin - 500, Last: begin - 100})
	w.summarize(t, user.ID, people.EventSummary{Name: "ordered", Count: 2, First: begin - 300, Last: begin - 50},
		people.EventSummary{Name: "left 日本", Count: math.MaxInt32, First: begin, Last: begin})
	w.summarize(t, other.ID, people.EventSummary{Name: "ordered", Count: 1000, First: 0, Last: begin})
	expect(t, "a lead's own", []*people.EventSummary{{Name: "ordered", Count: 40, First: begin - 500, Last: begin - 100}}, w.summaries(t, spent.ID))
	after := spent.Clone()
	after.State, after.MergedInto = people.Merged, user.ID
	w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(spent, after) })
	w.did(t, eventOf(spent, "ordered", begin+1), eventOf(user, "ordered", begin), eventOf(user, "seen", begin+1), eventOf(other, "seen", begin+5))
	want := []*people.EventSummary{
		{Name: "ordered", Count: 44, First: begin - 500, Last: begin + 1},
		{Name: "seen", Count: 1, First: begin + 1, Last: begin + 1},
		{Name: "left 日本", Count: math.MaxInt32, First: begin, Last: begin},
	}
	contact, all, err := w.EventSummaries(t.Context(), w.caller, people.UserRef{ID: user.ID})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the contact", user, contact)
	expect(t, "the summaries", want, all)
	expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.outbox(t))
}

func summarizedAgain(t *testing.T, w *world) {
	user := w.has(t, people.User)
	for range 2 {
		w.summarize(t, user.ID, people.EventSummary{Name: "ordered", Count: 7, First: 1, Last: 2}, people.EventSummary{Name: "ordered", Count: 9, First: 3, Last: 4})
	}
	expect(t, "the summaries", []*people.EventSummary{{Name: "ordered", Count: 9, First: 3, Last: 4}}, w.summaries(t, user.ID))
	w.summarize(t, user.ID)
	expect(t, "the summaries after none", 1, len(w.summaries(t, user.ID)))
}

func notSummarized(t *testing.T, w *world) {
	user := w.has(t, people.User)
	fine := people.EventSummary{Name: "ordered", Count: 1}
	for what, all := range map[string][]people.EventSummary{
		"no name":     {fine, {Count: 1}},
		"a long name": {fine, {Name: strings.Repeat("x", 256), Count: 1}},
		"none":        {fine, {Name: "x"}},
		"less":        {fine, {Name: "x", Count: -1}},
		"too many":    {fine, {Name: "x", Count: math.MaxInt32 + 1}},
		"backwards":   {fine, {Name: "x", Count: 1, First: 2, Last: 1}},
		"a flood":     make([]people.EventSummary, 1001),
	} {
		err := w.SummarizeEvents(t.Context(), w.caller, people.UserRef{ID: user.ID}, all)
		if invalid, is := errors.AsType[*workspace.InvalidError](err); !is || !strings.HasPrefix(invalid.Field, "event_summaries") {
			t.Errorf("%s: %v", what, err)
		}
	}
	expect(t, "the summaries", []*people.EventSummary(nil), w.summaries(t, user.ID))
}

func summariesGo(t *testing.T, w *world) {
	user := w.has(t, people.User)
	w.summarize(t, user.ID, people.EventSummary{Name: "ordered", Count: 1})
	w.write(t, func(tx people.Writer) error { return tx.DeletePerson(acme, user.ID) })
	expect(t, "the summaries", []*people.EventSummary(nil), w.summaries(t, user.ID))
}
