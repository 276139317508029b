package sqlstore

import "lobby/internal/sqlengine"

// promptSession waits for the result of every statement, so that the error of a row is known before the next row is read.
type promptSession struct{ sqlengine.Session }

// promptly returns a session whose statements wait for nothing. An embedded database has no other one.
func promptly(on sqlengine.Session, d sqlengine.Dialect) sqlengine.Session {
	if !d.Locks {
		return on
	}
	return promptSession{on}
}

// Exec implements sqlengine.Session.
func (s promptSession) Exec(sql string, args []any) error {
	_, err := s.Insert(sql, args)
	return err
}
