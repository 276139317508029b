package visit

import (
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// CompanyVisit is what a page reports about a company of its proven user.
type CompanyVisit struct {
	CompanyID string // the owner's own id
	// Remove says that the user no longer belongs to the company. The other fields are then ignored.
	Remove bool
	Update people.CompanyUpdate
}

// check refuses values that no company may have. Errors: workspace.InvalidError.
func (v *CompanyVisit) check() error {
	if err := workspace.CheckIdentifier("company_id", v.CompanyID); err != nil {
		return err
	}
	if v.CompanyID == "" {
		return workspace.Invalid("company_id", "is blank")
	}
	return v.Update.Check()
}

// findCompanies looks up the companies of a ping; the map has nil for one that does not exist. It does so in a fixed order,
// and before the definitions of attributes are read, so that two writes can never wait for each other.
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

// visitCompanies creates or changes the companies of a proven user, and attaches or detaches the user. Attributes that do
// not fit are left out, as in a [Visit]. A refused company is not written at all; the reasons are workspace.InvalidError
// and people.ErrTooManyCompanies.
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
				if err := run.moveCompany(company.ID, people.CompanyContactDetached, run.writer.DetachCompany); err != nil {
					return err
				}
			}
			continue
		}
		if !isAttached && len(has) >= people.MaxCompanies {
			run.refuse(people.ErrTooManyCompanies)
			continue
		}
		company, err := run.saveCompany(v, company)
		if err != nil {
			return err
		}
		run.companies[v.CompanyID] = company
		if isAttached {
			continue
		}
		has = append(has, company.ID)
		if err := run.moveCompany(company.ID, people.CompanyContactAttached, run.writer.AttachCompany); err != nil {
			return err
		}
	}
	return nil
}

// moveCompany attaches the person of a ping to a company, or detaches it, with the given function. It emits an outbox entry
// with the topic.
func (run *pingRun) moveCompany(id string, topic workspace.Topic, move func(ws workspace.ID, personID, companyID string, at int64) error) error {
	w, ws := run.writer, run.caller.Workspace
	person := run.result.Person.Clone()
	run.result.Person = person
	if err := run.visits.MarkUpdated(w, person); err != nil {
		return err
	}
	if err := move(ws, person.ID, id, run.visits.Unix()); err != nil {
		return err
	}
	return run.visits.Emit(w, &workspace.OutboxEntry{Workspace: ws, Topic: topic, PersonID: person.ID, SubjectID: id})
}

// saveCompany creates a company, or changes it if the visit has anything new, and returns it as it then is. before is nil
// for one to be created.
func (run *pingRun) saveCompany(v CompanyVisit, before *people.Company) (*people.Company, error) {
	vs, w, ws := run.visits, run.writer, run.caller.Workspace
	var err error
	var omissions []error
	v.Update.CustomAttributes, omissions, err = run.definitions.FromPage(w, people.CompanyModel, v.Update.CustomAttributes, run.definesNothing())
	if err != nil {
		return nil, err
	}
	run.result.Omissions = append(run.result.Omissions, omissions...)
	now, write, topic := vs.Unix(), w.UpdateCompany, people.CompanyUpdated
	company := &people.Company{Workspace: ws, CompanyID: v.CompanyID, CreatedAt: now}
	if before == nil {
		company.ID = vs.IDAt(now)
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
	return company, vs.Emit(w, &workspace.OutboxEntry{Workspace: ws, Topic: topic, SubjectID: company.ID})
}
