package remnant

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// MinLength is the min length in bytes of a text that is searched for. Shorter ones stand everywhere by chance.
const MinLength = 6

// chunk is how many bytes are read at once.
const chunk = 1 << 20

// Needles are texts to be found. Each byte of them is kept inverted.
type Needles struct {
	texts [][]byte
	// byStart has the indexes in texts by the first MinLength inverted bytes.
	byStart map[uint64][]int
	// starts says quickly that no text begins with some bytes.
	starts  [1 << 16]bool
	longest int
}

// NewNeedles returns the texts that stand as values in a JSON document, with those that stand in texts which are JSON
// themselves, and the digits of those that are numbers with separators. Members with a name in except are left out, with
// all that they hold.
func NewNeedles(document []byte, except ...string) (*Needles, error) {
	n := &Needles{byStart: map[uint64][]int{}}
	var root any
	if err := json.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	n.collect(root, except)
	return n, nil
}

// Len returns the number of texts.
func (n *Needles) Len() (count int) {
	for _, text := range n.texts {
		if text != nil {
			count++
		}
	}
	return count
}

func (n *Needles) collect(value any, except []string) {
	switch v := value.(type) {
	case string:
		n.add(v)
		if digits := digitsOf(v); digits != v {
			n.add(digits)
		}
	case []any:
		for _, element := range v {
			n.collect(element, except)
		}
	case map[string]any:
		for name, member := range v {
			if !slices.Contains(except, name) {
				n.collect(member, except)
			}
		}
	}
}

// digitsOf returns the digits of a telephone number; "" for another text.
func digitsOf(text string) string {
	if strings.Trim(text, "+0123456789 -/().") != "" {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func (n *Needles) add(text string) {
	if len(text) < MinLength {
		return
	}
	inverted := []byte(text)
	for i := range inverted {
		inverted[i] ^= 0xff
	}
	start := uint64(0)
	for _, b := range inverted[:MinLength] {
		start = start<<8 | uint64(b)
	}
	for _, i := range n.byStart[start] {
		if slices.Equal(n.texts[i], inverted) {
			return
		}
	}
	n.byStart[start] = append(n.byStart[start], len(n.texts))
	n.texts = append(n.texts, inverted)
	n.starts[slot(start)] = true
	n.longest = max(n.longest, len(inverted))
}

// slot is where starts says whether there is a text that begins with some bytes.
func slot(start uint64) uint64 { return start * 0x9e3779b97f4a7c15 >> 48 }

// search calls found with the index of a text for each place in what in has where it stands. The buffer is cleared after.
func (n *Needles) search(in io.Reader, buf []byte, found func(text int)) error {
	if n.longest == 0 {
		return nil
	}
	defer clear(buf)
	kept := 0 // bytes of the end of the last chunk, in which a text may begin
	for {
		read, err := io.ReadFull(in, buf[kept:])
		isLast := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !isLast {
			return err
		}
		window := buf[:kept+read]
		end := len(window)
		if !isLast {
			end -= n.longest - 1
		}
		n.scan(window, end, found)
		if isLast {
			return nil
		}
		kept = copy(buf, window[end:])
	}
}

// scan finds the texts that begin before end.
func (n *Needles) scan(window []byte, end int, found func(text int)) {
	start := uint64(0)
	for i, b := range window {
		start = (start<<8 | uint64(b^0xff)) & (1<<(8*MinLength) - 1)
		at := i - MinLength + 1
		if at < 0 || !n.starts[slot(start)] {
			continue
		}
		if at >= end {
			return
		}
		for _, text := range n.byStart[start] {
			if standsIn(window[at:], n.texts[text]) {
				found(text)
			}
		}
	}
}

func standsIn(window, inverted []byte) bool {
	if len(window) < len(inverted) {
		return false
	}
	for i, b := range inverted {
		if window[i] != b^0xff {
			return false
		}
	}
	return true
}

// buffer returns a buffer for searches, which is longer than any text.
func (n *Needles) buffer() []byte { return make([]byte, chunk+n.longest) }

// In returns which texts stand in another one, by their numbers, each as often as it stands there.
func (n *Needles) In(text string) (found []int) {
	if n.longest > 0 {
		n.scan([]byte(text), len(text), func(i int) { found = append(found, i) })
	}
	return found
}

// Drop takes texts out, by their numbers.
func (n *Needles) Drop(texts map[int]bool) {
	for start, some := range n.byStart {
		n.byStart[start] = slices.DeleteFunc(some, func(i int) bool { return texts[i] })
	}
	for i := range texts {
		n.texts[i] = nil
	}
}
