package people

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// CompanyUpdate are the fields of a company that a request may set. Nil leaves a field unchanged; a zero value clears it.
type CompanyUpdate struct {
	Name, Website, Industry *string
	// Plan is the name of a plan, which is created when there is none with that name.
	Plan            *string
	Size            *int64
	MonthlySpend    *int64
	RemoteCreatedAt *int64
	// CustomAttributes are merged key by key; null removes a key. All of them must be defined for companies.
	CustomAttributes search.Attributes
	// Seen says that a person of the company made a request just now.
	Seen bool
}

// Check refuses values that no company may have.
func (u *CompanyUpdate) Check() error {
	for _, text := range []struct {
		field string
		value *string
	}{{"name", u.Name}, {"plan", u.Plan}} {
		if text.value != nil && utf8.RuneCountInString(*text.value) > search.MaxText {
			return workspace.Invalid(text.field, fmt.Sprintf("must not be longer than %d characters", search.MaxText))
		}
	}
	if u.Size != nil && (*u.Size < 0 || *u.Size > search.MaxWhole) {
		return workspace.Invalid("size", fmt.Sprintf("must be between 0 and %d", search.MaxWhole))
	}
	if u.MonthlySpend != nil && (*u.MonthlySpend < -search.MaxWhole-1 || *u.MonthlySpend > search.MaxWhole) {
		return workspace.Invalid("monthly_spend", fmt.Sprintf("must be between %d and %d", -search.MaxWhole-1, search.MaxWhole))
	}
	return nil
}

// WriteTo writes the given fields to a company.
func (u *CompanyUpdate) WriteTo(c *Company, now int64) {
	set(&c.Name, u.Name)
	set(&c.Website, u.Website)
	set(&c.Industry, u.Industry)
	set(&c.Size, u.Size)
	set(&c.MonthlySpend, u.MonthlySpend)
	set(&c.RemoteCreatedAt, u.RemoteCreatedAt)
	c.CustomAttributes = c.CustomAttributes.With(u.CustomAttributes)
	if u.Seen {
		c.LastRequestAt = now
	}
	c.UpdatedAt = now
}

// SaveCompany changes the company with the owner's own id, or creates it. Errors: workspace.InvalidError,
// UnknownAttributeError, ErrTooManyAttributes.
func (l *Lobby) SaveCompany(ctx context.Context, c workspace.Caller, companyID string, update CompanyUpdate) (*Company, error) {
	if err := workspace.CheckIdentifier("company_id", companyID); err != nil {
		return nil, err
	}
	return l.writeCompany(ctx, c, update, func(w Writer) (*Company, error) {
		return w.CompanyByCompanyID(c.Workspace, companyID)
	}, func(now int64) *Company {
		return &Company{Workspace: c.Workspace, ID: l.IDAt(now), CompanyID: companyID, CreatedAt: now}
	})
}

// UpdateCompany changes a company. An update without changes still counts as an update. Errors: ErrCompanyNotFound and
// those of SaveCompany.
func (l *Lobby) UpdateCompany(ctx context.Context, c workspace.Caller, id string, update CompanyUpdate) (*Company, error) {
	return l.writeCompany(ctx, c, update, func(w Writer) (*Company, error) {
		return mustHave(w.Company(c.Workspace, id))
	}, nil)
}

// writeCompany changes the company that find returns, or creates the one that create returns when there is none.
func (l *Lobby) writeCompany(
	ctx context.Context, c workspace.Caller, update CompanyUpdate, find func(Writer) (*Company, error), create func(now int64) *Company,
) (*Company, error) {
	return write(ctx, l, func(w Writer) (company *Company, err error) {
		if company, err = find(w); err != nil {
			return nil, err
		}
		if err := update.Check(); err != nil {
			return nil, err
		}
		if err := l.mustBeDefined(w, c.Workspace, CompanyModel, update.CustomAttributes); err != nil {
			return nil, err
		}
		now, put, topic := l.Unix(), w.UpdateCompany, CompanyUpdated
		if company == nil {
			company, put, topic = create(now), w.InsertCompany, CompanyCreated
		}
		update.WriteTo(company, now)
		if update.Plan != nil {
			if err := SetPlan(w, company, strings.TrimSpace(*update.Plan)); err != nil {
				return nil, err
			}
		}
		if err := put(company); err != nil {
			return nil, err
		}
		if err := l.Emit(w, &workspace.OutboxEntry{Workspace: c.Workspace, Topic: topic, SubjectID: company.ID}); err != nil {
			return nil, err
		}
		return company, l.showCompanies(w.Unlocked(), c, company)
	})
}

// markCompanyUpdated marks c, and its stored record, as updated because something attached to it changes.
func (l *Lobby) markCompanyUpdated(w Writer, c *Company) error {
	c.UpdatedAt = l.Unix()
	return w.UpdateCompany(c)
}

// SetPlan sets a company's plan by name, and creates the plan when there is none. An empty name removes the plan.
func SetPlan(w Writer, c *Company, name string) error {
	if name == "" {
		c.PlanID, c.Plan = 0, nil
		return nil
	}
	plan, err := w.PlanByName(c.Workspace, name)
	if err != nil {
		return err
	}
	if plan == nil {
		plan = &CompanyPlan{Name: name}
		if plan.ID, err = w.NextNumber(c.Workspace, "plan"); err != nil {
			return err
		}
		if err := w.InsertPlan(c.Workspace, plan); err != nil {
			return err
		}
	}
	c.PlanID, c.Plan = plan.ID, plan
	return nil
}

// DeleteCompany removes a company with its tags and notes, detaches its people, and returns it. Errors: ErrCompanyNotFound.
func (l *Lobby) DeleteCompany(ctx context.Context, c workspace.Caller, id string) (*Company, error) {
	return write(ctx, l, func(w Writer) (company *Company, err error) {
		if company, err = mustHave(w.Company(c.Workspace, id)); err != nil {
			return nil, err
		}
		if err := w.DeleteCompany(c.Workspace, company.ID); err != nil {
			return nil, err
		}
		return company, l.Emit(w, &workspace.OutboxEntry{Workspace: c.Workspace, Topic: CompanyDeleted, SubjectID: company.ID, Image: company})
	})
}
