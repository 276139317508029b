// Package testkit starts real servers, stores and databases for tests, so that no mocks are needed.
// Test files of any internal package call it.
// It must not be imported by the product, and must not decide what a test expects.
package testkit

import (
	"os"
	"testing"
)

// IsDeep reports whether random tests should run long: LOBBY_TEST_DEEP=1, which make test-deep sets.
func IsDeep() bool { return os.Getenv("LOBBY_TEST_DEEP") == "1" }

// Main runs the tests of a package, stops what testkit started, and returns the exit code:
//
//	func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
//
// A package without it leaves nothing behind either: then the cluster of [Postgres] stops shortly after the process.
func Main(m *testing.M) int {
	code := m.Run()
	stopPostgres()
	return code
}
