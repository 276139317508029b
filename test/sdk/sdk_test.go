// Package sdk runs the official Node clients, unmodified and pinned, one folder a major version, against the binary: each
// with visitors in one workspace, and with all other people in a workspace of its own. LOBBY_TEST_DEEP=1 builds the binary
// with the race detector. go test calls it; it needs Node and npm, and installs the clients from their lock files. It must
// not know anything of Lobby but the command line and HTTP.
package sdk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clients are the folders, with the versions of the API that their scripts ask for; "" leaves it to the client.
var clients = map[string][]string{
	"node2": {""},
	"node3": {""},
	"node4": {""},
	"node5": {""},
	"node6": {"", "2.7", "2.16", "Unstable"},
	"node7": {"", "2.7", "2.16", "Unstable"},
}

const scriptLimit = 5 * time.Minute

func TestOfficialClientsWorkUnmodified(t *testing.T) {
	t.Parallel()
	needNode(t)
	lobby := start(t)
	t.Run("clients", func(t *testing.T) {
		for folder, versions := range clients {
			t.Run(folder, func(t *testing.T) {
				t.Parallel()
				install(t, folder)
				for _, version := range versions {
					t.Run(cmp.Or(version, "default"), func(t *testing.T) {
						t.Parallel()
						runVisitors(t, lobby, folder, version)
						runPeople(t, lobby, folder, version)
					})
				}
			})
		}
	})
	lobby.stop(t)
}

// visitorParts are the names of the visitors in every script.
var visitorParts = []string{"reader", "customer", "returning", "lead", "silentLead", "leaver", "busy"}

// runVisitors runs a client's script with visitors of its own, in the workspace of all clients.
func runVisitors(t *testing.T, lobby *server, folder, version string) {
	visitors := map[string]json.RawMessage{}
	for _, part := range visitorParts {
		visitors[part] = lobby.createVisitor(t, "visitor-"+folder+version+"-"+part)
	}
	told, err := json.Marshal(visitors)
	if err != nil {
		t.Fatal(err)
	}
	runScript(t, folder, "visitors.mjs",
		"LOBBY_URL="+lobby.url, "LOBBY_TOKEN="+token, "LOBBY_VERSION="+version, "LOBBY_VISITORS="+string(told))
}

// runPeople runs a client's script with all other people, in a workspace of its own.
func runPeople(t *testing.T, lobby *server, folder, version string) {
	own := lobby.createWorkspace(t, folder+strings.ToLower(strings.ReplaceAll(version, ".", "-")))
	runScript(t, folder, "people.mjs", "LOBBY_URL="+lobby.url, "LOBBY_TOKEN="+own, "LOBBY_VERSION="+version)
}

func runScript(t *testing.T, folder, script string, environment ...string) {
	ctx, cancel := context.WithTimeout(t.Context(), scriptLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", script)
	cmd.Dir = folder
	cmd.WaitDelay = time.Second
	// Nothing else of the environment gets in: no proxy, no option of Node, no key of a real workspace.
	cmd.Env = append(environment, "PATH="+os.Getenv("PATH"))
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		t.Fatalf("%s/%s: %v\n%s", folder, script, err, output)
	}
	t.Logf("\n%s", output)
}

func TestLockFilesPinAndNameNoRegistry(t *testing.T) {
	t.Parallel()
	locks, err := filepath.Glob("node*/package-lock.json")
	if err != nil || len(locks) != len(clients) {
		t.Fatalf("%d lock files for %d clients (%v)", len(locks), len(clients), err)
	}
	for _, path := range locks {
		lock, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(lock, []byte(`"resolved"`)) {
			t.Errorf("%s names a registry: write it with npm install --package-lock-only --omit-lockfile-registry-resolved", path)
		}
		if bytes.Contains(lock, []byte(`"dev": true`)) {
			t.Errorf("%s has development dependencies", path)
		}
		if !bytes.Contains(lock, []byte(`"integrity"`)) {
			t.Errorf("%s pins no contents", path)
		}
	}
}
