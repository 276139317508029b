package people

import (
	"context"
	"slices"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The topics of changes of identity.
const (
	// VisitorConverted: a visitor became a contact or was merged into one. The change tells which.
	VisitorConverted workspace.Topic = "visitor.converted"
	// ContactConverted: a lead became a user, by an update that may have changed more. The change tells what it was.
	ContactConverted workspace.Topic = "contact.converted"
	// ContactMerged: a contact went into another, which is the person. The change tells which.
	ContactMerged workspace.Topic = "contact.merged"
	// ChangeUndone: an identity change, or the undoing of one, was taken back. The subject is the entry that says so.
	ChangeUndone workspace.Topic = "change.undone"
)

// ChangeKind says how an identity changed.
type ChangeKind string

// The kinds of an identity change.
const (
	ChangeConverted ChangeKind = "converted" // one record got another role in place
	ChangeMerged    ChangeKind = "merged"    // one record became the forwarding address of another
	ChangeReverted  ChangeKind = "undone"    // what another entry tells of was taken back
)

// Change is one entry of the journal: who became whom, who asked for it, and everything that is needed to show it, to
// explain it and to take it back. It is written in the transaction of the change itself.
type Change struct {
	Workspace workspace.ID
	ID        string
	Kind      ChangeKind
	// From and To are the roles of the subject before and of the survivor after. A life passes each stage once: of the
	// entries that stand, at most one is for a subject and a From.
	From, To  Role
	SubjectID string
	// SurvivorID equals SubjectID when the change was made in place.
	SurvivorID string
	Actor      workspace.Actor
	RequestID  string
	CreatedAt  int64
	// Undoes is the entry that this one took back. An undo can itself be undone.
	Undoes string
	// Undone says that what the entry tells of is taken back; never of an undo.
	Undone bool
	// Forwarded are the forwarding addresses that led to the subject before a merge, and to the survivor after it.
	Forwarded []string
	// Outcomes tell what became of each field that had anything to decide.
	Outcomes []Outcome
	// Subject and Survivor are the images before the change, Result is the survivor's after it. Survivor is nil when the
	// change was made in place.
	Subject, Survivor, Result *Person
}

// Verdict is what became of one field of the subject.
type Verdict string

// The verdicts, in the words of the public API's merge preview.
const (
	Adopted   Verdict = "adopted"   // the survivor has it now
	Discarded Verdict = "discarded" // only the journal has it now
	United    Verdict = "merged"    // the survivor has what both had
	Kept      Verdict = "kept"      // it stays where it was
	Returned  Verdict = "returned"  // it is again what it was before the change that was undone
)

// Outcome is the verdict on one field; custom attributes have one for each key, as "custom_attributes.<name>".
type Outcome struct {
	Field   string
	Verdict Verdict
}

// Changes lists the journal of a person, newest first, and whether there is more after them: at most limit of the entries
// that are older than the one with the id before, or of all when that is empty. Any id that was ever the person's will
// do; ErrPersonNotFound.
func (l *Lobby) Changes(ctx context.Context, c workspace.Caller, anyID, before string, limit int) ([]*Change, bool, error) {
	limit = min(limit, MaxPage)
	var page []*Change
	err := l.Store.Read(ctx, func(r Reader) error {
		p, err := resolve(r, c.Workspace, anyID)
		if err != nil {
			return err
		}
		page, err = r.Changes(c.Workspace, p.ID, before, limit+1)
		return err
	})
	if len(page) > limit {
		return page[:limit], true, err
	}
	return page, false, err
}

// Plan is an identity change before it is made.
type Plan struct {
	// Change is the entry that the journal would get, without id, time and actor. Of a repetition it is the entry of what
	// had been done.
	Change   *Change
	Decision Decision
	// Contact is what the answer shows.
	Contact *Person
}

// CarryOut makes the change of a plan, and writes it down.
func (l *Lobby) CarryOut(w Writer, c workspace.Caller, plan *Plan) (*ConversionResult, error) {
	if plan.Decision != DecidedRepeated {
		if err := apply(w, plan.Change); err != nil {
			return nil, err
		}
		if err := l.record(w, c, plan.Change); err != nil {
			return nil, err
		}
	}
	return &ConversionResult{plan.Contact, plan.Decision, plan.Change.ID}, link(w, plan.Contact)
}

// apply writes what a change makes of the people in it. Nothing is moved but forwarding addresses, so that each of them
// stays one step away from the person it leads to.
func apply(w Writer, change *Change) (err error) {
	if change.Survivor == nil {
		return w.UpdatePerson(change.Subject, change.Result)
	}
	subject, survivorID := change.Subject, change.Survivor.ID
	if err := w.UpdatePerson(subject, subject.forwardedTo(survivorID)); err != nil {
		return err
	}
	if subject.Role.IsContact() { // a visitor absorbs nobody
		if change.Forwarded, err = w.Absorbed(subject.Workspace, subject.ID); err != nil {
			return err
		}
	}
	if len(change.Forwarded) > 0 {
		if err := w.Forward(subject.Workspace, change.Forwarded, survivorID); err != nil {
			return err
		}
	}
	return w.UpdatePerson(change.Survivor, change.Result)
}

// record writes a change into the journal and the outbox.
func (l *Lobby) record(w Writer, c workspace.Caller, change *Change) error {
	now := l.Unix()
	change.Workspace, change.ID, change.CreatedAt = c.Workspace, l.IDAt(now), now
	change.Actor, change.RequestID = c.Actor, c.RequestID
	change.From, change.To = change.Subject.Role, change.Result.Role
	change.SubjectID, change.SurvivorID = change.Subject.ID, change.Result.ID
	if err := w.InsertChange(change); err != nil {
		return err
	}
	return l.Emit(w, &workspace.OutboxEntry{
		Workspace: c.Workspace, Topic: change.topic(), PersonID: change.SurvivorID, SubjectID: change.ID,
	})
}

func (c *Change) topic() workspace.Topic {
	switch {
	case c.Kind == ChangeReverted:
		return ChangeUndone
	case c.From == Visitor:
		return VisitorConverted
	case c.Kind == ChangeMerged:
		return ContactMerged
	}
	return ContactConverted
}

// absorb answers what survivor is after absorbing p, and the verdicts on p's fields. It follows the rules of Fields.
// An address is given explicitly or not at all: it fills an empty one, and brings what is known of it when it was p's.
func absorb(survivor, p *Person, address string) (*Person, []Outcome) {
	after := survivor.Clone()
	if after.Email == "" {
		after.Email = address
	}
	adoptsAddress := survivor.Email == "" && address != "" && workspace.EmailKey(address) == workspace.EmailKey(p.Email)
	var out []Outcome
	for i := range Fields {
		f := &Fields[i]
		if f.Rule == Own || f.IsBlank(p) {
			continue
		}
		adopt := false
		switch f.Rule {
		case Identifier: // the explicit spelling stands already
			adopt = adoptsAddress && f.Name == "email"
		case EmailFlag: // what is set is copied, so that an unsubscription is never lost
			adopt = adoptsAddress
		case Single:
			adopt = f.IsBlank(survivor)
		case Campaign, Place:
			adopt = f.Rule.isBlank(survivor)
		case Later:
			adopt = f.Value(p).Int() > f.Value(survivor).Int()
		case Either: // says where to look, which is nothing that a reader of the journal asks for
			f.Copy(after, p)
			continue
		case PerKey:
			out = append(out, after.adoptAttributes(p.CustomAttributes)...)
			continue
		}
		verdict := Discarded
		if adopt {
			verdict = Adopted
			if f.Rule != Identifier {
				f.Copy(after, p)
			}
		}
		out = append(out, Outcome{f.Name, verdict})
	}
	return after, out
}

// isBlank reports whether p has nothing in all fields of a rule that treats its fields as one set.
func (rule Rule) isBlank(p *Person) bool {
	for i := range Fields {
		if f := &Fields[i]; f.Rule == rule && !f.IsBlank(p) {
			return false
		}
	}
	return true
}

// adoptAttributes adds what p lacks, and tells the verdict on each key in order.
func (p *Person) adoptAttributes(from search.Attributes) []Outcome {
	var out []Outcome
	missing := search.Attributes{}
	for name, v := range from {
		verdict := Discarded
		if _, has := p.CustomAttributes[name]; !has {
			missing[name], verdict = v, Adopted
		}
		out = append(out, Outcome{"custom_attributes." + name, verdict})
	}
	slices.SortFunc(out, func(a, b Outcome) int { return strings.Compare(a.Field, b.Field) })
	p.CustomAttributes = p.CustomAttributes.With(missing)
	return out
}
