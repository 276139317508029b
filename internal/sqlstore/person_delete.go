package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

func (t *tx) DeletePerson(ws workspace.ID, id string, erasedAt int64) error {
	if erasedAt != 0 {
		absorbed, err := t.Absorbed(ws, id)
		if err != nil {
			return err
		}
		// Those whom the person absorbed may be people of their own in an older copy of the data.
		if err := t.remember(ws, append(absorbed, id), erasedAt); err != nil {
			return err
		}
	}
	return t.recounting(ws, []string{id}, "", erasedAt, func() error { return t.deletePerson(ws, id) })
}

func (t *tx) deletePerson(ws workspace.ID, id string) error {
	args := []any{string(ws), id}
	// An image in the outbox tells something of the person, too. The entries stay, with ids only.
	if err := t.Exec(forgetImages, args); err != nil {
		return err
	}
	if err := t.deleteDeliveriesAbout(ws, id); err != nil {
		return err
	}
	for _, table := range attachments {
		if err := t.Exec("DELETE FROM "+table+" WHERE workspace = $1 AND person_id IN "+lineage, args); err != nil {
			return err
		}
	}
	if err := t.Exec(deleteDistinctions, args); err != nil {
		return err
	}
	if err := t.deleteJournal(ws, id); err != nil {
		return err
	}
	p, err := t.Person(ws, id)
	if err != nil || p == nil {
		return err
	}
	if err := t.reindex(p, nil); err != nil {
		return err
	}
	return t.Exec(deleteLineage, args)
}

// deleteLineage deletes a person and those that it absorbed.
const deleteLineage = "DELETE FROM people WHERE workspace = $1 AND id IN " + lineage

// forgetImages empties the outbox of the images that tell of a person. It names the workspace in a form that no index has:
// SQLite would prefer the primary key, and read all that the workspace has in the outbox.
const forgetImages = `UPDATE outbox SET image = NULL WHERE workspace = $1 AND id IN (
	SELECT o.id FROM ` + lineage + ` AS life CROSS JOIN outbox o WHERE (o.workspace || '') = $1 AND o.person_id = life.id AND o.image IS NOT NULL)`

// deleteJournal deletes the entries about a person and about those that it absorbed, and every other entry with an image
// in which their values may stand.
//
// While a person was merged into another, that one had its values, and so have its images in entries of that time. An undo
// of the merge was possible only after all of them were undone. So these entries change nothing any more.
func (t *tx) deleteJournal(ws workspace.ID, id string) error {
	own, err := sqlengine.List(t, "SELECT id FROM people WHERE workspace = $1 AND id IN "+lineage, []any{string(ws), id},
		func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
	if err != nil {
		return err
	}
	gone := map[string]bool{} // entries, by id
	for _, id := range own {
		if err := t.collectEntries(ws, id, "", endOfTime, gone); err != nil {
			return err
		}
	}
	for id := range gone {
		if err := t.Exec("DELETE FROM changes WHERE workspace = $1 AND id = $2", []any{string(ws), id}); err != nil {
			return err
		}
	}
	return nil
}

// endOfTime comes after the id of each entry.
const endOfTime = "~"

// collectEntries adds the entries about a person after one entry and before another. For each of the other persons to whom
// a merge led, it adds what was written about them while the merge stood.
func (t *tx) collectEntries(ws workspace.ID, personID, after, before string, into map[string]bool) error {
	entries, err := sqlengine.List(t, entriesBetween, []any{string(ws), personID, after, before}, readEntryLink)
	if err != nil {
		return err
	}
	original := map[string]string{} // by the id of an entry
	ends := map[string]entryLink{}  // by the id of the original: the last entry about it
	for _, e := range entries {
		original[e.id] = e.id
		if first, ok := original[e.undoes]; ok {
			original[e.id] = first
		}
		ends[original[e.id]] = e
	}
	for _, e := range entries {
		if into[e.id] {
			continue
		}
		into[e.id] = true
		last := ends[e.id] // zero for an undo
		other := e.survivorID
		if other == personID {
			other = e.subjectID
		}
		if other == "" || other == personID || last.id == "" || last.id == e.id {
			continue
		}
		if err := t.collectEntries(ws, other, e.id, last.id, into); err != nil {
			return err
		}
	}
	return nil
}

// entryLink is what an entry says of other entries. survivorID is "" when the change was made in place.
type entryLink struct{ id, undoes, subjectID, survivorID string }

func readEntryLink(r sqlengine.Row) (entryLink, error) {
	return entryLink{r.Text(0), r.Text(1), r.Text(2), r.Text(3)}, nil
}

// entriesBetween selects entries about one person, oldest first.
const entriesBetween = `SELECT id, undoes, subject_id, survivor_id FROM changes WHERE workspace = $1 AND id > $3 AND id < $4 AND id IN (
		SELECT id FROM changes WHERE workspace = $1 AND subject_id = $2
		UNION ALL SELECT id FROM changes WHERE workspace = $1 AND survivor_id = $2
	) ORDER BY id`
