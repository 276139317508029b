package people

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// CompanyVisit is what a page says of a company that its proven user belongs to.
type CompanyVisit struct {
	CompanyID string // the owner's own id
	Update    CompanyUpdate
	// NewSession says that the user has just begun a session, which counts for the company too.
	NewSession bool
	// DefinesNothing leaves out custom attributes that have no definition yet.
	DefinesNothing bool
}

// VisitCompany makes or changes a company, as the page of a user says, and attaches the user to it. Attributes that do not
// fit are left out, as in a [Visit]. ErrUserNotFound, ErrTooManyCompanies, InvalidError.
func (l *Lobby) VisitCompany(ctx context.Context, c Caller, userID string, v CompanyVisit) error {
	if err := CheckIdentifier("company_id", v.CompanyID); err != nil {
		return err
	}
	if v.CompanyID == "" {
		return &InvalidError{"company_id", "is blank"}
	}
	if err := v.Update.check(); err != nil {
		return err
	}
	return l.Store.Write(ctx, func(w Writer) error {
		user, err := Holder{ContactID: userID}.person(w, c)
		if err != nil {
			return err
		}
		id, err := l.meetCompany(w, c.Workspace, v)
		if err != nil {
			return err
		}
		has, err := w.CompanyIDs(c.Workspace, user.ID)
		switch {
		case err != nil || slices.Contains(has, id):
			return err
		case len(has) >= maxCompanies:
			return ErrTooManyCompanies
		}
		if err := attachTo(w, user); err != nil {
			return err
		}
		if err := w.AttachCompany(c.Workspace, user.ID, id, l.now()); err != nil {
			return err
		}
		return l.emit(w, &OutboxEntry{Workspace: c.Workspace, Topic: CompanyContactAttached, PersonID: user.ID, SubjectID: id})
	})
}

// meetCompany gives a company what a visit says, if that is anything new, and answers its id.
func (l *Lobby) meetCompany(w Writer, ws WorkspaceID, v CompanyVisit) (string, error) {
	writable, err := l.messengerWritable(w, ws, v.Update.CustomAttributes, v.DefinesNothing)
	if err != nil {
		return "", err
	}
	if v.Update.CustomAttributes, _, err = l.define(w, ws, CompanyModel, writable); err != nil {
		return "", err
	}
	before, err := w.CompanyByCompanyID(ws, v.CompanyID)
	if err != nil {
		return "", err
	}
	now, write, topic := l.now(), w.UpdateCompany, CompanyUpdated
	company := &Company{Workspace: ws, CompanyID: v.CompanyID, CreatedAt: now}
	if before == nil {
		company.ID = l.newID(now)
		write, topic = w.InsertCompany, CompanyCreated
	} else {
		*company = *before
	}
	v.Update.Seen = v.NewSession || before == nil
	v.Update.writeTo(company, now)
	if v.Update.Seen {
		company.SessionCount++
	}
	if v.Update.Plan != nil {
		if err := setPlan(w, company, strings.TrimSpace(*v.Update.Plan)); err != nil {
			return "", err
		}
	}
	if before != nil && !v.Update.Seen && company.saysTheSameAs(before) {
		return before.ID, nil
	}
	if err := write(company); err != nil {
		return "", err
	}
	return company.ID, l.emit(w, &OutboxEntry{Workspace: ws, Topic: topic, SubjectID: company.ID})
}

// saysTheSameAs reports whether two images of a company differ in nothing that a page could say.
func (c *Company) saysTheSameAs(d *Company) bool {
	return c.Name == d.Name && c.Website == d.Website && c.Industry == d.Industry && c.Size == d.Size && c.PlanID == d.PlanID &&
		c.MonthlySpend == d.MonthlySpend && c.RemoteCreatedAt == d.RemoteCreatedAt && maps.Equal(c.CustomAttributes, d.CustomAttributes)
}
