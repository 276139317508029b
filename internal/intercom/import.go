package intercom

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// Options say what is imported, and where to.
type Options struct {
	// Workspace is where all goes; empty takes the id that the workspace has there. One that does not exist is made.
	Workspace workspace.ID
	// Since leaves out the contacts and conversations that were not changed since a Unix second; 0 for none. The API tells days
	// of contacts, so some more come.
	Since int64
	// All asks again for contacts and conversations that seem not to have changed.
	All bool
	// DryRun writes nothing. What hangs on contacts, and the parts of conversations, are counted and not asked for.
	DryRun bool
	// Parallel is how many requests run at once.
	Parallel int
	Now      time.Time
	// Report is called for everything that is left out.
	Report func(Skipped)
	// Progress is called after each page of contacts and then of conversations, with the number of all; 0 when that is not known.
	Progress func(what string, done, total int)
}

// Skipped is something that was left out.
type Skipped struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
	Of   string `json:"of,omitempty"` // the contact that it hangs on, or the conversation
	Why  string `json:"why"`
}

// Result is what an import did.
type Result struct {
	Workspace workspace.ID
	// Made says that the workspace is new. It has no token yet.
	Made bool
	// AdminID is that of whom the token belonged to there.
	AdminID int64
	// Counts are the numbers of records that were written, by kind; contacts and conversations that were there are "unchanged".
	Counts map[string]int
	// Skipped counts what was left out.
	Skipped int
}

// ErrNoWorkspace: a dry run needs a workspace that exists, since it makes none.
var ErrNoWorkspace = errors.New("there is no such workspace yet, and a dry run makes none; create it first, or leave --dry-run")

// importer is one import under way.
type importer struct {
	Options
	client *Client
	store  *sqlstore.Store
	result *Result
	me     object
	// isLobby says that the other server is a Lobby, which tells more.
	isLobby bool

	mu sync.Mutex
	// known are the records that others may need, as their kind and id.
	known map[string]bool
	late  []object // companies that a contact has and no list had
}

// Import brings everything. It may be run again, after an error or a kill at any moment too: what is there is left alone
// or replaced, so that the end is the same. Every record is written in one transaction with what hangs on it.
func Import(ctx context.Context, store *sqlstore.Store, client *Client, o Options) (*Result, error) {
	i := &importer{
		Options: o, client: client, store: store, known: map[string]bool{}, result: &Result{Counts: map[string]int{}},
	}
	if err := i.enter(ctx); err != nil {
		return i.result, err
	}
	for _, step := range []func(context.Context) error{i.office, i.definitions, i.allCompanies, i.contacts, i.conversations} {
		if err := step(ctx); err != nil {
			return i.result, err
		}
	}
	i.skip(Skipped{Kind: "visitor", Why: "the API does not list visitors: they stay behind, and begin anew when they come back"})
	i.skip(Skipped{Kind: "contact", Why: "the API does not list contacts that are archived, blocked or merged into others: they stay behind"})
	i.skip(Skipped{Kind: "message", Why: "the API does not list messages of admins to which nobody has replied: they stay behind"})
	if o.DryRun {
		return i.result, nil
	}
	found, err := store.Breaches(ctx, i.Workspace)
	if err != nil {
		return i.result, err
	}
	var broken []error
	for _, f := range found {
		broken = append(broken, errors.New(f.String()))
	}
	return i.result, errors.Join(broken...)
}

// enter finds out what is on the other side, and makes the workspace unless it exists.
func (i *importer) enter(ctx context.Context) (err error) {
	if i.me, err = i.client.get(ctx, "/me", nil); err != nil {
		return err
	}
	app := member(i.me, "app")
	if i.Workspace == "" {
		i.Workspace = workspace.ID(text(app, "id_code"))
	}
	i.result.Workspace, i.result.AdminID = i.Workspace, number(i.me, "id")
	_, err = i.client.get(ctx, "/lobby/v1/settings", nil)
	if i.isLobby = err == nil; err != nil && !isRefused(err) {
		return err
	}
	var known *workspace.Workspace
	err = i.store.Workspaces().Read(ctx, func(r workspace.Reader) (err error) {
		known, err = r.Workspace(i.Workspace)
		return err
	})
	if err != nil || known != nil {
		return err
	}
	if i.DryRun {
		return ErrNoWorkspace
	}
	i.result.Made = true
	return i.store.Workspaces().Write(ctx, func(w workspace.Writer) error {
		ws := &workspace.Workspace{ID: i.Workspace, Name: text(app, "name"), CreatedAt: number(app, "created_at")}
		if zone := text(app, "timezone"); zone != "UTC" && workspace.CheckTimezone(zone) == nil {
			ws.Timezone = zone
		}
		return w.InsertWorkspace(ws)
	})
}

func (i *importer) skip(s Skipped) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.result.Skipped++
	i.Report(s)
}

// record is one record to be written by itself.
type record struct {
	kind, id string
	row      row
}

// put writes records of their own, all in one transaction if that works, and else one by one, so that one that cannot be
// written keeps no other back.
func (i *importer) put(ctx context.Context, all []record) error {
	err := i.putTogether(ctx, all)
	if _, refused := errors.AsType[*sqlstore.RowError](err); !refused {
		return err
	}
	if len(all) == 1 {
		i.skip(Skipped{Kind: all[0].kind, ID: all[0].id, Why: err.Error()})
		return nil
	}
	for n := range all {
		if err := i.put(ctx, all[n:n+1]); err != nil {
			return err
		}
	}
	return nil
}

