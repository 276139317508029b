package web_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lobby/web"
)

// maxScript is what the script may cost a page that loads it, in bytes, packed.
const maxScript = 4500

func TestTheScriptIsWhatItsSourcesBuild(t *testing.T) {
	t.Parallel()
	const mark, name = "//go:generate ", "messenger/dist/messenger.js"
	source, err := os.ReadFile("embed.go")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(source), mark)
	line, _, _ = strings.Cut(line, "\n")
	built := filepath.Join(t.TempDir(), "messenger.js")
	words := strings.Fields(strings.ReplaceAll(line, name, built))
	if out, err := exec.CommandContext(t.Context(), words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	fresh, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(fresh, web.Messenger) {
		t.Error("the sources build another script: run go generate ./web")
	}
}

func TestTheScriptIsSmall(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(web.Messenger); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes packed", packed.Len())
	if packed.Len() > maxScript {
		t.Errorf("the script has %d bytes packed, more than %d", packed.Len(), maxScript)
	}
}
