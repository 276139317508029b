package inbox

import (
	"cmp"
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// ConversationSearch are the fields by which conversations can be searched. Names misspelled in Intercom's description work
// in both forms. Nobody has ratings, and there is no AI agent.
var ConversationSearch = &search.Table{
	Model: "conversation", IsInclusive: true,
	TimeOperators: []search.Operator{
		search.Equal, search.NotEqual, search.In, search.NotIn, search.Less, search.Greater, search.LessOrEqual, search.GreaterOrEqual,
	},
	Fields: func() []search.Field {
		all := []search.Field{
			{Name: "id", Type: search.Serial, Within: "id.text"},
			{Name: "source.id", Type: search.Serial, Within: "source.id.text"},
			{Name: "source.body", Spell: oneWord, Within: "source.body.text"},
			{Name: "source.author.id", Type: search.ID},
			{Name: "contact_ids", Type: search.ID},
			{Name: "teammate_ids", Type: search.ID},
			{Name: "tag_ids", Type: search.ID},
			{Name: "admin_assignee_id", Type: search.Number, ZeroIsNone: true},
			{Name: "team_assignee_id", Type: search.Number, ZeroIsNone: true},
			{Name: "statistics.last_closed_by_id", Type: search.Serial, Within: "statistics.last_closed_by_id.text"},
		}
		for typ, names := range map[search.FieldType]string{
			search.Text: `source.type source.delivered_as source.subject source.author.type source.author.name source.author.email source.url
				channel_initiated state priority conversation_rating.remark conversation_rating.contact_id conversation_rating.admin_d
				conversation_rating.admin_id ai_agent.resolution_state ai_agent.last_answer_type ai_agent.rating_remark ai_agent.source_type
				ai_agent.source_title`,
			search.Time: `created_at updated_at waiting_since snoozed_until statistics.first_contact_reply_at statistics.first_assignment_at
				statistics.first_admin_reply_at statistics.first_close_at statistics.last_assignment_at statistics.last_assignment_admin_reply_at
				statistics.last_contact_reply_at statistics.last_admin_reply_at statistics.last_close_at conversation_rating.requested_at
				conversation_rating.replied_at`,
			search.Number: `statistics.time_to_assignment statistics.time_to_admin_reply statistics.time_to_first_close statistics.time_to_last_close
				statistics.median_time_to_reply statistics.count_reopens statistics.count_assignments statistics.count_conversation_parts
				conversation_rating.score ai_agent.rating`,
			search.Bool: `open read ai_agent_participated`,
		} {
			for name := range strings.FieldsSeq(names) {
				all = append(all, search.Field{Name: name, Type: typ})
			}
		}
		return all
	}(),
}

// numberIn returns the number that a conversation has in a field, and whether it has one.
func (c *Conversation) numberIn(field string) (n int64, has bool) {
	s := &c.Statistics
	switch field {
	case "id":
		return c.ID, true
	case "source.id":
		return c.MessageID, true
	case "created_at":
		return c.CreatedAt, true
	case "updated_at":
		return c.UpdatedAt, true
	case "waiting_since":
		n = c.WaitingSince
	case "snoozed_until":
		n = c.SnoozedUntil
	case "admin_assignee_id":
		n = c.AdminAssigneeID
	case "team_assignee_id":
		n = c.TeamAssigneeID
	case "statistics.first_contact_reply_at":
		n = c.FirstReplyAt
	case "statistics.first_assignment_at":
		n = s.FirstAssignmentAt
	case "statistics.first_admin_reply_at":
		n = s.FirstAdminReplyAt
	case "statistics.first_close_at":
		n = s.FirstCloseAt
	case "statistics.last_assignment_at":
		n = s.LastAssignmentAt
	case "statistics.last_assignment_admin_reply_at":
		n = s.LastAssignmentReplyAt
	case "statistics.last_contact_reply_at":
		n = s.LastContactReplyAt
	case "statistics.last_admin_reply_at":
		n = s.LastAdminReplyAt
	case "statistics.last_close_at":
		n = s.LastCloseAt
	case "statistics.last_closed_by_id":
		n = s.ClosedBy
	default:
		return c.measure(field)
	}
	return n, n != 0
}

// measure is numberIn for durations and counts, of which 0 is one, too.
func (c *Conversation) measure(field string) (n int64, has bool) {
	s := &c.Statistics
	switch field {
	case "statistics.time_to_assignment":
		return c.Took(s.RoutedAt)
	case "statistics.time_to_admin_reply":
		return c.Took(s.FirstAdminReplyAt)
	case "statistics.time_to_first_close":
		return c.Took(s.FirstCloseAt)
	case "statistics.time_to_last_close":
		return c.Took(s.LastCloseAt)
	case "statistics.median_time_to_reply":
		return s.Median()
	case "statistics.count_reopens":
		return s.Reopens, true
	case "statistics.count_assignments":
		return s.Assignments, true
	case "statistics.count_conversation_parts":
		return c.CountOfParts(), true
	}
	return 0, false
}

// SearchID returns the id with leading zeros, so that ids compare as numbers do.
func (c *Conversation) SearchID() string { return fmt.Sprintf("%024d", c.ID) }

// SearchNumber returns the id whose [Conversation.SearchID] it is; 0 for none.
func SearchNumber(searchID string) int64 {
	id, _ := strconv.ParseInt(searchID, 10, 64)
	return id
}

// SearchKey returns the key in a field that has no more than one; see [search.Record]. Of fields with several, only
// SearchKeys tells.
func (c *Conversation) SearchKey(field string) string {
	if n, has := c.numberIn(field); has {
		return search.NumberKey(search.IntValue(n))
	}
	if name, custom := strings.CutPrefix(field, "."); custom {
		return search.ValueKey(c.CustomAttributes[name])
	}
	if number, isText := strings.CutSuffix(field, ".text"); isText && field != "source.body.text" {
		if n, has := c.numberIn(number); has {
			return strconv.FormatInt(n, 10)
		}
		return ""
	}
	switch field {
	case "state":
		return string(c.State)
	case "open":
		return search.BoolKey(c.State != Closed)
	case "read":
		return search.BoolKey(c.IsRead)
	case "channel_initiated":
		return c.Source.Kind()
	}
	if part, ofSource := strings.CutPrefix(field, "source."); ofSource {
		return c.Source.searchKey(part)
	}
	return ""
}

// searchKey is SearchKey for a part of the source.
func (m *Message) searchKey(part string) string {
	switch part {
	case "type":
		return m.Kind()
	case "delivered_as":
		return string(m.Delivery)
	case "subject":
		return search.TextKey(m.Subject)
	case "body.text":
		return strings.ToLower(textOf(m.Body))
	case "url":
		return search.TextKey(m.URL)
	case "author.id":
		return m.Author.searchID()
	case "author.type":
		return m.Author.kind()
	}
	name, email := "", ""
	switch {
	case m.Contact != nil:
		name, email = m.Contact.Name, m.Contact.Email
	case m.Admin != nil:
		name, email = m.Admin.Name, m.Admin.Email
	}
	switch part {
	case "author.name":
		return search.TextKey(name)
	case "author.email":
		return search.TextKey(email)
	}
	return ""
}

// searchID returns the id of an author as conversations show it; "" for the bot.
func (a *Author) searchID() string {
	switch {
	case a.Contact != nil:
		return a.Contact.ID
	case a.ContactID == "" && a.AdminID != 0:
		return strconv.FormatInt(a.AdminID, 10)
	}
	return a.ContactID
}

// kind returns the kind of an author as the source of a conversation shows it. Visitors are leads there: they have written.
func (a *Author) kind() string {
	switch {
	case a.Contact != nil && a.Contact.Role != "user":
		return "lead"
	case a.Contact != nil || a.ContactID != "":
		return "user"
	case a.AdminID != 0:
		return "admin"
	}
	return "bot"
}

// SearchKeys returns the keys of a shown conversation in a field, as [search.Condition.Matches] needs them.
func (c *Conversation) SearchKeys(field string) (keys []string) {
	switch field {
	case "contact_ids":
		for _, p := range c.Participants {
			keys = append(keys, p.ID)
		}
		return keys
	case "teammate_ids":
		for _, id := range c.Teammates {
			keys = append(keys, strconv.FormatInt(id, 10))
		}
		return keys
	case "tag_ids":
		for _, t := range c.Tags {
			keys = append(keys, strconv.FormatInt(t.ID, 10))
		}
		return keys
	case "source.body":
		return wordsOf(c.Source.Body)
	case "priority":
		return PriorityWords(c.Priority)
	}
	return []string{c.SearchKey(field)}
}

// PriorityWords returns the words for a priority in all versions.
func PriorityWords(p Priority) []string {
	if p == NoPriority {
		return []string{"none", "not_priority"}
	}
	return []string{string(p), "priority"}
}

// textOf returns the text of safe HTML, with a blank for each tag.
func textOf(body string) string {
	var b strings.Builder
	for {
		text, rest, more := strings.Cut(body, "<")
		b.WriteString(text)
		if !more {
			return html.UnescapeString(b.String())
		}
		b.WriteByte(' ')
		_, body, _ = strings.Cut(rest, ">")
	}
}

// wordsOf returns the different words of a body, each as searches compare it.
func wordsOf(body string) (all []string) {
	known := map[string]bool{}
	for word := range strings.FieldsSeq(textOf(body)) {
		if key := search.TextKey(oneWord(word)); key != "" && !known[key] {
			known[key] = true
			all = append(all, key)
		}
	}
	return all
}

// oneWord returns a text without the punctuation around it; as it is when there is nothing else.
func oneWord(text string) string {
	return cmp.Or(strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), text)
}

// searchType returns how the values of an attribute compare.
func (a *Attribute) searchType() search.FieldType {
	switch a.Type {
	case "integer", "float":
		return search.Decimal
	case "boolean":
		return search.Bool
	}
	return search.Text
}

// comparisons returns how searches compare the values of the attributes of conversations, by their names.
func comparisons(r Reader, ws workspace.ID) func(name string) (search.FieldType, bool, error) {
	return func(name string) (search.FieldType, bool, error) {
		all, err := r.ConversationAttributes(ws)
		for _, a := range all {
			if a.Name == name {
				return a.searchType(), true, err
			}
		}
		return 0, false, err
	}
}
