package people

import "lobby/internal/workspace"

// Holder names somebody on whom tags, notes and companies hang: one of its members is set. What it refuses is ErrUserNotFound or
// MergedError of a contact, and ErrVisitorNotFound of a visitor.
type Holder struct {
	ContactID string // of a live contact
	VisitorID string // of a live visitor, or its user_id
}

// person answers whom the holder names.
func (h Holder) person(r Reader, c workspace.Caller) (*Person, error) {
	if h.VisitorID != "" {
		return liveVisitor(r, c.Workspace, VisitorRef{ID: h.VisitorID, UserID: h.VisitorID})
	}
	p, err := r.Person(c.Workspace, h.ContactID)
	if err != nil {
		return nil, err
	}
	return asContact(r, p, c.FollowMerged, Active)
}
