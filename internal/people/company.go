package people

import (
	"context"
	"errors"
	"maps"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The errors of a company.
var (
	ErrCompanyNotFound  = errors.New("no such company")
	ErrTooManyCompanies = errors.New("the person is attached to as many companies as it may be")
)

// The topics of companies; the subject is the company. The first three name no person. When a company is deleted, its
// people are detached without an entry for each.
const (
	CompanyCreated         workspace.Topic = "company.created"
	CompanyUpdated         workspace.Topic = "company.updated"
	CompanyDeleted         workspace.Topic = "company.deleted"
	CompanyContactAttached workspace.Topic = "company.contact.attached"
	CompanyContactDetached workspace.Topic = "company.contact.detached"
)

// Company is an organisation whose people use the owner's product. The zero value of a field means "unknown"; all times
// are Unix seconds.
type Company struct {
	Workspace workspace.ID
	ID        string // 24 hexadecimal digits, for life
	// CompanyID is the owner's own id of the company, unique in the workspace and never changed.
	CompanyID    string
	Name         string
	PlanID       int64
	Size         int64 // how many employees it has
	Website      string
	Industry     string
	MonthlySpend int64
	SessionCount int64
	// RemoteCreatedAt is when the owner's own database created the company; 0 means CreatedAt.
	RemoteCreatedAt int64
	LastRequestAt   int64
	CreatedAt       int64
	UpdatedAt       int64

	CustomAttributes search.Attributes

	// UserCount is how many live contacts are attached; each counts once, even when several of its merged records are. The
	// store counts them.
	UserCount int64

	// What a view shows in addition to the record. Plan is nil for none. Tags come in the order in which they were applied,
	// notes newest first.
	Plan  *CompanyPlan
	Tags  []*Tag
	Notes FirstIDs
	// Segments are the segments that contain the company, by id. A store does not set them.
	Segments []*Segment
}

// CompanyPlan is a plan that companies pay for, identified by its name.
type CompanyPlan struct {
	ID   int64 // decimal digits on the wire, unique within the workspace
	Name string
}

// CompanyFields are the fields of a company's record, in the order in which the store keeps them. The workspace is not
// included: every key begins with it.
var CompanyFields = []search.Column[Company]{
	search.TextColumn("id", func(c *Company) *string { return &c.ID }),
	search.TextColumn("company_id", func(c *Company) *string { return &c.CompanyID }),
	search.TextColumn("name", func(c *Company) *string { return &c.Name }),
	search.NumberColumn("plan_id", func(c *Company) *int64 { return &c.PlanID }),
	search.NumberColumn("size", func(c *Company) *int64 { return &c.Size }),
	search.TextColumn("website", func(c *Company) *string { return &c.Website }),
	search.TextColumn("industry", func(c *Company) *string { return &c.Industry }),
	search.NumberColumn("monthly_spend", func(c *Company) *int64 { return &c.MonthlySpend }),
	search.NumberColumn("session_count", func(c *Company) *int64 { return &c.SessionCount }),
	search.NumberColumn("remote_created_at", func(c *Company) *int64 { return &c.RemoteCreatedAt }),
	search.NumberColumn("last_request_at", func(c *Company) *int64 { return &c.LastRequestAt }),
	search.NumberColumn("created_at", func(c *Company) *int64 { return &c.CreatedAt }),
	search.NumberColumn("updated_at", func(c *Company) *int64 { return &c.UpdatedAt }),
	search.AttributesColumn("custom_attributes", func(c *Company) *search.Attributes { return &c.CustomAttributes }),
	search.NumberColumn("user_count", func(c *Company) *int64 { return &c.UserCount }),
}

// CompanyNameKey returns the form in which names of companies are compared: trimmed, in lower case.
func CompanyNameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// FindCompany returns one company. Errors: ErrCompanyNotFound.
func (l *Lobby) FindCompany(ctx context.Context, c workspace.Caller, id string) (*Company, error) {
	return l.readCompany(ctx, c, func(r Reader) (*Company, error) { return r.Company(c.Workspace, id) })
}

// FindCompanyByCompanyID is FindCompany for the owner's own id.
func (l *Lobby) FindCompanyByCompanyID(ctx context.Context, c workspace.Caller, companyID string) (*Company, error) {
	return l.readCompany(ctx, c, func(r Reader) (*Company, error) { return r.CompanyByCompanyID(c.Workspace, companyID) })
}

// FindCompanyByName returns the oldest company with a name. Errors: ErrCompanyNotFound.
func (l *Lobby) FindCompanyByName(ctx context.Context, c workspace.Caller, name string) (*Company, error) {
	return l.readCompany(ctx, c, func(r Reader) (*Company, error) { return r.CompanyByName(c.Workspace, name) })
}

func (l *Lobby) readCompany(ctx context.Context, c workspace.Caller, look func(Reader) (*Company, error)) (*Company, error) {
	return read(ctx, l, func(r Reader) (*Company, error) {
		found, err := mustHave(look(r))
		if err != nil {
			return nil, err
		}
		return found, l.showCompanies(r, c, found)
	})
}

// mustHave returns ErrCompanyNotFound when a look-up has found no company.
func mustHave(found *Company, err error) (*Company, error) {
	if err == nil && found == nil {
		err = ErrCompanyNotFound
	}
	return found, err
}

// SaysTheSameAs reports whether two images of a company are equal in all fields that a page can set.
func (c *Company) SaysTheSameAs(d *Company) bool {
	return c.Name == d.Name && c.Website == d.Website && c.Industry == d.Industry && c.Size == d.Size && c.PlanID == d.PlanID &&
		c.MonthlySpend == d.MonthlySpend && c.RemoteCreatedAt == d.RemoteCreatedAt && maps.Equal(c.CustomAttributes, d.CustomAttributes)
}
