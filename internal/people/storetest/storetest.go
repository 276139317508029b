// Package storetest is what every people.Store must do, as one suite that runs over any of them.
// The tests of a store call [Run] with a function that opens an empty one; no file of the product imports it.
// Tests of one noun are in the packages identity and nouns, those of many callers at once and of random lives are here.
// It must not know how a store keeps things: it sees people.Store, and the use cases of people.Lobby upon it.
package storetest

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/people/storetest/identity"
	"lobby/internal/people/storetest/nouns"
)

// Run tests a store. It calls open for a new, empty store that nobody else uses, once for each test and from several
// goroutines at once, and closes it when that test ends. With -short the crowds are smaller.
func Run(t *testing.T, open func(t *testing.T) people.Store) {
	for _, noun := range []struct {
		name  string
		tests func(fixtures.Suite)
	}{
		{"transaction", identity.Transactions},
		{"person", identity.Persons},
		{"key", identity.Keys},
		{"number", nouns.Numbers},
		{"visitor", identity.Visitors},
		{"contact", identity.Contacts},
		{"contact write", identity.ContactWrites},
		{"search", nouns.Searches},
		{"age", nouns.Ages},
		{"convert", identity.Conversions},
		{"unique", identity.Uniqueness},
		{"merge", identity.Merges},
		{"contact merge", identity.ContactMerges},
		{"undo", identity.Undos},
		{"origin", identity.Origins},
		{"duplicate", identity.Duplicates},
		{"visit", identity.Visits},
		{"touch", identity.Touches},
		{"sign in", identity.SignIns},
		{"ping", identity.Pings},
		{"sweep", identity.Sweeps},
		{"lead", identity.Leads},
		{"change", identity.Changes},
		{"outbox", nouns.OutboxEntries},
		{"attribute", nouns.Attributes},
		{"event", nouns.Events},
		{"event summary", nouns.EventSummaries},
		{"workspace", nouns.Workspaces},
		{"token", nouns.Tokens},
		{"admin", nouns.Admins},
		{"team", nouns.Teams},
		{"tag", nouns.Tags},
		{"note", nouns.Notes},
		{"activity", nouns.Activities},
		{"away reason", nouns.AwayReasons},
		{"subscription", nouns.Subscriptions},
		{"segment", nouns.Segments},
		{"company", nouns.Companies},
		{"concurrency", concurrency},
		{"linearizability", linearizability},
	} {
		t.Run(noun.name, func(t *testing.T) {
			t.Parallel()
			noun.tests(fixtures.NewSuite(t, open))
		})
	}
}
