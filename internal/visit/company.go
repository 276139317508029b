package visit

import (
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// CompanyVisit is what a page says of a company that its proven user belongs to.
type CompanyVisit struct {
	CompanyID string // the owner's own id
	// Remove says that the user does not belong to the company any more. Nothing else then counts.
	Remove bool
	Update people.CompanyUpdate
}

// check refuses what no company could be. workspace.InvalidError.
func (v *CompanyVisit) check() error {
	if err := workspace.CheckIdentifier("company_id", v.CompanyID); err != nil {
		return err
	}
	if v.CompanyID == "" {
		return workspace.Invalid("company_id", "is blank")
	}
	return v.Update.Check()
}

// findCompanies looks up the companies of a ping, those that are not there as nil. It does so in one order and before the
// definitions of attributes are read, so that two writes can never wait for each other.
func (run *pingRun) findCompanies() error {
	run.companies = map[string]*people.Company{}
	ids := make([]string, 0, len(run.ping.Companies))
	for _, v := range run.ping.Companies {
		if v.check() == nil {
			ids = append(ids, v.CompanyID)
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		company, err := run.writer.CompanyByCompanyID(run.caller.Workspace, id)
		if err != nil {
			return err
		}
		run.companies[id] = company
	}
	return nil
}

// visitCompanies makes or changes the companies of a proven user, as its page says, and attaches the user to them, or
// detaches it from them. Attributes that do not fit are left out, as in a [Visit]. A company is refused before anything of it is written:
// workspace.InvalidError, people.ErrTooManyCompanies.
func (run *pingRun) visitCompanies() error {
	if len(run.ping.Companies) == 0 {
		return nil
	}
	if !run.isProven {
		run.omit("company", "counts for users with a proof only")
		return nil
	}
	has, err := run.writer.CompanyIDs(run.caller.Workspace, run.result.Person.ID)
	if err != nil {
		return err
	}
	for _, v := range run.ping.Companies {
		if err := v.check(); err != nil {
			run.refuse(err)
			continue
		}
		company := run.companies[v.CompanyID]
		isAttached := company != nil && slices.Contains(has, company.ID)
		if v.Remove {
			if isAttached {
				has = slices.DeleteFunc(has, func(id string) bool { return id == company.ID })
				if err := run.detach(company.ID); err != nil {
					return err
				}
			}
			continue
		}
		if !isAttached && len(has) >= people.MaxCompanies {
			run.refuse(people.ErrTooManyCompanies)
			continue
		}
		company, err := run.meetCompany(v, company)
		if err != nil {
			return err
		}
		run.companies[v.CompanyID] = company
		if isAttached {
			continue
		}
		has = append(has, company.ID)
		if err := run.attach(company.ID); err != nil {
			return err
		}
	}
	return nil
}

// attach attaches the person of a ping to a company.
func (run *pingRun) attach(companyID string) error {
	w, ws := run.writer, run.caller.Workspace
	run.result.Person = run.result.Person.Clone()
	if err := run.lobby.MarkUpdated(w, run.result.Person); err != nil {
		return err
	}
	id := run.result.Person.ID
	if err := w.AttachCompany(ws, id, companyID, run.lobby.Unix()); err != nil {
		return err
	}
	return run.lobby.Emit(w, &workspace.OutboxEntry{Workspace: ws, Topic: people.CompanyContactAttached, PersonID: id, SubjectID: companyID})
}

// detach detaches the person of a ping from a company that it is attached to.
func (run *pingRun) detach(companyID string) error {
	w, ws := run.writer, run.caller.Workspace
	run.result.Person = run.result.Person.Clone()
	if err := run.lobby.MarkUpdated(w, run.result.Person); err != nil {
		return err
	}
	id := run.result.Person.ID
	if err := w.DetachCompany(ws, id, companyID, run.lobby.Unix()); err != nil {
		return err
	}
	return run.lobby.Emit(w, &workspace.OutboxEntry{Workspace: ws, Topic: people.CompanyContactDetached, PersonID: id, SubjectID: companyID})
}

// meetCompany gives a company, nil for one that is to be made, what a visit says, if that is anything new. It returns the
// company as it then is.
func (run *pingRun) meetCompany(v CompanyVisit, before *people.Company) (*people.Company, error) {
	l, w, ws := run.lobby, run.writer, run.caller.Workspace
	var err error
	var omissions []error
	v.Update.CustomAttributes, omissions, err = run.definitions.FromPage(w, people.CompanyModel, v.Update.CustomAttributes, run.definesNothing())
	if err != nil {
		return nil, err
	}
	run.result.Omissions = append(run.result.Omissions, omissions...)
	now, write, topic := l.Unix(), w.UpdateCompany, people.CompanyUpdated
	company := &people.Company{Workspace: ws, CompanyID: v.CompanyID, CreatedAt: now}
	if before == nil {
		company.ID = l.IDAt(now)
		write, topic = w.InsertCompany, people.CompanyCreated
	} else {
		*company = *before
	}
	v.Update.Seen = run.result.NewSession || before == nil
	v.Update.WriteTo(company, now)
	if v.Update.Seen {
		company.SessionCount++
	}
	if v.Update.Plan != nil {
		if err := people.SetPlan(w, company, strings.TrimSpace(*v.Update.Plan)); err != nil {
			return nil, err
		}
	}
	if before != nil && !v.Update.Seen && company.SaysTheSameAs(before) {
		return before, nil
	}
	if err := write(company); err != nil {
		return nil, err
	}
	return company, l.Emit(w, &workspace.OutboxEntry{Workspace: ws, Topic: topic, SubjectID: company.ID})
}
