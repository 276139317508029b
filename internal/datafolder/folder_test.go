package datafolder_test

import (
	"os"
	"testing"

	"lobby/internal/datafolder"
)

func TestFoldersThatOthersMayRead(t *testing.T) {
	t.Parallel()
	for mode, want := range map[os.FileMode]bool{0o700: false, 0o755: true, 0o710: true, 0o701: true} {
		folder := t.TempDir()
		if err := os.Chmod(folder, mode); err != nil {
			t.Fatal(err)
		}
		if got := datafolder.OthersMayRead(folder); got != want {
			t.Errorf("%o: %v, want %v", mode, got, want)
		}
	}
}
