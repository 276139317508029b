package people

import (
	"context"
	"errors"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// What use cases refuse of a list of companies.
var (
	ErrScrollExists   = errors.New("the workspace has a scroll open")
	ErrScrollNotFound = errors.New("no such scroll is open")
)

// CompanyFilter narrows a list of companies, and says where it begins. Empty fields do not narrow.
type CompanyFilter struct {
	TagID     int64
	SegmentID string
	// Condition is what SegmentID means, which a store is told instead.
	Condition *search.Condition
	// OldestFirst turns the list around, which begins with those whose people made a request last.
	OldestFirst bool
}

// maxListed is where the public API stops turning the pages of a list of companies; a scroll shows all.
const maxListed = 10_000

// Companies lists companies that have contacts, and how many of them the pages show in all, which is at most 10,000.
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

// companySegment returns what a company of the segment with an id meets; nobody meets that of an unknown one.
func (l *Lobby) companySegment(r Reader, c workspace.Caller, id string) (*search.Condition, error) {
	s, err := r.Segment(c.Workspace, id)
	if err != nil {
		return nil, err
	}
	if s == nil || s.Model() != CompanyModel {
		return search.Nobody(), nil
	}
	return l.meaning(r, c, s)
}

// CompanyScroll is a walk through all companies with contacts that a workspace has when it begins, in the order of their
// ids. Whatever is written meanwhile, it shows each company that keeps a contact once.
type CompanyScroll struct {
	Workspace workspace.ID
	// Param names the scroll to whoever walks.
	Param string
	// Shown is the id of the last company shown, UsedAt when that was.
	Shown            string
	OpenedAt, UsedAt int64
}

const (
	scrollPage = 100
	// scrollLife is how many seconds a scroll waits for its next page.
	scrollLife = 60
)

// ScrollCompanies returns the next companies of the scroll with a param, or the first of a new one when that is empty, and
// the param of the scroll. It ends with no companies and an empty param. A workspace has one scroll open at a time, which
// closes when it is not used for a minute. ErrScrollExists, ErrScrollNotFound.
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
		next, scroll.Shown, scroll.UsedAt = scroll.Param, page[len(page)-1].ID, l.Unix()
		return w.UpdateCompanyScroll(scroll)
	})
	return page, next, err
}

// openScroll returns the open scroll with a param, or, when that is empty, a new one in the place of one that is no longer
// used.
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
