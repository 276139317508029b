package admin

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

const (
	// maxBulk is how many people one confirmation is about: their ids are in the form, and finding them costs CPU time.
	maxBulk = 2000
	// tagBatch is how many people one transaction tags, and hiders how many are archived or restored at a time.
	tagBatch = 500
	hiders   = 8
	// maxRefused is how many of those who were refused a page names.
	maxRefused = 20
)

// bulkPage is what the page bulk shows: what is to be done with how many people, and later what was done.
type bulkPage struct {
	Act, Title, Confirm string
	Sentences           []string
	// List is the address of the list, Whom whether the ticked ones or all of it are meant, and IDs who they are.
	List, Whom, IDs string
	Count           int // of those in IDs
	Tags            []choice
	Tag, Error      string
	Next            string // address of the page about those who are left; empty for nobody
	// Done says what was done; empty before. Refused are those with whom it was not done.
	Done    string
	Refused []refusedHuman
	More    int    // others who were refused
	Undo    string // ids of those with whom it can be taken back
}

// refusedHuman is somebody with whom something was not done.
type refusedHuman struct{ ID, Name, Reason string }

func peopleCounted(n int) string {
	if n == 1 {
		return "1 person"
	}
	return grouped(n) + " people"
}

// askBulk says how many people something is to be done with, and asks whether it is meant.
func (a *admin) askBulk(r *request) error {
	q := r.URL.Query()
	l, err := a.listingOf(r, q.Get("list"))
	if err != nil {
		return err
	}
	page := &bulkPage{Act: q.Get("act"), List: l.address(nil), Whom: q.Get("whom")}
	if page.Act == "export" {
		return a.askExport(r, l, page, q["id"])
	}
	after, err := readCursor(q.Get("after"))
	if err != nil {
		return err
	}
	ids, total, err := a.chosenContacts(r, l, page, q["id"], after)
	if err != nil {
		return err
	}
	page.Count, page.IDs = len(ids), packIDs(ids)
	return a.bulkWith(r, http.StatusOK, page, total)
}

// bulkWith shows what is to be done. Total is how many there are, those who do not fit into the page among them.
func (a *admin) bulkWith(r *request, status int, page *bulkPage, total int) error {
	many := peopleCounted(page.Count)
	switch page.Act {
	case "tag":
		page.Title, page.Confirm = "Tag "+many, "Tag "+many
		page.Sentences = []string{"Who has the tag already keeps it."}
	case "untag":
		page.Title, page.Confirm = "Take a tag off "+many, "Take it off "+many
	case "archive":
		page.Title, page.Confirm = "Archive "+many, "Archive "+many
		page.Sentences = []string{"Nobody finds archived people in lists any more. All data stays, and so do the identifiers. The next page can take it back."}
	default:
		return errNotFound
	}
	if total > page.Count {
		page.Sentences = append(page.Sentences, fmt.Sprintf("These are %s of %s: the rest comes after them.", grouped(page.Count), grouped(total)))
	}
	if page.Whom == "all" {
		page.Sentences = append(page.Sentences, "Only leads and users have tags and an archive: visitors of the list stay as they are.")
	}
	tags, err := a.lobby.Tags(r.Context(), r.caller)
	if err != nil {
		return err
	}
	for _, t := range tags {
		id := strconv.FormatInt(t.ID, 10)
		page.Tags = append(page.Tags, choice{Value: id, Word: t.Name, Chosen: id == page.Tag})
	}
	return r.show(status, "bulk", page)
}

// listingOf returns the list of an address, without what only its page needs.
func (a *admin) listingOf(r *request, address string) (*listing, error) {
	form, err := url.ParseQuery(strings.TrimPrefix(address, "?"))
	if err != nil {
		return nil, errNotFound
	}
	for name, values := range form {
		if slices.ContainsFunc(append(values, name), func(s string) bool { return !workspace.IsText(s) }) {
			return nil, errNotFound
		}
	}
	form.Del("after")
	return a.readListing(r, form)
}

// chosenContacts returns the leads and users that are meant: at most [maxBulk] of a list, or the ticked ones. A page about
// more than these has a next one.
func (a *admin) chosenContacts(r *request, l *listing, page *bulkPage, ticked []string, after *search.Cursor) (ids []string, total int, err error) {
	if page.Whom != "all" {
		found, err := a.ticked(r, ticked, true)
		return idsOf(found), len(found), err
	}
	for len(ids) <= maxBulk-people.MaxPage {
		s := oldestFirst(after)
		s.ContactsOnly = true
		found, _, err := a.findPeople(r, l, s)
		switch {
		case err != nil:
			return nil, 0, err
		case l.hasErrors():
			return nil, 0, errNotFound // the list has said what is wrong
		}
		ids, total, after = append(ids, idsOf(found.Found)...), found.Total, found.Next
		if after == nil {
			return ids, total, nil
		}
	}
	page.Next = "?" + url.Values{"act": {page.Act}, "whom": {"all"}, "list": {page.List}, "after": {cursorText(after)}}.Encode()
	return ids, total, nil
}

func idsOf(all []*people.Person) (ids []string) {
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return ids
}

// ticked returns those of some ids who are in lists now.
func (a *admin) ticked(r *request, ids []string, contactsOnly bool) ([]*people.Person, error) {
	var values []search.Value
	for _, id := range ids[:min(len(ids), people.MaxPage)] {
		if workspace.IsID(id) {
			values = append(values, search.TextValue(id))
		}
	}
	if len(values) == 0 {
		return nil, nil
	}
	order := people.SearchOrder{Query: search.Query{Field: "id", Operator: search.In, Values: values}, Ascending: true, Limit: people.MaxPage}
	found, err := a.lobby.SearchContacts(r.Context(), r.caller, order)
	if err != nil {
		return nil, err
	}
	if contactsOnly {
		return found.Found, nil
	}
	visitors, err := a.lobby.SearchVisitors(r.Context(), r.caller, order)
	if err != nil {
		return nil, err
	}
	return append(found.Found, visitors.Found...), nil
}

