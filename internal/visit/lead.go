package visit

import (
	"errors"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// applyEmail makes the visitor behind a browser a lead with the address typed there, or gives the address to an existing
// lead. An address without proof identifies nobody: several persons may have it. A refused address is not written; the
// reasons are workspace.InvalidError, people.ConflictError and people.BlockedError.
func (run *pingRun) applyEmail() error {
	vs, w, before := run.visits, run.writer, run.result.Person
	email := strings.TrimSpace(run.ping.emailFor(before))
	if email == "" {
		return nil
	}
	if err := workspace.CheckEmail("email", email); err != nil {
		run.refuse(err)
		return nil
	}
	if before.Role == people.Visitor {
		plan, err := vs.PlanLead(w, before)
		_, isTaken := errors.AsType[*people.ConflictError](err)
		_, isBlocked := errors.AsType[*people.BlockedError](err)
		switch {
		case isTaken, isBlocked:
			run.refuse(err)
			return nil
		case err != nil:
			return err
		}
		result, err := vs.CarryOut(w, run.caller, plan)
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
	lead.Email, lead.UpdatedAt = email, vs.Unix()
	run.result.Person = lead
	if err := vs.Save(w, run.caller, before, lead); err != nil {
		return err
	}
	return vs.EmitUpdate(w, before, lead)
}

// emailFor returns the address that a ping has for a person, or "" when none is to be stored.
func (p *Ping) emailFor(person *people.Person) string {
	if person == nil || person.Role == people.User || p.protects("email") {
		return ""
	}
	return p.Email
}
