package sdk

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const installLimit = 3 * time.Minute

// required says that nothing may be skipped or left out for want of a program.
func required() bool {
	return os.Getenv("CI") == "true" || os.Getenv("LOBBY_TEST_REQUIRE_ALL") == "1"
}

// needNode skips the test where there is no Node.
func needNode(t *testing.T) {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if required() {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed: make deps", program)
	}
}

// install puts a client into its folder, unless what its lock file asks for is there already.
func install(t *testing.T, folder string) {
	lock, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	// A copy of the lock file, written last, says that an installation is whole and of these versions.
	installed := filepath.Join(folder, "node_modules", ".installed-lock.json")
	if old, err := os.ReadFile(installed); err == nil && bytes.Equal(old, lock) {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), installLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	cmd.Dir = folder
	cmd.WaitDelay = time.Second
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in %s: %v\n%s", folder, err, output)
	}
	if err := os.WriteFile(installed, lock, 0o644); err != nil {
		t.Fatal(err)
	}
}