// doBulk does what was confirmed, and says what came of it.
func (a *admin) doBulk(r *request) error {
	form := r.PostForm
	ids, ok := unpackIDs(form.Get("ids"))
	if !ok {
		return errNotFound
	}
	page := &bulkPage{
		Act: form.Get("act"), List: form.Get("list"), Whom: form.Get("whom"), IDs: form.Get("ids"), Count: len(ids),
		Tag: strings.TrimSpace(form.Get("tag")), Next: form.Get("next"),
	}
	l, err := a.listingOf(r, page.List)
	if err != nil {
		return err
	}
	page.List = l.address(nil)
	if !strings.HasPrefix(page.Next, "?act=") {
		page.Next = ""
	}
	var done []string
	var refused []refusedHuman
	switch page.Act {
	case "tag", "untag":
		done, refused, err = a.tagMany(r, page, ids)
	case "archive":
		done, refused, err = a.moveMany(r, ids, a.lobby.ArchiveContact)
	case "restore":
		done, refused, err = a.moveMany(r, ids, a.lobby.UnarchiveContact)
	default:
		return errNotFound
	}
	if invalid, is := errors.AsType[*workspace.InvalidError](err); is {
		page.Error = "The tag's " + invalid.Field + " " + invalid.Reason + "."
	} else if errors.Is(err, people.ErrTagInvalid) || errors.Is(err, people.ErrResourceNotFound) {
		page.Error = "Name a tag."
	} else if err != nil {
		return err
	}
	if page.Error != "" {
		return a.bulkWith(r, http.StatusUnprocessableEntity, page, page.Count)
	}
	return r.bulkDone(page, done, refused)
}

// tagMany puts the tag of the page on people, or takes it off, in transactions of [tagBatch].
func (a *admin) tagMany(r *request, page *bulkPage, ids []string) (done []string, refused []refusedHuman, err error) {
	order := people.Tagging{Name: page.Tag, SkipUnknown: true}
	if page.Act == "untag" {
		order.Name = ""
		if order.ID, err = strconv.ParseInt(page.Tag, 10, 64); err != nil {
			return nil, nil, people.ErrTagInvalid
		}
	}
	for batch := range slices.Chunk(ids, tagBatch) {
		order.Users = nil
		for _, id := range batch {
			order.Users = append(order.Users, people.TagTarget{UserRef: people.UserRef{ID: id}, Untag: page.Act == "untag"})
		}
		result, err := a.lobby.ApplyTagging(r.Context(), r.caller, order)
		if err != nil {
			return nil, nil, err
		}
		tagged := map[string]bool{}
		for _, t := range result.Users {
			tagged[t.ID] = true
			done = append(done, t.ID)
		}
		for _, id := range batch {
			if !tagged[id] {
				refused = append(refused, refusedHuman{ID: id, Reason: "was merged, archived or erased meanwhile."})
			}
		}
	}
	return done, refused, nil
}

// moveMany archives or restores people, [hiders] at a time. An error that is no refusal of one of them ends it: what was done
// by then stays done.
func (a *admin) moveMany(r *request, ids []string, move func(context.Context, workspace.Caller, string) (*people.Person, error)) (done []string, refused []refusedHuman, err error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	work := make(chan string)
	var mutex sync.Mutex
	var workers sync.WaitGroup
	for range hiders {
		workers.Go(func() {
			for id := range work {
				_, err := move(ctx, r.caller, id)
				reason := refusal(err)
				mutex.Lock()
				switch {
				case err == nil:
					done = append(done, id)
				case reason != "":
					refused = append(refused, refusedHuman{ID: id, Reason: reason})
				default:
					cancel(err)
				}
				mutex.Unlock()
			}
		})
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		work <- id
	}
	close(work)
	workers.Wait()
	return done, refused, context.Cause(ctx)
}

// bulkDone says what was done, and with whom it was not.
func (r *request) bulkDone(page *bulkPage, done []string, refused []refusedHuman) error {
	page.Done = peopleCounted(len(done)) + map[string]string{
		"tag": " tagged.", "untag": " without the tag now.", "archive": " archived.", "restore": " restored.",
	}[page.Act]
	page.Title = page.Done
	if page.Act == "archive" && len(done) > 0 {
		page.Undo = packIDs(done)
	}
	page.More = max(0, len(refused)-maxRefused)
	for _, one := range refused[:min(len(refused), maxRefused)] {
		p, err := r.admin.lobby.Resolve(r.Context(), r.caller, one.ID)
		switch {
		case errors.Is(err, people.ErrPersonNotFound):
			one.Name = one.ID
		case err != nil:
			return err
		default:
			one.Name = nameOf(p)
		}
		page.Refused = append(page.Refused, one)
	}
	return r.show(http.StatusOK, "bulk", page)
}

// packIDs writes ids as a short text for a form, and unpackIDs reads it. It is false for a text that is none.
func packIDs(ids []string) string {
	raw, _ := hex.DecodeString(strings.Join(ids, "")) // ids are hexadecimal digits
	return base64.RawURLEncoding.EncodeToString(raw)
}

func unpackIDs(text string) (ids []string, ok bool) {
	const size = 12
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw)%size != 0 || len(raw) > maxBulk*size {
		return nil, false
	}
	for id := range slices.Chunk(raw, size) {
		ids = append(ids, hex.EncodeToString(id))
	}
	return ids, true
}
