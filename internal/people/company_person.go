package people

import (
	"context"
	"slices"
)

// maxCompanies is how many companies a person may be attached to.
const maxCompanies = 1000

// AttachCompany attaches a contact or a visitor to a company and answers that as it then is; once more does nothing. What
// [Holder] refuses, then ErrCompanyNotFound, ErrTooManyCompanies.
func (l *Lobby) AttachCompany(ctx context.Context, c Caller, h Holder, companyID string) (*Company, error) {
	return l.moveCompany(ctx, c, h, companyID, func(w Writer, p *Person, has []string) (Topic, error) {
		switch {
		case slices.Contains(has, companyID):
			return "", nil
		case len(has) >= maxCompanies:
			return "", ErrTooManyCompanies
		}
		if err := attachTo(w, p); err != nil {
			return "", err
		}
		return CompanyContactAttached, w.AttachCompany(c.Workspace, p.ID, companyID, l.now())
	})
}

// DetachCompany detaches a contact or a visitor from a company and answers that as it then is. What [Holder] refuses, then
// ErrCompanyNotFound, also when the two are not attached.
func (l *Lobby) DetachCompany(ctx context.Context, c Caller, h Holder, companyID string) (*Company, error) {
	return l.moveCompany(ctx, c, h, companyID, func(w Writer, p *Person, has []string) (Topic, error) {
		if !slices.Contains(has, companyID) {
			return "", ErrCompanyNotFound
		}
		return CompanyContactDetached, w.DetachCompany(c.Workspace, p.ID, companyID)
	})
}

// moveCompany looks up a person and a company, lets move attach or detach them, which knows the companies that the person
// has, and tells of it under the topic that move answers, if any.
func (l *Lobby) moveCompany(
	ctx context.Context, c Caller, h Holder, companyID string, move func(w Writer, p *Person, has []string) (Topic, error),
) (*Company, error) {
	var company *Company
	err := l.Store.Write(ctx, func(w Writer) error {
		p, err := h.person(w, c)
		if err != nil {
			return err
		}
		if company, err = mustHave(w.Company(c.Workspace, companyID)); err != nil {
			return err
		}
		has, err := w.CompanyIDs(c.Workspace, p.ID)
		if err != nil {
			return err
		}
		topic, err := move(w, p, has)
		if err != nil || topic == "" {
			return err
		}
		if company, err = w.Company(c.Workspace, companyID); err != nil {
			return err
		}
		return l.emit(w, &OutboxEntry{Workspace: c.Workspace, Topic: topic, PersonID: p.ID, SubjectID: company.ID})
	})
	return company, err
}

// CompaniesOf lists the companies of a contact or a visitor in the order in which they were attached, and how many there
// are. What [Holder] refuses.
func (l *Lobby) CompaniesOf(ctx context.Context, c Caller, h Holder, page Page) (all []*Company, total int, err error) {
	err = l.Store.Read(ctx, func(r Reader) error {
		p, err := h.person(r, c)
		if err != nil || !p.Attached {
			return err
		}
		companies, err := r.CompaniesOf(c.Workspace, []string{p.ID})
		all, total = companies[p.ID], len(companies[p.ID])
		return err
	})
	first := int(min(page.Offset(), int64(total)))
	return all[first:min(first+page.Size, total)], total, err
}

// ContactsOfCompany lists the live contacts of a company, newest first: at most limit of those that are older than the
// one with the id before, or of all when that is empty. ErrCompanyNotFound.
func (l *Lobby) ContactsOfCompany(ctx context.Context, ws WorkspaceID, id, before string, limit int) (*ContactPage, error) {
	page := new(ContactPage)
	err := l.Store.Read(ctx, func(r Reader) error {
		company, err := mustHave(r.Company(ws, id))
		if err != nil {
			return err
		}
		page.Total = int(company.UserCount)
		if page.Contacts, page.Newer, err = r.ContactsOfCompany(ws, id, before, min(limit, MaxPage)); err != nil {
			return err
		}
		return link(r, page.Contacts...)
	})
	return page, err
}
