package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// ErrSegmentFixed says that a segment cannot be changed or deleted.
var ErrSegmentFixed = errors.New("the segment stays as it is")

// Segment is a saved search over contacts or companies. It has no list of members: a record is in it while it meets the query.
type Segment struct {
	Workspace workspace.ID
	ID        string // 24 hexadecimal digits
	Name      string // one line, at most 255 characters
	// Role is the role of its contacts, user or lead; empty for companies.
	Role  Role
	Query search.Query
	// Fixed segments cannot be changed: those of all users and of all leads.
	Fixed     bool
	CreatedAt int64
	UpdatedAt int64

	// Count is the number of records in it; nil unless [WithCounts] was asked for. A store does not set it.
	Count *int
}

// Model returns the model of the records in the segment: contacts or companies.
func (s *Segment) Model() AttributeModel {
	if s.Role == "" {
		return CompanyModel
	}
	return ContactModel
}

// SegmentFields are the fields of a segment that a request may set; nil leaves a value unchanged.
type SegmentFields struct {
	Name  *string
	Role  *Role
	Query *search.Query
	// Model is set when a segment is created, and cannot be changed.
	Model *AttributeModel
}

// maxSegmentName is the max length of a segment's name in characters.
const maxSegmentName = 255

// Segments lists a workspace's segments of a model, oldest first. An empty model lists all.
func (l *Lobby) Segments(ctx context.Context, c workspace.Caller, model AttributeModel, extra ...Extra) ([]*Segment, error) {
	return read(ctx, l, func(r Reader) ([]*Segment, error) {
		all, err := r.Segments(c.Workspace)
		if err != nil {
			return nil, err
		}
		if model != "" {
			all = slices.DeleteFunc(all, func(s *Segment) bool { return s.Model() != model })
		}
		return all, l.showSegments(r, c, extra, all...)
	})
}

// FindSegment returns one segment. Errors: ErrResourceNotFound.
func (l *Lobby) FindSegment(ctx context.Context, c workspace.Caller, id string, extra ...Extra) (*Segment, error) {
	return read(ctx, l, func(r Reader) (*Segment, error) {
		found, err := r.Segment(c.Workspace, id)
		switch {
		case err != nil:
			return nil, err
		case found == nil:
			return nil, ErrResourceNotFound
		}
		return found, l.showSegments(r, c, extra, found)
	})
}

// SegmentsOf lists the segments that contain a contact. Errors: ErrUserNotFound, MergedError.
func (l *Lobby) SegmentsOf(ctx context.Context, c workspace.Caller, contactID string, extra ...Extra) ([]*Segment, error) {
	return read(ctx, l, func(r Reader) (in []*Segment, err error) {
		p, err := findContact(r, c, contactID, Active)
		if err != nil {
			return nil, err
		}
		if in, err = l.SegmentsWith(r, c, p); err != nil {
			return nil, err
		}
		return in, l.showSegments(r, c, extra, in...)
	})
}

// SegmentsWith lists the segments that contain a contact, within a view that is open.
func (l *Lobby) SegmentsWith(r Reader, c workspace.Caller, p *Person) (in []*Segment, err error) {
	tags, err := tagIDs(r, p)
	if err != nil {
		return nil, err
	}
	all, err := r.Segments(c.Workspace)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Model() != ContactModel {
			continue
		}
		condition, err := l.condition(r, c, s)
		if err != nil {
			return nil, err
		}
		if condition.Matches(search.KeysOf(p, tags)) {
			in = append(in, s)
		}
	}
	return in, nil
}

// SegmentsOfCompany lists the segments that contain a company. Errors: ErrCompanyNotFound.
func (l *Lobby) SegmentsOfCompany(ctx context.Context, c workspace.Caller, id string, extra ...Extra) ([]*Segment, error) {
	return read(ctx, l, func(r Reader) ([]*Segment, error) {
		company, err := mustHave(r.Company(c.Workspace, id))
		if err != nil {
			return nil, err
		}
		if err := l.showCompanies(r, c, company); err != nil {
			return nil, err
		}
		return company.Segments, l.showSegments(r, c, extra, company.Segments...)
	})
}

// tagIDs returns the ids of the tags that a person carries.
func tagIDs(r Reader, p *Person) ([]string, error) {
	if !p.Attached {
		return nil, nil
	}
	applied, err := r.PersonTags(p.Workspace, []string{p.ID})
	var all []string
	for _, tag := range applied[p.ID] {
		all = append(all, strconv.FormatInt(tag.Tag.ID, 10))
	}
	return all, err
}

