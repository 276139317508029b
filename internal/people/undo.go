package people

import (
	"context"
	"errors"
	"maps"
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// ErrChangeNotFound says that the journal has no such entry.
var ErrChangeNotFound = errors.New("no such entry in the journal")

// DecidedUndone says that a change was undone.
const DecidedUndone Decision = "undone"

// UndoReason says why a change cannot be undone.
type UndoReason string

// The reasons.
const (
	LaterChange  UndoReason = "later_change"  // a later change of one of the people still stands
	WrittenSince UndoReason = "written_since" // the undo would conflict with values written since
)

// UndoError says that a change cannot be undone, and why.
type UndoError struct {
	Reason UndoReason
	// ChangeID is the id of the later change, for LaterChange.
	ChangeID string
	// What says what was written since, for WrittenSince.
	What string
}

func (e *UndoError) Error() string {
	if e.Reason == LaterChange {
		return "the change " + e.ChangeID + " came after it and has to be undone first"
	}
	return e.What
}

// UndoChange undoes the change that a journal entry records, and returns the entry of the undo. Each field that the change
// wrote gets its former value, unless it was written since; then the later value stays. The people's update time becomes
// now. Attachments stay on the records to which they were attached, so each person gets its own back. An undo can be
// undone. Undoing the same entry again returns the same undo and writes nothing.
//
// Errors: ErrChangeNotFound, UndoError; ConflictError and BlockedError when another contact has one of the identifiers by now.
func (l *Lobby) UndoChange(ctx context.Context, c workspace.Caller, id string) (*Change, Decision, error) {
	var undo *Change
	var decision Decision
	err := l.Store.Write(ctx, func(w Writer) error {
		u, err := lookUpUndo(w, c.Workspace, id)
		if err != nil {
			return err
		}
		undo, decision = u.last, DecidedRepeated
		if !u.done {
			decision = DecidedUndone
			undo, err = l.undo(w, c, u)
		}
		return err
	})
	return undo, decision, err
}

// undoing is a change to be undone, with everything needed for it. A change may have been undone, and the undo undone, and
// so on. Only the last of these entries can be undone.
type undoing struct {
	// original is the change itself, and last is the latest entry about it.
	original, last *Change
	// done says that the last entry already did what was asked for.
	done bool
	// subject and survivor are the people as they are now. The survivor is nil for a change made in place.
	subject, survivor *Person
}

// lookUpUndo looks up an entry and its people. It locks the people first, so that no other write undoes their changes.
func lookUpUndo(w Writer, ws workspace.ID, id string) (*undoing, error) {
	asked, err := w.Change(ws, id)
	if err != nil {
		return nil, err
	}
	if asked == nil {
		return nil, ErrChangeNotFound
	}
	u := &undoing{last: asked}
	if u.subject, err = w.Person(ws, asked.SubjectID); err != nil {
		return nil, err
	}
	gone := u.subject == nil
	if asked.SurvivorID != asked.SubjectID {
		if u.survivor, err = w.Person(ws, asked.SurvivorID); err != nil {
			return nil, err
		}
		gone = gone || u.survivor == nil
	}
	if gone { // deleted while this write waited
		return nil, ErrChangeNotFound
	}
	for next := asked; next != nil; u.done = !u.done {
		u.last = next
		if next, err = w.Undoing(ws, next.ID); err != nil {
			return nil, err
		}
	}
	u.done = !u.done
	u.original, err = originalOf(w, u.last)
	return u, err
}

// originalOf returns the change that an entry is about in the end: the entry itself when it is no undo.
func originalOf(r Reader, entry *Change) (*Change, error) {
	var err error
	for err == nil && entry != nil && entry.Undoes != "" {
		entry, err = r.Change(entry.Workspace, entry.Undoes)
	}
	return entry, err
}

// undo reverses what the last entry about a change did, and adds a new last entry.
func (l *Lobby) undo(w Writer, c workspace.Caller, u *undoing) (*Change, error) {
	if err := u.mustBeLast(w); err != nil {
		return nil, err
	}
	entry := &Change{Kind: ChangeReverted, Undoes: u.last.ID, Subject: u.subject, Survivor: u.survivor}
	var err error
	now := l.Unix()
	switch again := u.last.Undoes != ""; {
	case u.survivor == nil:
		err = u.revertInPlace(w, entry, now)
	case again && u.original.Undone:
		err = u.mergeAgain(w, entry, now)
	default:
		err = u.unmerge(w, entry, now)
	}
	if err != nil {
		return nil, err
	}
	if err := w.MarkUndone(c.Workspace, u.original.ID, !u.original.Undone); err != nil {
		return nil, err
	}
	return entry, l.record(w, c, entry)
}

// mustBeLast returns an UndoError when one of the people has a later change that still stands. A later change that was
// itself undone does not count.
func (u *undoing) mustBeLast(r Reader) error {
	for _, p := range []*Person{u.subject, u.survivor} {
		if p == nil {
			continue
		}
		later, err := r.Changes(p.Workspace, p.ID, "", MaxPage)
		if err != nil {
			return err
		}
		for _, entry := range later {
			if entry.ID <= u.last.ID {
				break
			}
			original, err := originalOf(r, entry)
			if err != nil {
				return err
			}
			if original == nil || original.ID <= u.last.ID || !original.Undone {
				return &UndoError{Reason: LaterChange, ChangeID: entry.ID}
			}
		}
		if len(later) == MaxPage && later[MaxPage-1].ID > u.last.ID {
			return &UndoError{Reason: LaterChange, ChangeID: later[0].ID}
		}
	}
	return nil
}

// unmerge undoes a merge: it makes the forwarding address a person again.
func (u *undoing) unmerge(w Writer, entry *Change, now int64) error {
	subject := u.subject.Clone()
	subject.State, subject.MergedInto, subject.UpdatedAt = u.original.Subject.State, u.original.Subject.MergedInto, now
	entry.Result, entry.Outcomes = revert(u.survivor, u.last.Survivor, u.last.Result, now)
	if err := u.check(w, u.survivor, entry.Result, u.last.Survivor); err != nil {
		return err
	}
	// Update the survivor first: it gives up an identifier before the other person takes it.
	if err := w.UpdatePerson(u.survivor, entry.Result); err != nil {
		return err
	}
	if subject.Role.IsContact() {
		if err := CheckReturn(w, subject); err != nil {
			return err
		}
	}
	if err := w.UpdatePerson(u.subject, subject); err != nil {
		return err
	}
	if len(u.last.Forwarded) == 0 {
		return nil
	}
	return w.Forward(subject.Workspace, u.last.Forwarded, subject.ID, now)
}

// mergeAgain undoes the undo of a merge. It does so only while the absorbed person's fields are as they were; otherwise
// later values would be lost.
func (u *undoing) mergeAgain(w Writer, entry *Change, now int64) error {
	for i := range Fields {
		if f := &Fields[i]; f.Rule != Either && f.Name != updatedAt && f.Name != origins && !f.Equal(u.subject, u.original.Subject) {
			return &UndoError{Reason: WrittenSince, What: f.Name + " of " + u.subject.ID + " was written since; merge it anew"}
		}
	}
	entry.Result, entry.Outcomes = revert(u.survivor, u.last.Survivor, u.last.Result, now)
	entry.Result.Attached = u.survivor.Attached || u.subject.Attached
	if err := u.check(w, u.survivor, entry.Result, u.last.Survivor); err != nil {
		return err
	}
	return apply(w, entry)
}

// revertInPlace undoes a conversion in place: it gives a person its former role back.
func (u *undoing) revertInPlace(w Writer, entry *Change, now int64) error {
	entry.Result, entry.Outcomes = revert(u.subject, u.last.Subject, u.last.Result, now)
	switch result := entry.Result; {
	case u.subject.State != Active:
		return &UndoError{Reason: WrittenSince, What: u.subject.ID + " was " + string(u.subject.State) + " since"}
	case result.Role == Visitor && result.ExternalID != "":
		return &UndoError{Reason: WrittenSince, What: "external_id was written since, and a visitor has none"}
	}
	if err := u.check(w, u.subject, entry.Result, u.last.Subject); err != nil {
		return err
	}
	return w.UpdatePerson(u.subject, entry.Result)
}

// check refuses a result with another contact's identifier. It also refuses a user left without any identifier, unless the
// user had none before.
func (u *undoing) check(r Reader, now, result, before *Person) error {
	anonymous := func(p *Person) bool { return p.Role == User && p.ExternalID == "" && p.Email == "" }
	if anonymous(result) && !anonymous(before) && !anonymous(now) {
		return &UndoError{Reason: WrittenSince, What: "an identifier was cleared since, and " + now.ID + " would be left without any"}
	}
	if result.Role == now.Role && result.ExternalID == now.ExternalID && result.Email == now.Email {
		return nil
	}
	return CheckReturn(r, result)
}

// updatedAt is the field that an undo never restores: readers that follow it must see that an undo happened. Origins are
// restored with the fields that they are about.
const updatedAt, origins = "updated_at", "origins"

// revert undoes one change, from before to after, on the person as it is now. It returns the result and the verdicts on the
// fields that the change wrote. Fields that form one set are restored together or not at all.
func revert(now, before, after *Person, at int64) (*Person, []Outcome) {
	result := now.Clone()
	result.UpdatedAt = at
	var out []Outcome
	for i := range Fields {
		f := &Fields[i]
		switch {
		case f.Name == updatedAt || f.Name == origins || f.Equal(before, after):
			continue
		case f.Rule == Either: // Attached may stay true: a needless look-up does no harm
			continue
		case f.Rule == PerKey:
			out = append(out, result.revertAttributes(before.CustomAttributes, after.CustomAttributes)...)
			continue
		}
		verdict := Kept
		if f.Rule.isUnwritten(f, now, after) {
			f.Copy(result, before)
			verdict = Returned
		}
		out = append(out, Outcome{f.Name, verdict})
	}
	traced.Undo(before, now, result)
	return result, out
}

// isUnwritten reports whether f still has the value that the change wrote. For a field of a set, the whole set must.
func (rule Rule) isUnwritten(f *Field, now, after *Person) bool {
	if rule != Campaign && rule != Place {
		return f.Equal(now, after)
	}
	for i := range Fields {
		if g := &Fields[i]; g.Rule == rule && !g.Equal(now, after) {
			return false
		}
	}
	return true
}

// revertAttributes is revert for custom attributes, each of which counts as a field.
func (p *Person) revertAttributes(before, after search.Attributes) []Outcome {
	var out []Outcome
	back := search.Attributes{}
	names := slices.Collect(maps.Keys(before))
	for name := range after {
		if _, had := before[name]; !had {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if before[name] == after[name] { // null means no value
			continue
		}
		verdict := Kept
		if p.CustomAttributes[name] == after[name] {
			back[name], verdict = before[name], Returned
		}
		out = append(out, Outcome{"custom_attributes." + name, verdict})
	}
	p.CustomAttributes = p.CustomAttributes.With(back)
	return out
}
