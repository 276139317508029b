package people

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The topics of identity changes.
const (
	// VisitorConverted: a visitor became a contact or was merged into one. The change says which.
	VisitorConverted workspace.Topic = "visitor.converted"
	// ContactConverted: a lead became a user by an update, which may have changed more. The subject is the journal entry.
	ContactConverted workspace.Topic = "contact.converted"
	// ContactMerged: a contact was merged into another, which is the person of the entry. The change says which contact.
	ContactMerged workspace.Topic = "contact.merged"
	// ChangeUndone: an identity change, or an undo, was undone. The subject is the journal entry of the undo.
	ChangeUndone workspace.Topic = "change.undone"
)

// ChangeKind says how an identity changed.
type ChangeKind string

// The kinds of an identity change.
const (
	ChangeConverted ChangeKind = "converted" // one record got another role in place
	ChangeMerged    ChangeKind = "merged"    // one record became the forwarding address of another
	ChangeReverted  ChangeKind = "undone"    // the change of another entry was undone
)

// Change is one entry of the journal: who became whom, who asked for it, and all that is needed to show, explain and undo
// it. It is written in the transaction of the change itself.
type Change struct {
	Workspace workspace.ID
	ID        string
	Kind      ChangeKind
	// From and To are the roles of the subject before and of the survivor after. A life passes each stage once: of the
	// entries that stand, at most one has a given subject and From.
	From, To  Role
	SubjectID string
	// SurvivorID equals SubjectID when the change was made in place.
	SurvivorID string
	Actor      workspace.Actor
	RequestID  string
	CreatedAt  int64
	// Undoes is the id of the entry that this one undid. An undo can itself be undone.
	Undoes string
	// Undone says that the change is undone at present. It is never set on an undo.
	Undone bool
	// Forwarded are the ids of the forwarding addresses that led to the subject before a merge, and to the survivor after it.
	Forwarded []string
	// Outcomes are the verdicts on the fields about which there was something to decide.
	Outcomes []Outcome
	// Subject and Survivor are the images before the change, Result is the survivor's image after it. Survivor is nil when
	// the change was made in place.
	Subject, Survivor, Result *Person
}

// Verdict says what became of one field of the subject.
type Verdict string

// The verdicts, in the words of the public API's merge preview.
const (
	Adopted   Verdict = "adopted"   // the survivor has it now
	Discarded Verdict = "discarded" // only the journal keeps it
	United    Verdict = "merged"    // the survivor has what both had
	Kept      Verdict = "kept"      // it stays where it was
	Returned  Verdict = "returned"  // it has again the value from before the undone change
)

// Outcome is the verdict on one field; custom attributes have one for each key, as "custom_attributes.<name>".
type Outcome struct {
	Field   string
	Verdict Verdict
}

// Changes lists the journal of a person, newest first, at most limit, and reports whether there are more entries. Only
// entries older than the one with the id before are listed, unless that is empty. anyID is any id that the person ever had.
// Errors: ErrPersonNotFound.
func (l *Lobby) Changes(ctx context.Context, c workspace.Caller, anyID, before string, limit int) ([]*Change, bool, error) {
	limit = min(limit, MaxPage)
	page, err := read(ctx, l, func(r Reader) ([]*Change, error) {
		p, err := ByAnyID(r, c.Workspace, anyID)
		if err != nil {
			return nil, err
		}
		return r.Changes(c.Workspace, p.ID, before, limit+1)
	})
	if len(page) > limit {
		return page[:limit], true, err
	}
	return page, false, err
}

// Plan is an identity change before it is made.
type Plan struct {
	// Change is the journal entry to be written, without id, time and actor; for a repeated request, the first one's entry.
	Change   *Change
	Decision Decision
	// Contact is the contact that the response shows.
	Contact *Person
}

// CarryOut makes the change of a plan and records it in the journal and the outbox.
func (l *Lobby) CarryOut(w Writer, c workspace.Caller, plan *Plan) (*ConversionResult, error) {
	if plan.Decision != DecidedRepeated {
		change := plan.Change
		change.Result.Trace(cmp.Or(change.Survivor, change.Subject), change.Subject, c.Actor, l.Unix())
		if err := apply(w, plan.Change); err != nil {
			return nil, err
		}
		if err := l.record(w, c, plan.Change); err != nil {
			return nil, err
		}
	}
	return &ConversionResult{plan.Contact, plan.Decision, plan.Change.ID}, loadAssociations(w, plan.Contact)
}

// apply writes the people of a change. Only forwarding addresses are moved, so that each of them stays one step away from
// the person to whom it leads.
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
		if err := w.Forward(subject.Workspace, change.Forwarded, survivorID, change.Result.UpdatedAt); err != nil {
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

// absorb returns the survivor as it is after absorbing p, and the verdicts on p's fields, by the rules of Fields. address
// is the explicit email address, or empty. It fills an empty one; if it is p's, what is known of it is adopted too.
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
		case Identifier: // an explicit address is set above
			adopt = adoptsAddress && f.Name == "email"
		case EmailFlag: // copied with the address, so that an unsubscription is never lost
			adopt = adoptsAddress
		case Single:
			adopt = f.IsBlank(survivor)
		case Campaign, Place:
			adopt = f.Rule.isBlank(survivor)
		case Later:
			adopt = f.Value(p).Int() > f.Value(survivor).Int()
		case Either: // says whether to look for attachments; not shown in the journal
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

// isBlank reports whether p has no value in any field of a rule that treats its fields as one set.
func (rule Rule) isBlank(p *Person) bool {
	for i := range Fields {
		if f := &Fields[i]; f.Rule == rule && !f.IsBlank(p) {
			return false
		}
	}
	return true
}

// adoptAttributes adds the attributes that p lacks, and returns the verdicts on all keys in order.
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
