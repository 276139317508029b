package admin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

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
	fields, wrong := l.AsSegment(name)
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
	form, _ := url.ParseQuery(strings.TrimPrefix(l.Address(nil), "?")) // which address wrote
	return a.listWith(r, form, http.StatusUnprocessableEntity, func(page *listPage) { page.SegmentName, page.SegmentError = name, wrong })
}
