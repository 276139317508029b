package sqlstore

// FlushNow has the worker write what was touched now.
func (s *Store) FlushNow() { s.touches.Hurry() }