// count returns how many records of the segment's model a search finds.
func (s *Segment) count(r Reader, search *search.Request) (int, error) {
	if s.Model() == CompanyModel {
		page, err := r.SearchCompanies(s.Workspace, search)
		if err != nil {
			return 0, err
		}
		return page.Total, nil
	}
	page, err := r.SearchContacts(s.Workspace, search)
	if err != nil {
		return 0, err
	}
	return page.Total, nil
}

// CreateSegment adds a segment to a workspace, of users unless fields say otherwise. Errors: workspace.InvalidError,
// search.Error.
func (l *Lobby) CreateSegment(ctx context.Context, c workspace.Caller, fields SegmentFields, extra ...Extra) (*Segment, error) {
	now := l.Unix()
	s := &Segment{Workspace: c.Workspace, ID: l.IDAt(now), Role: User, CreatedAt: now, UpdatedAt: now}
	if fields.Model != nil && *fields.Model == CompanyModel {
		s.Role = ""
	}
	return write(ctx, l, func(w Writer) (*Segment, error) {
		if _, err := w.Segments(c.Workspace); err != nil { // waits for writes that delete what a query uses
			return nil, err
		}
		if err := l.writeSegment(w, c, s, fields); err != nil {
			return nil, err
		}
		if err := w.PutSegment(s); err != nil {
			return nil, err
		}
		return s, l.showSegments(w.Unlocked(), c, extra, s)
	})
}

// ChangeSegment changes a segment. Errors: ErrResourceNotFound, ErrSegmentFixed, workspace.InvalidError, search.Error.
func (l *Lobby) ChangeSegment(ctx context.Context, c workspace.Caller, id string, fields SegmentFields, extra ...Extra) (*Segment, error) {
	return write(ctx, l, func(w Writer) (*Segment, error) {
		s, err := segmentToChange(w, c.Workspace, id)
		if err != nil {
			return nil, err
		}
		if err := l.writeSegment(w, c, s, fields); err != nil {
			return nil, err
		}
		s.UpdatedAt = l.Unix()
		if err := w.PutSegment(s); err != nil {
			return nil, err
		}
		return s, l.showSegments(w.Unlocked(), c, extra, s)
	})
}

// DeleteSegment removes a segment and returns it as it was. Errors: ErrResourceNotFound, ErrSegmentFixed.
func (l *Lobby) DeleteSegment(ctx context.Context, c workspace.Caller, id string, extra ...Extra) (*Segment, error) {
	return write(ctx, l, func(w Writer) (*Segment, error) {
		s, err := segmentToChange(w, c.Workspace, id)
		if err != nil {
			return nil, err
		}
		if err := w.DeleteSegment(c.Workspace, id); err != nil {
			return nil, err
		}
		return s, l.showSegments(w.Unlocked(), c, extra, s)
	})
}

func segmentToChange(w Writer, ws workspace.ID, id string) (*Segment, error) {
	all, err := w.Segments(ws)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(s *Segment) bool { return s.ID == id })
	switch {
	case i < 0:
		return nil, ErrResourceNotFound
	case all[i].Fixed:
		return nil, ErrSegmentFixed
	}
	return all[i], nil
}

// writeSegment sets the given fields of s, and checks the result.
func (l *Lobby) writeSegment(r Reader, c workspace.Caller, s *Segment, fields SegmentFields) error {
	set(&s.Name, fields.Name)
	if err := s.setRole(fields); err != nil {
		return err
	}
	if err := workspace.CheckName(s.Name); err != nil {
		return err
	}
	switch {
	case utf8.RuneCountInString(s.Name) > maxSegmentName:
		return workspace.Invalid("name", fmt.Sprintf("is longer than %d characters", maxSegmentName))
	case fields.Query == nil:
		return nil
	}
	s.Query = *fields.Query
	if s.Query.AsksFor(func(filter *search.Query) bool { return filter.Field == "segment_id" }) {
		return workspace.Invalid("query", "must not ask for other segments")
	}
	if _, err := l.understand(r, c, s.table(), &SearchOrder{Query: s.Query, Rules: segmentRules}); err != nil {
		return err
	}
	return checkTags(r, c.Workspace, &s.Query)
}

