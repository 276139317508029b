package sqlstore

import (
	"context"
	"strings"

	"lobby/internal/invariant"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/traffic"
	"lobby/internal/workspace"
)

// trafficAttachments are joined in [attachments].
var trafficAttachments = []string{"page_views", "presences", "visit_days"}

// trafficRecords are joined in [records].
var trafficRecords = []record{
	{name: "page_view", table: "page_views", order: "id", columns: []recordColumn{
		textOf("id").key(), textOf("person_id").key(), createdAt(), textOf("url").key(), textOf("title"), textOf("referrer"),
	}},
	{name: "visit_day", table: "visit_days", order: "person_id", columns: []recordColumn{textOf("person_id").key(), numberOf("day").key()}},
	{name: "traffic_count", table: "traffic_counts", order: "unit, period, kind, name", columns: []recordColumn{
		textOf("unit").key(), numberOf("period").key(), textOf("kind").key(), textOf("name").orZero(), numberOf("count").key(),
	}},
}

// stepsCounted is what the table of numbers keeps: the sequence of the last entry of the outbox that was counted.
const stepsCounted = "steps counted"

// Traffic returns the store of what happens on sites, in the same database.
func (s *Store) Traffic() traffic.Store { return trafficStore{s} }

// trafficStore is traffic.Store over the same database.
type trafficStore struct{ *Store }

// Read implements traffic.Store.
func (s trafficStore) Read(ctx context.Context, fn func(traffic.Reader) error) error {
	return s.Store.Read(ctx, func(r people.Reader) error { return fn(r.(*tx)) })
}

// Write implements traffic.Store.
func (s trafficStore) Write(ctx context.Context, fn func(traffic.Writer) error) error {
	return s.Store.Write(ctx, func(w people.Writer) error { return fn(trafficTx{w.(*tx)}) })
}

// trafficTx is traffic.Writer on one transaction.
type trafficTx struct{ *tx }

var _ traffic.Writer = trafficTx{}

const pageViewsOf = `SELECT id, person_id, created_at, url, title, referrer FROM page_views WHERE workspace = $1 AND person_id IN ` + lineage

// The page views of a person come in an order that no index has, so that SQLite does not read all of the workspace in order.
var (
	newestPageViews = pageViewsOf + " ORDER BY -created_at, id DESC LIMIT $3"
	olderPageViews  = pageViewsOf + ` AND (created_at, id) < (SELECT created_at, id FROM page_views WHERE workspace = $1 AND id = $4)
		ORDER BY -created_at, id DESC LIMIT $3`
)

// PageViews implements traffic.Reader. Package profile asks for it.
func (t *tx) PageViews(ws workspace.ID, personID, after string, limit int) ([]*traffic.PageView, error) {
	sql, args := newestPageViews, []any{string(ws), personID, int64(limit)}
	if after != "" {
		sql, args = olderPageViews, append(args, after)
	}
	return sqlengine.List(t, sql, args, func(r sqlengine.Row) (*traffic.PageView, error) {
		return &traffic.PageView{ID: r.Text(0), PersonID: r.Text(1), CreatedAt: r.Int(2), URL: r.Text(3), Title: r.Text(4), Referrer: r.Text(5)}, nil
	})
}

// presentPeople selects who was seen latest, each as the person to whom its record leads.
const presentPeople = `SELECT p.id, p.role, p.name, p.email, p.pseudonym, p.phone, p.external_id, p.location_country, p.session_count, v.seen_at,
		p.created_at, v.url, v.referrer
	FROM (SELECT person_id, seen_at, url, referrer FROM presences WHERE workspace = $1 AND seen_at > $2 ORDER BY seen_at DESC, person_id LIMIT $3) AS v
	JOIN people o ON o.workspace = $1 AND o.id = v.person_id
	JOIN people p ON p.workspace = $1 AND p.id = coalesce(o.merged_into, o.id)
	ORDER BY v.seen_at DESC, v.person_id`

