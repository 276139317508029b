package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// peopleIndex keeps an index of all live persons beside an embedded database, in step with its commits. It is filled in
// the background, from a view of the rows and the commits since; until then searches read rows.
type peopleIndex struct {
	store *Store
	// ready is the index; nil while there is none. It is read in step, and changed by follow.
	ready *personindex.Index
	// filling says that an index is being filled, and since has the changes that it lacks. No two are filled at once.
	filling bool
	since   []personChange

	mu     sync.Mutex
	begun  chan struct{}  // closed when the index is filled that is being filled; nil for none
	scan   chan struct{}  // holds who reads all people meanwhile: one at a time
	worker sync.WaitGroup // the one who fills it
	// whenFilled, unless nil, is called with the bytes of each index that was filled.
	whenFilled func(bytes int)

	ctx  context.Context // ends with the store
	stop context.CancelFunc
}

// personChange is what a commit did to one person.
type personChange struct {
	workspace string
	personindex.Change
}

// filled is noted when an index was filled.
type filled struct{ index *personindex.Index }

// replaced is noted when all rows became others, with the index of these.
type replaced struct{ index *personindex.Index }

// maxSince is how many changes may come while an index is filled. After more of them it is given up.
const maxSince = 1 << 20

func newPeopleIndex() *peopleIndex {
	x := &peopleIndex{scan: make(chan struct{}, 1)}
	x.ctx, x.stop = context.WithCancel(context.Background())
	return x
}

// follow is the sqlengine.Follower.
func (x *peopleIndex) follow(changes []any) {
	for _, change := range changes {
		switch c := change.(type) {
		case personChange:
			if x.filling = x.filling && len(x.since) < maxSince; x.filling {
				x.since = append(x.since, c)
			}
			if x.ready != nil {
				x.ready.Apply(c.workspace, &c.Change)
			}
		case filled:
			if x.filling {
				x.install(c.index)
			}
		case replaced:
			x.ready, x.filling, x.since = c.index, false, nil
		case sqlengine.Foreign:
			x.ready, x.filling, x.since = nil, false, nil
		}
	}
	if x.ready != nil && x.ready.IsWorn() {
		x.begin()
	}
}

func (x *peopleIndex) install(index *personindex.Index) {
	for i := range x.since {
		index.Apply(x.since[i].workspace, &x.since[i].Change)
	}
	x.ready, x.filling, x.since = index, false, nil
}

// begin fills the index in the background, unless that is under way.
func (x *peopleIndex) begin() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.begun != nil || x.ctx.Err() != nil {
		return
	}
	x.begun = make(chan struct{})
	x.worker.Go(func() {
		if err := x.fill(); err != nil && x.ctx.Err() == nil {
			x.store.observer.BackgroundFailed("index of people", err)
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		close(x.begun)
		x.begun = nil
	})
}

// settle waits until there is an index, if there can be one.
func (x *peopleIndex) settle(ctx context.Context) error {
	if x == nil {
		return nil
	}
	err := x.store.engine.Read(ctx, func(on sqlengine.Session) error {
		return on.(sqlengine.Followed).InStep(func() error {
			if x.ready == nil {
				x.begin()
			}
			return nil
		})
	})
	if err != nil {
		return translated(err)
	}
	x.mu.Lock()
	begun := x.begun
	x.mu.Unlock()
	if begun == nil {
		return nil
	}
	select {
	case <-begun:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", workspace.ErrUnavailable, ctx.Err())
	}
}

// copied returns a copy of the index; nil for none. Nothing may be committed meanwhile.
func (x *peopleIndex) copied() *personindex.Index {
	if x == nil || x.ready == nil {
		return nil
	}
	return x.ready.Clone()
}

// errAwaitIndex ends a read that has to read all people. An index is being filled, which takes about as long: many such
// reads at once would keep everybody waiting.
var errAwaitIndex = errors.New("the index of people is not filled yet")

// await waits until there is an index, or it is the caller's turn to read all people. Done ends the turn.
func (x *peopleIndex) await(ctx context.Context) (done func(), err error) {
	x.mu.Lock()
	filled, scan := x.begun, x.scan
	x.mu.Unlock()
	if filled == nil {
		return func() {}, nil
	}
	select {
	case <-filled:
		return func() {}, nil
	case scan <- struct{}{}:
		return func() { <-scan }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", workspace.ErrUnavailable, ctx.Err())
	}
}

// mustAwait reports whether a search has to wait for the index.
func (t *tx) mustAwait() bool { return t.index != nil && !t.mayScan }

// fill makes an index of one view of the rows, and has it follow the commits since.
func (x *peopleIndex) fill() error {
	var filler *personindex.Filler
	err := x.store.engine.ReadLong(x.ctx, func(on sqlengine.Session) error {
		err := on.(sqlengine.Followed).InStep(func() error {
			x.filling, x.since = true, nil
			return nil
		})
		if err != nil {
			return err
		}
		filler = personindex.NewFiller()
		t := x.store.reader()
		t.Session = on
		return t.fillIndex(x.ctx, filler)
	})
	if err != nil {
		return err
	}
	index := filler.Index()
	texts, rest := index.Size() // before others use it
	err = x.store.engine.Write(x.ctx, func(on sqlengine.Session) error {
		on.(sqlengine.Followed).Note(filled{index})
		return nil
	})
	if err == nil && x.whenFilled != nil {
		x.whenFilled(texts + rest)
	}
	return err
}

