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
func absorb(survivor, p *Person) (*Person, []Outcome) {
	after := survivor.Clone()
	var out []Outcome
	judge := func(name string, adopt bool) bool {
		verdict := Discarded
		if adopt {
			verdict = Adopted
		}
		out = append(out, Outcome{name, verdict})
		return adopt
	}
	for i := range Fields {
		f := &Fields[i]
		if f.Rule == Own || f.IsBlank(p) {
			continue
		}
		switch f.Rule {
		case Identifier, Anonymous, EmailFlag:
			judge(f.Name, false)
		case Single:
			if judge(f.Name, f.IsBlank(survivor)) {
				f.copyTo(after, p)
			}
		case Campaign, Place:
			if judge(f.Name, f.Rule.isBlank(survivor)) {
				f.copyTo(after, p)
			}
		case Later:
			if judge(f.Name, *f.At(p).(*int64) > *f.At(survivor).(*int64)) {
				f.copyTo(after, p)
			}
		case PerKey:
			out = append(out, after.adoptAttributes(p.CustomAttributes)...)
		}
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

// adoptEmail fills an empty email of the survivor. When the address is also the absorbed person's, what is known of the
// address comes with it, and an unsubscription is never lost.
func (p *Person) adoptEmail(email string, absorbed *Person) {
	if p.Email != "" || email == "" {
		return
	}
	p.Email = email
	if EmailKey(email) == EmailKey(absorbed.Email) {
		p.UnsubscribedFromEmails = p.UnsubscribedFromEmails || absorbed.UnsubscribedFromEmails
		p.MarkedEmailAsSpam = absorbed.MarkedEmailAsSpam
		p.HasHardBounced = absorbed.HasHardBounced
	}
}
