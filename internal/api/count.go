package api

import (
	"slices"
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// GET /counts
//
// No version from 2.0 on describes it, and clients of all ages call it.
func (a *API) count(c *call) (encoder, error) {
	query := c.parameters()
	kind, by := query.values.Get("type"), query.values.Get("count")
	if query.err != nil {
		return nil, query.err
	}
	refuse := func(field, reason string) (encoder, error) {
		return nil, &workspace.InvalidError{Field: field, Reason: reason}
	}
	switch kind {
	case "":
		return a.countAll(c)
	case "conversation":
		if !c.token.Allows(readingWords...) {
			return nil, &scopeError{readingWords[0]}
		}
		switch by {
		case "":
			return a.countConversations(c)
		case "admin":
			return a.countByAdmin(c)
		}
		return refuse("count", "must be admin")
	case "user", "company":
		switch {
		case by == "segment" || by == "tag" || by == "user" && kind == "company":
			return a.countBy(c, kind, by)
		case kind == "user":
			return refuse("count", "must be segment or tag")
		}
		return refuse("count", "must be segment, tag or user")
	}
	return refuse("type", "must be conversation, user or company")
}

// equals is a filter by one value.
func equals(field string, v search.Value) search.Query {
	return search.Query{Field: field, Operator: search.Equal, Values: []search.Value{v}}
}

func all(parts ...search.Query) search.Query {
	return search.Query{Combine: search.And, Queries: parts}
}

// contactsWith returns how many contacts meet a query.
func (a *API) contactsWith(c *call, query search.Query) (int, error) {
	page, err := a.lobby.SearchContacts(c.r.Context(), c.caller(), search.Order{Query: query})
	if err != nil {
		return 0, err
	}
	return page.Total, nil
}

func (a *API) companiesWith(c *call, filter people.CompanyFilter) (int, error) {
	_, total, err := a.lobby.Companies(c.r.Context(), c.caller(), filter, workspace.Page{Number: 1, Size: 1})
	return total, err
}

func (a *API) countAll(c *call) (encoder, error) {
	companies, err := a.companiesWith(c, people.CompanyFilter{})
	if err != nil {
		return nil, err
	}
	users, err := a.contactsWith(c, equals("role", search.TextValue(string(people.User))))
	if err != nil {
		return nil, err
	}
	leads, err := a.contactsWith(c, equals("role", search.TextValue(string(people.Lead))))
	if err != nil {
		return nil, err
	}
	tags, err := a.lobby.Tags(c.r.Context(), c.caller())
	if err != nil {
		return nil, err
	}
	segments, err := a.lobby.Segments(c.r.Context(), c.caller(), "")
	return wire.Counts{Company: companies, User: users, Lead: leads, Tag: len(tags), Segment: len(segments)}, err
}

// conversationsWith returns how many conversations meet all of some queries.
func (a *API) conversationsWith(c *call, queries ...search.Query) (int, error) {
	page, err := a.inbox.Search(c.r.Context(), c.caller(), inbox.ContactRef{}, search.Order{Query: all(queries...)})
	if err != nil {
		return 0, err
	}
	return page.Total, nil
}

// isOpen is a filter for conversations that are open, or not.
func isOpen(open bool) search.Query { return equals("open", search.BoolValue(open)) }

func (a *API) countConversations(c *call) (encoder, error) {
	closed, err := a.conversationsWith(c, isOpen(false))
	if err != nil {
		return nil, err
	}
	open, err := a.conversationsWith(c, isOpen(true))
	if err != nil {
		return nil, err
	}
	nobody, err := a.conversationsWith(c, isOpen(true), equals("admin_assignee_id", search.NullValue()), equals("team_assignee_id", search.NullValue()))
	return wire.RecordCount{Conversations: &wire.ConversationCounts{Assigned: open - nobody, Closed: closed, Open: open, Unassigned: nobody}}, err
}

func (a *API) countByAdmin(c *call) (encoder, error) {
	admins, err := a.lobby.Admins(c.r.Context(), c.caller())
	if err != nil {
		return nil, err
	}
	var counts wire.RecordCount
	for _, admin := range admins {
		mine := equals("admin_assignee_id", search.IntValue(admin.ID))
		open, err := a.conversationsWith(c, mine, isOpen(true))
		if err != nil {
			return nil, err
		}
		closed, err := a.conversationsWith(c, mine, isOpen(false))
		if err != nil {
			return nil, err
		}
		counts.Admins = append(counts.Admins, wire.AdminCount{ID: admin.ID, Name: admin.Name, Open: open, Closed: closed})
	}
	return counts, nil
}

// countBy counts users or companies by their tags, by their segments, or companies by their users.
func (a *API) countBy(c *call, kind, by string) (encoder, error) {
	counts := wire.RecordCount{Kind: kind, By: by}
	add := func(name string, n int) { counts.All = append(counts.All, wire.NamedCount{Name: name, Count: n}) }
	users := equals("role", search.TextValue(string(people.User)))
	switch by {
	case "tag":
		tags, err := a.lobby.Tags(c.r.Context(), c.caller())
		if err != nil {
			return nil, err
		}
		for _, tag := range tags {
			n := 0
			if kind == "user" {
				n, err = a.contactsWith(c, all(users, equals("tag_id", search.TextValue(strconv.FormatInt(tag.ID, 10)))))
			} else {
				n, err = a.companiesWith(c, people.CompanyFilter{TagID: tag.ID})
			}
			if err != nil {
				return nil, err
			}
			add(tag.Name, n)
		}
	case "segment":
		model := map[string]people.AttributeModel{"user": people.ContactModel, "company": people.CompanyModel}[kind]
		segments, err := a.lobby.Segments(c.r.Context(), c.caller(), model, people.WithCounts)
		if err != nil {
			return nil, err
		}
		for _, segment := range segments {
			n := *segment.Count
			if kind == "user" {
				if n, err = a.contactsWith(c, all(users, equals("segment_id", search.TextValue(segment.ID)))); err != nil {
					return nil, err
				}
			}
			add(segment.Name, n)
		}
	case "user":
		companies, _, err := a.lobby.Companies(c.r.Context(), c.caller(), people.CompanyFilter{}, workspace.Page{Number: 1, Size: people.MaxPage})
		if err != nil {
			return nil, err
		}
		for _, company := range companies {
			add(company.Name, int(company.UserCount))
		}
	}
	slices.SortStableFunc(counts.All, func(p, q wire.NamedCount) int { return q.Count - p.Count })
	return counts, nil
}
