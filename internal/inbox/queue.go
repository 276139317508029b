package inbox

import (
	"context"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Queue says which conversations somebody works on.
type Queue struct {
	State State
	// Assignee is an admin or a team. Its kind "" is for anybody and nobody.
	Assignee Assignee
	// Unassigned leaves only those that neither an admin nor a team has. Assignee is not read then.
	Unassigned bool
}

// QueuePage is one page of a queue, the latest update first.
type QueuePage struct {
	// Conversations have at most one element in Parts: the last words after the message, notes included.
	Conversations []*Conversation
	// More says that there are conversations after the page.
	More bool
}

// spokenTypes are the types of parts that have words, for contacts or for admins only.
var spokenTypes = append([]PartType{NotePart, NoteAndUnsnoozePart}, shownTypes...)

// QueuedConversations lists the conversations of a queue below a position, at most limit.
func (in *Inbox) QueuedConversations(ctx context.Context, c workspace.Caller, queue Queue, below Position, limit int) (*QueuePage, error) {
	return read(ctx, in, func(r Reader) (page *QueuePage, err error) {
		page = new(QueuePage)
		if page.Conversations, err = r.QueuedConversations(c.Workspace, queue, below, limit+1); err != nil {
			return nil, err
		}
		if page.More = len(page.Conversations) > limit; page.More {
			page.Conversations = page.Conversations[:limit]
		}
		if err := addLastWords(r, c.Workspace, page.Conversations, spokenTypes); err != nil {
			return nil, err
		}
		return page, Show(r, c.Workspace, in.Unix(), page.Conversations...)
	})
}

// query returns the search that finds what is in a queue.
func (q *Queue) query() search.Query {
	filter := func(field string, value search.Value) search.Query {
		return search.Query{Field: field, Operator: search.Equal, Values: []search.Value{value}}
	}
	all := search.Query{Combine: search.And, Queries: []search.Query{filter("state", search.TextValue(string(q.State)))}}
	switch {
	case q.Unassigned:
		all.Queries = append(all.Queries, filter("admin_assignee_id", search.NullValue()), filter("team_assignee_id", search.NullValue()))
	case q.Assignee.Kind == AdminAssignee:
		all.Queries = append(all.Queries, filter("admin_assignee_id", search.IntValue(q.Assignee.ID)))
	case q.Assignee.Kind == TeamAssignee:
		all.Queries = append(all.Queries, filter("team_assignee_id", search.IntValue(q.Assignee.ID)))
	}
	return all
}

// CountQueues returns how many conversations are in each of some queues, all at one moment.
func (in *Inbox) CountQueues(ctx context.Context, c workspace.Caller, queues ...Queue) ([]int, error) {
	return read(ctx, in, func(r Reader) ([]int, error) {
		counts := make([]int, len(queues))
		for i := range queues {
			condition, err := queues[i].query().Check(ConversationSearch, search.Rules{Exact: true})
			if err != nil {
				return nil, err
			}
			page, err := r.SearchConversations(c.Workspace, &search.Request{Condition: condition, Sort: search.Sort{Field: "updated_at", ByID: true}}, 0)
			if err != nil {
				return nil, err
			}
			counts[i] = page.Total
		}
		return counts, nil
	})
}

// ConversationsWith returns the latest conversations in which a person takes part, at most limit, as [QueuePage] has them, and
// the number of all.
func (in *Inbox) ConversationsWith(ctx context.Context, c workspace.Caller, personID string, limit int) (all []*Conversation, total int, err error) {
	err = in.Store.Read(ctx, func(r Reader) error {
		ids, err := r.ConversationsOf(c.Workspace, personID)
		if total = len(ids); err != nil {
			return err
		}
		if all, err = r.ConversationsWith(c.Workspace, personID, limit); err != nil {
			return err
		}
		if err := addLastWords(r, c.Workspace, all, spokenTypes); err != nil {
			return err
		}
		return Show(r, c.Workspace, in.Unix(), all...)
	})
	return all, total, err
}

// addLastWords gives each conversation its last words of some types as its only part, if it has such a part.
func addLastWords(r Reader, ws workspace.ID, all []*Conversation, types []PartType) error {
	ids := make([]int64, len(all))
	for i, one := range all {
		ids[i] = one.ID
	}
	last, err := r.LastParts(ws, ids, types)
	for _, one := range all {
		if p := last[one.ID]; p != nil {
			one.Parts = []*Part{p}
		}
	}
	return err
}
