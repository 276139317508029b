// Package identity is what every store must do for persons: look-ups, conversions, merges, undos, and what a ping does to them.
// Run in storetest calls its functions, one a noun, each with a suite to run its tests in.
// It must not know the tests of nouns: what both need is in fixtures.
package identity
