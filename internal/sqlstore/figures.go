package sqlstore

import (
	"context"
	"time"

	"lobby/internal/sqlengine"
)

// Figures is the state of a store at one moment.
type Figures struct {
	sqlengine.Figures
	// Touches is the number of visitors whose time of being seen is yet to be written.
	Touches int
	// Counts may be some time old.
	Counts Counts
}

// Counts are figures that take a scan to find out.
type Counts struct {
	// Visitors, Leads and Users are the numbers of people that are neither archived nor merged nor deleted.
	Visitors, Leads, Users int64
	// Outbox is the number of entries in the outbox, and OutboxOldest the Unix second of the oldest; 0 when it is empty.
	Outbox, OutboxOldest int64
}

// Commits returns how many transactions this process has committed, and whether no other server writes to the database.
func (s *Store) Commits() (count int64, all bool) { return s.engine.Commits() }

// Figures returns the present figures. The counts in them are made at most every 15 seconds and take at most a
// hundredth of the time. The first caller waits for them until ctx ends; everyone else gets the former ones.
func (s *Store) Figures(ctx context.Context) Figures {
	counts := s.census.Present(ctx, s.count)
	return Figures{Figures: s.engine.Figures(), Touches: s.touches.Count(), Counts: counts}
}

// countLimit is how long a count may take.
const countLimit = 10 * time.Minute

// count counts people and the outbox. A failure is reported to the observer, and figures show the former counts.
func (s *Store) count(ctx context.Context) (c Counts, err error) {
	ctx, cancel := context.WithTimeout(ctx, countLimit)
	defer cancel()
	err = s.read(ctx, func(on sqlengine.Session) error {
		c = Counts{}
		err := on.Query(`SELECT role, count(*) FROM people WHERE state IS NULL GROUP BY role`, nil, func(r sqlengine.Row) error {
			switch n := r.Int(1); r.Text(0) {
			case "visitor":
				c.Visitors = n
			case "lead":
				c.Leads = n
			case "user":
				c.Users = n
			}
			return nil
		})
		if err != nil {
			return err
		}
		return on.Query(`SELECT count(*), min(created_at) FROM outbox`, nil, func(r sqlengine.Row) error {
			c.Outbox, c.OutboxOldest = r.Int(0), r.Int(1)
			return nil
		})
	})
	if err != nil {
		s.observer.BackgroundFailed("count", err)
	}
	return c, err
}

// Kind returns which database it is: sqlite, memory or postgres.
func (s *Store) Kind() string { return s.kind }

// Schema returns the number of the newest migration that the database has seen.
func (s *Store) Schema(ctx context.Context) (number int64, err error) {
	err = s.read(ctx, func(on sqlengine.Session) (err error) {
		number, err = sqlengine.Number(on, `SELECT max(number) FROM migrations`, nil)
		return err
	})
	return number, err
}
