package sqlstore

import (
	"context"
	"sync"
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
	counts := s.census.present(ctx, s.count)
	return Figures{Figures: s.engine.Figures(), Touches: s.touches.count(), Counts: counts}
}

// census keeps counts, so that no scrape scans the tables.
type census struct {
	mu     sync.Mutex
	counts Counts
	due    time.Time     // when to count again
	under  chan struct{} // closed at the end of the count that is under way; nil for none
	once   bool          // whether there are counts
}

const (
	censusPause = 15 * time.Second
	censusLimit = 10 * time.Minute
	censusShare = 100 // of the time that passes, one part is spent on counting
)

func (c *census) present(ctx context.Context, count func(context.Context) (Counts, error)) Counts {
	c.mu.Lock()
	if c.under == nil && !time.Now().Before(c.due) {
		c.under = make(chan struct{})
		go c.take(context.WithoutCancel(ctx), count, c.under)
	}
	under, once := c.under, c.once
	c.mu.Unlock()
	if !once && under != nil {
		select {
		case <-under:
		case <-ctx.Done():
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts
}

func (c *census) take(ctx context.Context, count func(context.Context) (Counts, error), under chan struct{}) {
	began := time.Now()
	counts, err := count(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.counts, c.once = counts, true
	}
	now := time.Now()
	c.due = now.Add(max(censusPause, censusShare*now.Sub(began)))
	c.under = nil
	close(under)
}

// count counts people and the outbox. A failure is reported to the observer, and figures show the former counts.
func (s *Store) count(ctx context.Context) (c Counts, err error) {
	ctx, cancel := context.WithTimeout(ctx, censusLimit)
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
