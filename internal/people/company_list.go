package people

import (
	"context"
	"errors"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The errors of a list of companies.
var (
	ErrScrollExists   = errors.New("the workspace has a scroll open")
	ErrScrollNotFound = errors.New("no such scroll is open")
)

// CompanyFilter narrows and orders a list of companies. Empty fields do not narrow.
type CompanyFilter struct {
	TagID     int64
	SegmentID string
	// Condition is the condition of the segment SegmentID. A store reads it instead of SegmentID.
	Condition *search.Condition
	// OldestFirst reverses the order, which by default begins with the latest request.
	OldestFirst bool
}

// maxListed is the max number of companies on all pages of a list, as in the public API. A scroll returns all.
const maxListed = 10_000

// Companies lists companies that have contacts, and returns how many all pages have, at most 10,000.
func (l *Lobby) Companies(ctx context.Context, c workspace.Caller, filter CompanyFilter, page workspace.Page) (all []*Company, total int, err error) {
	err = l.Store.Read(ctx, func(r Reader) (err error) {
		if filter.SegmentID != "" {
			if filter.Condition, err = l.companySegment(r, c, filter.SegmentID); err != nil {
				return err
			}
		}
		if total, err = r.CountCompanies(c.Workspace, filter); err != nil {
			return err
		}
		total = min(total, maxListed)
		if page.Offset() >= int64(total) {
			return nil
		}
		all, err = r.Companies(c.Workspace, filter, page)
		if err != nil {
			return err
		}
		all = all[:min(len(all), total-int(page.Offset()))]
		return l.showCompanies(r, c, all...)
	})
	return all, total, err
}

// companySegment returns the condition of a company segment. For an unknown id, no company meets it.
func (l *Lobby) companySegment(r Reader, c workspace.Caller, id string) (*search.Condition, error) {
	s, err := r.Segment(c.Workspace, id)
	if err != nil {
		return nil, err
	}
	if s == nil || s.Model() != CompanyModel {
		return search.Nobody(), nil
	}
	return l.condition(r, c, s)
}

// CompanyScroll is a walk, by age, through all companies with contacts that a workspace has when it begins. Whatever is
// written meanwhile, it shows each company that keeps a contact exactly once.
type CompanyScroll struct {
	Workspace workspace.ID
	// Param is the token by which a client continues the scroll.
	Param string
	// Shown is the place of the last company shown, and UsedAt the time when it was shown.
	Shown            string
	OpenedAt, UsedAt int64
}

const (
	scrollPage = 100
	// scrollLife is how many seconds a scroll waits for its next page.
	scrollLife = 60
)

// ScrollCompanies returns the next companies of the scroll with a param, or the first of a new scroll when that is empty.
// It also returns the scroll's param. At the end both results are empty. A workspace has at most one open scroll, which
// closes when it is not used for a minute. Errors: ErrScrollExists, ErrScrollNotFound.
func (l *Lobby) ScrollCompanies(ctx context.Context, c workspace.Caller, param string) (page []*Company, next string, err error) {
	err = l.Store.Write(ctx, func(w Writer) error {
		scroll, err := l.openScroll(w, c.Workspace, param)
		if err != nil {
			return err
		}
		if page, err = w.CompaniesAfter(c.Workspace, scroll.Shown, scroll.OpenedAt, scrollPage); err != nil {
			return err
		}
		if err := l.showCompanies(w.Unlocked(), c, page...); err != nil {
			return err
		}
		if next = ""; len(page) == 0 {
			return w.DeleteCompanyScroll(c.Workspace)
		}
		last := page[len(page)-1]
		next, scroll.Shown, scroll.UsedAt = scroll.Param, workspace.ListPlace(last.ID, last.CreatedAt), l.Unix()
		return w.UpdateCompanyScroll(scroll)
	})
	return page, next, err
}

// openScroll returns the open scroll with a param. For an empty param it returns a new scroll, which replaces an expired one.
func (l *Lobby) openScroll(w Writer, ws workspace.ID, param string) (*CompanyScroll, error) {
	scroll, err := w.CompanyScroll(ws)
	if err != nil {
		return nil, err
	}
	now := l.Unix()
	open := scroll != nil && now-scroll.UsedAt <= scrollLife
	switch {
	case param != "" && open && scroll.Param == param:
		return scroll, nil
	case param != "":
		return nil, ErrScrollNotFound
	case open:
		return nil, ErrScrollExists
	case scroll != nil:
		if err := w.DeleteCompanyScroll(ws); err != nil {
			return nil, err
		}
	}
	scroll = &CompanyScroll{Workspace: ws, Param: l.NewUUID(), OpenedAt: now, UsedAt: now}
	return scroll, w.InsertCompanyScroll(scroll)
}