func (t *tx) Present(ws workspace.ID, since int64, limit int) (all []*traffic.Present, err error) {
	seen := map[string]bool{}
	err = t.Query(presentPeople, []any{string(ws), since, int64(limit)}, func(r sqlengine.Row) error {
		if id := r.Text(0); !seen[id] {
			seen[id] = true
			all = append(all, &traffic.Present{
				PersonID: id, Role: r.Text(1), Name: r.Text(2), Email: r.Text(3), Pseudonym: r.Text(4), Phone: r.Text(5), ExternalID: r.Text(6),
				Country: r.Text(7), SessionCount: r.Int(8), SeenAt: r.Int(9), FirstAt: r.Int(10), URL: r.Text(11), Referrer: r.Text(12),
			})
		}
		return nil
	})
	return all, err
}

func (t *tx) CountPresent(ws workspace.ID, since int64, limit int) (int, error) {
	n, err := sqlengine.Number(t, `SELECT count(*) FROM (SELECT 1 FROM presences WHERE workspace = $1 AND seen_at > $2 LIMIT $3) AS counted`,
		[]any{string(ws), since, int64(limit)})
	return int(n), err
}

func (t *tx) Counts(ws workspace.ID, unit traffic.Unit, from, to int64) ([]traffic.Count, error) {
	return sqlengine.List(t, `SELECT period, kind, count FROM traffic_counts
		WHERE workspace = $1 AND unit = $2 AND period >= $3 AND period <= $4 AND name = ''`, []any{string(ws), string(unit), from, to},
		func(r sqlengine.Row) (traffic.Count, error) {
			return traffic.Count{Unit: unit, Period: r.Int(0), Kind: traffic.Kind(r.Text(1)), Count: r.Int(2)}, nil
		})
}

func (t *tx) Named(ws workspace.ID, unit traffic.Unit, from, to int64) ([]traffic.Count, error) {
	return sqlengine.List(t, `SELECT kind, name, CAST(sum(count) AS BIGINT) FROM traffic_counts
		WHERE workspace = $1 AND unit = $2 AND period >= $3 AND period <= $4 AND name <> '' GROUP BY kind, name`,
		[]any{string(ws), string(unit), from, to}, func(r sqlengine.Row) (traffic.Count, error) {
			return traffic.Count{Unit: unit, Kind: traffic.Kind(r.Text(0)), Name: r.Text(1), Count: r.Int(2)}, nil
		})
}

