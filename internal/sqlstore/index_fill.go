package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// filledColumns are the columns of people from which the index is filled. The last one has the custom attributes.
var filledColumns = slices.DeleteFunc(slices.Clone(people.Fields), func(f people.Field) bool {
	return f.Attributes == nil && !slices.ContainsFunc(indexedFields, func(of indexedField) bool { return of.source.Name == f.Name })
})

// selectFilled reads all live persons of all workspaces as they lie in the file, which takes half as long as in the order of
// their ids.
var selectFilled = "SELECT " + columnNames(filledColumns) + ", workspace, id, phone_e164 FROM people WHERE state IS NULL"

// fillIndex adds all live persons and all conversations to an index. It makes the keys that changedKeys makes of new persons.
func (t *tx) fillIndex(ctx context.Context, index *personindex.Filler) error {
	var p people.Person // one for all
	var attributes []search.Attribute
	last := len(filledColumns) - 1
	err := t.Query(selectFilled, nil, func(r sqlengine.Row) (err error) {
		p = people.Person{Workspace: workspace.ID(r.Text(last + 1)), ID: r.Text(last + 2)}
		for i := range filledColumns[:last] {
			readColumn(r, i, &filledColumns[i].Column, &p) //nolint:errcheck // only custom attributes can fail
		}
		if p.FormattedPhone = r.Text(last + 3); t.left[phonesLeft] {
			p.FormattedPhone = t.e164(p.Phone)
		}
		if attributes, err = jsonio.ListAttributes(attributes[:0], r.Text(last)); err != nil {
			return fmt.Errorf("attributes of %s: %w", p.ID, err)
		}
		batch := index.Batch(string(p.Workspace))
		batch.Begin(p.ID, listOf(&p))
		for i := range indexedFields {
			switch f := &indexedFields[i]; {
			case f.source.IsBlank(&p):
			case f.isNumber:
				batch.Field(f.name).Number(f.source.Value(&p))
			default:
				batch.Field(f.name).Text(p.SearchKey(f.name))
			}
		}
		batch.Attributes(attributes)
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	spaces, err := t.Workspaces()
	for _, ws := range spaces {
		if err == nil {
			err = t.fillConversations(ctx, index.Batch(conversationSpace(ws.ID)), ws.ID)
		}
	}
	return err
}
