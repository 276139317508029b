package people

import "fmt"

// ConflictError names the record that already has an identifier.
type ConflictError struct {
	ExistingID string
	// Archived says that the conflicting record is archived.
	Archived bool
	// Visitor says that the conflicting record is a visitor, not a contact.
	Visitor bool
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("a contact matching those details already exists with id=%s", e.ExistingID)
}

// BlockedError names a blocked record that the request would restore or create again.
type BlockedError struct{ ID string }

func (e *BlockedError) Error() string {
	return fmt.Sprintf("the contact with id=%s is blocked", e.ID)
}

// AttributeExistsError says that the workspace already has a custom attribute of that name, perhaps of the other model.
type AttributeExistsError struct {
	Name        string
	Has, Wanted AttributeModel
}

func (e *AttributeExistsError) Error() string {
	return fmt.Sprintf("a custom attribute %q of the model %s exists already", e.Name, e.Has)
}
