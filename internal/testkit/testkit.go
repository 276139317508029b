// Package testkit starts for real what tests need, so that nothing of ours has to be mocked.
// Test files of any internal package call it.
// It must not be imported by a file that ends up in the product, and must not decide what a test expects.
package testkit

import (
	"os"
	"testing"
)

// IsDeep reports whether tests should repeat what they do until chance has been everywhere: LOBBY_TEST_DEEP=1, as
// make test-deep sets it.
func IsDeep() bool { return os.Getenv("LOBBY_TEST_DEEP") == "1" }

// Main runs the tests of a package, waits until what testkit started is gone, and returns the exit code:
//
//	func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
//
// A package without it leaves nothing behind either: the cluster of [Postgres] then ends a moment after the process.
func Main(m *testing.M) int {
	code := m.Run()
	stopPostgres()
	return code
}
