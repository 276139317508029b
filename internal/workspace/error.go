package workspace

import "errors"

// The errors of a store itself. Any other error is one that the use case returned.
var (
	// ErrUnknownOutcome says that the database failed while committing. The write may or may not be there; only a later
	// read can tell. It is safe to repeat the request.
	ErrUnknownOutcome = errors.New("the outcome of the write is unknown")
	// ErrUnavailable says that the database could not be reached or is shutting down; nothing was written.
	ErrUnavailable = errors.New("the database is not available")
	// ErrTaken says that a unique key is in use. A store in which concurrent writes can cause it first runs the function
	// again.
	ErrTaken = errors.New("a unique key is taken")
)

// InvalidError says which value of a request cannot be accepted, and why.
type InvalidError struct {
	Field  string
	Reason string // a predicate that follows the field's name, such as "is blank"
}

func (e *InvalidError) Error() string { return e.Field + " " + e.Reason }

// Invalid returns an InvalidError.
func Invalid(field, reason string) *InvalidError { return &InvalidError{Field: field, Reason: reason} }
