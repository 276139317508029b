package people

import "lobby/internal/workspace"

// Target names a contact or a visitor that has tags, notes and companies. One of its fields is set. Its errors are
// ErrUserNotFound and MergedError for a contact, ErrVisitorNotFound for a visitor.
type Target struct {
	ContactID string // of a live contact
	VisitorID string // of a live visitor, or its user_id
}

// person returns the person that the holder names.
func (h Target) person(r Reader, c workspace.Caller) (*Person, error) {
	if h.VisitorID != "" {
		return liveVisitor(r, c.Workspace, VisitorRef{ID: h.VisitorID, UserID: h.VisitorID})
	}
	return findContact(r, c, h.ContactID, Active)
}
