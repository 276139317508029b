package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/personindex"
	"lobby/internal/search"
	"lobby/internal/searchsql"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// conversationSpace is the part of the index that has the conversations of a workspace. No workspace has a slash in its id.
func conversationSpace(ws workspace.ID) string { return string(ws) + "/conversations" }

// numberKey is the field of the index that has the id of a conversation as a number.
const numberKey = "number"

// conversationKeys are the fields of which the index has keys, besides custom attributes: all that a row of conversations
// tells.
var conversationKeys = append(slices.Sorted(maps.Keys(searchsql.ConversationNumbers)), "state", "open", "read", "priority")

// changeOfConversation returns the change from one image of a conversation to the next; nil stands for no conversation.
func changeOfConversation(before, after *inbox.Conversation) *personindex.Change {
	if after == nil {
		return &personindex.Change{ID: before.SearchID()}
	}
	change := &personindex.Change{ID: after.SearchID(), Kind: personindex.Contacts, IsWhole: before == nil}
	for _, field := range conversationKeys {
		key, was := after.ColumnKey(field), ""
		if before != nil {
			was = before.ColumnKey(field)
		}
		if key == was {
			continue
		}
		isNumber := searchsql.ConversationNumbers[field] != ""
		if field == "id" {
			field = numberKey
		}
		change.Keys = append(change.Keys, personindex.Key{Field: field, Text: key, IsNumber: isNumber})
	}
	var old search.Attributes
	if before != nil {
		old = before.CustomAttributes
	}
	change.Keys = append(change.Keys, personindex.ChangedAttributes(old, after.CustomAttributes)...)
	return change
}

// reindexConversation has searches find a conversation by its next image instead of the one before; nil stands for none.
func (t inboxTx) reindexConversation(before, after *inbox.Conversation) {
	on, followed := t.Session.(sqlengine.Followed)
	if !followed || t.index == nil {
		return
	}
	c := after
	if c == nil {
		c = before
	}
	on.Note(personChange{conversationSpace(c.Workspace), *changeOfConversation(before, after)})
}

// fillConversations adds all conversations of a workspace to their part of an index.
func (t *tx) fillConversations(ctx context.Context, index *personindex.Batch, ws workspace.ID) error {
	read := readConversation(ws)
	return t.Query(selectConversation+"ORDER BY id", []any{string(ws)}, func(r sqlengine.Row) error {
		c, err := read(r)
		if err != nil {
			return err
		}
		index.Add(changeOfConversation(nil, c))
		return ctx.Err()
	})
}

// searchConversationIndex asks the index for the page of a search, without the conversations that are due, and with one
// conversation more than the page has. It reports whether there is an index.
func (t inboxTx) searchConversationIndex(
	ws workspace.ID, s *search.Request, now int64, due []*inbox.Conversation,
) (page []*inbox.Conversation, total int, has bool, err error) {
	request := *s
	request.Condition = indexedCondition(s.Condition)
	without := make([]string, len(due))
	for i, c := range due {
		without[i] = c.SearchID()
	}
	var ids []string
	isOutdated := false // by the same transaction
	has, err = t.askIndex(workspace.ID(conversationSpace(ws)), func(x *personindex.Index, changed []string) (err error) {
		if isOutdated = len(changed) > 0; isOutdated {
			return nil
		}
		ask := func(filter *search.Condition) ([]string, error) {
			if c := request.Condition; c.Combine == search.And && !c.Not && slices.Contains(c.Parts, filter) {
				return t.outsideIndex(ws, filter, s.Condition, now)
			}
			return t.outsideIndex(ws, filter, nil, now)
		}
		return x.Match(conversationSpace(ws), personindex.Contacts, request.Condition, ask, without, func(m *personindex.Matches) (err error) {
			switch total = m.Total; {
			case s.Limit == 0:
			case s.Sort.Field == "updated_at" && total > t.limits.matches:
				ids, err = t.walkMatches(ws, s, m.Has)
			default:
				ids = m.First(&request)
			}
			return err
		})
	})
	if has = has && !isOutdated; !has || err != nil || len(ids) == 0 {
		return nil, total, has, err
	}
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		numbers[i] = inbox.SearchNumber(id)
	}
	in, args := inIDs([]any{string(ws)}, numbers)
	page, err = sqlengine.List(t, selectConversation+"AND id "+in, args, t.conversations(ws))
	if err != nil {
		return nil, 0, true, err
	}
	if len(page) != len(ids) { // this must not happen; the rows are right
		t.index.store.observer.BackgroundFailed("index of conversations", fmt.Errorf("%d of %d conversations are not there", len(ids)-len(page), len(ids)))
		t.index.begin()
		return nil, 0, false, nil
	}
	place := make(map[int64]int, len(ids))
	for i, id := range numbers {
		place[id] = i
	}
	slices.SortFunc(page, func(a, b *inbox.Conversation) int { return place[a.ID] - place[b.ID] })
	return page, total, true, nil
}

// walkMatches returns the ids of a page and one more. It reads the latest updates first, or last, until it has seen so many
// that has reports to be matches.
func (t inboxTx) walkMatches(ws workspace.ID, s *search.Request, has func(id string) bool) (ids []string, err error) {
	sql := searchsql.New(ws)
	query := "SELECT c.id FROM conversations c WHERE workspace = $1" + sql.ConversationClause("c.updated_at", s)
	err = t.Query(query, sql.Args, func(r sqlengine.Row) error {
		if id := (&inbox.Conversation{ID: r.Int(0)}).SearchID(); has(id) {
			ids = append(ids, id)
		}
		if len(ids) > s.Limit {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return ids, err
}

// outsideIndex returns the conversations that meet a condition on fields that are not in the index, before its negation. Unless
// whole is nil, it may leave out those that do not meet whole but for the condition.
func (t inboxTx) outsideIndex(ws workspace.ID, filter, whole *search.Condition, now int64) ([]string, error) {
	plain := filter.Rewritten(func(f *search.Condition) { f.Field = strings.TrimPrefix(f.Field, personindex.OutsidePrefix) })
	plain.Not = false
	sql := searchsql.NewConversations(ws, plain, now, false)
	if sql.IsExact {
		return sqlengine.List(t, "SELECT c.id FROM conversations c WHERE workspace = $1"+sql.Where, sql.Args, func(r sqlengine.Row) (string, error) {
			return (&inbox.Conversation{ID: r.Int(0)}).SearchID(), nil
		})
	}
	if whole != nil {
		sql = searchsql.NewConversations(ws, inbox.ColumnCondition(whole), now, false)
	}
	var ids []string
	err := t.eachConversation(ws, sql, now, func(c *inbox.Conversation) {
		if plain.Matches(c.SearchKeys) {
			ids = append(ids, c.SearchID())
		}
	})
	return ids, err
}

// indexedCondition returns a condition on the fields of the index.
func indexedCondition(c *search.Condition) *search.Condition {
	return inbox.ColumnCondition(c).Rewritten(func(filter *search.Condition) {
		switch {
		case filter.Field == "id":
			filter.Field = numberKey
		case !slices.Contains(conversationKeys, filter.Field) && !strings.HasPrefix(filter.Field, search.CustomKey("")):
			filter.Field = personindex.OutsidePrefix + filter.Field
		}
	})
}
