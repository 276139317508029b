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

// What the script may cost a page that loads it, and its form or its conversations a page that shows them: bytes, packed as
// they are served. The script has 300 more than before there were conversations.
const (
	maxScript = 4800
	maxForm   = 1000
	maxThread = 8000
)

func TestTheScriptIsWhatItsSourcesBuild(t *testing.T) {
	t.Parallel()
	const mark, folder = "//go:generate ", "messenger/dist"
	source, err := os.ReadFile("embed.go")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(source), mark)
	line, _, _ = strings.Cut(line, "\n")
	built := t.TempDir()
	words := strings.Fields(strings.ReplaceAll(line, folder, built))
	if out, err := exec.CommandContext(t.Context(), words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	for name, committed := range map[string][]byte{"messenger.js": web.Messenger, "form.js": web.Form, "thread.js": web.Thread} {
		fresh, err := os.ReadFile(filepath.Join(built, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(fresh, committed) {
			t.Errorf("the sources build another %s: run go generate ./web", name)
		}
	}
}

func TestTheScriptIsSmall(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]struct {
		text []byte
		most int
	}{
		"the script": {web.Messenger, maxScript},
		"its form":   {web.Form, maxForm},
		"its thread": {web.Thread, maxThread},
	} {
		var packed bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(script.text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s has %d bytes packed", name, packed.Len())
		if packed.Len() > script.most {
			t.Errorf("%s has %d bytes packed, more than %d", name, packed.Len(), script.most)
		}
	}
}
