package sqlstore

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAFileThatIsNoDatabaseIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "lobby.db")
	const text = "this is a text, and not a short one, so that nobody takes it for an empty database"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if store, err := OpenSQLite(t.Context(), folder); err == nil {
		t.Errorf("it opened; closing it: %v", store.Close())
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != text {
		t.Errorf("the file is now %q, %v", got, err)
	}
}
