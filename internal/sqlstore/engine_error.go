package sqlstore

import (
	"errors"
	"fmt"
)

var (
	// errUnknownOutcome: the database failed while committing. What the function wrote may be there or not.
	errUnknownOutcome = errors.New("the outcome of the write is unknown")
	// errUnavailable: the database cannot be reached or is closing. Nothing was written.
	errUnavailable = errors.New("the database is not available")
	// errTaken: a unique key is in use. Nothing was written.
	errTaken = errors.New("a unique key is taken")
)

// unavailable returns the error of a transaction that wrote nothing because of err.
func unavailable(err error) error { return fmt.Errorf("%w: %w", errUnavailable, err) }
