package people

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"lobby/internal/workspace"
)

// The topics of tags: a tag was put on a contact or taken off. The subject is the tag's id.
const (
	ContactTagCreated workspace.Topic = "contact.tag.created"
	ContactTagDeleted workspace.Topic = "contact.tag.deleted"
)

// Tag is a label that contacts, visitors and companies carry.
type Tag struct {
	Workspace workspace.ID
	ID        int64  // decimal digits on the wire; unique within the workspace and never reused
	Name      string // one line, at most 255 characters; no two tags share a [TagKey]
	CreatedAt int64
}

// AppliedTag is a tag as a person carries it.
type AppliedTag struct {
	Tag
	AppliedAt int64
	AdminID   int64 // the admin who applied it; 0 when unknown
}

// maxTagName is the max length of a tag's name in characters.
const maxTagName = 255

// TagKey returns the form in which names of tags are compared.
func TagKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Tags lists a workspace's tags by id.
func (l *Lobby) Tags(ctx context.Context, c workspace.Caller) ([]*Tag, error) {
	return read(ctx, l, func(r Reader) ([]*Tag, error) { return r.Tags(c.Workspace) })
}

// TagCount is how many carry a tag: visitors and contacts, companies, conversations.
type TagCount struct{ People, Companies, Conversations int }

// TagCounter is what a [Reader] has besides. It counts who carries each tag; a tag that nobody carries is missing.
type TagCounter interface {
	CountTagged(ws workspace.ID) (map[int64]TagCount, error)
}

// CountTagged returns how many carry each tag, by its id. A tag that nobody carries is missing.
func (l *Lobby) CountTagged(ctx context.Context, c workspace.Caller) (map[int64]TagCount, error) {
	return read(ctx, l, func(r Reader) (map[int64]TagCount, error) { return r.(TagCounter).CountTagged(c.Workspace) })
}

// FindTag returns one tag. Errors: ErrResourceNotFound.
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

// DeleteTag removes a tag, also from all that carry it. Errors: ErrResourceNotFound, TagInUseError.
func (l *Lobby) DeleteTag(ctx context.Context, c workspace.Caller, id int64) error {
	return l.Store.Write(ctx, func(w Writer) error {
		segments, err := segmentsThatAskFor(w, c.Workspace, "tag_id", strconv.FormatInt(id, 10))
		if err == nil {
			_, err = findTag(w, c.Workspace, id)
		}
		if err != nil {
			return err
		}
		if segments != nil {
			return &TagInUseError{segments}
		}
		return w.DeleteTag(c.Workspace, id)
	})
}

// TagInUseError names the segments whose queries use a tag that was to be deleted.
type TagInUseError struct{ Segments []string }

func (e *TagInUseError) Error() string {
	return fmt.Sprintf("the segments %q ask for the tag", e.Segments)
}

// TagsOf lists the tags of a contact or a visitor in the order in which they were applied. Errors: those of [Target].
func (l *Lobby) TagsOf(ctx context.Context, c workspace.Caller, h Target) ([]*AppliedTag, error) {
	return read(ctx, l, func(r Reader) (tags []*AppliedTag, err error) {
		p, err := h.person(r, c)
		if err != nil || !p.Attached {
			return tags, err
		}
		of, err := r.PersonTags(c.Workspace, []string{p.ID})
		return of[p.ID], err
	})
}

// Tag applies a tag to a contact or a visitor. A tag that it already carries stays as it was applied. Errors: those of
// [Target], then ErrResourceNotFound.
func (l *Lobby) Tag(ctx context.Context, c workspace.Caller, h Target, id int64) (*AppliedTag, error) {
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

// Untag takes a tag off a contact or a visitor and returns it as it was. Errors: those of [Target], then
// ErrResourceNotFound, also when the tag was not carried.
func (l *Lobby) Untag(ctx context.Context, c workspace.Caller, h Target, id int64) (*AppliedTag, error) {
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

// tag applies a tag to a person, unless it already carries it.
func (l *Lobby) tag(w Writer, c workspace.Caller, p *Person, tag *Tag) (*AppliedTag, error) {
	applied, err := appliedTag(w, p, tag.ID)
	if err != nil || applied != nil {
		return applied, err
	}
	applied = &AppliedTag{Tag: *tag, AppliedAt: l.Unix(), AdminID: c.AdminID}
	if err := w.TagPerson(p.ID, applied); err != nil {
		return nil, err
	}
	return applied, l.recordTagging(w, p, &workspace.OutboxEntry{Topic: ContactTagCreated, SubjectID: strconv.FormatInt(tag.ID, 10)})
}

// untag takes a tag off a person and returns it as it was; nil when the person did not carry it.
func (l *Lobby) untag(w Writer, p *Person, id int64) (*AppliedTag, error) {
	was, err := appliedTag(w, p, id)
	if err != nil || was == nil {
		return nil, err
	}
	if err := w.UntagPerson(p.Workspace, p.ID, id); err != nil {
		return nil, err
	}
	return was, l.recordTagging(w, p, &workspace.OutboxEntry{
		Topic: ContactTagDeleted, SubjectID: strconv.FormatInt(id, 10), Image: was,
	})
}

// appliedTag returns a tag as a person carries it; nil when it does not.
func appliedTag(r Reader, p *Person, id int64) (*AppliedTag, error) {
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

// recordTagging marks the person as updated, on p too, and emits the outbox entry of the tag. Changes of visitors emit nothing.
func (l *Lobby) recordTagging(w Writer, p *Person, e *workspace.OutboxEntry) error {
	if err := l.MarkUpdated(w, p); err != nil || !p.Role.IsContact() {
		return err
	}
	e.Workspace, e.PersonID, e.Role = p.Workspace, p.ID, string(p.Role)
	return l.Emit(w, e)
}

func (t *Tag) check() error {
	if utf8.RuneCountInString(t.Name) > maxTagName {
		return workspace.Invalid("name", "is longer than 255 characters")
	}
	return workspace.CheckName(t.Name)
}
