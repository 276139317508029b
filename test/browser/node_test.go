package browser

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

const (
	installLimit = 3 * time.Minute
	chromium     = "/usr/bin/chromium"
)

// needBrowser skips the test where there is no Node or no Chromium, unless nothing may be skipped.
func needBrowser(t *testing.T) { need(t, "node", "npm", chromium) }

// needNode is needBrowser for tests that open no page.
func needNode(t *testing.T) { need(t, "node", "npm") }

func need(t *testing.T, programs ...string) {
	for _, program := range programs {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" || os.Getenv("LOBBY_TEST_REQUIRE_ALL") == "1" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed: make deps", program)
	}
}

// installing is held while the packages are put into place.
var installing sync.Mutex

// install puts the packages into place, unless what the lock file asks for is there already.
func install(t *testing.T) {
	installing.Lock()
	defer installing.Unlock()
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	// A copy of the lock file, written last, says that an installation is whole and of these versions.
	installed := filepath.Join("node_modules", ".installed-lock.json")
	if old, err := os.ReadFile(installed); err == nil && bytes.Equal(old, lock) {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), installLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	cmd.WaitDelay = time.Second
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, output)
	}
	if err := os.WriteFile(installed, lock, 0o644); err != nil {
		t.Fatal(err)
	}
}

// bundle makes one script of the packages by which sites call Intercom, as the page of a site would have it.
func bundle(t *testing.T) string {
	built := filepath.Join(t.TempDir(), "wrappers.js")
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile="+filepath.Join(root, "tools", "go.mod"), "esbuild",
		"wrappers.js", "--bundle", "--format=iife", "--global-name=Wrappers", `--define:process.env.NODE_ENV="production"`,
		"--log-level=error", "--outfile="+built)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("esbuild: %v\n%s", err, output)
	}
	return built
}
