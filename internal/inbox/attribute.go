package inbox

import (
	"context"
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Attribute is a custom attribute of conversations. Its first value gives it its type.
type Attribute struct {
	Workspace workspace.ID
	ID        int64
	Name      string
	Type      string // "string", "integer", "float" or "boolean"
	AdminID   int64  // 0 when unknown
	CreatedAt int64
	UpdatedAt int64
}

// maxAttributes is how many attributes the conversations of a workspace may have.
const maxAttributes = 250

// typesOfAttributes are the types by the kind of a value.
var typesOfAttributes = map[search.Kind]string{
	search.KindText: "string", search.KindInt: "integer", search.KindFloat: "float", search.KindBool: "boolean",
}

// define defines an attribute by its first value, and refuses a value of another type. Whole numbers are numbers too. fresh
// is the definition of one that is not defined yet, without its id and type.
func define(w Writer, defined []*Attribute, fresh *Attribute, value search.Value) error {
	at := slices.IndexFunc(defined, func(a *Attribute) bool { return a.Name == fresh.Name })
	kind := typesOfAttributes[value.Kind()]
	switch {
	case value.IsNull() || at >= 0 && (defined[at].Type == kind || defined[at].Type == "float" && kind == "integer"):
		return nil
	case at >= 0 && defined[at].Type == "integer" && kind == "float":
		defined[at].Type, defined[at].UpdatedAt = kind, fresh.UpdatedAt
		return w.PutConversationAttribute(defined[at])
	case at >= 0:
		return workspace.Invalid("custom_attributes."+fresh.Name, "must be of type "+defined[at].Type)
	case len(defined) >= maxAttributes:
		return workspace.Invalid("custom_attributes", "already are 250 in this workspace")
	}
	id, err := w.NextNumber(fresh.Workspace, "conversation attribute")
	if err != nil {
		return err
	}
	fresh.ID, fresh.Type = id, kind
	return w.PutConversationAttribute(fresh)
}

// Attributes lists the custom attributes of conversations by id.
func (in *Inbox) Attributes(ctx context.Context, c workspace.Caller) ([]*Attribute, error) {
	return read(ctx, in, func(r Reader) ([]*Attribute, error) { return r.ConversationAttributes(c.Workspace) })
}
