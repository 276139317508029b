package workspace

import "context"

// Topic says what happened, in Lobby's own words; deliver turns it into the topics of the public API. Each noun's file has
// its own.
type Topic string

// OutboxEntry says that something happened. It is written in the transaction of what it tells of, so that nothing can
// happen without an entry, and no entry exists of what did not happen. It names the records by their ids: what is made of
// it reads them as they are then. An image is kept only of what they cannot tell any more.
type OutboxEntry struct {
	Workspace ID
	ID        string
	Topic     Topic
	// PersonID is the person as it is now, empty for a topic about nobody; SubjectID the journal entry, event, contact,
	// tag, note, subscription type or company that the topic is about.
	PersonID  string
	SubjectID string
	// Sequence is the place of the entry in its workspace, from 1 on; 0 while it has none. See [Registry.StampOutbox].
	Sequence  int64
	CreatedAt int64
	// Image is the record as it was, of what the tables cannot tell any more: a value of the package that emitted the entry.
	// It is nil for most entries.
	Image any
}

const (
	// outboxLease names the lease of the server that gives out sequences, and stampLease is how many seconds it lasts.
	outboxLease = "outbox"
	stampLease  = 10
	// stampBatch is about how many entries get their sequences in one transaction, and stampShare at most how many of one
	// workspace before the next has its turn.
	stampBatch = 1000
	stampShare = 250
	// outboxBatch is how many entries are deleted in one transaction.
	outboxBatch = 500
)

// StampOutbox gives each entry that is committed and has none the next sequence of its workspace, and returns how many it
// was. Writers commit in another order than that of their ids, so an entry may appear behind a later id; but never behind
// a later sequence, by which a reader therefore remembers how far it has come.
//
// Servers share the work by a lease, which holder names: while one has it, the others return at once. When it is gone, the
// lease expires, and whoever comes next takes it.
func (g *Registry) StampOutbox(ctx context.Context, holder string) (int, error) {
	total := 0
	for after := ID(""); ; {
		waiting := false
		err := g.Store.Read(ctx, func(r Reader) (err error) {
			waiting, err = r.OutboxWaits()
			return err
		})
		if err != nil || !waiting {
			return total, err
		}
		isLeased, n, last := false, 0, after
		err = g.Store.Write(ctx, func(w Writer) (err error) {
			now := g.Unix()
			if isLeased, err = w.TakeLease(outboxLease, holder, now, now+stampLease); err != nil || !isLeased {
				return err
			}
			n, last, err = stamp(w, after)
			return err
		})
		if err != nil || !isLeased {
			return total, err
		}
		total, after = total+n, last
	}
}

// stamp gives out one batch of sequences, to the workspaces after one and until the one that it returns, "" at the end.
func stamp(w Writer, after ID) (n int, last ID, err error) {
	for n < stampBatch {
		ws, stamped, err := w.StampOutbox(after, stampShare)
		if err != nil || stamped == 0 {
			return n, "", err
		}
		n, after = n+stamped, ws
	}
	return n, after, nil
}

// SweepOutbox deletes the entries of a workspace that are older than [OutboxLife], sent or not, and returns how many.
func (g *Registry) SweepOutbox(ctx context.Context, ws *Workspace) (int, error) {
	before := g.Unix() - OutboxLife.Number(ws)*24*60*60
	for total := 0; ; {
		n := 0
		err := g.Store.Write(ctx, func(w Writer) (err error) {
			n, err = w.DeleteOutbox(ws.ID, before, outboxBatch)
			return err
		})
		if err != nil {
			return total, err
		}
		if total += n; n < outboxBatch {
			return total, nil
		}
	}
}

// Emit puts an entry into the outbox, with an id and the time.
func (g *Registry) Emit(w Emitter, e *OutboxEntry) error {
	e.CreatedAt = g.Unix()
	e.ID = g.IDAt(e.CreatedAt)
	return w.Emit(e)
}
