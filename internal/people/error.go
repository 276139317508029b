package people

import (
	"errors"
	"fmt"
)

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

// ConflictError names the record that already has an identifier.
type ConflictError struct {
	ExistingID string
	// Archived says that only an archived record is in the way.
	Archived bool
	// Visitor says that it is no contact but a visitor.
	Visitor bool
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("a contact matching those details already exists with id=%s", e.ExistingID)
}

// BlockedError names a blocked record that the request would bring back.
type BlockedError struct{ ID string }

func (e *BlockedError) Error() string {
	return fmt.Sprintf("the contact with id=%s is blocked", e.ID)
}

// AttributeExistsError says that the workspace has a custom attribute of that name, perhaps of the other model.
type AttributeExistsError struct {
	Name        string
	Has, Wanted AttributeModel
}

func (e *AttributeExistsError) Error() string {
	return fmt.Sprintf("a custom attribute %q of the model %s exists already", e.Name, e.Has)
}
