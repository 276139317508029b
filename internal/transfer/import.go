package transfer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/zstd"

	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// maxLine is the max length of a line in bytes.
const maxLine = 64 << 20

// LineError says what is wrong with a line of a file. Nothing of the file was written.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

var (
	errNoHeader = errors.New(`it is no export: the first line must be {"lobby_export":1}`)
	errCut      = errors.New("the file is cut short: its last line is missing")
)

// ImportOptions say where the records of an export go.
type ImportOptions struct {
	// Into is the workspace for records that come before any workspace; empty when there are none.
	Into workspace.ID
	// DryRun checks everything, and writes nothing.
	DryRun bool
	Now    time.Time
}

// Import adds all records of an export to a store, or none. It calls each for every record, with the number of bytes read
// so far; on PostgreSQL it may begin again. Errors: *LineError, sqlstore.ErrBroken, and those of the database.
func Import(ctx context.Context, store *sqlstore.Store, source *Source, o ImportOptions, each func(read int64)) (records int, err error) {
	schema, err := store.Schema(ctx)
	if err != nil {
		return 0, err
	}
	err = store.Import(ctx, o.Into, o.Now, func(to *sqlstore.Importer) error {
		in, err := source.open()
		if err != nil {
			return err
		}
		records, err = readExport(ctx, in, schema, func(name string, row []byte) error {
			each(in.read)
			return to.Add(name, row)
		})
		return errors.Join(err, in.Close())
	}, o.DryRun)
	return records, err
}

// readExport calls add for every record of an export.
func readExport(ctx context.Context, in io.Reader, schema int64, add func(name string, row []byte) error) (records int, err error) {
	lines := newLines(in)
	first, err := lines.next()
	if err != nil {
		return 0, err
	}
	head, err := readHeader(first, schema)
	if err != nil {
		return 0, &LineError{lines.number, err}
	}
	for {
		if err := ctx.Err(); err != nil {
			return records, err
		}
		line, err := lines.next()
		switch {
		case err != nil:
			return records, err
		case line == nil && head.Ends:
			return records, &LineError{lines.number, errCut}
		case line == nil:
			return records, nil
		}
		name, row, err := splitRecord(line)
		if err != nil {
			return records, &LineError{lines.number, err}
		}
		if name == footerName {
			return records, lines.checkFooter(row, records)
		}
		if err := add(name, row); err != nil {
			return records, &LineError{lines.number, err}
		}
		records++
	}
}

// Lines returns an export that was written by hand as one that [Import] reads: its first line may be missing, and instead of
// lines it may be a JSON array of the records.
func Lines(text []byte) ([]byte, error) {
	text = bytes.TrimSpace(text)
	if bytes.HasPrefix(text, []byte("[")) {
		var records []json.RawMessage
		if err := json.Unmarshal(text, &records); err != nil {
			return nil, fmt.Errorf("it is no JSON array: %w", err)
		}
		var lines bytes.Buffer
		for _, record := range records {
			if err := json.Compact(&lines, record); err != nil {
				return nil, err
			}
			lines.WriteByte('\n')
		}
		text = lines.Bytes()
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if h := new(header); json.Unmarshal(first, h) == nil && h.Form != 0 {
		return text, nil
	}
	return append(fmt.Appendf(nil, "{\"lobby_export\":%d}\n", form), text...), nil
}

func readHeader(line []byte, schema int64) (h header, err error) {
	if json.Unmarshal(line, &h) != nil || h.Form == 0 {
		return h, errNoHeader
	}
	if h.Form != form || h.Schema > schema {
		return h, fmt.Errorf("the export was made by a newer Lobby: it has the form %d of schema %d, and this Lobby reads form %d up to schema %d",
			h.Form, h.Schema, form, schema)
	}
	return h, nil
}

// splitRecord returns the only member of an object: the kind of a record, and its row.
func splitRecord(line []byte) (name string, row []byte, err error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(line, &object); err != nil {
		return "", nil, fmt.Errorf("it is no JSON object: %w", err)
	}
	if len(object) != 1 {
		return "", nil, fmt.Errorf("it must have exactly one member, whose name says what it is, and not %d", len(object))
	}
	for name, row := range object {
		return name, row, nil
	}
	panic("unreachable")
}

// lines reads a file line by line. Empty lines are skipped.
type lines struct {
	in     *bufio.Reader
	number int
	long   []byte
}

func newLines(in io.Reader) *lines { return &lines{in: bufio.NewReaderSize(in, 1<<16)} }

// next returns the next line, valid until the next call; nil at the end.
func (l *lines) next() ([]byte, error) {
	for {
		l.number++
		line, err := l.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, &LineError{l.number, err}
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line, nil
		}
		if err != nil {
			return nil, nil
		}
	}
}

func (l *lines) line() ([]byte, error) {
	line, err := l.in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	l.long = append(l.long[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(l.long) > maxLine {
			return nil, fmt.Errorf("it is longer than %d bytes", maxLine)
		}
		line, err = l.in.ReadSlice('\n')
		l.long = append(l.long, line...)
	}
	return l.long, err
}

// checkFooter returns an error unless the last line has the number of records, and nothing comes after it.
func (l *lines) checkFooter(count []byte, records int) error {
	if string(count) != fmt.Sprint(records) {
		return &LineError{l.number, fmt.Errorf("there are %d records, and the last line says %s", records, count)}
	}
	after, err := l.next()
	if err == nil && after != nil {
		err = &LineError{l.number, errors.New("nothing may come after the last line")}
	}
	return err
}

// IsExport reports whether a file is an export, as far as its first line tells. Stdin is taken for one.
func IsExport(name string) bool {
	if name == "-" {
		return true
	}
	in, err := FileSource(name, nil).open()
	if err != nil {
		return true // who reads it says what is wrong
	}
	defer in.Close() //nolint:errcheck // it is only read
	line, err := newLines(in).next()
	var h header
	return err != nil || line == nil || json.Unmarshal(line, &h) == nil && h.Form != 0
}

// Source is a file to be read, perhaps more than once.
type Source struct {
	name  string
	stdin io.Reader // nil when it has been read
}

// FileSource is the file with a name, compressed or not; "-" stands for stdin.
func FileSource(name string, stdin io.Reader) *Source { return &Source{name, stdin} }

// Size returns the number of bytes of the file, compressed as it is; 0 when it is not known.
func (s *Source) Size() int64 {
	info, err := os.Stat(s.name)
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// sourceReader is an open [Source].
type sourceReader struct {
	io.Reader
	read int64 // bytes of the file so far
	file io.Reader
	end  []func() error
}

func (s *Source) open() (*sourceReader, error) {
	r := &sourceReader{}
	if s.name == "-" {
		if s.stdin == nil {
			return nil, errors.New("stdin cannot be read twice")
		}
		r.file, s.stdin = s.stdin, nil
	} else {
		file, err := os.Open(s.name)
		if err != nil {
			return nil, err
		}
		r.file, r.end = file, append(r.end, file.Close)
	}
	in := bufio.NewReaderSize(countingReader{r}, 1<<16)
	r.Reader = in
	if magic, _ := in.Peek(4); bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		decoder, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		r.Reader, r.end = decoder, append(r.end, func() error { decoder.Close(); return nil })
	}
	return r, nil
}

func (r *sourceReader) Close() error {
	var errs []error
	for _, end := range r.end {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

// countingReader reads the file of a source.
type countingReader struct{ of *sourceReader }

func (c countingReader) Read(b []byte) (int, error) {
	n, err := c.of.file.Read(b)
	c.of.read += int64(n)
	return n, err
}
