package sqlstore

import (
	"encoding/json"
	"fmt"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// segmentRecords are joined in [records].
var segmentRecords = []record{
	{name: "segment", table: "segments", order: "id", columns: []recordColumn{
		newID(), textOf("name").key(), textOf("role").key(), jsonOf("query", func(text string) (search.Query, error) { return readQuery([]byte(text)) }).key(),
		flagOf("fixed"), createdAt(), updatedAt(),
	}},
}

const selectSegment = `SELECT id, name, role, query, fixed, created_at, updated_at FROM segments WHERE workspace = $1 `

func readSegment(ws workspace.ID) func(sqlengine.Row) (*people.Segment, error) {
	return func(r sqlengine.Row) (*people.Segment, error) {
		query, err := readQuery([]byte(r.Text(3)))
		if err != nil {
			return nil, fmt.Errorf("query of the segment %s: %w", r.Text(0), err)
		}
		return &people.Segment{
			Workspace: ws, ID: r.Text(0), Name: r.Text(1), Role: people.Role(r.Text(2)), Query: query, Fixed: r.Bool(4),
			CreatedAt: r.Int(5), UpdatedAt: r.Int(6),
		}, nil
	}
}

func (t *tx) Segments(ws workspace.ID) ([]*people.Segment, error) {
	if err := t.takeTurns(lockWorkspace, string(ws)); err != nil {
		return nil, err
	}
	return sqlengine.List(t, selectSegment+`ORDER BY created_at, id`, []any{string(ws)}, readSegment(ws))
}

func (t *tx) Segment(ws workspace.ID, id string) (*people.Segment, error) {
	return sqlengine.One(t, selectSegment+`AND id = $2`, []any{string(ws), id}, readSegment(ws))
}

func (t *tx) PutSegment(s *people.Segment) error {
	query, err := writeQuery(&s.Query)
	if err != nil {
		return err
	}
	return t.Exec(`INSERT INTO segments (workspace, id, name, role, query, fixed, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace, id) DO UPDATE SET name = excluded.name, role = excluded.role, query = excluded.query, updated_at = excluded.updated_at`,
		[]any{string(s.Workspace), s.ID, s.Name, string(s.Role), query, sqlengine.OrNil(s.Fixed), s.CreatedAt, s.UpdatedAt})
}

func (t *tx) DeleteSegment(ws workspace.ID, id string) error {
	return t.Exec(`DELETE FROM segments WHERE workspace = $1 AND id = $2`, []any{string(ws), id})
}

// query is search.Query as it is stored.
type query struct {
	Combine  search.Combination `json:"combine,omitzero"`
	Queries  []query            `json:"queries,omitempty"`
	Field    string             `json:"field,omitzero"`
	Operator search.Operator    `json:"operator,omitzero"`
	Values   []value            `json:"values,omitempty"`
	DaysAgo  int64              `json:"days_ago,omitzero"`
}

// value is search.Value as JSON; a number keeps its kind.
type value struct{ search.Value }

func (v value) MarshalJSON() ([]byte, error) { return jsonio.AppendValue(nil, v.Value), nil }

func (v *value) UnmarshalJSON(text []byte) (err error) {
	v.Value, err = jsonio.ReadValue(string(text))
	return err
}

func writeQuery(q *search.Query) (string, error) {
	text, err := json.Marshal(stored(q))
	return string(text), err
}

func stored(q *search.Query) query {
	s := query{Combine: q.Combine, Field: q.Field, Operator: q.Operator, DaysAgo: q.DaysAgo}
	for i := range q.Queries {
		s.Queries = append(s.Queries, stored(&q.Queries[i]))
	}
	for _, v := range q.Values {
		s.Values = append(s.Values, value{v})
	}
	return s
}

func readQuery(text []byte) (search.Query, error) {
	var s query
	if err := json.Unmarshal(text, &s); err != nil {
		return search.Query{}, err
	}
	return s.meant(), nil
}

func (s *query) meant() search.Query {
	q := search.Query{Combine: s.Combine, Field: s.Field, Operator: s.Operator, DaysAgo: s.DaysAgo}
	for i := range s.Queries {
		q.Queries = append(q.Queries, s.Queries[i].meant())
	}
	for _, v := range s.Values {
		q.Values = append(q.Values, v.Value)
	}
	return q
}
