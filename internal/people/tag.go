package people

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"lobby/internal/workspace"
)

// A tag was put on a contact or taken off; the subject is the tag's id.
const (
	ContactTagCreated workspace.Topic = "contact.tag.created"
	ContactTagDeleted workspace.Topic = "contact.tag.deleted"
)

// Tag is a label that contacts, visitors and companies carry.
type Tag struct {
	Workspace workspace.ID
	ID        int64  // decimal digits on the wire, unique within the workspace and never given twice
	Name      string // one line, of at most 255 characters; no two tags have one [TagKey]
	CreatedAt int64
}

// AppliedTag is a tag as a person carries it.
type AppliedTag struct {
	Tag
	AppliedAt int64
	AdminID   int64 // who applied it, 0 when nobody knows
}

// maxTagName is the longest name of a tag in characters.
const maxTagName = 255

// TagKey is the form in which names of tags are compared.
func TagKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Tags lists a workspace's tags by id.
func (l *Lobby) Tags(ctx context.Context, c workspace.Caller) ([]*Tag, error) {
	return read(ctx, l, func(r Reader) ([]*Tag, error) { return r.Tags(c.Workspace) })
}

// FindTag answers one tag; ErrResourceNotFound.
func (l *Lobby) FindTag(ctx context.Context, c workspace.Caller, id int64) (*Tag, error) {
	return read(ctx, l, func(r Reader) (*Tag, error) { return findTag(r, c.Workspace, id) })
}

func findTag(r Reader, ws workspace.ID, id int64) (*Tag, error) {
	tag, err := r.Tag(ws, id)
	if err == nil && tag == nil {
		err = ErrResourceNotFound
	}
	return tag, err
}

// DeleteTag removes a tag, and takes it off whoever carries it. ErrResourceNotFound, TagInUseError.
func (l *Lobby) DeleteTag(ctx context.Context, c workspace.Caller, id int64) error {
	return l.Store.Write(ctx, func(w Writer) error {
		segments, err := segmentsThatAskFor(w, c.Workspace, "tag_id", strconv.FormatInt(id, 10))
		if err != nil {
			return err
		}
		if _, err := findTag(w, c.Workspace, id); err != nil {
			return err
		}
		if segments != nil {
			return &TagInUseError{segments}
		}
		return w.DeleteTag(c.Workspace, id)
	})
}

// TagInUseError says which segments ask for a tag that would go.
type TagInUseError struct{ Segments []string }

func (e *TagInUseError) Error() string {
	return fmt.Sprintf("the segments %q ask for the tag", e.Segments)
}

// TagsOf lists the tags of a contact or a visitor in the order in which they were applied. What [Holder] refuses.
func (l *Lobby) TagsOf(ctx context.Context, c workspace.Caller, h Holder) ([]*AppliedTag, error) {
	return read(ctx, l, func(r Reader) (tags []*AppliedTag, err error) {
		p, err := h.person(r, c)
		if err != nil || !p.Attached {
			return tags, err
		}
		of, err := r.PersonTags(c.Workspace, []string{p.ID})
		tags = of[p.ID]
		return tags, err
	})
}

// Tag applies a tag to a contact or a visitor; one that is carried already stays as it was applied. What [Holder]
// refuses, then ErrResourceNotFound.
func (l *Lobby) Tag(ctx context.Context, c workspace.Caller, h Holder, id int64) (*AppliedTag, error) {
	return write(ctx, l, func(w Writer) (applied *AppliedTag, err error) {
		p, err := h.person(w, c)
		if err != nil {
			return nil, err
		}
		tag, err := findTag(w, c.Workspace, id)
		if err != nil {
			return nil, err
		}
		return l.tag(w, c, p, tag)
	})
}

// Untag takes a tag off a contact or a visitor and answers what it was. What [Holder] refuses, then
// ErrResourceNotFound, also when the tag is not carried.
func (l *Lobby) Untag(ctx context.Context, c workspace.Caller, h Holder, id int64) (*AppliedTag, error) {
	return write(ctx, l, func(w Writer) (was *AppliedTag, err error) {
		p, err := h.person(w, c)
		if err != nil {
			return nil, err
		}
		if was, err = l.untag(w, p, id); err == nil && was == nil {
			err = ErrResourceNotFound
		}
		return was, err
	})
}

// tag applies a tag to a person, unless it is carried already.
func (l *Lobby) tag(w Writer, c workspace.Caller, p *Person, tag *Tag) (*AppliedTag, error) {
	applied, err := carried(w, p, tag.ID)
	if err != nil || applied != nil {
		return applied, err
	}
	applied = &AppliedTag{Tag: *tag, AppliedAt: l.Unix(), AdminID: c.AdminID}
	if err := w.TagPerson(p.ID, applied); err != nil {
		return nil, err
	}
	return applied, l.retagged(w, p, &workspace.OutboxEntry{Topic: ContactTagCreated, SubjectID: strconv.FormatInt(tag.ID, 10)})
}

// untag takes a tag off a person and answers what it was, nil when it was not carried.
func (l *Lobby) untag(w Writer, p *Person, id int64) (*AppliedTag, error) {
	was, err := carried(w, p, id)
	if err != nil || was == nil {
		return nil, err
	}
	if err := w.UntagPerson(p.Workspace, p.ID, id); err != nil {
		return nil, err
	}
	return was, l.retagged(w, p, &workspace.OutboxEntry{
		Topic: ContactTagDeleted, SubjectID: strconv.FormatInt(id, 10), Image: was,
	})
}

// carried returns a tag as a person carries it; nil when it does not.
func carried(r Reader, p *Person, id int64) (*AppliedTag, error) {
	if !p.Attached {
		return nil, nil
	}
	all, err := r.PersonTags(p.Workspace, []string{p.ID})
	for _, tag := range all[p.ID] {
		if tag.ID == id {
			return tag, err
		}
	}
	return nil, err
}

// retagged writes down, on p too, that its tags changed, and emits the entry that says so. Nobody is told of visitors.
func (l *Lobby) retagged(w Writer, p *Person, e *workspace.OutboxEntry) error {
	if err := l.MarkUpdated(w, p); err != nil || !p.Role.IsContact() {
		return err
	}
	e.Workspace, e.PersonID = p.Workspace, p.ID
	return l.Emit(w, e)
}

func (t *Tag) check() error {
	if utf8.RuneCountInString(t.Name) > maxTagName {
		return workspace.Invalid("name", "is longer than 255 characters")
	}
	return workspace.CheckName(t.Name)
}
