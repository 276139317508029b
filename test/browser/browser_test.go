// Package browser opens real pages in Chromium, with Intercom's own snippet and package, against the binary. go test
// calls it; it needs Node and Chromium, and installs what drives them from a lock file. It must not know anything of
// Lobby but the command line, HTTP and what a page sees.
package browser

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

const storyLimit = 5 * time.Minute

var stories = []string{"snippet", "calls", "junk", "wrappers", "sequences", "pages", "people", "consent", "offline", "policy", "policies", "thread", "demo", "team", "inbox", "tasks", "records", "docs", "duplicates"}

func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	needBrowser(t)
	install(t)
	url, secret, setup := start(t)
	// Nothing else of the environment gets in: no proxy, no option of Node.
	env := []string{
		"PATH=" + os.Getenv("PATH"), "LOBBY_URL=" + url, "LOBBY_TOKEN=" + token, "LOBBY_SECRET=" + secret, "LOBBY_SETUP=" + setup, "LOBBY_TEST_DEEP=" + os.Getenv("LOBBY_TEST_DEEP"),
		"LOBBY_WRAPPERS=" + bundle(t), "LOBBY_CHROMIUM=" + chromium,
	}
	for _, story := range stories {
		t.Run(story, func(t *testing.T) { tell(t, story, env) })
	}
}

// tell runs a story, a script that fails when something is not as it should be.
func tell(t *testing.T, story string, env []string) {
	ctx, cancel := context.WithTimeout(t.Context(), storyLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", story+".mjs")
	cmd.Env = append(slices.Clip(env), "HOME="+t.TempDir(), "TMPDIR="+t.TempDir())
	cmd.WaitDelay = time.Second
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		t.Fatalf("%s.mjs: %v\n%s", story, err, output)
	}
}

func TestTheLockFilePinsAndNamesNoRegistry(t *testing.T) {
	t.Parallel()
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(lock, []byte(`"resolved"`)) {
		t.Error("it says where it was resolved: write it with npm install --package-lock-only --omit-lockfile-registry-resolved")
	}
	if !bytes.Contains(lock, []byte(`"integrity"`)) {
		t.Error("it pins no contents")
	}
}
