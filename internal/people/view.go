package people

import (
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Extra is a part of a view that is loaded only on request, because it costs a query of its own.
type Extra int

// The extras.
const (
	WithMerges Extra = iota + 1 // of users: the contacts that went into them
	WithCounts                  // of segments: how many records are in them
)

// showContacts sets what the view of contacts shows: their links and, on request, their merges.
func showContacts(r Reader, extra []Extra, contacts ...*Person) error {
	if err := loadAssociations(r, contacts...); err != nil {
		return err
	}
	return showMerges(r, extra, contacts...)
}

// showMerges sets, on request, the list of the contacts that were merged into each user.
func showMerges(r Reader, extra []Extra, contacts ...*Person) error {
	if !slices.Contains(extra, WithMerges) {
		return nil
	}
	var ids []string
	for _, p := range contacts {
		if p.Role == User {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	all, err := r.Merges(contacts[0].Workspace, ids)
	for _, p := range contacts {
		if p.Role == User {
			p.Merges = append([]Merge{}, all[p.ID]...)
		}
	}
	return err
}

// showVisitors sets what the view of visitors shows: their links, and the segments of their companies.
func (l *Lobby) showVisitors(r Reader, c workspace.Caller, visitors ...*Person) error {
	if err := loadAssociations(r, visitors...); err != nil {
		return err
	}
	var companies []*Company
	for _, p := range visitors {
		if p.Associations != nil {
			companies = append(companies, p.Associations.VisitorCompanies...)
		}
	}
	return l.showCompanies(r, c, companies...)
}

// showCompanies sets the segments that contain each company. A company without users is in none, since no list shows it.
func (l *Lobby) showCompanies(r Reader, c workspace.Caller, companies ...*Company) error {
	if len(companies) == 0 {
		return nil
	}
	segments, err := r.Segments(c.Workspace)
	if err != nil {
		return err
	}
	for _, company := range companies {
		company.Segments = nil
	}
	for _, s := range segments {
		if s.Model() != CompanyModel {
			continue
		}
		condition, err := l.condition(r, c, s)
		if err != nil {
			return err
		}
		for _, company := range companies {
			if company.UserCount > 0 && condition.Matches(search.KeysOf(company, company.tagIDs())) {
				company.Segments = append(company.Segments, s)
			}
		}
	}
	return nil
}

// showSegments sets, on request, how many records are in each segment. Counting takes as long as a search for all of them.
func (l *Lobby) showSegments(r Reader, c workspace.Caller, extra []Extra, segments ...*Segment) error {
	if !slices.Contains(extra, WithCounts) {
		return nil
	}
	for _, s := range segments {
		condition, err := l.condition(r, c, s)
		if err != nil {
			return err
		}
		n, err := s.count(r, &search.Request{Condition: condition})
		if err != nil {
			return err
		}
		s.Count = &n
	}
	return nil
}
