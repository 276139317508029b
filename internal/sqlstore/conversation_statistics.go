package sqlstore

import (
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// recount calls do for conversations, with the statistics that follow from their parts.
func (t *tx) recount(all []inbox.Address, do func(c *inbox.Conversation, follows inbox.Statistics) error) error {
	on := inboxTx{t}
	for _, at := range all {
		c, err := on.Conversation(at.Workspace, at.ID)
		if err != nil {
			return err
		}
		if c == nil {
			continue // deleted meanwhile
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

// writeStatistics makes the statistics of conversations those of their parts.
func (t *tx) writeStatistics(all []inbox.Address) error {
	return t.recount(all, func(c *inbox.Conversation, follows inbox.Statistics) error {
		counted := *c
		counted.Statistics = follows
		return inboxTx{t}.UpdateConversation(c, &counted)
	})
}

// nextConversations returns the next conversations after a place, in the order of workspaces and ids.
func (t *tx) nextConversations(after inbox.Address) ([]inbox.Address, error) {
	return sqlengine.List(t, `SELECT workspace, id FROM conversations WHERE (workspace, id) > ($1, $2) ORDER BY workspace, id LIMIT `+strconv.Itoa(batch),
		[]any{string(after.Workspace), after.ID}, func(r sqlengine.Row) (inbox.Address, error) {
			return inbox.Address{Workspace: workspace.ID(r.Text(0)), ID: r.Int(1)}, nil
		})
}

// countParts writes the statistics of the next conversations after a position.
func (t *tx) countParts(after []string) (next []string, rows int64, err error) {
	var at inbox.Address
	if len(after) == 2 {
		at.Workspace = workspace.ID(after[0])
		if at.ID, err = strconv.ParseInt(after[1], 10, 64); err != nil {
			return nil, 0, err
		}
	}
	all, err := t.nextConversations(at)
	if err != nil {
		return nil, 0, err
	}
	err = t.writeStatistics(all)
	if len(all) == batch {
		last := all[batch-1]
		next = []string{string(last.Workspace), strconv.FormatInt(last.ID, 10)}
	}
	return next, int64(len(all)), err
}

// checkStatistics finds conversations whose statistics are not those of their parts.
func (s *Store) checkStatistics(on sqlengine.Session, found *[]Finding) error {
	t := s.reader()
	if t.left[statisticsLeft] {
		return nil
	}
	t.Session = on
	for all, err := t.nextConversations(inbox.Address{}); len(all) > 0 || err != nil; all, err = t.nextConversations(all[len(all)-1]) {
		if err != nil {
			return err
		}
		err := t.recount(all, func(c *inbox.Conversation, follows inbox.Statistics) error {
			if c.Statistics != follows && len(*found) < 100 {
				*found = append(*found, Finding{Invariant: "I8", Workspace: string(c.Workspace), ID: strconv.FormatInt(c.ID, 10), What: "a conversation whose statistics are not those of its parts"})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
