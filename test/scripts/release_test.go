//go:build unix

package scripts

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// releaseAge is the time of the commit that is released, in seconds.
const releaseAge = 1_700_000_000

func TestAReleaseIsTheSameBytesWhereverItIsBuilt(t *testing.T) {
	t.Parallel()
	if os.Getenv("LOBBY_TEST_DEEP") == "" {
		t.Skip("a release takes long to build; set LOBBY_TEST_DEEP")
	}
	needGNUTar(t)
	here, elsewhere := releaseFrom(t, root, "022"), releaseFrom(t, copyOfSources(t), "077")
	name := fmt.Sprintf("lobby_9.8.7_%s_%s", runtime.GOOS, runtime.GOARCH)
	archive := read(t, filepath.Join(here, name+".tar.gz"))
	if !bytes.Equal(archive, read(t, filepath.Join(elsewhere, name+".tar.gz"))) {
		t.Error("two builds differ")
	}
	if got, want := string(read(t, filepath.Join(here, "SHA256SUMS"))), fmt.Sprintf("%x  %s.tar.gz\n", sha256.Sum256(archive), name); got != want {
		t.Errorf("SHA256SUMS has %q, want %q", got, want)
	}
	program := unpack(t, archive, name)
	out, err := exec.Command(program, "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "lobby v9.8.7 go") {
		t.Errorf("lobby version: %v, %s", err, out)
	}
}

func needGNUTar(t *testing.T) {
	t.Helper()
	out, err := exec.Command("tar", "--version").Output()
	if err == nil && !bytes.Contains(out, []byte("GNU tar")) {
		err = errors.New("tar is not GNU tar")
	}
	if err != nil && required() {
		t.Fatal(err)
	} else if err != nil {
		t.Skip(err)
	}
}

// releaseFrom builds a release for this machine out of a folder, and returns where it is.
func releaseFrom(t *testing.T, source, umask string) string {
	t.Helper()
	dist := t.TempDir()
	build := exec.Command("sh", "-c", "umask "+umask+` && exec scripts/release.sh "$0"`, dist)
	build.Dir = source
	build.Env = append(os.Environ(), "VERSION=v9.8.7", fmt.Sprintf("SOURCE_DATE_EPOCH=%d", releaseAge), "TARGETS="+runtime.GOOS+"/"+runtime.GOARCH)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("release.sh: %v\n%s", err, out)
	}
	return dist
}

// copyOfSources returns a folder with all that a release is made of, which has no history.
func copyOfSources(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"cmd", "internal", "web", "scripts", "go.mod", "go.sum", "LICENSE", "README.md", "CHANGELOG.md"} {
		if out, err := exec.Command("cp", "-R", filepath.Join(root, name), folder).CombinedOutput(); err != nil {
			t.Fatalf("cp: %v\n%s", err, out)
		}
	}
	return folder
}

// unpack checks what is in an archive, and returns the program.
func unpack(t *testing.T, archive []byte, name string) string {
	t.Helper()
	zipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	program := filepath.Join(t.TempDir(), "lobby")
	for files := tar.NewReader(zipped); ; {
		file, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, fmt.Sprintf("%o %s", file.Mode, file.Name))
		if !file.ModTime.Equal(time.Unix(releaseAge, 0)) || file.Uid != 0 || file.Gid != 0 {
			t.Errorf("%s is of %v and belongs to %d:%d", file.Name, file.ModTime, file.Uid, file.Gid)
		}
		if file.Name == name+"/lobby" {
			text, err := io.ReadAll(files)
			if err == nil {
				err = os.WriteFile(program, text, 0o700)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []string{"755 " + name + "/", "644 " + name + "/CHANGELOG.md", "644 " + name + "/LICENSE", "644 " + name + "/README.md", "755 " + name + "/lobby"}
	if !slices.Equal(names, want) {
		t.Errorf("the archive has %q, want %q", names, want)
	}
	return program
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
