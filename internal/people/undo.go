package people

import (
	"context"
	"errors"
	"maps"
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// ErrChangeNotFound refuses an undo.
var ErrChangeNotFound = errors.New("no such entry in the journal")

// DecidedUndone says that a change was taken back.
const DecidedUndone Decision = "undone"

// UndoReason is why a change cannot be taken back.
type UndoReason string

// The reasons.
const (
	LaterChange  UndoReason = "later_change"  // another change of one of the people came after it and stands
	WrittenSince UndoReason = "written_since" // what was written since would fit neither of the people
)

// UndoError says that a change cannot be taken back, and why.
type UndoError struct {
	Reason UndoReason
	// ChangeID is the later change.
	ChangeID string
	// What was written since.
	What string
}

func (e *UndoError) Error() string {
	if e.Reason == LaterChange {
		return "the change " + e.ChangeID + " came after it and has to be undone first"
	}
	return e.What
}

// UndoChange takes back what an entry of the journal tells of, and answers the entry that says so. Every field that the
// change wrote becomes what it was, unless it was written since: then the later value stays where it is. The people count
// as updated now. What hangs on
// people stays where it was attached, so each gets back its own. An undo can be undone; once more answers the same entry
// and does nothing.
//
// Errors: ErrChangeNotFound, UndoError, ConflictError and BlockedError when an identifier is another's by now.
func (l *Lobby) UndoChange(ctx context.Context, c workspace.Caller, id string) (*Change, Decision, error) {
	var undo *Change
	var decision Decision
	err := l.Store.Write(ctx, func(w Writer) error {
		u, err := lookUpUndo(w, c.Workspace, id)
		if err != nil {
			return err
		}
		if u.done {
			undo, decision = u.last, DecidedRepeated
			return nil
		}
		if undo, err = l.undo(w, c, u); err != nil {
			return err
		}
		decision = DecidedUndone
		return nil
	})
	return undo, decision, err
}

// undoing is a change that is to be taken back, with all there is to know of it. A change may have been undone, and that
// undone, and so on: only the last of these entries can be.
type undoing struct {
	// deed is the change itself, and last the last entry of those about it.
	deed, last *Change
	// done says that what was asked for is what the last entry did.
	done bool
	// subject and survivor are the people as they are now; survivor is nil for a change made in place.
	subject, survivor *Person
}

// lookUpUndo looks the people up first: while this write holds them, nobody undoes anything of theirs.
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
	if gone { // while we waited
		return nil, ErrChangeNotFound
	}
	for next := asked; next != nil; u.done = !u.done {
		u.last = next
		if next, err = w.Undoing(ws, next.ID); err != nil {
			return nil, err
		}
	}
	u.done = !u.done
	u.deed, err = deedOf(w, u.last)
	return u, err
}

// deedOf answers the change that an entry is about in the end: itself, when it is no undo.
func deedOf(r Reader, entry *Change) (*Change, error) {
	var err error
	for err == nil && entry != nil && entry.Undoes != "" {
		entry, err = r.Change(entry.Workspace, entry.Undoes)
	}
	return entry, err
}

// undo takes back what the last entry about a change did, which makes it the last no more.
func (l *Lobby) undo(w Writer, c workspace.Caller, u *undoing) (*Change, error) {
	if err := u.mustBeLast(w); err != nil {
		return nil, err
	}
	entry := &Change{Kind: ChangeReverted, Undoes: u.last.ID, Subject: u.subject, Survivor: u.survivor}
	var err error
	now := l.Unix()
	switch again := u.last.Undoes != ""; {
	case u.survivor == nil:
		err = u.goBackInPlace(w, entry, now)
	case again && u.deed.Undone:
		err = u.mergeAgain(w, entry, now)
	default:
		err = u.separate(w, entry, now)
	}
	if err != nil {
		return nil, err
	}
	if err := w.MarkUndone(c.Workspace, u.deed.ID, !u.deed.Undone); err != nil {
		return nil, err
	}
	return entry, l.record(w, c, entry)
}

// mustBeLast refuses when a later change of one of the people stands on top. One that came later and was undone later has
// left nothing behind.
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
			deed, err := deedOf(r, entry)
			if err != nil {
				return err
			}
			if deed == nil || deed.ID <= u.last.ID || !deed.Undone {
				return &UndoError{Reason: LaterChange, ChangeID: entry.ID}
			}
		}
		if len(later) == MaxPage && later[MaxPage-1].ID > u.last.ID {
			return &UndoError{Reason: LaterChange, ChangeID: later[0].ID}
		}
	}
	return nil
}

