package sqlstore

import "time"

// NextCounts returns when figures are counted again at the earliest, and whether they are counted right now.
func (s *Store) NextCounts() (due time.Time, isUnderWay bool) {
	s.census.mu.Lock()
	defer s.census.mu.Unlock()
	return s.census.due, s.census.under != nil
}

// SetNextCounts sets when figures are counted again at the earliest.
func (s *Store) SetNextCounts(due time.Time) {
	s.census.mu.Lock()
	defer s.census.mu.Unlock()
	s.census.due = due
}

// FlushNow has the worker write what was touched now.
func (s *Store) FlushNow() { s.touches.full <- struct{}{} }
