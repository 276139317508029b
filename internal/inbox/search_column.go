package inbox

import "lobby/internal/search"

// priorities are all levels.
var priorities = []Priority{NoPriority, LowPriority, MediumPriority, HighPriority, UrgentPriority}

// ColumnCondition returns a condition for a store that has one value of a conversation in each column. A priority has one
// word there, where the versions of the API have several.
func ColumnCondition(c *search.Condition) *search.Condition {
	return c.Rewritten(func(filter *search.Condition) {
		if filter.Field != "priority" {
			return
		}
		var first []string
		for _, p := range priorities {
			words := PriorityWords(p)
			if filter.Matches(func(string) []string { return words }) != filter.Not {
				first = append(first, words[0])
			}
		}
		filter.Test, filter.Keys = search.OneOf, first
	})
}

// ColumnKey is [Conversation.SearchKey] for such a store. Of a flag only true is a key.
func (c *Conversation) ColumnKey(field string) string {
	switch field {
	case "priority":
		return PriorityWords(c.Priority)[0]
	case "open", "read":
		if key := c.SearchKey(field); key == search.BoolKey(true) {
			return key
		}
		return ""
	}
	return c.SearchKey(field)
}
