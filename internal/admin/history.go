package admin

import (
	"slices"

	"lobby/internal/people"
	"lobby/internal/profile"
)

// change is one step of a person's identity, in words.
type change struct {
	ID, Text, By string
	At           *moment
	Undone       bool
	// UndoWord is the word on the button that takes the step back; empty where there is none.
	UndoWord string
	Details  []fact
}

// history returns the steps of a person's identity, newest first.
func (t *tracer) history() (all []change) {
	p := t.profile
	for _, c := range p.Changes {
		shown := change{ID: c.ID, Text: t.told(c, p), By: t.actorWords(c), At: t.moment(c.CreatedAt), Undone: c.Undone}
		isUndoneByOther := slices.ContainsFunc(p.Changes, func(o *people.Change) bool { return o.Undoes == c.ID })
		switch {
		case !t.member.Role.MayWrite(), c.Undone, isUndoneByOther:
		case c.Kind == people.ChangeReverted:
			shown.UndoWord = "Do it again"
		default:
			shown.UndoWord = "Undo"
		}
		for _, o := range c.Outcomes {
			shown.Details = append(shown.Details, fact{Label: label(o.Field), Value: value{Text: verdictWords[o.Verdict]}})
		}
		all = append(all, shown)
	}
	return all
}

// verdictWords say what became of a field.
var verdictWords = map[people.Verdict]string{
	people.Adopted: "taken over", people.Discarded: "not taken over; the history keeps it", people.United: "joined", people.Kept: "stays with its record",
	people.Returned: "back to what it was",
}

// told is what happened in a step, in a sentence.
func (r *request) told(c *people.Change, p *profile.Profile) string {
	subject := nameOf(c.Subject)
	switch {
	case c.Kind == people.ChangeReverted && c.Survivor == nil:
		return "A conversion was taken back"
	case c.Kind == people.ChangeReverted:
		return "The merge of " + subject + " was taken back"
	case c.Kind == people.ChangeConverted:
		return roleWords[c.From] + " became a " + roleName(c.To)
	case c.SubjectID == p.Person.ID:
		return "Was merged into " + nameOf(c.Survivor)
	}
	return "The " + roleName(c.From) + " " + subject + " was merged in"
}

func roleName(role people.Role) string { return string(role) }

// actorWords say who asked for a step.
func (t *tracer) actorWords(c *people.Change) string {
	if c.Actor.Kind == "browser" && c.Actor.ID != "" {
		return "by a page of " + c.Actor.ID
	}
	return t.wordsOf(c.Actor)
}
