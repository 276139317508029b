package sqlengine

import (
	"context"
	"errors"

	"zombiezen.com/go/sqlite"
)

// Imager is an engine that can copy its whole database and put a copy back.
type Imager interface {
	// HasImages reports whether the database is in memory.
	HasImages() bool
	// Image returns a copy of the database as it is, and runs beside while nothing is committed. Errors: ErrNoImage.
	Image(ctx context.Context, beside func()) ([]byte, error)
	// PutBack makes the database what it was when Image made the copy. The follower is told of the change, which stands for
	// all that was committed since.
	PutBack(ctx context.Context, image []byte, change any) error
}

// ErrNoImage says that a database is not in memory. Only one that is has images.
var ErrNoImage = errors.New("only a database in memory has images")

// HasImages implements [Imager].
func (e *sqliteEngine) HasImages() bool { return e.readers == e.writer }

// Image implements [Imager].
func (e *sqliteEngine) Image(ctx context.Context, beside func()) (image []byte, err error) {
	if !e.HasImages() {
		return nil, ErrNoImage
	}
	c, err := e.writer.take(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	defer e.writer.put(c)
	if c.conn == nil {
		return nil, ErrUnavailable
	}
	beside()
	return c.conn.Serialize("main")
}

// PutBack implements [Imager]. Only the pages are replaced, so the connection keeps its settings.
func (e *sqliteEngine) PutBack(ctx context.Context, image []byte, change any) error {
	c, err := e.writer.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.writer.put(c)
	if c.conn == nil {
		return ErrUnavailable
	}
	source, err := openImage(image)
	if err != nil {
		return err
	}
	c.Forget(0)
	c.Note(change)
	// A journal of all pages would take longer than the copy. Nothing here fails but for want of memory.
	if err = c.Exec(`PRAGMA journal_mode = OFF`, nil); err == nil {
		err = e.steps.commit(c, func() error { return copyPages(c.conn, source) })
		err = errors.Join(err, c.Exec(`PRAGMA journal_mode = MEMORY`, nil))
	}
	return errors.Join(err, source.Close())
}

// beginAs makes a database that has no tables yet a copy of an image.
func (e *sqliteEngine) beginAs(ctx context.Context, image func() ([]byte, error)) error {
	c, err := e.writer.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.writer.put(c)
	if tables, err := Number(c, `SELECT count(*) FROM sqlite_schema`, nil); err != nil || tables > 0 {
		return err
	}
	pages, err := image()
	if err != nil {
		return err
	}
	source, err := openImage(pages)
	if err != nil {
		return err
	}
	return errors.Join(copyPages(c.conn, source), source.Close())
}

// openImage opens an image as a database of its own.
func openImage(image []byte) (*sqlite.Conn, error) {
	c, err := sqlite.OpenConn(":memory:", sqlite.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	if err := c.Deserialize("main", image); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// copyPages makes one database equal to another.
func copyPages(to, from *sqlite.Conn) error {
	backup, err := sqlite.NewBackup(to, "main", from, "main")
	if err != nil {
		return err
	}
	_, err = backup.Step(-1)
	return errors.Join(err, backup.Close())
}
