package admin

import (
	"encoding/csv"
	"net/http"
	"time"

	"lobby/internal/people"
	"lobby/internal/roster"
	"lobby/internal/search"
	"lobby/internal/spreadsheet"
)

// askExport says how many people a file will have.
func (a *admin) askExport(r *request, l *roster.Listing, page *bulkPage, ticked []string) error {
	if page.Whom == "all" {
		s := roster.OldestFirst(nil)
		s.Limit = 1
		found, _, err := l.Find(r.Context(), a.lobby, r.caller, s)
		switch {
		case err != nil:
			return err
		case l.HasErrors():
			return errNotFound
		}
		page.Count = found.Total
	} else {
		found, err := a.ticked(r, ticked, false)
		if err != nil {
			return err
		}
		page.Count, page.IDs = len(found), roster.PackIDs(idsOf(found))
	}
	page.Title, page.Confirm = "Export "+peopleCounted(page.Count), "Download "+peopleCounted(page.Count)
	page.Sentences = []string{
		"A CSV file with a line for each of them, whom Lobby has known longest first, and the columns of the list. It holds personal data: keep it as safe as this page.",
		"A text that a spreadsheet would take for a formula has an apostrophe in front.",
	}
	return r.show(http.StatusOK, "bulk", page)
}

// exportTime is how long one part of a file may take to be read and taken by the browser.
const exportTime = time.Minute

// exportPeople sends people as CSV, part by part, so that a long list needs no memory. A file that cannot be ended is cut off
// in a way that the browser sees.
func (a *admin) exportPeople(r *request) error {
	l, err := a.listingOf(r, r.PostForm.Get("list"))
	if err != nil {
		return err
	}
	ids, ok := roster.UnpackIDs(r.PostForm.Get("ids"))
	if !ok {
		return errNotFound
	}
	next := func(after *search.Cursor) (found *search.Page[*people.Person], err error) {
		if r.PostForm.Get("whom") == "all" {
			found, _, err = l.Find(r.Context(), a.lobby, r.caller, roster.OldestFirst(after))
			return found, err
		}
		found = new(search.Page[*people.Person])
		found.Found, err = a.ticked(r, ids, false)
		return found, err
	}
	found, err := next(nil)
	switch {
	case err != nil:
		return err
	case l.HasErrors():
		return errNotFound
	}
	if err := a.lobby.LogDone(r.Context()); err != nil {
		return err
	}
	h := r.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="people-`+a.lobby.Now().UTC().Format(time.DateOnly)+`.csv"`)
	file, connection := csv.NewWriter(r.w), http.NewResponseController(r.w)
	names := append([]string{"id", "role", "name"}, l.Columns...)
	lines := [][]string{names}
	for {
		for _, p := range found.Found {
			lines = append(lines, r.csvLine(p, names))
		}
		_ = connection.SetWriteDeadline(time.Now().Add(exportTime)) // a server without deadlines needs none
		if err = file.WriteAll(lines); err != nil || found.Next == nil {
			return nil // the end, or a browser that is gone
		}
		if found, err = next(found.Next); err != nil {
			panic(http.ErrAbortHandler)
		}
		lines = lines[:0]
	}
}

// csvLine returns fields of a person. Times are in UTC.
func (r *request) csvLine(p *people.Person, names []string) []string {
	line := make([]string, len(names))
	for i, name := range names {
		line[i] = spreadsheet.Harmless(r.valueOf(p, name).Exact())
	}
	return line
}
