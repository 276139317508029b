package people

import (
	"context"
	"slices"

	"lobby/internal/workspace"
)

// MaxCompanies is the max number of companies of a person.
const MaxCompanies = 1000

// AttachCompany attaches a contact or a visitor to a company, and returns the company as it then is. It does nothing when
// they are attached already. Errors: those of [Target], then ErrCompanyNotFound, ErrTooManyCompanies.
func (l *Lobby) AttachCompany(ctx context.Context, c workspace.Caller, h Target, companyID string) (*Company, error) {
	return l.moveCompany(ctx, c, h, companyID, func(w Writer, p *Person, has []string) (workspace.Topic, error) {
		switch {
		case slices.Contains(has, companyID):
			return "", nil
		case len(has) >= MaxCompanies:
			return "", ErrTooManyCompanies
		}
		if err := l.MarkUpdated(w, p); err != nil {
			return "", err
		}
		return CompanyContactAttached, w.AttachCompany(c.Workspace, p.ID, companyID, l.Unix())
	})
}

// DetachCompany detaches a contact or a visitor from a company, and returns the company as it then is. Errors: those of
// [Target], then ErrCompanyNotFound, also when they are not attached.
func (l *Lobby) DetachCompany(ctx context.Context, c workspace.Caller, h Target, companyID string) (*Company, error) {
	return l.moveCompany(ctx, c, h, companyID, func(w Writer, p *Person, has []string) (workspace.Topic, error) {
		if !slices.Contains(has, companyID) {
			return "", ErrCompanyNotFound
		}
		if err := l.MarkUpdated(w, p); err != nil {
			return "", err
		}
		return CompanyContactDetached, w.DetachCompany(c.Workspace, p.ID, companyID, l.Unix())
	})
}

// moveCompany looks up a person and a company, and calls move with the person's companies to attach or detach them. It
// emits an outbox entry with the topic that move returns, if any.
func (l *Lobby) moveCompany(
	ctx context.Context, c workspace.Caller, h Target, companyID string, move func(w Writer, p *Person, has []string) (workspace.Topic, error),
) (*Company, error) {
	return write(ctx, l, func(w Writer) (company *Company, err error) {
		p, err := h.person(w, c)
		if err != nil {
			return nil, err
		}
		if company, err = mustHave(w.Company(c.Workspace, companyID)); err != nil {
			return nil, err
		}
		has, err := w.CompanyIDs(c.Workspace, p.ID)
		if err != nil {
			return nil, err
		}
		topic, err := move(w, p, has)
		if err != nil {
			return nil, err
		}
		if topic != "" {
			if company, err = w.Company(c.Workspace, companyID); err != nil {
				return nil, err
			}
			if err := l.Emit(w, &workspace.OutboxEntry{Workspace: c.Workspace, Topic: topic, PersonID: p.ID, SubjectID: company.ID}); err != nil {
				return nil, err
			}
		}
		return company, l.showCompanies(w.Unlocked(), c, company)
	})
}

// CompaniesOf lists the companies of a contact or a visitor in the order in which they were attached, and returns their
// number. Errors: those of [Target].
func (l *Lobby) CompaniesOf(ctx context.Context, c workspace.Caller, h Target, page workspace.Page) (all []*Company, total int, err error) {
	err = l.Store.Read(ctx, func(r Reader) error {
		p, err := h.person(r, c)
		if err != nil || !p.Attached {
			return err
		}
		companies, err := r.CompaniesOf(c.Workspace, []string{p.ID})
		if err != nil {
			return err
		}
		all, total = companies[p.ID], len(companies[p.ID])
		first := int(min(page.Offset(), int64(total)))
		all = all[first:min(first+page.Size, total)]
		return l.showCompanies(r, c, all...)
	})
	return all, total, err
}

// ContactsOfCompany lists the live contacts of a company, newest first, at most limit. Only contacts before the place
// are listed, unless that is empty. Errors: ErrCompanyNotFound.
func (l *Lobby) ContactsOfCompany(ctx context.Context, c workspace.Caller, id, before string, limit int) (*ContactPage, error) {
	return read(ctx, l, func(r Reader) (*ContactPage, error) {
		company, err := mustHave(r.Company(c.Workspace, id))
		if err != nil {
			return nil, err
		}
		page := &ContactPage{Total: int(company.UserCount)}
		if page.Contacts, page.Newer, err = r.ContactsOfCompany(c.Workspace, id, before, min(limit, MaxPage)); err != nil {
			return nil, err
		}
		return page, loadAssociations(r, page.Contacts...)
	})
}
