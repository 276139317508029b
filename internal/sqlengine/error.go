package sqlengine

import (
	"errors"
	"fmt"
)

var (
	// ErrUnknownOutcome: the database failed while committing. What the function wrote may be there or not.
	ErrUnknownOutcome = errors.New("the outcome of the write is unknown")
	// ErrUnavailable: the database cannot be reached or is closing. Nothing was written.
	ErrUnavailable = errors.New("the database is not available")
	// ErrTaken: a unique key is in use. Nothing was written.
	ErrTaken = errors.New("a unique key is taken")
)

// unavailable returns the error of a transaction that wrote nothing because of err.
func unavailable(err error) error { return fmt.Errorf("%w: %w", ErrUnavailable, err) }
