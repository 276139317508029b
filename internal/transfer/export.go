package transfer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"lobby/internal/sqlengine"
	"lobby/internal/sqlstore"
)

// form is the number of the form of an export. It changes when an older Lobby would misread a line.
const form = 1

// header is the first line of an export.
type header struct {
	Form int `json:"lobby_export"`
	// Schema is the number of the newest migration of the database; 0, in a file written by hand, stands for the present one.
	Schema int64 `json:"schema,omitempty"`
	// Secrets says whether tokens, identity secrets and browser sessions are among the records.
	Secrets bool `json:"secrets,omitempty"`
	// Ends says that the last line is a footer, without which the file was cut short.
	Ends bool `json:"ends,omitempty"`
}

// footerName is the name of the last line, whose value is the number of records.
const footerName = "end"

// compressed is the ending of the names of files that are compressed.
const compressed = ".zst"

// Export writes all that a store has to w, one line of JSON a record. It calls each for every record. Errors: those of
// [sqlstore.Store.Export], and those of w.
func Export(ctx context.Context, store *sqlstore.Store, w io.Writer, o sqlstore.ExportOptions, each func()) (records int, err error) {
	schema, err := store.Schema(ctx)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	first, err := json.Marshal(header{form, schema, o.Secrets, true})
	if err != nil {
		return 0, err
	}
	line := append(first, '\n')
	if _, err := out.Write(line); err != nil {
		return 0, err
	}
	err = store.Export(ctx, o, func(name string, row []byte) error {
		line = append(append(append(line[:0], `{"`...), name...), `":`...)
		line = append(append(line, row...), "}\n"...)
		records++
		each()
		_, err := out.Write(line)
		return err
	})
	if err != nil {
		return records, err
	}
	if _, err := fmt.Fprintf(out, "{%q:%s}\n", footerName, strconv.Itoa(records)); err != nil {
		return records, err
	}
	return records, out.Flush()
}

// WriteFile has write fill a new file that only its owner may read. The file is compressed when its name ends in .zst, and
// has its name only when it is complete and on disk. The name "-" stands for stdout. Errors: fs.ErrExist.
func WriteFile(name string, stdout io.Writer, write func(io.Writer) error) error {
	if name == "-" {
		return write(stdout)
	}
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%s: %w", name, os.ErrExist)
	}
	file, err := os.OpenFile(name+".part", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = fill(file, strings.HasSuffix(name, compressed), write)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return sqlengine.Sync(filepath.Dir(name))
}

// fill writes a file and waits until it is on disk.
func fill(file *os.File, compress bool, write func(io.Writer) error) error {
	if !compress {
		return errors.Join(write(file), file.Sync())
	}
	encoder, err := zstd.NewWriter(file, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	return errors.Join(write(encoder), encoder.Close(), file.Sync())
}