// setRole checks the model and sets the role, which a segment of companies does not have.
func (s *Segment) setRole(fields SegmentFields) error {
	switch {
	case fields.Model != nil && *fields.Model != ContactModel && *fields.Model != CompanyModel:
		return workspace.Invalid("model", "must be either contact or company")
	case fields.Model != nil && *fields.Model != s.Model():
		return workspace.Invalid("model", "stays as it is")
	case fields.Role == nil:
		return nil
	case s.Model() == CompanyModel:
		return workspace.Invalid("person_type", "is none in a segment of companies")
	case !fields.Role.IsContact():
		return workspace.Invalid("person_type", "must be either user or contact")
	}
	s.Role = *fields.Role
	return nil
}

// checkTags refuses a query for a tag that does not exist.
func checkTags(r Reader, ws workspace.ID, q *search.Query) (err error) {
	q.AsksFor(func(filter *search.Query) bool {
		for _, v := range filter.Values {
			if filter.Field != "tag_id" || search.IsNothing(v) || err != nil {
				continue
			}
			var tag *Tag
			id, _ := search.WholeNumber(v)
			if tag, err = r.Tag(ws, id); tag == nil && err == nil {
				err = workspace.Invalid("query", "asks for the tag "+v.String()+", which does not exist")
			}
		}
		return false
	})
	return err
}

// segmentRules are the rules for reading the queries of segments, whatever the caller's version.
var segmentRules = search.Rules{DaysAgo: true, FormattedPhone: true}

// condition returns the condition that the records of a segment meet.
func (l *Lobby) condition(r Reader, c workspace.Caller, s *Segment) (*search.Condition, error) {
	return l.understand(r, c, s.table(), &SearchOrder{Query: s.fullQuery(), Rules: segmentRules})
}

// table returns the fields that a segment's query may use.
func (s *Segment) table() *search.Table {
	if s.Model() == CompanyModel {
		return CompanySearch
	}
	return ContactSearch
}

// fullQuery returns the query of a segment, including the condition on the role.
func (s *Segment) fullQuery() search.Query {
	if s.Model() == CompanyModel {
		return s.Query
	}
	return search.Query{Combine: search.And, Queries: []search.Query{{Field: "role", Operator: search.Equal, Values: []search.Value{search.TextValue(string(s.Role))}}, s.Query}}
}

// segmentQueries returns a look-up of contact segments' queries by segment id.
func segmentQueries(r Reader, ws workspace.ID) func(id string) (*search.Query, error) {
	return func(id string) (*search.Query, error) {
		s, err := r.Segment(ws, id)
		if err != nil || s == nil || s.Model() != ContactModel {
			return nil, err
		}
		whole := s.fullQuery()
		return &whole, nil
	}
}

// segmentsThatAskFor returns the names of the segments whose queries use a field, with the given value unless that is
// empty. On a Writer, it waits for writes that create or change segments, and they wait for it.
func segmentsThatAskFor(r Reader, ws workspace.ID, field, value string) ([]string, error) {
	all, err := r.Segments(ws)
	if err != nil {
		return nil, err
	}
	meant := func(filter *search.Query) bool {
		return filter.Field == field &&
			(value == "" || slices.ContainsFunc(filter.Values, func(v search.Value) bool { return v.String() == value }))
	}
	var names []string
	for _, s := range all {
		if s.Query.AsksFor(meant) {
			names = append(names, s.Name)
		}
	}
	return names, nil
}

// seedSegments gives a new workspace the segments that a new one has in Intercom. Workspaces that are older than segments
// got the same from the migration that created the table.
func (l *Lobby) seedSegments(w Writer, ws *workspace.Workspace) error {
	seen := func(op search.Operator, days int64) search.Query {
		return search.Query{Field: "last_seen_at", Operator: op, DaysAgo: days}
	}
	for _, s := range []*Segment{
		{Name: "All users", Fixed: true, Role: User, Query: search.Query{Field: "role", Operator: search.Equal, Values: []search.Value{search.TextValue("user")}}},
		{Name: "All leads", Fixed: true, Role: Lead, Query: search.Query{Field: "role", Operator: search.Equal, Values: []search.Value{search.TextValue("lead")}}},
		{Name: "Active", Role: User, Query: seen(search.Greater, 30)},
		{Name: "New", Role: User, Query: search.Query{Field: "created_at", Operator: search.Greater, DaysAgo: 1}},
		{Name: "Slipping away", Role: User, Query: search.Query{Combine: search.And, Queries: []search.Query{seen(search.LessOrEqual, 30), seen(search.Greater, 60)}}},
	} {
		s.Workspace, s.ID, s.CreatedAt, s.UpdatedAt = ws.ID, l.IDAt(ws.CreatedAt), ws.CreatedAt, ws.CreatedAt
		if err := w.PutSegment(s); err != nil {
			return err
		}
	}
	return nil
}
