package people

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/workspace"
)

// ErrTagInvalid says that a request lacks a tag, a target, or what names a target.
var ErrTagInvalid = errors.New("the request is no order to tag")

// Tagging asks to create or rename a tag, and to put it on people and companies or take it off.
type Tagging struct {
	// ID is the tag to rename, or to use when Name is empty. When it is 0, the tag is found by Name, or created.
	ID        int64
	Name      string
	Users     []TagTarget
	Companies []CompanyTarget
	// SkipUnknown skips targets that are not found, instead of refusing the request.
	SkipUnknown bool
}

// TagTarget is a person to tag.
type TagTarget struct {
	UserRef // the first field set decides
	// Untag takes the tag off. A person without the tag is left unchanged.
	Untag bool
}

// CompanyTarget is a company to tag, named by its id or, when that is empty, by the owner's own id.
type CompanyTarget struct {
	ID, CompanyID string
	Untag         bool
}

// Tagged is the result for one target.
type Tagged struct {
	ID string
	On bool // whether it carries the tag now
}

// TaggingResult is the result of a [Tagging], with the targets that were found, in the order of the request.
type TaggingResult struct {
	Tag              *Tag
	Users, Companies []Tagged
}

// maxTargets is the max number of users, and of companies, in one request. It bounds how long other writers wait.
const maxTargets = 1000

// ApplyTagging carries out a tagging, all of it or nothing. Errors: ErrTagInvalid, workspace.InvalidError,
// ErrResourceNotFound for an unknown tag id, ErrUserNotFound, MergedError, ErrCompanyNotFound.
func (l *Lobby) ApplyTagging(ctx context.Context, c workspace.Caller, order Tagging) (*TaggingResult, error) {
	order.Name = strings.TrimSpace(order.Name)
	if err := order.check(); err != nil {
		return nil, err
	}
	return write(ctx, l, func(w Writer) (result *TaggingResult, err error) {
		users, err := order.findUsers(w, c)
		if err != nil {
			return nil, err
		}
		companies, err := order.findCompanies(w, c)
		if err != nil {
			return nil, err
		}
		result = new(TaggingResult)
		if result.Tag, err = l.tagFor(w, c, &order); err != nil {
			return nil, err
		}
		for i, p := range users {
			if p == nil {
				continue
			}
			untag := order.Users[i].Untag
			if untag {
				_, err = l.untag(w, p, result.Tag.ID)
			} else {
				_, err = l.tag(w, c, p, result.Tag)
			}
			if err != nil {
				return nil, err
			}
			result.Users = append(result.Users, Tagged{p.ID, !untag})
		}
		for i, company := range companies {
			if company == nil {
				continue
			}
			untag := order.Companies[i].Untag
			if err := l.tagCompany(w, c, company, result.Tag, untag); err != nil {
				return nil, err
			}
			result.Companies = append(result.Companies, Tagged{company.ID, !untag})
		}
		return result, nil
	})
}

// tagCompany puts a tag on a company or takes it off.
func (l *Lobby) tagCompany(w Writer, c workspace.Caller, company *Company, tag *Tag, untag bool) error {
	has := slices.ContainsFunc(company.Tags, func(t *Tag) bool { return t.ID == tag.ID })
	if has == untag {
		if err := l.markCompanyUpdated(w, company); err != nil {
			return err
		}
	}
	if untag {
		return w.UntagCompany(c.Workspace, company.ID, tag.ID)
	}
	return w.TagCompany(company.ID, &AppliedTag{Tag: *tag, AppliedAt: l.Unix(), AdminID: c.AdminID})
}

func (o *Tagging) check() error {
	switch {
	case o.Name == "" && (o.ID == 0 || len(o.Users)+len(o.Companies) == 0):
		return ErrTagInvalid
	case len(o.Users) > maxTargets:
		return workspace.Invalid("users", "has more than 1000 elements")
	case len(o.Companies) > maxTargets:
		return workspace.Invalid("companies", "has more than 1000 elements")
	case slices.ContainsFunc(o.Users, func(t TagTarget) bool { return t.UserRef == UserRef{} }),
		slices.ContainsFunc(o.Companies, func(t CompanyTarget) bool { return t.ID == "" && t.CompanyID == "" }):
		return ErrTagInvalid
	}
	return nil
}

// findUsers returns the person of each target, nil for one that is skipped. It looks them up in an order that does not
// depend on the request, so that two writes cannot deadlock.
func (o *Tagging) findUsers(w Writer, c workspace.Caller) ([]*Person, error) {
	order := lookUpOrder(len(o.Users), func(i, j int) int {
		a, b := o.Users[i].UserRef, o.Users[j].UserRef
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.Email, b.Email))
	})
	found, seen := make([]*Person, len(o.Users)), map[string]*Person{}
	for _, i := range order {
		p, err := contactNamed(w, c, o.Users[i].UserRef)
		switch {
		case isUnknown(err) && o.SkipUnknown:
			continue
		case err != nil:
			return nil, err
		case seen[p.ID] == nil: // a person named twice is one record
			seen[p.ID] = p
		}
		found[i] = seen[p.ID]
	}
	return found, nil
}

// findCompanies is findUsers for companies.
func (o *Tagging) findCompanies(w Writer, c workspace.Caller) ([]*Company, error) {
	order := lookUpOrder(len(o.Companies), func(i, j int) int {
		a, b := o.Companies[i], o.Companies[j]
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.CompanyID, b.CompanyID))
	})
	found := make([]*Company, len(o.Companies))
	for _, i := range order {
		look, key := w.Company, o.Companies[i].ID
		if key == "" {
			look, key = w.CompanyByCompanyID, o.Companies[i].CompanyID
		}
		company, err := mustHave(look(c.Workspace, key))
		switch {
		case err == nil:
			found[i] = company
		case !errors.Is(err, ErrCompanyNotFound) || !o.SkipUnknown:
			return nil, err
		}
	}
	return found, nil
}

// lookUpOrder returns the indexes of n targets in the order in which they are looked up.
func lookUpOrder(n int, compare func(i, j int) int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, compare)
	return order
}

// tagFor returns the tag that a request is about, after creating or renaming it.
func (l *Lobby) tagFor(w Writer, c workspace.Caller, o *Tagging) (*Tag, error) {
	var tag *Tag
	var err error
	if o.ID != 0 {
		if tag, err = findTag(w, c.Workspace, o.ID); err != nil || o.Name == "" || o.Name == tag.Name {
			return tag, err
		}
	}
	same, err := w.TagByName(c.Workspace, o.Name)
	switch {
	case err != nil:
		return nil, err
	case tag == nil && same != nil:
		return same, nil
	case tag != nil && same != nil && same.ID != tag.ID:
		return nil, workspace.Invalid("name", "is that of the tag with id="+strconv.FormatInt(same.ID, 10))
	case tag != nil:
		tag.Name = o.Name
		if err := tag.check(); err != nil {
			return nil, err
		}
		return tag, w.PutTag(tag)
	}
	tag = &Tag{Workspace: c.Workspace, Name: o.Name, CreatedAt: l.Unix()}
	if err := tag.check(); err != nil {
		return nil, err
	}
	if tag.ID, err = w.NextNumber(c.Workspace, "tag"); err != nil {
		return nil, err
	}
	return tag, w.PutTag(tag)
}