// close ends what runs in the background.
func (x *peopleIndex) close() {
	if x == nil {
		return
	}
	x.mu.Lock()
	x.stop() // from now on nothing begins
	x.mu.Unlock()
	x.worker.Wait()
}

// listOf returns the list that shows a person.
func listOf(p *people.Person) personindex.Kind {
	switch {
	case p == nil:
	case p.IsLiveContact():
		return personindex.Contacts
	case p.IsLiveVisitor():
		return personindex.Visitors
	}
	return personindex.Hidden
}

// changeOf returns the change from one image of a person to the next; nil stands for no person. It returns nil when the
// index has nothing of it.
func changeOf(before, after *people.Person) *personindex.Change {
	was, is := listOf(before), listOf(after)
	switch {
	case was == personindex.Hidden && is == personindex.Hidden:
		return nil
	case is == personindex.Hidden:
		return &personindex.Change{ID: before.ID}
	case was == personindex.Hidden:
		return &personindex.Change{ID: after.ID, Kind: is, Keys: changedKeys(nil, after), IsWhole: true}
	}
	keys := changedKeys(before, after)
	if was == is && len(keys) == 0 {
		return nil
	}
	return &personindex.Change{ID: after.ID, Kind: is, Keys: keys}
}

// noteChange tells the index of a change that is being written.
func (t *tx) noteChange(ws workspace.ID, c *personindex.Change) {
	if on, followed := t.Session.(sqlengine.Followed); followed && c != nil {
		on.Note(personChange{string(ws), *c})
	}
}

// maxNoted is how many people one transaction may change before filling the index anew is cheaper than keeping it in step.
const maxNoted = 5000

// noteMany tells the index, once, that more people are changed than it is told of. A search fills it anew.
func (t *tx) noteMany() {
	if on, followed := t.Session.(sqlengine.Followed); followed && t.noted == maxNoted+1 {
		on.Note(sqlengine.Foreign{})
	}
}

// seenChange is the change of a person that was seen.
func seenChange(kind personindex.Kind, id string, at int64) *personindex.Change {
	key := personindex.Key{Field: "last_seen_at", Text: search.NumberKey(search.IntValue(at)), IsNumber: true}
	return &personindex.Change{ID: id, Kind: kind, Keys: []personindex.Key{key}}
}

// askIndex calls ask with the index of what is committed, and with the ids of those whom the same transaction has changed.
// It reports whether there is an index.
func (t *tx) askIndex(ws workspace.ID, ask func(x *personindex.Index, changed []string) error) (has bool, err error) {
	on, followed := t.Session.(sqlengine.Followed)
	if !followed || t.index == nil {
		return false, nil
	}
	var changed []string
	for _, noted := range on.Noted() {
		switch c := noted.(type) {
		case personChange:
			if c.workspace == string(ws) {
				changed = append(changed, c.ID)
			}
		case sqlengine.Foreign:
			return false, nil
		}
	}
	err = on.InStep(func() error {
		if has = t.index.ready != nil; !has {
			return nil
		}
		return ask(t.index.ready, changed)
	})
	if !has && err == nil {
		t.index.begin()
	}
	return has, err
}

// searchIndex returns a page of a search, and whether there is an index.
func (t *tx) searchIndex(ws workspace.ID, kind personindex.Kind, s *search.Request) (page *search.Page[*people.Person], has bool, err error) {
	var ids, changed []string
	total := 0
	has, err = t.askIndex(ws, func(x *personindex.Index, already []string) (err error) {
		changed = already
		ids, total, err = x.Search(string(ws), kind, s, func(filter *search.Condition) ([]string, error) {
			sql := newSearchSQL(ws)
			return sqlengine.List(t, sql.TaggedRows(filter), sql.Args, readID)
		}, changed)
		return err
	})
	if !has || err != nil {
		return nil, has, err
	}
	all, err := t.peopleByID(ws, ids)
	if err != nil {
		return nil, true, err
	}
	if len(all) != len(ids) { // this must not happen; the rows are right
		t.index.store.observer.BackgroundFailed("index of people", fmt.Errorf("%d of %d persons are not there", len(ids)-len(all), len(ids)))
		t.index.begin()
		return nil, false, nil
	}
	if len(changed) > 0 {
		page, err = t.withChanged(ws, kind, s, all, total, changed)
		return page, true, err
	}
	if s.After != nil {
		total = s.After.Total
	}
	return search.PageOf(s, all, total), true, nil
}

// withChanged adds those persons to a page whom the same transaction has changed.
func (t *tx) withChanged(ws workspace.ID, kind personindex.Kind, s *search.Request, found []*people.Person, total int, changed []string) (*search.Page[*people.Person], error) {
	collector := search.Collect[*people.Person](s)
	for _, p := range found {
		collector.Add(p)
	}
	err := t.eachMatch(ws, kind, s.Condition, changed, func(p *people.Person) {
		collector.Add(p)
		total++
	})
	if err != nil {
		return nil, err
	}
	if s.After != nil {
		total = s.After.Total
	}
	return collector.PageWith(total), nil
}
