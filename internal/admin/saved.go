package admin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// saveSegment keeps what narrows a list as a segment.
func (a *admin) saveSegment(r *request) error {
	address, name := r.PostForm.Get("list"), strings.TrimSpace(r.PostForm.Get("name"))
	l, err := a.listingOf(r, address)
	if err != nil {
		return err
	}
	fields, wrong := l.segment(r, name)
	if wrong == "" {
		saved, err := a.lobby.CreateSegment(r.Context(), r.caller, fields)
		if err == nil {
			return r.redirect(r.in("people?done=segment&role=" + l.Role + "&segment=" + url.QueryEscape(saved.ID)))
		}
		invalid, isInvalid := errors.AsType[*workspace.InvalidError](err)
		refused, isRefused := errors.AsType[*search.Error](err)
		switch {
		case isInvalid:
			wrong = "The " + invalid.Field + " " + invalid.Reason + "."
		case isRefused:
			wrong = "A segment cannot have all of these filters: " + refused.Reason + "."
		default:
			return err
		}
	}
	form, _ := url.ParseQuery(strings.TrimPrefix(l.address(nil), "?")) // which address wrote
	return a.listWith(r, form, http.StatusUnprocessableEntity, func(page *listPage) { page.SegmentName, page.SegmentError = name, wrong })
}

// segment returns what a segment of the list has, or says why there cannot be one.
func (l *listing) segment(r *request, name string) (fields people.SegmentFields, wrong string) {
	role := people.Role(l.Role)
	q, any := l.narrowing(r, false)
	switch {
	case !role.IsContact():
		return fields, "Choose Leads or Users first: a segment has one of these."
	case l.Segment != "":
		return fields, "Choose “Any segment” first: a segment cannot be made of another one."
	case l.hasErrors() || !any:
		return fields, "Mend the filters first."
	case len(q.Queries) == 0:
		return fields, "Add a filter, a tag or a text first: this is everybody."
	}
	return people.SegmentFields{Name: &name, Role: &role, Query: &q.Query}, ""
}
