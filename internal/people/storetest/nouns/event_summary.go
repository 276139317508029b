package nouns

import (
	"errors"
	"math"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func EventSummaries(s fixtures.Suite) {
	s.Test("a summary counts what a person and those it absorbed did, here and elsewhere", summarized)
	s.Test("what was said of events elsewhere is replaced by what is said next", summarizedAgain)
	s.Test("a summary that could not be one is refused", notSummarized)
	s.Test("summaries go with their person", summariesGo)
}

func summarized(t *testing.T, w *fixtures.Fixtures) {
	user, other := w.Has(t, people.User), w.Has(t, people.User)
	spent := w.Has(t, people.Lead)
	w.Summarize(t, spent.ID, people.EventSummary{Name: "ordered", Count: 40, First: fixtures.Begin - 500, Last: fixtures.Begin - 100})
	w.Summarize(t, user.ID, people.EventSummary{Name: "ordered", Count: 2, First: fixtures.Begin - 300, Last: fixtures.Begin - 50},
		people.EventSummary{Name: "left 日本", Count: math.MaxInt32, First: fixtures.Begin, Last: fixtures.Begin})
	w.Summarize(t, other.ID, people.EventSummary{Name: "ordered", Count: 1000, First: 0, Last: fixtures.Begin})
	fixtures.Expect(t, "a lead's own", []*people.EventSummary{{Name: "ordered", Count: 40, First: fixtures.Begin - 500, Last: fixtures.Begin - 100}}, w.Summaries(t, spent.ID))
	after := spent.Clone()
	after.State, after.MergedInto = people.Merged, user.ID
	w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(spent, after) })
	w.Did(t, fixtures.EventOf(spent, "ordered", fixtures.Begin+1), fixtures.EventOf(user, "ordered", fixtures.Begin), fixtures.EventOf(user, "seen", fixtures.Begin+1), fixtures.EventOf(other, "seen", fixtures.Begin+5))
	want := []*people.EventSummary{
		{Name: "ordered", Count: 44, First: fixtures.Begin - 500, Last: fixtures.Begin + 1},
		{Name: "seen", Count: 1, First: fixtures.Begin + 1, Last: fixtures.Begin + 1},
		{Name: "left 日本", Count: math.MaxInt32, First: fixtures.Begin, Last: fixtures.Begin},
	}
	contact, all, err := w.EventSummaries(t.Context(), w.Caller, people.UserRef{ID: user.ID})
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the contact", user, contact)
	fixtures.Expect(t, "the summaries", want, all)
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.Outbox(t))
}

func summarizedAgain(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	for range 2 {
		w.Summarize(t, user.ID, people.EventSummary{Name: "ordered", Count: 7, First: 1, Last: 2}, people.EventSummary{Name: "ordered", Count: 9, First: 3, Last: 4})
	}
	fixtures.Expect(t, "the summaries", []*people.EventSummary{{Name: "ordered", Count: 9, First: 3, Last: 4}}, w.Summaries(t, user.ID))
	w.Summarize(t, user.ID)
	fixtures.Expect(t, "the summaries after none", 1, len(w.Summaries(t, user.ID)))
}

func notSummarized(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
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
		err := w.SummarizeEvents(t.Context(), w.Caller, people.UserRef{ID: user.ID}, all)
		if invalid, is := errors.AsType[*workspace.InvalidError](err); !is || !strings.HasPrefix(invalid.Field, "event_summaries") {
			t.Errorf("%s: %v", what, err)
		}
	}
	fixtures.Expect(t, "the summaries", []*people.EventSummary(nil), w.Summaries(t, user.ID))
}

func summariesGo(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	w.Summarize(t, user.ID, people.EventSummary{Name: "ordered", Count: 1})
	w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, user.ID, 0) })
	fixtures.Expect(t, "the summaries", []*people.EventSummary(nil), w.Summaries(t, user.ID))
}
