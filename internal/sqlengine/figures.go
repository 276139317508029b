package sqlengine

import "time"

// Figures is the state of a database at one moment. What does not apply to a kind of database is zero.
type Figures struct {
	// Queued is how many writes of the embedded database wait for their turn.
	Queued int
	// WALBytes is the size of the write-ahead log's file. It is reused, so it shrinks only when it has been very long.
	WALBytes int64
	// Connections is the pool of connections to PostgreSQL, or of the readers of the embedded database.
	Connections Connections
}

// Connections are the figures of a pool.
type Connections struct {
	Acquired, Idle, Max int
	// Waits is how often a caller found no idle connection since the database was opened.
	Waits int64
	// Waited is how long all callers together took to get one; zero for the embedded database.
	Waited time.Duration
}
