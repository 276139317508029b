package workspace

import "errors"

// What the store itself may answer, beside what the use case returned.
var (
	// ErrUnknownOutcome: the database failed while committing. The write may or may not be there; only asking again
	// can tell, and a retry converges.
	ErrUnknownOutcome = errors.New("the outcome of the write is unknown")
	// ErrUnavailable: the database could not be reached or is shutting down; nothing was written.
	ErrUnavailable = errors.New("the database is not available")
	// ErrTaken: a unique key is in use. A store that can meet it under concurrency runs the function again first.
	ErrTaken = errors.New("a unique key is taken")
)

// InvalidError says which value of a request cannot be accepted, and why.
type InvalidError struct {
	Field  string
	Reason string
}

func (e *InvalidError) Error() string { return e.Field + " " + e.Reason }

// Invalid returns the error of a value that cannot be accepted.
func Invalid(field, reason string) *InvalidError { return &InvalidError{Field: field, Reason: reason} }
