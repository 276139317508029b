package people

import (
	"context"
	"slices"
	"strings"
)

// ChangeKind says how an identity changed.
type ChangeKind string

// The kinds of an identity change.
const (
	ChangeConverted ChangeKind = "converted" // one record got another role in place
	ChangeMerged    ChangeKind = "merged"    // one record became the forwarding address of another
)

// Change is one entry of the journal: who became whom, who asked for it, and everything that is needed to show it, to
// explain it and to take it back. It is written in the transaction of the change itself.
type Change struct {
	Workspace WorkspaceID
	ID        string
	Kind      ChangeKind
	// From and To are the roles of the subject before and of the survivor after. A life passes each stage once, so there
	// is at most one entry for a subject and a From.
	From, To  Role
	SubjectID string
	// SurvivorID equals SubjectID when the change was made in place.
	SurvivorID string
	Actor      Actor
	RequestID  string
	CreatedAt  int64
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
	Kept      Verdict = "kept"      // it stays where it was
)

// Outcome is the verdict on one field; custom attributes have one for each key, as "custom_attributes.<name>".
type Outcome struct {
	Field   string
	Verdict Verdict
}

// Changes lists the journal of a person, newest first. Any id that was ever its own will do; ErrPersonNotFound.
func (l *Lobby) Changes(ctx context.Context, ws WorkspaceID, anyID string) ([]*Change, error) {
	var all []*Change
	err := l.Store.Read(ctx, func(r Reader) error {
		p, err := resolve(r, ws, anyID)
		if err != nil {
			return err
		}
		all, err = r.Changes(ws, p.ID)
		return err
	})
	return all, err
}

// absorb answers what survivor is after absorbing p, and the verdicts on p's fields. It follows the rules of Fields.
// An address is given explicitly or not at all: it fills an empty one, and brings what is known of it when it was p's.
func absorb(survivor, p *Person, address string) (*Person, []Outcome) {
	after := survivor.Clone()
	if after.Email == "" {
		after.Email = address
	}
	adoptsAddress := survivor.Email == "" && address != "" && EmailKey(address) == EmailKey(p.Email)
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
			adopt = *f.At(p).(*int64) > *f.At(survivor).(*int64)
		case Either: // says where to look, which is nothing that a reader of the journal asks for
			f.copyTo(after, p)
			continue
		case PerKey:
			out = append(out, after.adoptAttributes(p.CustomAttributes)...)
			continue
		}
		verdict := Discarded
		if adopt {
			verdict = Adopted
			if f.Rule != Identifier {
				f.copyTo(after, p)
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
func (p *Person) adoptAttributes(from Attributes) []Outcome {
	var out []Outcome
	missing := Attributes{}
	for name, v := range from {
		verdict := Discarded
		if _, has := p.CustomAttributes[name]; !has {
			missing[name], verdict = v, Adopted
		}
		out = append(out, Outcome{"custom_attributes." + name, verdict})
	}
	slices.SortFunc(out, func(a, b Outcome) int { return strings.Compare(a.Field, b.Field) })
	p.CustomAttributes = p.CustomAttributes.with(missing)
	return out
}
