package people

import (
	"errors"
	"fmt"
)

// What a use case may refuse. api/errors.go gives each of them its status, code and text.
var (
	ErrVisitorNotFound        = errors.New("no such visitor")
	ErrUserNotFound           = errors.New("no such contact")
	ErrPersonNotFound         = errors.New("no such person")
	ErrResourceNotFound       = errors.New("no such record") // what a request means beside a person
	ErrVisitorNotNamed        = errors.New("the request names no visitor")
	ErrUserNotNamed           = errors.New("the request names no user")
	ErrTypeMissing            = errors.New("the request names no type to convert to")
	ErrTypeInvalid            = errors.New("a visitor converts to a lead or a user only")
	ErrContactNotNamed        = errors.New("the request gives neither an identifier nor a role")
	ErrUserAnonymous          = errors.New("a user needs an email address or an external id")
	ErrRoleInvalid            = errors.New("a contact is a lead or a user only")
	ErrUserStays              = errors.New("a user never becomes a lead again")
	ErrOwnerNotFound          = errors.New("the owner is no admin of the workspace")
	ErrWorkspaceNotFound      = errors.New("no such workspace")
	ErrWorkspaceExists        = errors.New("that workspace exists already")
	ErrTokenNotFound          = errors.New("no such access token")
	ErrAdminNotFound          = errors.New("no such admin")
	ErrLastAdmin              = errors.New("the workspace has no other admin")
	ErrIdentitySecretNotFound = errors.New("no such identity secret")
	ErrTeamNotFound           = errors.New("no such team")
	ErrCompanyNotFound        = errors.New("no such company")
	ErrTagInvalid             = errors.New("the request is no order to tag")
	ErrSegmentFixed           = errors.New("the segment stays as it is")
	ErrTooManyAttributes      = errors.New("the workspace has as many custom attributes as it may have")
	ErrContactUnnamed         = errors.New("the request names no contact")
	ErrAwayReasonNotFound     = errors.New("no such reason to be away")
	ErrAwayReasonDeleted      = errors.New("that reason to be away is deleted")
	// What is refused of a company.
	ErrTooManyCompanies = errors.New("the person is attached to as many companies as it may be")
	ErrScrollExists     = errors.New("the workspace has a scroll open")
	ErrScrollNotFound   = errors.New("no such scroll is open")
	// What is refused of a definition of a custom attribute.
	ErrAttributeInUse       = errors.New("a segment asks for the custom attribute")
	ErrAttributeNotFound    = errors.New("no such custom attribute")
	ErrAttributeUnnamed     = errors.New("the request names no custom attribute")
	ErrAttributeNameInvalid = errors.New("the name has characters that a custom attribute may not have")
	ErrAttributeTypeInvalid = errors.New("no custom attribute is of that type")
	ErrModelInvalid         = errors.New("custom attributes are of contacts or companies only")
	errSetting              = errors.New("no value of that setting")
	// What is refused of a merge of contacts, and of an undo.
	ErrMergeRoles     = errors.New("a contact merges as a lead into a user only")
	ErrNotDuplicates  = errors.New("the contacts share neither an email address nor a phone number")
	ErrChangeNotFound = errors.New("no such entry in the journal")
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
