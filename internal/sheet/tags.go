package sheet

import (
	"cmp"
	"slices"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
)

func (a *pages) tags() noun {
	return noun{
		path: "tags", title: "Tags", counts: [2]string{"tag", "tags"}, heads: []string{"Tag", "People", "Companies", "Conversations"},
		empty: &display.Message{Title: "No tags yet", Text: "A tag is a label for people, companies and conversations, such as VIP. Make one here, or put it on somebody on their page."},
		write: account.Role.MayWrite, all: a.allTags, create: a.createTag, change: a.renameTag, remove: a.deleteTag,
		make: func(*Request) (*Form, error) {
			return &Form{Button: "Make a tag", Fields: []*Input{{Name: "name", Label: "Name", Required: true}}}, nil
		},
	}
}

func (a *pages) allTags(r *Request) (all []*record, err error) {
	tags, err := a.lobby.Tags(r.Context(), r.Caller)
	slices.SortFunc(tags, func(t, u *people.Tag) int { return cmp.Compare(people.TagKey(t.Name), people.TagKey(u.Name)) })
	for _, t := range tags {
		all = append(all, &record{
			id: numbered(t.ID), name: t.Name, cells: func() ([]display.Value, error) { return a.carriers(r, numbered(t.ID)) },
			facts: []display.Fact{{Label: "Made", Value: display.Value{Time: r.moment(t.CreatedAt)}}},
			forms: []*Part{
				changing("Rename", "Whoever carries the tag keeps it, under the new name.", &Input{Name: "name", Label: "Name", Value: t.Name, Required: true}),
				deletion("Delete the tag", "It is taken off all people, companies and conversations that carry it, of which the numbers are above. They themselves stay. This cannot be undone."),
			},
		})
	}
	return all, err
}

// carriers counts the people, companies and conversations that carry a tag.
func (a *pages) carriers(r *Request, id string) ([]display.Value, error) {
	order := func(field string) people.SearchOrder {
		return people.SearchOrder{Limit: 1, Query: search.Query{Field: field, Operator: search.Equal, Values: []search.Value{search.TextValue(id)}}}
	}
	visitors, err := a.lobby.SearchVisitors(r.Context(), r.Caller, order("tag_id"))
	if err != nil {
		return nil, err
	}
	contacts, err := a.lobby.SearchContacts(r.Context(), r.Caller, order("tag_id"))
	if err != nil {
		return nil, err
	}
	companies, err := a.lobby.SearchCompanies(r.Context(), r.Caller, order("tag_id"))
	if err != nil {
		return nil, err
	}
	conversations, err := a.inbox.Search(r.Context(), r.Caller, inbox.ContactRef{}, order("tag_ids"))
	if err != nil {
		return nil, err
	}
	return []display.Value{
		r.link(display.Grouped(visitors.Total+contacts.Total), "people?tag="+id), r.link(display.Grouped(companies.Total), "companies?tag="+id),
		said(display.Grouped(conversations.Total)),
	}, nil
}

func (a *pages) createTag(r *Request) (string, error) {
	made, err := a.lobby.ApplyTagging(r.Context(), r.Caller, people.Tagging{Name: r.sent("name")})
	if err != nil {
		return "", err
	}
	return "tags/" + numbered(made.Tag.ID) + "?done=made", nil
}

func (a *pages) renameTag(r *Request) (string, error) {
	id, err := r.number()
	switch {
	case err != nil:
		return "", err
	case r.sent("name") == "":
		return "", people.ErrTagInvalid
	}
	_, err = a.lobby.ApplyTagging(r.Context(), r.Caller, people.Tagging{ID: id, Name: r.sent("name")})
	return "tags/" + numbered(id) + "?done=saved", err
}

func (a *pages) deleteTag(r *Request) (string, error) {
	id, err := r.number()
	if err != nil {
		return "", err
	}
	return "tags?done=deleted", a.lobby.DeleteTag(r.Context(), r.Caller, id)
}
