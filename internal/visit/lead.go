package visit

import (
	"errors"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// supplyEmail makes a lead of the visitor behind a browser, with the address that was typed there, or gives the address
// to the lead that it already is. An address that nobody has proven identifies nobody: others may have the same. Nothing
// is written when the address is refused: workspace.InvalidError, people.ConflictError, people.BlockedError.
func (run *pingRun) supplyEmail() error {
	l, w, before := run.lobby, run.writer, run.result.Person
	email := strings.TrimSpace(run.ping.emailFor(before))
	if email == "" {
		return nil
	}
	if err := workspace.CheckEmail("email", email); err != nil {
		run.refuse(err)
		return nil
	}
	if before.Role == people.Visitor {
		plan, err := l.PlanLead(w, before)
		_, isTaken := errors.AsType[*people.ConflictError](err)
		_, isBlocked := errors.AsType[*people.BlockedError](err)
		switch {
		case isTaken, isBlocked:
			run.refuse(err)
			return nil
		case err != nil:
			return err
		}
		result, err := l.CarryOut(w, run.caller, plan)
		if err != nil {
			return err
		}
		before = result.Contact
	}
	run.result.Person = before
	if email == before.Email {
		return nil
	}
	lead := before.Clone()
	lead.Email, lead.UpdatedAt = email, l.Unix()
	run.result.Person = lead
	if err := w.UpdatePerson(before, lead); err != nil {
		return err
	}
	return l.EmitContact(w, people.ContactUpdated, lead)
}

// emailFor returns the address that a ping supplies for a person, or "" when it is nothing to be stored.
func (p *Ping) emailFor(person *people.Person) string {
	if person == nil || person.Role == people.User || p.protects("email") {
		return ""
	}
	return p.Email
}
