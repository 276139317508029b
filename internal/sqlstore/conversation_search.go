package sqlstore

import (
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/search"
	"lobby/internal/searchsql"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// SearchConversations asks the database for all that columns tell. What they do not tell is tested row by row.
func (t inboxTx) SearchConversations(ws workspace.ID, s *search.Request, now int64) (*search.Page[*inbox.Conversation], error) {
	if t.left[statisticsLeft] {
		return nil, errUpgrading
	}
	due, err := t.dueConversations(ws, now)
	if err != nil {
		return nil, err
	}
	page, total, isWhole, err := t.withoutDue(ws, s, now, due)
	if err != nil || isWhole != nil {
		return isWhole, err
	}
	if s.After != nil {
		total = s.After.Total
	}
	if len(due) == 0 {
		return search.PageOf(s, page, total), nil
	}
	// The rows still say of these that they are snoozed.
	collector := search.Collect[*inbox.Conversation](s)
	for _, c := range page {
		collector.Add(c)
	}
	if err := inbox.Show(t, ws, now, due...); err != nil {
		return nil, err
	}
	for _, c := range due {
		if s.Condition.Matches(c.SearchKeys) {
			collector.Add(c)
			if s.After == nil {
				total++
			}
		}
	}
	return collector.PageWith(total), nil
}

// withoutDue finds the conversations of a page and one more, and the number of all, without those that are due. Where rows had
// to be tested one by one, these are among the others, and the page is whole.
func (t inboxTx) withoutDue(
	ws workspace.ID, s *search.Request, now int64, due []*inbox.Conversation,
) (page []*inbox.Conversation, total int, whole *search.Page[*inbox.Conversation], err error) {
	page, total, has, err := t.searchConversationIndex(ws, s, now, due)
	if has || err != nil {
		return page, total, nil, err
	}
	// A plan for any values does not know how many conversations pass a filter, and can take quadratic time.
	if t.dialect.ReplanSQL != "" {
		if err := t.Exec(t.dialect.ReplanSQL, nil); err != nil {
			return nil, 0, nil, err
		}
	}
	sql := searchsql.NewConversations(ws, inbox.ColumnCondition(s.Condition), now, len(due) > 0)
	if !sql.IsExact {
		whole, err = t.testConversations(ws, s, now, sql)
		return nil, 0, whole, err
	}
	if s.After == nil {
		count, err := sqlengine.Number(t, "SELECT count(*) FROM conversations c WHERE workspace = $1"+sql.Where, sql.Args)
		if err != nil {
			return nil, 0, nil, err
		}
		total = int(count)
	}
	page, err = t.conversationPage(ws, s, sql)
	return page, total, nil, err
}

// dueConversations returns those whose snooze is over and whose rows do not say so yet.
func (t inboxTx) dueConversations(ws workspace.ID, now int64) ([]*inbox.Conversation, error) {
	return sqlengine.List(t, selectDue, []any{string(ws), now}, t.conversations(ws))
}

var selectDue = selectConversation + "AND snoozed_until <= $2"

// conversationPage returns the conversations of a page and one more, in their order. Those without a value in the field that
// sorts come last.
func (t inboxTx) conversationPage(ws workspace.ID, s *search.Request, sql *searchsql.Conversations) (page []*inbox.Conversation, err error) {
	field := s.Sort.Field
	switch {
	case s.Limit == 0:
		return nil, nil
	case field == "" || field == "created_at" || field == "updated_at":
		return t.walkConversations(ws, s, sql, field, "")
	}
	if s.After == nil || s.After.Key != "" {
		if page, err = t.walkConversations(ws, s, sql, field, " AND c."+field+" IS NOT NULL"); err != nil || len(page) > s.Limit {
			return page, err
		}
	}
	rest := *s
	rest.Limit -= len(page)
	if s.After != nil && s.After.Key != "" {
		rest.After = nil
	}
	more, err := t.walkConversations(ws, &rest, sql, "", " AND c."+field+" IS NULL")
	return append(page, more...), err
}

// walkConversations reads conversations in the order of a column and then of their ids, one more than the limit.
func (t inboxTx) walkConversations(ws workspace.ID, s *search.Request, sql *searchsql.Conversations, column, more string) ([]*inbox.Conversation, error) {
	walk := searchsql.Query{Args: sql.Args[:len(sql.Args):len(sql.Args)]}
	if column != "" {
		column = "c." + column
	}
	query := selectConversation + sql.Where + more + walk.ConversationClause(column, s) + " LIMIT " + strconv.Itoa(s.Limit+1)
	return sqlengine.List(t, query, walk.Args, t.conversations(ws))
}

// testConversations reads all conversations that columns do not rule out, and tests the condition in memory.
func (t inboxTx) testConversations(ws workspace.ID, s *search.Request, now int64, sql *searchsql.Conversations) (*search.Page[*inbox.Conversation], error) {
	collector := search.Collect[*inbox.Conversation](s)
	err := t.eachConversation(ws, sql, now, func(c *inbox.Conversation) {
		if s.Condition.Matches(c.SearchKeys) {
			collector.Add(c)
		}
	})
	if s.After != nil {
		return collector.PageWith(s.After.Total), err
	}
	return collector.Page(), err
}

// eachConversation calls do for all conversations that columns do not rule out, as they are shown at a Unix second.
func (t inboxTx) eachConversation(ws workspace.ID, sql *searchsql.Conversations, now int64, do func(*inbox.Conversation)) error {
	next := len(sql.Args) + 1
	query := selectConversation + sql.Where + " AND c.id > $" + strconv.Itoa(next) + " ORDER BY c.id LIMIT " + strconv.Itoa(batch)
	for last := int64(0); ; {
		some, err := sqlengine.List(t, query, append(sql.Args[:next-1:next-1], last), t.conversations(ws))
		if err != nil {
			return err
		}
		if err := inbox.Show(t, ws, now, some...); err != nil {
			return err
		}
		for _, c := range some {
			last = c.ID
			do(c)
		}
		if len(some) < batch {
			return nil
		}
	}
}
