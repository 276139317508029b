package profile_test

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/profile"
)

// named is an image of a person with the id "s".
func named(name string) *people.Person { return &people.Person{ID: "s", Name: name} }

func TestTheOriginOfAValue(t *testing.T) {
	t.Parallel()
	merge := &people.Change{ID: "2", Kind: people.ChangeMerged, CreatedAt: 20, SubjectID: "a", SurvivorID: "s", Subject: &people.Person{ID: "a", Name: "Ada"}, Survivor: named(""), Result: named("Ada")}
	undo := &people.Change{ID: "3", Kind: people.ChangeReverted, Undoes: "2", CreatedAt: 30, SubjectID: "a", SurvivorID: "s", Subject: &people.Person{ID: "a", Name: "Ada"}, Survivor: named("Ada"), Result: named("")}
	again := &people.Change{ID: "4", Kind: people.ChangeReverted, Undoes: "3", CreatedAt: 40, SubjectID: "a", SurvivorID: "s", Subject: &people.Person{ID: "a", Name: "Ada"}, Survivor: named(""), Result: named("Ada")}
	convert := &people.Change{ID: "1", Kind: people.ChangeConverted, CreatedAt: 10, SubjectID: "s", SurvivorID: "s", Subject: named("Eve"), Result: named("")}
	left := &people.Change{ID: "9", Kind: people.ChangeMerged, CreatedAt: 90, SubjectID: "s", SurvivorID: "other", Subject: named("Ada"), Survivor: named("x"), Result: named("x")}
	for name, test := range map[string]struct {
		now     string
		changes []*people.Change
		want    profile.Origin
	}{
		"no change":                 {"Ada", nil, profile.Origin{}},
		"a merge gave it":           {"Ada", []*people.Change{merge, convert}, profile.Origin{Change: merge, From: merge.Subject}},
		"written after the merge":   {"Bob", []*people.Change{merge, convert}, profile.Origin{After: 20}},
		"the merge left it":         {"", []*people.Change{undo, merge}, profile.Origin{}},
		"undone, then by a convert": {"", []*people.Change{undo, merge, convert}, profile.Origin{Change: convert}},
		"undone and done again":     {"Ada", []*people.Change{again, undo, merge, convert}, profile.Origin{Change: merge, From: merge.Subject}},
		"written after an undo":     {"Bob", []*people.Change{again, undo, merge}, profile.Origin{After: 40}},
		"a change of another":       {"Ada", []*people.Change{left, merge}, profile.Origin{Change: merge, From: merge.Subject}},
		"an undo whose change is too long ago to be listed": {"", []*people.Change{undo}, profile.Origin{Change: undo}},
	} {
		p := &profile.Profile{Person: named(test.now), Changes: test.changes}
		if got := p.OriginOf(func(a, b *people.Person) bool { return a.Name == b.Name }); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}
