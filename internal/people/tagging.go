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

// ErrTagInvalid refuses a tag.
var ErrTagInvalid = errors.New("the request is no order to tag")

// Tagging is the order to make a tag or to rename one, and to put it on some or take it off.
type Tagging struct {
	// ID is a tag to rename, or to use when no name is given; 0 for the one that has the name, which is made when there
	// is none.
	ID        int64
	Name      string
	Users     []TagTarget
	Companies []CompanyTarget
	// SkipUnknown leaves out who is not found, instead of refusing the order.
	SkipUnknown bool
}

// TagTarget is somebody to tag.
type TagTarget struct {
	UserRef // the first given of its members decides
	// Untag takes the tag off; who does not carry it stays as it is.
	Untag bool
}

// CompanyTarget is a company to tag, by its id or, where that is not given, by the owner's own.
type CompanyTarget struct {
	ID, CompanyID string
	Untag         bool
}

// Tagged is what became of a target.
type Tagged struct {
	ID string
	On bool // whether it carries the tag now
}

// TaggingResult is what came of a [Tagging], with the targets that were found in the order of the request.
type TaggingResult struct {
	Tag              *Tag
	Users, Companies []Tagged
}

// maxTargets bounds how long one order keeps other writers waiting.
const maxTargets = 1000

// ApplyTagging carries an order out, all of it or nothing. ErrTagInvalid, workspace.InvalidError, ErrResourceNotFound for an
// unknown id of a tag, ErrUserNotFound or MergedError, and ErrCompanyNotFound.
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
	}
	for _, target := range o.Users {
		if target.UserRef == (UserRef{}) {
			return ErrTagInvalid
		}
	}
	for _, target := range o.Companies {
		if target.ID == "" && target.CompanyID == "" {
			return ErrTagInvalid
		}
	}
	return nil
}

// findUsers answers whom the targets name, nil for who is left out. It looks them up in one order, whatever that of the
// request, so that two orders cannot wait for each other.
func (o *Tagging) findUsers(w Writer, c workspace.Caller) ([]*Person, error) {
	turns := turnsOf(len(o.Users), func(i, j int) int {
		a, b := o.Users[i].UserRef, o.Users[j].UserRef
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.Email, b.Email))
	})
	found, seen := make([]*Person, len(o.Users)), map[string]*Person{}
	for _, i := range turns {
		p, err := contactNamed(w, c, o.Users[i].UserRef)
		switch {
		case isUnknown(err) && o.SkipUnknown:
			continue
		case err != nil:
			return nil, err
		case seen[p.ID] == nil: // who is named twice is one person, and changes as one
			seen[p.ID] = p
		}
		found[i] = seen[p.ID]
	}
	return found, nil
}

// findCompanies is findUsers for companies.
func (o *Tagging) findCompanies(w Writer, c workspace.Caller) ([]*Company, error) {
	turns := turnsOf(len(o.Companies), func(i, j int) int {
		a, b := o.Companies[i], o.Companies[j]
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.CompanyID, b.CompanyID))
	})
	found := make([]*Company, len(o.Companies))
	for _, i := range turns {
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

// turnsOf answers the indexes of so many targets in the order in which they are looked up.
func turnsOf(n int, compare func(i, j int) int) []int {
	turns := make([]int, n)
	for i := range turns {
		turns[i] = i
	}
	slices.SortFunc(turns, compare)
	return turns
}

// tagFor answers the tag that an order is about, made or renamed.
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
