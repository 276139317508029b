package sqlstore

import (
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// place is where a record stands in a list by age.
type place struct {
	createdAt int64
	id        string
}

// placeIn reads a place in the list of a table. An id alone is also one that a list showed before places had times, so the
// time is looked up. When the record is gone, the time is the one with which ids begin.
func (t *tx) placeIn(table string, ws workspace.ID, text string) (place, error) {
	id, createdAt, told := workspace.ReadListPlace(text)
	if told || text == "" {
		return place{createdAt, id}, nil
	}
	err := t.Query("SELECT created_at FROM "+table+" WHERE workspace = $1 AND id = $2", []any{string(ws), id}, func(r sqlengine.Row) error {
		createdAt = r.Int(0)
		return nil
	})
	return place{createdAt, id}, err
}

// createdKey is the key of a time of creation.
func createdKey(at int64) string { return search.NumberKey(search.IntValue(at)) }

// placed returns a search whose cursor has the time of creation.
func (t *tx) placed(table string, ws workspace.ID, s *search.Request) (*search.Request, error) {
	if s.After == nil || s.After.Created != "" {
		return s, nil
	}
	at, err := t.placeIn(table, ws, s.After.ID)
	with, after := *s, *s.After
	after.Created, with.After = createdKey(at.createdAt), &after
	return &with, err
}
