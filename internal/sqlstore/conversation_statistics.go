package sqlstore

import (
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// eachRecount calls do for every conversation of every workspace, with the statistics that follow from its parts.
func (t *tx) eachRecount(do func(c *inbox.Conversation, follows inbox.Statistics) error) error {
	all, err := sqlengine.List(t, `SELECT workspace, id FROM conversations ORDER BY workspace, id`, nil, func(r sqlengine.Row) (inbox.Address, error) {
		return inbox.Address{Workspace: workspace.ID(r.Text(0)), ID: r.Int(1)}, nil
	})
	if err != nil {
		return err
	}
	on := inboxTx{t}
	for _, at := range all {
		c, err := on.Conversation(at.Workspace, at.ID)
		if err != nil || c == nil {
			return err
		}
		sources, err := on.Messages(at.Workspace, []int64{c.MessageID})
		if err != nil {
			return err
		}
		if sources[c.MessageID] == nil {
			continue // another check finds it
		}
		parts, err := on.Parts(at.Workspace, at.ID, inbox.AllParts)
		if err != nil {
			return err
		}
		follows, err := c.Recount(sources[c.MessageID], parts)
		if err != nil {
			return err
		}
		if err := do(c, follows); err != nil {
			return err
		}
	}
	return nil
}

// countParts writes the statistics of all conversations.
func (t *tx) countParts() error {
	return t.eachRecount(func(c *inbox.Conversation, follows inbox.Statistics) error {
		counted := *c
		counted.Statistics = follows
		return inboxTx{t}.UpdateConversation(c, &counted)
	})
}

// checkStatistics finds conversations whose statistics are not those of their parts.
func checkStatistics(on sqlengine.Session, found *[]Finding) error {
	return (&tx{Session: on}).eachRecount(func(c *inbox.Conversation, follows inbox.Statistics) error {
		if c.Statistics != follows && len(*found) < 100 {
			*found = append(*found, Finding{"I8", string(c.Workspace), strconv.FormatInt(c.ID, 10), "a conversation whose statistics are not those of its parts"})
		}
		return nil
	})
}
