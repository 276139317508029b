package sheet

import (
	"cmp"
	"slices"
	"sync"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/people"
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
	counts := sync.OnceValues(func() (map[int64]people.TagCount, error) { return a.lobby.CountTagged(r.Context(), r.Caller) })
	for _, t := range tags {
		all = append(all, &record{
			id: numbered(t.ID), name: t.Name, cells: func() ([]display.Value, error) {
				all, err := counts()
				return []display.Value{
					r.link(display.Grouped(all[t.ID].People), "people?tag="+numbered(t.ID)),
					r.link(display.Grouped(all[t.ID].Companies), "companies?tag="+numbered(t.ID)), said(display.Grouped(all[t.ID].Conversations)),
				}, err
			},
			facts: []display.Fact{{Label: "Made", Value: display.Value{Time: r.moment(t.CreatedAt)}}},
			forms: []*Part{
				changing("Rename", "Whoever carries the tag keeps it, under the new name.", &Input{Name: "name", Label: "Name", Value: t.Name, Required: true}),
				deletion("Delete the tag", "It is taken off all people, companies and conversations that carry it, of which the numbers are above. They themselves stay. This cannot be undone."),
			},
		})
	}
	return all, err
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
