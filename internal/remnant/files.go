package remnant

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Found is how often texts stand in one place.
type Found struct {
	Place string // a file, by its path within the folder
	Texts int    // how many different ones
	Count int    // how often they stand there in all
}

// Searched is the result of a search.
type Searched struct {
	Places int // how many files or areas of memory were searched
	Bytes  int64
	Found  []Found
}

// Files searches all files of a folder and of the folders in it. A file that vanishes meanwhile has nothing.
func (n *Needles) Files(folder string) (s Searched, err error) {
	buf := n.buffer()
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer file.Close() //nolint:errcheck // nothing was written
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		info, err := file.Stat()
		if err != nil {
			return err
		}
		s.Places++
		s.Bytes += info.Size()
		t := newTally(name)
		err = n.search(file, buf, t.found)
		s.add(t)
		return err
	})
	return s, err
}

// tally counts what is found in one place.
type tally struct {
	place string
	texts map[int]bool
	count int
}

func newTally(place string) *tally { return &tally{place: place, texts: map[int]bool{}} }

func (t *tally) found(text int) {
	t.texts[text] = true
	t.count++
}

func (s *Searched) add(t *tally) {
	if t.count > 0 {
		s.Found = append(s.Found, Found{t.place, len(t.texts), t.count})
	}
}
