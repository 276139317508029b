// Package erasure keeps the list of those who were erased on request, in a file beside an embedded database: a restored
// database gets the erasures that it does not know. It must not know a table, or how somebody is erased.
package erasure

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Erasure says that a person was erased on request, or with the id "*" that a workspace was deleted with all of its
// people. It holds nothing of a person but the id, which nobody gets again.
type Erasure struct {
	Workspace workspace.ID
	PersonID  string
	At        int64 // Unix seconds
}

type key struct {
	workspace workspace.ID
	personID  string
}

func (e Erasure) key() key { return key{e.Workspace, e.PersonID} }

// Without returns those of all that are not in others.
func Without(all, others []Erasure) []Erasure {
	known := make(map[key]bool, len(others))
	for _, e := range others {
		known[e.key()] = true
	}
	return slices.DeleteFunc(slices.Clone(all), func(e Erasure) bool { return known[e.key()] })
}

// List is the list beside an embedded database. That in memory and PostgreSQL have none.
type List struct {
	// File is where the list is; empty for nowhere.
	File string

	mu sync.Mutex
}

// Add adds what a transaction has erased to the list. The table has it already, so the next start adds what is missing.
func (l *List) Add(all []Erasure) error {
	if l.File == "" || len(all) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return Add(l.File, all)
}

// Read reads a list of erasures, each of them once. A file that is missing has none. A line that was cut off is
// left out.
func Read(file string) ([]Erasure, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	var all []Erasure
	seen := map[key]bool{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		words := strings.Split(lines.Text(), "\t")
		if len(words) != 3 || words[0] == "" || words[1] == "" {
			continue
		}
		at, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			continue
		}
		e := Erasure{workspace.ID(words[0]), words[1], at}
		if !seen[e.key()] {
			seen[e.key()] = true
			all = append(all, e)
		}
	}
	return all, lines.Err()
}

// Add adds to a list of erasures, which is created when missing. They survive a power cut when it returns nil.
func Add(file string, all []Erasure) error {
	if len(all) == 0 {
		return nil
	}
	_, missing := os.Stat(file)
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, e := range all {
		fmt.Fprintf(&text, "%s\t%s\t%d\n", e.Workspace, e.PersonID, e.At)
	}
	_, err = f.WriteString(text.String())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil && missing != nil {
		err = sqlengine.Sync(filepath.Dir(file))
	}
	return err
}