// separate makes a person of a forwarding address again.
func (u *undoing) separate(w Writer, entry *Change, now int64) error {
	subject := u.subject.Clone()
	subject.State, subject.MergedInto, subject.UpdatedAt = u.deed.Subject.State, u.deed.Subject.MergedInto, now
	entry.Result, entry.Outcomes = goBack(u.survivor, u.last.Survivor, u.last.Result, now)
	if err := u.check(w, u.survivor, entry.Result, u.last.Survivor); err != nil {
		return err
	}
	// The survivor lets go of an identifier before the other takes it.
	if err := w.UpdatePerson(u.survivor, entry.Result); err != nil {
		return err
	}
	if subject.Role.IsContact() {
		if err := checkReturn(w, subject); err != nil {
			return err
		}
	}
	if err := w.UpdatePerson(u.subject, subject); err != nil {
		return err
	}
	if len(u.last.Forwarded) == 0 {
		return nil
	}
	return w.Forward(subject.Workspace, u.last.Forwarded, subject.ID)
}

// mergeAgain undoes the undoing of a merge. It is the same merge only while the one that went into the other is as it
// was; otherwise what it has learnt since would be lost.
func (u *undoing) mergeAgain(w Writer, entry *Change, now int64) error {
	for i := range Fields {
		if f := &Fields[i]; f.Rule != Either && f.Name != updatedAt && !f.Equal(u.subject, u.deed.Subject) {
			return &UndoError{Reason: WrittenSince, What: f.Name + " of " + u.subject.ID + " was written since; merge it anew"}
		}
	}
	entry.Result, entry.Outcomes = goBack(u.survivor, u.last.Survivor, u.last.Result, now)
	entry.Result.Attached = u.survivor.Attached || u.subject.Attached
	if err := u.check(w, u.survivor, entry.Result, u.last.Survivor); err != nil {
		return err
	}
	return apply(w, entry)
}

// goBackInPlace gives a person the role back that it had.
func (u *undoing) goBackInPlace(w Writer, entry *Change, now int64) error {
	entry.Result, entry.Outcomes = goBack(u.subject, u.last.Subject, u.last.Result, now)
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

// check refuses a person who would have somebody else's identifier, or, without having been so before, none.
func (u *undoing) check(r Reader, now, result, before *Person) error {
	anonymous := func(p *Person) bool { return p.Role == User && p.ExternalID == "" && p.Email == "" }
	if anonymous(result) && !anonymous(before) && !anonymous(now) {
		return &UndoError{Reason: WrittenSince, What: "an identifier was cleared since, and " + now.ID + " would be left without any"}
	}
	if result.Role == now.Role && result.ExternalID == now.ExternalID && result.Email == now.Email {
		return nil
	}
	return checkReturn(r, result)
}

// updatedAt is the field that goes back with no undo: readers who follow it must see that one happened.
const updatedAt = "updated_at"

// goBack answers what somebody becomes who was changed once, from before to after, when that is taken back now, and the
// verdicts on the fields that the change wrote. Those that are one set go back together or not at all.
func goBack(now, before, after *Person, at int64) (*Person, []Outcome) {
	result := now.Clone()
	result.UpdatedAt = at
	var out []Outcome
	for i := range Fields {
		f := &Fields[i]
		switch {
		case f.Name == updatedAt || f.Equal(before, after):
			continue
		case f.Rule == Either: // what may hang on somebody is looked for rather too often
			continue
		case f.Rule == PerKey:
			out = append(out, result.goBackPerKey(before.CustomAttributes, after.CustomAttributes)...)
			continue
		}
		verdict := Kept
		if f.Rule.isUnwritten(f, now, after) {
			f.Copy(result, before)
			verdict = Returned
		}
		out = append(out, Outcome{f.Name, verdict})
	}
	return result, out
}

// isUnwritten reports whether f, and what is one set with it, is now what the change made of it.
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

// goBackPerKey is goBack for custom attributes, each of which is a field of its own.
func (p *Person) goBackPerKey(before, after search.Attributes) []Outcome {
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
		if before[name] == after[name] { // null stands for none
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
