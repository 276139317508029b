package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What the documents show may weigh.
const (
	maxPictures = 8
	maxPicture  = 80_000 // bytes
)

// TestScreenshots writes pictures of the pages into the folder LOBBY_SCREENSHOTS. make screenshots calls it.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("LOBBY_SCREENSHOTS")
	if folder == "" {
		folder = filepath.Join(root, "docs", "images")
		checkPictures(t, folder)
		return
	}
	need(t, "pngquant")
	needBrowser(t)
	install(t)
	url, _, setup := start(t)
	tell(t, "screenshots", []string{
		"PATH=" + os.Getenv("PATH"), "LOBBY_URL=" + url, "LOBBY_TOKEN=" + token, "LOBBY_SETUP=" + setup, "LOBBY_CHROMIUM=" + chromium, "LOBBY_SCREENSHOTS=" + folder,
	})
	pictures, _ := filepath.Glob(filepath.Join(folder, "*.png"))
	args := append([]string{"--force", "--ext", ".png", "--strip", "--speed", "1", "64", "--"}, pictures...)
	if output, err := exec.CommandContext(t.Context(), "pngquant", args...).CombinedOutput(); err != nil {
		t.Fatalf("pngquant: %v\n%s", err, output)
	}
	checkPictures(t, folder)
}

func checkPictures(t *testing.T, folder string) {
	pictures, _ := filepath.Glob(filepath.Join(folder, "*.png"))
	if len(pictures) == 0 || len(pictures) > maxPictures {
		t.Errorf("there are %d pictures, want 1 to %d", len(pictures), maxPictures)
	}
	for _, picture := range pictures {
		if info, err := os.Stat(picture); err != nil || info.Size() > maxPicture {
			t.Errorf("%s: %v, %d bytes, want %d at most", picture, err, info.Size(), maxPicture)
		}
	}
}
