package people

import (
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Extra is a part of a view that is loaded only where it is asked for, because it costs a question of its own.
type Extra int

// The extras.
const (
	WithMerges Extra = iota + 1 // of users: the contacts that went into them
	WithCounts                  // of segments: how many records are in them
)

// showContacts gives contacts what their view shows: their links, and their merges where those are asked for.
func showContacts(r Reader, extra []Extra, contacts ...*Person) error {
	if err := link(r, contacts...); err != nil {
		return err
	}
	return showMerges(r, extra, contacts...)
}

// showMerges gives each user the list of the contacts that went into it, where that is asked for.
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

// showVisitors gives visitors what their view shows: their links, and the segments of their companies.
func (l *Lobby) showVisitors(r Reader, c workspace.Caller, visitors ...*Person) error {
	if err := link(r, visitors...); err != nil {
		return err
	}
	var companies []*Company
	for _, p := range visitors {
		if p.Links != nil {
			companies = append(companies, p.Links.Belongs...)
		}
	}
	return l.showCompanies(r, c, companies...)
}

// showCompanies gives companies what their view shows: the segments that they are in. A company without users is in
// none, as no list shows it.
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
		condition, err := l.meaning(r, c, s)
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

// showSegments gives segments what their view shows: how many records are in them, where that is asked for. Counting
// takes as long as to search for them all.
func (l *Lobby) showSegments(r Reader, c workspace.Caller, extra []Extra, segments ...*Segment) error {
	if !slices.Contains(extra, WithCounts) {
		return nil
	}
	for _, s := range segments {
		condition, err := l.meaning(r, c, s)
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
