package searchsql

import (
	"slices"
	"strconv"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Conversations is a condition on conversations c, as far as columns can test it.
type Conversations struct {
	Query
	Where string // to follow a WHERE, with its AND
	// IsExact says that those who pass are those who meet the condition. Otherwise they are among them.
	IsExact bool
}

// NewConversations returns the condition at a Unix second, without the conversations whose rows do not say yet that their snooze is over.
func NewConversations(ws workspace.ID, c *search.Condition, now int64, withoutDue bool) *Conversations {
	s := &Conversations{Query: *New(ws)}
	where, exact := s.narrow(c)
	s.Where, s.IsExact = where, exact
	switch {
	case withoutDue && exact:
		s.Where += " AND (c.snoozed_until IS NULL OR c.snoozed_until > " + s.Arg(now) + ")"
	case withoutDue: // the rows of those that are due do not tell their state
		*s = Conversations{Query: *New(ws)}
		s.Where = s.bySource(c)
	}
	return s
}

// narrow returns the SQL of those parts of a condition that columns can test, and whether these are all.
func (s *Conversations) narrow(c *search.Condition) (sql string, exact bool) {
	if c.Combine == search.And && !c.Not {
		exact = true
		for _, part := range c.Parts {
			one, whole := s.narrow(part)
			sql, exact = sql+one, exact && whole
		}
		return sql, exact
	}
	before := len(s.Args)
	if sql, exact = s.test(c); !exact {
		s.Args = s.Args[:before]
		return s.bySource(c), false
	}
	return " AND (" + sql + ")", true
}

// test returns the SQL of a condition, which is never null, and whether columns can test it.
func (s *Conversations) test(c *search.Condition) (sql string, exact bool) {
	if c.Combine == "" {
		sql, exact = s.filterConversations(c)
	} else {
		parts := make([]string, len(c.Parts))
		exact = true
		for i, part := range c.Parts {
			one, whole := s.test(part)
			parts[i], exact = "("+one+")", exact && whole
		}
		sql = strings.Join(parts, " "+string(c.Combine)+" ")
		if len(parts) == 0 {
			sql = map[search.Combination]string{search.And: Always, search.Or: Never}[c.Combine]
		}
	}
	if c.Not {
		sql = "NOT (" + sql + ")"
	}
	return sql, exact
}

// took is the time from the first word of a contact to a column.
func took(column string) string {
	return "CASE WHEN c." + column + " < c.first_reply_at THEN 0 ELSE c." + column + " - c.first_reply_at END"
}

// ConversationNumbers are the columns and expressions of the fields that are numbers.
var ConversationNumbers = map[string]string{
	"id": "c.id", "source.id": "c.message_id", "created_at": "c.created_at", "updated_at": "c.updated_at",
	"waiting_since": "c.waiting_since", "snoozed_until": "c.snoozed_until",
	"admin_assignee_id": "c.admin_assignee_id", "team_assignee_id": "c.team_assignee_id",
	"statistics.first_contact_reply_at":         "c.first_reply_at",
	"statistics.first_assignment_at":            "c.first_assignment_at",
	"statistics.first_admin_reply_at":           "c.first_admin_reply_at",
	"statistics.first_close_at":                 "c.first_close_at",
	"statistics.last_assignment_at":             "c.last_assignment_at",
	"statistics.last_assignment_admin_reply_at": "c.last_assignment_reply_at",
	"statistics.last_contact_reply_at":          "c.last_contact_reply_at",
	"statistics.last_admin_reply_at":            "c.last_admin_reply_at",
	"statistics.last_close_at":                  "c.last_close_at",
	"statistics.last_closed_by_id":              "c.closed_by",
	"statistics.time_to_assignment":             took("routed_at"),
	"statistics.time_to_admin_reply":            took("first_admin_reply_at"),
	"statistics.time_to_first_close":            took("first_close_at"),
	"statistics.time_to_last_close":             took("last_close_at"),
	"statistics.median_time_to_reply":           `CASE WHEN c.pace LIKE '%"times"%' THEN coalesce(c.median_reply_time, 0) END`,
	"statistics.count_reopens":                  "coalesce(c.reopens, 0)",
	"statistics.count_assignments":              "coalesce(c.assignments, 0)",
	"statistics.count_conversation_parts":       "coalesce(c.part_count, 0) + 1",
}

// channel is how the message of a conversation reached its recipients.
const channel = `(SELECT CASE WHEN m.message_type = 'email' THEN 'email' ELSE 'conversation' END FROM messages m WHERE m.workspace = $1 AND m.id = c.message_id)`

// conversationTexts are the expressions of the fields that are texts without capital letters.
var conversationTexts = map[string]string{
	"state":                             "c.state",
	"priority":                          "coalesce(c.priority, 'none')",
	"source.type":                       channel,
	"channel_initiated":                 channel,
	"source.delivered_as":               "(SELECT m.delivered_as FROM messages m WHERE m.workspace = $1 AND m.id = c.message_id)",
	"id.text":                           "CAST(c.id AS TEXT)",
	"source.id.text":                    "CAST(c.message_id AS TEXT)",
	"statistics.last_closed_by_id.text": "CAST(c.closed_by AS TEXT)",
}

// filterConversations is test for a filter before its negation.
func (s *Conversations) filterConversations(c *search.Condition) (sql string, exact bool) {
	if number := ConversationNumbers[c.Field]; number != "" {
		sql, exact = s.WholeNumber("("+number+")", c)
		return "(" + number + ") IS NOT NULL AND " + sql, exact
	}
	if text := conversationTexts[c.Field]; text != "" {
		return text + " IS NOT NULL AND " + s.Predicate(text, c), true
	}
	switch c.Field {
	case "open": // of a flag, only true is a key
		return "c.state <> 'closed'", true
	case "read":
		return "c.is_read IS NOT NULL", true
	case "contact_ids":
		return s.hasContact(c), true
	case "teammate_ids":
		return "c.id IN (SELECT a.conversation_id FROM conversation_admins a WHERE a.workspace = $1 AND " +
			s.Predicate("CAST(a.admin_id AS TEXT)", c) + ")", true
	case "tag_ids":
		return "c.id IN (SELECT t.conversation_id FROM conversation_tags t WHERE t.workspace = $1 AND " + s.tagTest(c) + ")", true
	}
	if group, _, _ := strings.Cut(c.Field, "."); group == "conversation_rating" || group == "ai_agent" || c.Field == "ai_agent_participated" {
		return Never, true // nobody has any of these
	}
	return "", false
}

// tagTest is the test of the tags t of a conversation.
func (s *Conversations) tagTest(c *search.Condition) string {
	if c.Test == search.OneOf {
		return s.TagPredicate(c)
	}
	return s.Predicate("CAST(t.tag_id AS TEXT)", c)
}

// hasContact tests who takes part, as they are today.
func (s *Conversations) hasContact(c *search.Condition) string {
	if c.Test == search.OneOf && len(c.Keys) > 0 {
		keys := s.ArgList(slices.Clone(c.Keys))
		return `c.id IN (SELECT a.conversation_id FROM conversation_participants a WHERE a.workspace = $1 AND a.person_id IN (
			SELECT id FROM people WHERE workspace = $1 AND id IN (` + keys + `) AND merged_into IS NULL
			UNION ALL SELECT id FROM people WHERE workspace = $1 AND merged_into IN (` + keys + `)))`
	}
	return `c.id IN (SELECT a.conversation_id FROM conversation_participants a JOIN people p ON p.workspace = $1 AND p.id = a.person_id
		WHERE a.workspace = $1 AND ` + s.Predicate("coalesce(p.merged_into, p.id)", c) + ")"
}

// ConversationClause is PageClause for a column of numbers and then the id; without a column, for the id alone.
func (s *Query) ConversationClause(column string, r *search.Request) string {
	columns := []string{"c.id"}
	var position []any
	if r.After != nil {
		id, _ := strconv.ParseInt(r.After.ID, 10, 64) // a place that is none of ours has nothing behind it
		position = []any{id}
	}
	if column != "" {
		columns = []string{column, "c.id"}
		if r.After != nil {
			n, _, _ := search.KeyNumber(r.After.Key)
			position = append([]any{n}, position...)
		}
	}
	return s.PageClause(columns, position, r.Sort.Ascending)
}
