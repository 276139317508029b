package browser

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The script has no build step that knows types. TypeScript checks it, by the types in its comments and by what a page has.
func TestTheTypesOfTheScriptFit(t *testing.T) {
	t.Parallel()
	needNode(t)
	install(t)
	lookAtSources(t)
	cmd := exec.CommandContext(t.Context(), "node", "node_modules/typescript/bin/tsc", "-p", filepath.Join(root, "web", "messenger"))
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("tsc: %v\n%s", err, output)
	}
}
