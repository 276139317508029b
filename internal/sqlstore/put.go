package sqlstore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Put runs fn with an importer of a workspace that exists, in one transaction. Nothing is written when fn returns an error
// or dryRun is true. fn may run again from the start. Unlike [Store.Import] it checks no invariants.
func (s *Store) Put(ctx context.Context, ws workspace.ID, at time.Time, dryRun bool, fn func(*Importer) error) error {
	err := s.write(ctx, func(on sqlengine.Session) error {
		i := s.importer(on, at)
		i.tx.index, i.tx.mayScan, i.tx.mayHaveKeys = s.index, true, true
		if err := i.enter(ws); err != nil {
			return err
		}
		if err := fn(i); err != nil {
			return err
		}
		if dryRun {
			return errDryRun
		}
		return i.keepNumbers()
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

// Put adds a record of any kind but workspaces and people, or replaces the one with the same key. Errors are those of
// [Importer.Add].
func (i *Importer) Put(name string, object []byte) error {
	r := recordNamed(name)
	if r == nil || r.table == personTable || r.scope() != "workspace" {
		return refuseRow("", "no record called %q can be replaced", name)
	}
	return i.add(r, r.upsertRow(), object)
}

// Part is a record that hangs on a person.
type Part struct {
	Name string
	Row  []byte
}

// replacedParts are the tables whose rows of a person are replaced as a whole. Of others, rows are added.
var replacedParts = []string{"person_tags", "person_companies", "person_subscriptions", "event_summaries"}

// Kept says why a person was not changed; empty when it was.
type Kept string

// Why a person stays as it is.
const (
	KeptMerged Kept = "it was merged into another person here"
	KeptNewer  Kept = "it was changed here later than there"
	KeptErased Kept = "it was erased here"
)

// PutPerson adds a person with what hangs on it, or changes the one with the same id: the columns that the object has, and
// all of its tags, companies, subscriptions and summaries; events and notes are added. Errors are those of [Importer.Add],
// and a conflict with another person.
func (i *Importer) PutPerson(object []byte, parts []Part) (Kept, error) {
	row, err := i.read(recordNamed("person"), object)
	if err != nil {
		return "", err
	}
	id := row.value("id").(string)
	before, err := i.tx.Person(i.workspace, id)
	if err != nil {
		return "", err
	}
	after := &people.Person{Workspace: i.workspace}
	if before == nil {
		erased, err := i.tx.Erased(i.workspace, []string{id})
		if err != nil || erased[id] {
			return KeptErased, err
		}
	} else {
		if before.State == people.Merged {
			return KeptMerged, nil
		}
		if updated, _ := row.value("updated_at").(int64); updated < before.UpdatedAt {
			return KeptNewer, nil
		}
		after = before.Clone()
	}
	if err := row.apply(after, before != nil); err != nil {
		return "", err
	}
	after.Trace(before, before, workspace.Actor{Kind: "import"}, i.at)
	after.Attached = after.Attached || len(parts) > 0
	if after.State == people.Active {
		if err := people.CheckReturn(i.tx, after); err != nil {
			return "", err
		}
	}
	if before == nil {
		err = i.tx.InsertPerson(after)
	} else {
		err = i.tx.UpdatePerson(before, after)
	}
	if err != nil {
		return "", err
	}
	return "", i.putParts(id, parts)
}

// PutConversation is inbox.Import within the transaction.
func (i *Importer) PutConversation(c *inbox.Conversation) ([]inbox.LeftOut, error) {
	highest := func(kind string, id int64) { i.numbers[kind] = max(i.numbers[kind], id) }
	highest("conversation", c.ID)
	highest("message", c.MessageID)
	for _, p := range c.Parts {
		highest("part", p.ID)
	}
	left, err := inbox.Import(inboxTx{i.tx}, c, i.at)
	if errors.Is(err, sqlengine.ErrTaken) {
		err = refuseRow("", "another record has its key")
	}
	return left, err
}

// putParts replaces what hangs on a person. It does not count as a change of its companies.
func (i *Importer) putParts(id string, parts []Part) error {
	return i.tx.recounting(i.workspace, []string{id}, "", 0, func() error {
		for _, table := range replacedParts {
			if err := i.tx.Exec("DELETE FROM "+table+" WHERE workspace = $1 AND person_id = $2", []any{string(i.workspace), id}); err != nil {
				return err
			}
		}
		for _, part := range parts {
			r := recordNamed(part.Name)
			sql := r.upsertRow()
			if r.table == eventTable {
				sql = r.insertRow() + " ON CONFLICT DO NOTHING" // the same in the same second is one event, whatever its id
			}
			if err := i.add(r, sql, part.Row); err != nil {
				return err
			}
		}
		return nil
	})
}

// upsertRow is the statement that writes one row, over the one with the same key.
func (r *record) upsertRow() string {
	keys := strings.Split(r.order, ", ")
	var set []string
	assign := func(name string) {
		if !slices.Contains(keys, name) {
			set = append(set, name+" = excluded."+name)
		}
	}
	for _, c := range r.columns {
		assign(c.name)
	}
	for _, d := range r.derived {
		assign(d.name)
	}
	do := "NOTHING"
	if len(set) > 0 {
		do = "UPDATE SET " + strings.Join(set, ", ")
	}
	return r.insertRow() + " ON CONFLICT (workspace, " + r.order + ") DO " + do
}

// Breaches returns what [Store.Check] finds in one workspace.
func (s *Store) Breaches(ctx context.Context, ws workspace.ID) (found []Finding, err error) {
	all, err := s.Check(ctx)
	for _, f := range all {
		if f.Workspace == string(ws) || f.Workspace == "" {
			found = append(found, f)
		}
	}
	return found, err
}
