package sqlstore

import (
	"strings"

	"lobby/internal/people"
	"lobby/internal/rowcache"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// personCache has the rows of active people that were read or written lately, where one server has the database. It is never
// late: see [rowcache.Cache].
type personCache = rowcache.Cache[people.Person]

// cacheBytes is about how much it takes.
const cacheBytes = 16 << 20

func newPersonCache() *personCache {
	return rowcache.New(cacheBytes, func(p *people.Person) rowcache.Entry {
		e := rowcache.Entry{Key: cacheKey(p.Workspace, p.ID), Bytes: sizeOf(p), MayStay: p.State == people.Active}
		if p.AnonymousID != "" {
			e.Alias = cacheKey(p.Workspace, p.AnonymousID)
		}
		return e
	})
}

func cacheKey(ws workspace.ID, id string) rowcache.Key {
	return rowcache.Key{Space: string(ws), ID: id}
}

// sizeOf returns about how many bytes the row of a person takes in memory.
func sizeOf(p *people.Person) int {
	size := 2048
	for i := range people.Fields {
		if f := &people.Fields[i]; f.Kind == search.KindText {
			size += len(f.Value(p).Text())
		}
	}
	for name, v := range p.CustomAttributes {
		size += 100 + len(name)
		if v.Kind() == search.KindText {
			size += len(v.Text())
		}
	}
	return size
}

// writingPeople returns the function that tells a cache of statements. Those that name people in another way than it knows
// may change anybody, so a new one can cost speed, but not truth. Of others than active people none is in the cache.
func writingPeople(cache *personCache) sqlengine.Writing {
	key := func(ws, id any) rowcache.Key { return rowcache.Key{Space: ws.(string), ID: id.(string)} }
	return func(table, sql string, args []any) {
		switch {
		case table != personTable && table != "":
		case sql == insertPerson:
			cache.Writing(key(args[len(people.Fields)], args[0]))
		case sql == touchVisitor, sql == deleteLineage, table == personTable && strings.HasSuffix(sql, whereOnePerson):
			cache.Writing(key(args[0], args[1]))
		case strings.HasPrefix(sql, forwardPeople): // they are merged
		default:
			cache.Writing()
		}
	}
}

// whereOnePerson ends statements about one person.
const whereOnePerson = " WHERE workspace = $1 AND id = $2"

// followRows tells a cache of a commit.
func followRows(cache *personCache, changes []any) {
	var all []*rowcache.Rewritten[people.Person]
	for _, change := range changes {
		switch c := change.(type) {
		case *rowcache.Rewritten[people.Person]:
			all = append(all, c)
		case replaced, sqlengine.Foreign:
			cache.Clear()
			defer cache.Clear()
		}
	}
	cache.Committed(all)
}

// cachedPerson returns the person who has a key, from the cache or by a look-up; nil for nobody. A writer adds nobody to the
// cache, because it mostly changes what it reads.
func (t *tx) cachedPerson(q lookUp, ws workspace.ID, id string) (*people.Person, error) {
	on, followed := t.Session.(sqlengine.Followed)
	if !followed || t.cache == nil && t.cached == nil {
		return t.person(q, ws, id)
	}
	if on.MayRecall() {
		if row := t.recalled(q, cacheKey(ws, id)); row != nil {
			if t.cached != nil {
				on.Recalled(t.cached)
			}
			return t.showing(row.Clone()), nil
		}
	}
	row, err := sqlengine.One(t, q.plain, []any{string(ws), id}, t.readRow(ws))
	if err != nil || row == nil {
		return nil, err
	}
	if t.cached != nil && t.cached.Add(row) {
		row = row.Clone()
	}
	return t.showing(row), nil
}

// recalled returns the row that the cache has of a person; nil for none.
func (t *tx) recalled(q lookUp, key rowcache.Key) *people.Person {
	var from interface {
		Get(rowcache.Key) *people.Person
		GetByAlias(rowcache.Key) *people.Person
	} = t.cache
	if t.cached != nil {
		from = t.cached
	}
	if q == byAnonymousID {
		return from.GetByAlias(key)
	}
	return from.Get(key)
}

// cachedRow returns a copy of the row of a person, which may be changed like the row, but shares what fields point to; a blank
// one unless it is cached.
func (t *tx) cachedRow(p *people.Person) *people.Person {
	row := new(people.Person)
	if t.cache != nil {
		if known := t.cache.Get(cacheKey(p.Workspace, p.ID)); known != nil {
			*row = *known
		}
	}
	return row
}

// cacheRow notes the row that a statement has made of a cached one; a blank one is none.
func (t *tx) cacheRow(row *people.Person) {
	if on, followed := t.Session.(sqlengine.Followed); followed && t.cache != nil && row.ID != "" {
		on.Note(t.cache.Rewrote(row))
	}
}
