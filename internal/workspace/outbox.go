package workspace

import "context"

// Topic says what happened, by Lobby's own name for it; deliver maps it to the topics of the public API. Each noun's file
// declares its topics.
type Topic string

// OutboxEntry says that something happened. It is written in the same transaction as the change, so that there is an entry
// exactly when the change happened. It names records by their ids, and its readers read the records as they are by then.
type OutboxEntry struct {
	Workspace ID
	ID        string
	Topic     Topic
	// PersonID is the person after the change; "" for a topic about no person.
	PersonID string
	// Role is the person's role after the change, where the topic leaves it open; "" in entries older than this field.
	Role string
	// SubjectID is the journal entry, event, contact, tag, note, subscription type, company or conversation that the topic is
	// about. That of a conversation may go on with a slash and the part or the tag.
	SubjectID string
	// Sequence orders the entries of a workspace, from 1; 0 until [Registry.StampOutbox] gives it one.
	Sequence  int64
	CreatedAt int64 // Unix seconds
	// Image is the record before the change, where the tables no longer hold it. Its type belongs to the package that
	// emitted the entry. It is nil for most entries.
	Image any
}

const (
	// outboxLease is the name of the lease for giving out sequences; stampLease is its duration in seconds.
	outboxLease = "outbox"
	stampLease  = 10
	// stampBatch is the approximate number of entries that get their sequences in one transaction. Of these, stampShare is
	// the max for one workspace before it is the turn of the next.
	stampBatch = 1000
	stampShare = 250
	// outboxBatch is the max number of entries that one transaction deletes.
	outboxBatch = 500
)

// StampOutbox gives the next sequences of each workspace to its committed entries without one, in the order of their ids,
// and returns their number. What is written meanwhile may be left for the next call: under load there is always something.
// Writers may commit in another order than that of their ids, so an entry may appear after one with a higher id. It never
// appears after one with a higher sequence. That is why readers remember their position as a sequence.
//
// Servers share the work by a lease, whose owner is holder: while one server has it, the others return at once. The lease
// of a server that has died expires, and the next caller takes it.
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
		isAll := after == "" && last == "" && n < stampShare
		if total, after = total+n, last; isAll {
			return total, nil
		}
	}
}

// stamp gives out one batch of sequences to the workspaces after a given one. It returns the number of entries and the
// last workspace; "" when no workspace is left.
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

// SweepOutbox deletes the entries of a workspace that are older than [OutboxLife], sent or not. It returns their number.
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

// Emit adds an entry to the outbox. It sets the entry's id and time.
func (g *Registry) Emit(w Emitter, e *OutboxEntry) error {
	now := g.Now()
	e.CreatedAt = now.Unix()
	e.ID = g.NewEntryID(now)
	return w.Emit(e)
}