func (i *importer) putTogether(ctx context.Context, all []record) error {
	if len(all) == 0 {
		return nil
	}
	err := i.store.Put(ctx, i.Workspace, i.Now, i.DryRun, func(to *sqlstore.Importer) error {
		for _, r := range all {
			if err := to.Put(r.kind, r.row.bytes()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range all {
		i.result.Counts[r.kind]++
		i.known[r.kind+" "+r.id] = true
	}
	return nil
}

// has reports whether a record is here that others may need.
func (i *importer) has(name string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.known[name]
}

// pageSize is how many contacts are asked for and written together.
const pageSize = 150

// contacts brings all contacts, those first that were changed first. What is changed meanwhile comes again at the end.
func (i *importer) contacts(ctx context.Context) error {
	since := max(0, i.Since-2*24*60*60) // the API compares days of the workspace's time zone
	query := map[string]any{"field": "updated_at", "operator": ">", "value": since}
	if since == 0 {
		query = map[string]any{"field": "created_at", "operator": ">", "value": 0}
	}
	cursor, done := "", 0
	for {
		answer, err := i.searchFrom(ctx, cursor, version, "/contacts/search", query)
		if err != nil {
			return err
		}
		page := objects(answer, "data")
		if err := i.page(ctx, page); err != nil {
			return err
		}
		done += len(page)
		i.Progress("contacts", done, int(number(answer, "total_count")))
		if cursor = nextCursor(answer); cursor == "" || len(page) == 0 {
			return nil
		}
	}
}

// searchFrom asks for the page of a search that begins at a cursor, those first that were changed first.
func (i *importer) searchFrom(ctx context.Context, cursor, version, path string, query map[string]any) (object, error) {
	pagination := map[string]any{"per_page": pageSize}
	if cursor != "" {
		pagination["starting_after"] = cursor
	}
	return i.client.ask(ctx, "POST", version, path, nil, map[string]any{
		"query": query, "sort": map[string]any{"field": "updated_at", "order": "ascending"}, "pagination": pagination,
	})
}

// nextCursor returns where the page after a search's page begins; empty for none.
func nextCursor(page object) string {
	return text(member(member(page, "pages"), "next"), "starting_after")
}

// page brings the contacts of one page that are not here as they are there.
func (i *importer) page(ctx context.Context, all []object) error {
	var fresh []object
	err := i.store.Read(ctx, func(r people.Reader) error {
		fresh = fresh[:0]
		for _, o := range all {
			p, err := r.Person(i.Workspace, text(o, "id"))
			if err != nil {
				return err
			}
			if i.All || !isKnown(o, p) {
				fresh = append(fresh, o)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	i.result.Counts["unchanged"] += len(all) - len(fresh)
	contacts := make([]*contact, len(fresh))
	for n, o := range fresh {
		contacts[n] = newContact(o)
	}
	if i.DryRun {
		return i.countOnly(ctx, contacts, fresh)
	}
	err = inParallel(ctx, i.Parallel, len(fresh), func(ctx context.Context, n int) error {
		return i.attachments(ctx, contacts[n], fresh[n])
	})
	if err != nil {
		return err
	}
	if err := i.putLateCompanies(ctx); err != nil {
		return err
	}
	return i.putContacts(ctx, contacts)
}

// countOnly tries to write contacts without what hangs on them, which it counts.
func (i *importer) countOnly(ctx context.Context, contacts []*contact, all []object) error {
	for _, o := range all {
		for kind, list := range map[string]string{"person_tag": "tags", "person_company": "companies", "note": "notes"} {
			i.result.Counts[kind] += int(count(o, list))
		}
	}
	return i.putContacts(ctx, contacts)
}

// putContacts writes contacts with what hangs on them, all in one transaction if that works, and else one by one.
func (i *importer) putContacts(ctx context.Context, all []*contact) error {
	if len(all) == 0 {
		return nil
	}
	kept, parts := make([]sqlstore.Kept, len(all)), make([][]sqlstore.Part, len(all))
	for n, c := range all {
		c.skipped = c.skipped[:c.unusable]
		parts[n] = c.written(i.has)
	}
	err := i.store.Put(ctx, i.Workspace, i.Now, i.DryRun, func(to *sqlstore.Importer) (err error) {
		for n, c := range all {
			if kept[n], err = to.PutPerson(c.row.bytes(), parts[n]); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil && !isOfTheRecord(err):
		return err
	case err != nil && len(all) == 1:
		i.skip(Skipped{Kind: "contact", ID: all[0].id, Why: err.Error()})
		return nil
	case err != nil:
		for n := range all {
			if err := i.putContacts(ctx, all[n:n+1]); err != nil {
				return err
			}
		}
		return nil
	}
	for n, c := range all {
		if kept[n] != "" {
			i.skip(Skipped{Kind: "contact", ID: c.id, Why: string(kept[n])})
			continue
		}
		i.result.Counts["contact"]++
		for _, part := range parts[n] {
			i.result.Counts[part.Name]++
		}
		for _, s := range c.skipped {
			i.skip(s)
		}
	}
	return nil
}

// isOfTheRecord reports whether an error is about what was to be written, and not about the database.
func isOfTheRecord(err error) bool {
	_, refused := errors.AsType[*sqlstore.RowError](err)
	_, conflict := errors.AsType[*people.ConflictError](err)
	_, blocked := errors.AsType[*people.BlockedError](err)
	_, conversation := errors.AsType[*inbox.ImportError](err)
	return refused || conflict || blocked || conversation
}

// inParallel calls do for every n below total, at most so many at once. The first error ends all.
func inParallel(ctx context.Context, atOnce, total int, do func(context.Context, int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(max(atOnce, 1), total) {
		workers.Go(func() {
			for n := range next {
				if err := do(ctx, n); err != nil {
					stop(err)
				}
			}
		})
	}
	for n := range total {
		select {
		case next <- n:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("read contacts: %w", err)
	}
	return nil
}
