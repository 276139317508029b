package sqlstore

import "time"

// DueCounts has the next question for figures count again.
func (s *Store) DueCounts() {
	s.census.mu.Lock()
	defer s.census.mu.Unlock()
	s.census.due = time.Time{}
}

// FlushNow has the worker write what was touched now.
func (s *Store) FlushNow() { s.touches.full <- struct{}{} }

// FailedCheckpoint is what happens when a checkpoint fails.
func FailedCheckpoint(o Observer) { (&checkpointer{observer: o}).checkpoint(&sqliteConn{}) }
