package sqlstore

import (
	"context"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Inbox returns the store of the conversations in the same database.
func (s *Store) Inbox() inbox.Store { return inboxes{s} }

// inboxes is inbox.Store over the same database.
type inboxes struct{ *Store }

// Read implements inbox.Store.
func (s inboxes) Read(ctx context.Context, fn func(inbox.Reader) error) error {
	return s.Store.Read(ctx, func(r people.Reader) error { return fn(inboxTx{r.(*tx)}) })
}

// Write implements inbox.Store.
func (s inboxes) Write(ctx context.Context, fn func(inbox.Writer) error) error {
	return s.Store.Write(ctx, func(w people.Writer) error { return fn(inboxTx{w.(*tx)}) })
}

// inboxTx is inbox.Reader and inbox.Writer on one transaction.
type inboxTx struct{ *tx }

var _ inbox.Writer = inboxTx{}

// InboxWriter returns the writer of conversations in the transaction of a writer of persons.
func InboxWriter(w people.Writer) inbox.Writer { return inboxTx{w.(*tx)} }

// Inbox returns the reader of conversations in the same view. Package deliver asks for it.
func (t *tx) Inbox() inbox.Reader { return inboxTx{t} }

// PeopleReader returns the reader of persons in the same view as a reader of conversations.
func PeopleReader(r inbox.Reader) people.Reader { return r.(inboxTx).tx }

// PeopleWriter returns the writer of persons in the transaction of a writer of conversations.
func PeopleWriter(w inbox.Writer) people.Writer { return w.(inboxTx).tx }

// Unlocked implements inbox.Writer.
func (t inboxTx) Unlocked() inbox.Reader {
	unlocked := *t.tx
	unlocked.lock = false
	return inboxTx{&unlocked}
}

// grouped runs a query whose rows belong to records with numbers; the first column says to which. The condition that a
// column is one of the ids comes between the two parts of the query.
func grouped[T any](t inboxTx, before, after string, ws workspace.ID, ids []int64, read func(sqlengine.Row) T) (map[int64][]T, error) {
	all := map[int64][]T{}
	if len(ids) == 0 {
		return all, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	err := t.Query(before+in+after, args, func(r sqlengine.Row) error {
		all[r.Int(0)] = append(all[r.Int(0)], read(r))
		return nil
	})
	return all, err
}
