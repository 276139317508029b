// Package nouns is what every store must do for what hangs on persons, and for what a workspace has: tags, companies, events,
// admins, tokens and so on.
// Run in storetest calls its functions, one a noun, each with a suite to run its tests in.
// It must not know the tests of identity: what both need is in fixtures.
package nouns