func (t *tx) Names(ws workspace.ID, unit traffic.Unit, period int64, kind traffic.Kind) ([]string, error) {
	return sqlengine.List(t, `SELECT name FROM traffic_counts WHERE workspace = $1 AND unit = $2 AND period = $3 AND kind = $4`,
		[]any{string(ws), string(unit), period, string(kind)}, func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
}

func (t *tx) Uncounted(limit int) ([]workspace.ID, error) {
	return sqlengine.List(t, `SELECT n.workspace FROM numbers n LEFT JOIN numbers c ON c.workspace = n.workspace AND c.kind = $2
		WHERE n.kind = $1 AND n.last > coalesce(c.last, 0) ORDER BY n.workspace LIMIT $3`, []any{invariant.OutboxSequence, stepsCounted, int64(limit)},
		func(r sqlengine.Row) (workspace.ID, error) { return workspace.ID(r.Text(0)), nil })
}

const stepsAfter = `SELECT o.sequence, o.created_at, o.topic, o.role, c.kind, c.from_role, c.to_role
	FROM outbox o LEFT JOIN changes c ON c.workspace = $1 AND c.id = o.subject_id
	WHERE o.workspace = $1 AND o.sequence > $2 ORDER BY o.sequence LIMIT $3`

func (t *tx) Steps(ws workspace.ID, limit int) (steps []traffic.Step, cursor int64, err error) {
	cursor, err = sqlengine.Number(t, `SELECT last FROM numbers WHERE workspace = $1 AND kind = $2`, []any{string(ws), stepsCounted})
	if err != nil {
		return nil, 0, err
	}
	steps, err = sqlengine.List(t, stepsAfter, []any{string(ws), cursor, int64(limit)}, func(r sqlengine.Row) (traffic.Step, error) {
		return traffic.Step{
			Sequence: r.Int(0), CreatedAt: r.Int(1), Topic: workspace.Topic(r.Text(2)), Role: r.Text(3), Kind: r.Text(4), From: r.Text(5), To: r.Text(6),
		}, nil
	})
	return steps, cursor, err
}

func (t trafficTx) Advance(ws workspace.ID, from, to int64) (bool, error) {
	return t.Insert(`INSERT INTO numbers (workspace, kind, last) VALUES ($1, $2, $4)
		ON CONFLICT (workspace, kind) DO UPDATE SET last = excluded.last WHERE numbers.last = $3`, []any{string(ws), stepsCounted, from, to})
}

func (t trafficTx) Known(ws workspace.ID, ids []string) (map[string]traffic.Known, error) {
	all := map[string]traffic.Known{}
	in, args := inIDs([]any{string(ws)}, ids)
	lock := ""
	if t.lock {
		lock = sqlengine.ForUpdate
	}
	err := t.Query(`SELECT id, created_at FROM people WHERE workspace = $1 AND id `+in+` ORDER BY id`+lock, args, func(r sqlengine.Row) error {
		all[r.Text(0)] = traffic.Known{CreatedAt: r.Int(1)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, t.Query(`SELECT person_id, day FROM visit_days WHERE workspace = $1 AND person_id `+in, args, func(r sqlengine.Row) error {
		if known, exists := all[r.Text(0)]; exists {
			known.Visited = r.Int(1)
			all[r.Text(0)] = known
		}
		return nil
	})
}

func (t trafficTx) SetVisited(ws workspace.ID, personID string, day int64) error {
	return t.Exec(`INSERT INTO visit_days (workspace, person_id, day) VALUES ($1, $2, $3)
		ON CONFLICT (workspace, person_id) DO UPDATE SET day = excluded.day`, []any{string(ws), personID, day})
}

func (t trafficTx) InsertPageView(v *traffic.View) (bool, error) {
	return t.Insert(`INSERT INTO page_views (workspace, id, person_id, created_at, url, title, referrer) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, []any{
		string(v.Workspace), v.ID, v.PersonID, v.At, v.URL, sqlengine.OrNil(v.Title), sqlengine.OrNil(v.Referrer),
	})
}

func (t trafficTx) PutPresent(v *traffic.View) error {
	return t.Exec(`INSERT INTO presences (workspace, person_id, seen_at, url, referrer) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace, person_id) DO UPDATE SET seen_at = excluded.seen_at, url = coalesce(excluded.url, presences.url),
			referrer = coalesce(excluded.referrer, presences.referrer) WHERE presences.seen_at <= excluded.seen_at`,
		[]any{string(v.Workspace), v.PersonID, v.At, sqlengine.OrNil(v.URL), sqlengine.OrNil(v.Referrer)})
}

func (t trafficTx) Add(ws workspace.ID, c traffic.Count) error {
	return t.Exec(`INSERT INTO traffic_counts (workspace, unit, period, kind, name, count) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace, unit, period, kind, name) DO UPDATE SET count = traffic_counts.count + excluded.count`,
		[]any{string(ws), string(c.Unit), c.Period, string(c.Kind), strings.ReplaceAll(c.Name, "\x00", ""), c.Count})
}

func (t trafficTx) Sweep(ws workspace.ID, seenBefore, minutesBefore, viewsBefore int64, limit int) (deleted int, err error) {
	if err := t.Exec(`DELETE FROM presences WHERE workspace = $1 AND seen_at < $2`, []any{string(ws), seenBefore}); err != nil {
		return 0, err
	}
	err = t.Exec(`DELETE FROM traffic_counts WHERE workspace = $1 AND unit = $2 AND period < $3`, []any{string(ws), string(traffic.Minute), minutesBefore})
	if err != nil {
		return 0, err
	}
	err = t.Query(`DELETE FROM page_views WHERE workspace = $1 AND id IN (
			SELECT id FROM page_views WHERE workspace = $1 AND created_at < $2 ORDER BY created_at LIMIT $3) RETURNING id`,
		[]any{string(ws), viewsBefore, int64(limit)}, func(sqlengine.Row) error {
			deleted++
			return nil
		})
	return deleted, err
}
