package sqlengine

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
)

// The layout of a database file and of its write-ahead log, as SQLite documents it in fileformat2.html.
const (
	fileHeaderSize  = 100
	logHeaderSize   = 32
	frameHeaderSize = 24
	logMagic        = 0x377f0682 // or the next number, when checksums are big-endian
)

// logOf returns the name of the write-ahead log of a database file.
func logOf(file string) string { return file + "-wal" }

// logSummary is what the committed part of a write-ahead log says.
type logSummary struct {
	// begun says that it has a header. SQLite begins a log anew only when the file has all that was in it, so the file lacks
	// nothing even while the first commit is not there yet.
	begun   bool
	commits int
	// first and last are the marks of the first and last page 1 in it; none when it has no page 1.
	first, last mark
}

// readLog reads a write-ahead log as far as SQLite would recover it. A log that is missing or empty has no commits.
func readLog(name string) (s logSummary, err error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	defer file.Close() //nolint:errcheck // nothing was written
	in := bufio.NewReaderSize(file, 1<<20)
	header := make([]byte, logHeaderSize)
	if !fill(in, header) {
		return s, nil
	}
	magic := binary.BigEndian.Uint32(header)
	pageSize := binary.BigEndian.Uint32(header[8:])
	if magic&^1 != logMagic || pageSize < 512 || pageSize > 65536 || pageSize&(pageSize-1) != 0 {
		return s, nil // SQLite does not recover it either
	}
	sum := checksum{order: binary.LittleEndian}
	if magic&1 == 1 {
		sum.order = binary.BigEndian
	}
	sum.add(header[:24])
	if !sum.is(header[24:]) {
		return s, nil
	}
	s.begun = true
	salt := string(header[16:24])
	frame := make([]byte, frameHeaderSize+int(pageSize))
	seen := s
	for fill(in, frame) {
		sum.add(frame[:8])
		sum.add(frame[frameHeaderSize:])
		if string(frame[8:16]) != salt || !sum.is(frame[16:24]) {
			break
		}
		if binary.BigEndian.Uint32(frame) == 1 {
			seen.last = readMark(frame[frameHeaderSize:])
			if seen.first == (mark{}) {
				seen.first = seen.last
			}
		}
		if binary.BigEndian.Uint32(frame[4:]) != 0 {
			seen.commits++
			s = seen
		}
	}
	return s, nil
}

// fill reads a whole buffer. It reports false at the end of the file, or when that cannot be read.
func fill(from io.Reader, buf []byte) bool {
	_, err := io.ReadFull(from, buf)
	return err == nil
}

// checksum is that of a write-ahead log, over all that was added.
type checksum struct {
	order  binary.ByteOrder
	s0, s1 uint32
}

// add takes bytes whose number is a multiple of 8.
func (c *checksum) add(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		c.s0 += c.order.Uint32(b) + c.s1
		c.s1 += c.order.Uint32(b[4:]) + c.s0
	}
}

// is reports whether the checksum is the stored one.
func (c *checksum) is(stored []byte) bool {
	return binary.BigEndian.Uint32(stored) == c.s0 && binary.BigEndian.Uint32(stored[4:]) == c.s1
}
