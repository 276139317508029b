package inbox

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Update is a change of a conversation. Nil leaves a field as it is.
type Update struct {
	IsRead   *bool
	Title    *string
	Priority *Priority
	// AdminID is who changes the priority; 0 for the bot.
	AdminID int64
	// CustomAttributes are merged key by key; null removes a key. An unknown name is defined by its first value.
	CustomAttributes search.Attributes
}

// UpdateConversation changes a conversation and returns it. Errors: ErrConversationNotFound, workspace.ErrAdminNotFound,
// workspace.InvalidError.
func (in *Inbox) UpdateConversation(ctx context.Context, c workspace.Caller, id int64, update Update) (*Conversation, error) {
	if update.Title != nil {
		if err := checkLength("title", *update.Title); err != nil {
			return nil, err
		}
	}
	return in.change(ctx, c, id, func(t *thread) error {
		if err := t.setAttributes(update.CustomAttributes); err != nil {
			return err
		}
		if update.Title != nil {
			t.now.Title = *update.Title
		}
		if err := t.setPriority(update); err != nil {
			return err
		}
		if update.IsRead == nil || *update.IsRead == t.now.IsRead {
			return nil
		}
		if t.now.IsRead = *update.IsRead; !t.now.IsRead {
			return nil
		}
		return t.emit(ConversationRead, nil)
	})
}

// checkLength refuses a text that is longer than the values of attributes may be.
func checkLength(field, text string) error {
	if utf8.RuneCountInString(text) > search.MaxText {
		return workspace.Invalid(field, fmt.Sprintf("must not be longer than %d characters", search.MaxText))
	}
	return nil
}

// setPriority changes the priority, if it is another one.
func (t *thread) setPriority(update Update) error {
	if update.Priority == nil || *update.Priority == t.now.Priority {
		return nil
	}
	p := &Part{Type: PriorityPart, Details: Details{Priority: *update.Priority, Before: t.now.Priority}}
	if update.AdminID != 0 {
		if err := t.mustBeAdmin(update.AdminID); err != nil {
			return err
		}
		p.AdminID = update.AdminID
	}
	t.now.Priority = *update.Priority
	t.append(p)
	return t.emit(PriorityUpdated, p)
}

// setAttributes merges custom attributes. The bot tells of each that changed.
func (t *thread) setAttributes(given search.Attributes) error {
	if len(given) == 0 {
		return nil
	}
	defined, err := t.w.ConversationAttributes(t.now.Workspace)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := given[name]
		fresh := &Attribute{Workspace: t.now.Workspace, Name: name, AdminID: t.caller.AdminID, CreatedAt: t.in.Unix(), UpdatedAt: t.in.Unix()}
		if err := define(t.w, defined, fresh, value); err != nil {
			return err
		}
		if t.now.CustomAttributes[name] == value {
			continue
		}
		t.append(&Part{Type: AttributePart, Details: Details{Attribute: name, Value: value.String()}})
	}
	t.now.CustomAttributes = t.now.CustomAttributes.With(given)
	return nil
}
