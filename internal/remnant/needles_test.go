package remnant

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func needles(t *testing.T, document string, except ...string) *Needles {
	t.Helper()
	n, err := NewNeedles([]byte(document), except...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTextsAreFoundWhereverTheyStand(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long text ", 300)
	n := needles(t, `{"name":"Ada Example","phone":"+353 1 570-0001","short":"short","list":[{"note":"`+long+`"}],"type":"person.export"}`, "type")
	if n.Len() != 4 {
		t.Errorf("%d texts, not the name, the number in two forms, and the note", n.Len())
	}
	for _, at := range []int{0, 1, chunk - 5, chunk, chunk + len(long) - 3, 2*chunk - 7, 3 * chunk} {
		for _, text := range []string{"Ada Example", "35315700001", "+353 1 570-0001", long} {
			content := append(bytes.Repeat([]byte{'A'}, at), text+"\x00 person.export short"...)
			count := 0
			err := n.search(iotest.HalfReader(bytes.NewReader(content)), n.buffer(), func(int) { count++ })
			if err != nil || count != 1 {
				t.Errorf("%.12q at %d is found %d times, %v", text, at, count, err)
			}
		}
	}
	is := n.In("there is another Ada Example, and short")
	if len(is) != 1 {
		t.Fatalf("%v stand in a text with one of them", is)
	}
	n.Drop(map[int]bool{is[0]: true})
	if again := n.In("there is another Ada Example"); len(again) != 0 || n.Len() != 3 {
		t.Errorf("%v are found after one was dropped, of %d", again, n.Len())
	}
	failure := errors.New("failed")
	if err := n.search(iotest.ErrReader(failure), n.buffer(), nil); !errors.Is(err, failure) {
		t.Errorf("a failure is %v", err)
	}
}

func TestFilesOfAFolderAreNamed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, content := range map[string]string{"a": "nothing", "kept/b": "Ada Example, Ada Example", "c": ""} {
		file := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := needles(t, `["Ada Example"]`).Files(folder)
	if err != nil || s.Places != 3 || len(s.Found) != 1 || s.Found[0] != (Found{filepath.Join("kept", "b"), 1, 2}) {
		t.Errorf("%+v, %v", s, err)
	}
}

// kept stays in memory until it was searched for.
var kept []byte

func TestMemoryIsSearchedAndDoesNotFindTheSearch(t *testing.T) {
	secret := rand.Text()
	kept = []byte("before " + secret + " after")
	n := needles(t, `["`+secret+`"]`)
	s, err := n.Memory()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("this system does not show a process its memory")
	}
	if err != nil || len(s.Found) != 1 || s.Bytes == 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	// The text is made of its inverted form and cleared at once, so only the search itself has it.
	text := make([]byte, 20)
	for i := range text {
		text[i] = ^byte('A' + (i*7+len(kept))%26)
	}
	alone := &Needles{texts: [][]byte{text}, byStart: map[uint64][]int{}, longest: len(text)}
	start := uint64(0)
	for _, b := range text[:MinLength] {
		start = start<<8 | uint64(b)
	}
	alone.byStart[start], alone.starts[slot(start)] = []int{0}, true
	for range 2 {
		if s, err := alone.Memory(); err != nil || len(s.Found) > 0 {
			t.Errorf("the search finds itself: %+v, %v", s, err)
		}
	}
}
